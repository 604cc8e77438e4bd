"""One reader for folder, zip and zip in zip; a class in a zip; whose is what, and what is passed over."""

import os

import pytest

from grader.intake import find_submissions, list_passed_over, read_submission
from tests.damage import pack

SOURCE = b"def double(x):\n    return 2 * x\n"

LIBRARY = b"x = 'a file of some library'\n"
LAYOUTS = {
    "hidden environment": ["hw/double.py", "hw/.venv/lib/double.py"],
    "environment of any name": ["hw/double.py", "hw/myenv/pyvenv.cfg", "hw/myenv/double.py"],
    "libraries": ["hw/double.py", "hw/venv/lib/python3.11/site-packages/rich/double.py", "hw/node_modules/double.py"],
    "caches": ["a/double.py", "a/.git/double.py", "a/__pycache__/double.py", "a/.ipynb_checkpoints/double.py"],
    "macOS": ["a/double.py", "__MACOSX/a/double.py", "__MACOSX/a/._double.py", "a/._double.py", ".DS_Store"],
    "a backup below": ["hw/double.py", "hw/old/double.py"],
    "documented, in a wrapper": ["hw/exercises/01_double/double.py", "hw/copy/double.py", "hw/notes.txt"],
}


@pytest.mark.parametrize("names", LAYOUTS.values(), ids=LAYOUTS)
def test_a_folder_its_zip_and_a_zip_of_that_are_read_alike_whatever_lies_around(tmp_path, tiny_katas, names):
    files = {name: SOURCE if number == 0 else LIBRARY for number, name in enumerate(names)}
    for name, content in files.items():
        path = tmp_path / "class" / "ana" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "class" / "bob.zip").write_bytes(pack(files))
    (tmp_path / "class" / "cho.zip").write_bytes(pack({"week 3/hw.zip": pack(files), "readme.txt": b"x"}))
    found = find_submissions([tmp_path / "class"], tiny_katas)
    submissions = [read_submission(place, tiny_katas) for place in found]
    assert [one.id for one in submissions] == ["ana", "bob", "cho"]
    assert [one.problems for one in submissions] == [{}] * 3
    assert [one.files for one in submissions] == [{"01_double": SOURCE}] * 3


def kim_and_lee(tmp_path, form):
    both = {"kim": SOURCE, "lee": b"x = 1\n"}
    folders = {f"{name}/double.py": content for name, content in both.items()}
    zips = {f"{name}.zip": pack({f"hw/{name}/double.py": content}) for name, content in both.items()}
    path = tmp_path / "downloads" / "all.zip"
    path.parent.mkdir()
    forms = {
        "folders": folders,
        "wrapped": {f"hw 1/{name}": content for name, content in folders.items()} | {"hw 1/readme.txt": b"x"},
        "zips": zips,
        "zips and folders": {"kim.zip": zips["kim.zip"], "lee/double.py": both["lee"]},
        "files": {f"{name}.py": content for name, content in both.items()},
        "zip in a zip": {"export/inner.zip": pack(folders)},
        "macOS": {**folders, "__MACOSX/kim/._double.py": b"\0\5\26\7"},
    }
    path.write_bytes(pack(forms[form]))
    return path, both


FORMS = ["folders", "wrapped", "zips", "zips and folders", "files", "zip in a zip", "macOS"]


@pytest.mark.parametrize("form", FORMS)
def test_a_zip_of_many_students_is_a_class(tmp_path, tiny_katas, form):
    path, both = kim_and_lee(tmp_path, form)
    for start in (path, path.parent):
        found = find_submissions([start], tiny_katas)
        submissions = [read_submission(place, tiny_katas) for place in found]
        assert {one.id: one.files for one in submissions} == {n: {"01_double": c} for n, c in both.items()}
        assert list_passed_over([start], found) == []


def test_beside_other_students_a_zip_is_one_student_and_not_taken_apart(tmp_path, tiny_katas):
    path, _ = kim_and_lee(tmp_path, "folders")
    (path.parent / "bob.py").write_bytes(SOURCE)
    all_, bob = (read_submission(place, tiny_katas) for place in find_submissions([path.parent], tiny_katas))
    assert bob.files == {"01_double": SOURCE}
    assert all_.problems["01_double"].tag == "two_files"
    assert all_.problems["01_double"].values["files"] == "kim/double.py, lee/double.py"


def test_names_with_a_dot_in_front_are_named_and_what_macos_adds_is_no_student(tmp_path, tiny_katas):
    for name in ("...", "..hidden", ".ana", "__MACOSX", "kim", "venv"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "double.py").write_bytes(SOURCE)
    (tmp_path / "venv" / "pyvenv.cfg").write_bytes(b"")
    (tmp_path / "._kim").write_bytes(b"x")
    found = find_submissions([tmp_path], tiny_katas)
    assert [place.id for place in found] == ["kim"]
    assert list_passed_over([tmp_path], found) == [".../", "..hidden/", ".ana/", "venv/"]


def test_korean_names_that_are_no_utf8_stay_apart_and_can_be_read(tmp_path, tiny_katas):
    for name in ("가나", "가다"):
        folder = os.path.join(os.fsencode(tmp_path), b"class", name.encode("cp949"))  # noqa: PTH118  bytes
        os.makedirs(folder)  # noqa: PTH103  bytes
        with open(os.path.join(folder, b"double.py"), "wb") as file:  # noqa: PTH118, PTH123  bytes
            file.write(SOURCE)
    found = find_submissions([tmp_path / "class"], tiny_katas)
    assert [place.id for place in found] == ["가나", "가다"]
    assert all(read_submission(place, tiny_katas).files for place in found)


def test_korean_names_in_a_zip_of_windows_are_read_as_meant(tmp_path, tiny_katas):
    content = pack({"AAAA/double.py": SOURCE, "BBBB/double.py": SOURCE})
    for letter, name in (("A", "가나"), ("B", "다라")):
        content = content.replace(letter.encode() * 4, name.encode("cp949"))
    (tmp_path / "all.zip").write_bytes(content)
    assert [place.id for place in find_submissions([tmp_path / "all.zip"], tiny_katas)] == ["가나", "다라"]
