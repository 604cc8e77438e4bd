"""What counts as a submission, and how every other input is refused: which file, and why."""

import os
import stat
import zipfile

import pytest

from grader.bank.kata import load_katas
from grader.errors import UsageError
from grader.intake import MAX_FILE_BYTES, find_submissions, list_passed_over, read_submission
from tests.conftest import write_bank

SOURCE = b"def double(x):\n    return 2 * x\n"


def write(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def read_submissions(paths, katas):
    return [read_submission(found, katas) for found in find_submissions(paths, katas)]


def make_zip(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("place", ["double.py", "01_double/double.py", "exercises/01_double/double.py"])
def test_a_folder_holds_the_file_in_three_places(tmp_path, tiny_katas, place):
    (submission,) = read_submissions([write(tmp_path / "ana", {place: SOURCE, "notes.txt": b"x"})], tiny_katas)
    assert (submission.id, submission.files) == ("ana", {"01_double": SOURCE})


def test_a_class_is_a_folder_of_folders_files_and_zips_in_the_order_of_names(tmp_path, tiny_katas):
    write(tmp_path, {"b/double.py": SOURCE, "c.py": SOURCE, ".git/x": b"", "readme.md": b"", "d/other.txt": b""})
    make_zip(tmp_path / "a.zip", {"double.py": SOURCE})
    submissions = read_submissions([tmp_path], tiny_katas)
    assert [submission.id for submission in submissions] == ["a", "b", "c", "d"]
    assert [bool(submission.files) for submission in submissions] == [True, True, True, False]


def test_a_lone_file_of_any_name_counts_when_one_kata_is_graded(tmp_path, tiny_katas):
    write(tmp_path, {"ana.py": SOURCE})
    (submission,) = read_submissions([tmp_path / "ana.py"], tiny_katas)
    assert (submission.id, submission.files) == ("ana", {"01_double": SOURCE})


def test_a_lone_file_must_have_a_katas_name_when_there_are_several(tmp_path):
    second = {
        f"exercises/02_more/{name}": text
        for name, text in {"kata.toml": 'title={en="m",ko="m"}\npoints=1\nneeds="py"\n'}.items()
    }
    katas = load_katas(write_bank(tmp_path / "bank", second))
    write(tmp_path, {"ana.py": SOURCE})
    with pytest.raises(UsageError) as refused:
        read_submissions([tmp_path / "ana.py"], katas)
    assert refused.value.text == "no_kata_file"


def test_a_folder_around_the_folder_is_looked_into(tmp_path, tiny_katas):
    write(
        tmp_path, {"ana/student/exercises/01_double/double.py": SOURCE, "ana/notes.txt": b"", "bob/double.py": SOURCE}
    )
    ana, _ = read_submissions([tmp_path], tiny_katas)
    assert ana.files == {"01_double": SOURCE}


@pytest.mark.parametrize("prefix", ["", "ana/", "perceptron-kata/", "ana/exercises/01_double/"])
def test_a_zip_may_hold_everything_below_one_folder(tmp_path, tiny_katas, prefix):
    place = "double.py" if prefix.endswith("01_double/") else "exercises/01_double/double.py"
    path = make_zip(tmp_path / "s.zip", {f"{prefix}{place}": SOURCE, f"{prefix}README.md": b"x"})
    if prefix.endswith("01_double/"):
        path = make_zip(tmp_path / "s.zip", {f"{prefix}{place}": SOURCE})
    (submission,) = read_submissions([path], tiny_katas)
    assert submission.files == {"01_double": SOURCE}


@pytest.mark.parametrize(
    "names",
    [
        ["a/b/c/double.py", "a/readme.md"],
        ["2026 homework/01_double/double.py", "README.md"],
        ["ana\\01_double\\double.py"],
        [".DS_Store", "ana/double.py"],
    ],
    ids=["two wrappers", "a file beside", "backslashes", "finder"],
)
def test_whatever_a_platform_packs_around_it_the_file_is_found(tmp_path, tiny_katas, names):
    make_zip(tmp_path / "s.zip", {name: SOURCE if name.endswith("double.py") else b"x" for name in names})
    write(
        tmp_path,
        {f"folder/{name}": SOURCE if name.endswith("double.py") else b"x" for name in names if "\\" not in name},
    )
    for submission in read_submissions([tmp_path], tiny_katas):
        assert submission.files == ({"01_double": SOURCE} if submission.id == "s" or "\\" not in names[0] else {})


def test_a_backup_further_down_does_not_count_beside_the_real_file(tmp_path, tiny_katas):
    write(tmp_path, {"ana/double.py": SOURCE, "ana/old/double.py": b"x = 1\n", "bob/old/double.py": SOURCE})
    ana, bob = read_submissions([tmp_path], tiny_katas)
    assert ana.files == bob.files == {"01_double": SOURCE}


def test_what_macos_adds_to_a_zip_does_not_count(tmp_path, tiny_katas):
    files = {"ana/double.py": SOURCE, "__MACOSX/ana/._double.py": b"\0\5\26\7"}
    (submission,) = read_submissions([make_zip(tmp_path / "s.zip", files)], tiny_katas)
    assert submission.files == {"01_double": SOURCE}


def test_two_equal_copies_are_one_answer_and_two_different_ones_none(tmp_path, tiny_katas):
    same = write(tmp_path / "same", {"double.py": SOURCE, "exercises/01_double/double.py": SOURCE})
    other = write(tmp_path / "other", {"double.py": SOURCE, "exercises/01_double/double.py": b"x = 1\n"})
    first, second = read_submissions([same, other], tiny_katas)
    assert first.files == {"01_double": SOURCE}
    assert (second.files, second.problems["01_double"].tag) == ({}, "two_files")


def test_a_link_is_not_followed(tmp_path, tiny_katas):
    folder = write(tmp_path / "s", {"x": b""})
    (folder / "double.py").symlink_to(write(tmp_path / "t", {"double.py": SOURCE}) / "double.py")
    (submission,) = read_submissions([folder], tiny_katas)
    assert submission.problems["01_double"].tag == "not_a_file"


def test_a_pipe_is_not_opened(tmp_path, tiny_katas):
    folder = write(tmp_path / "s", {"x": b""})
    os.mkfifo(folder / "double.py")
    (submission,) = read_submissions([folder], tiny_katas)
    assert submission.problems["01_double"].tag == "not_a_file"


def test_a_link_in_a_zip_is_refused(tmp_path, tiny_katas):
    path = tmp_path / "s.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("double.py")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    (submission,) = read_submissions([path], tiny_katas)
    assert submission.problems["01_double"].tag == "not_a_file"


def test_a_zip_bomb_is_read_up_to_the_limit_only(tmp_path, tiny_katas):
    path = tmp_path / "s.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("double.py", b"\0" * (200 << 20))
    assert path.stat().st_size < 1 << 20
    (submission,) = read_submissions([path], tiny_katas)
    assert submission.problems["01_double"].tag == "file_too_big"


def test_one_name_twice_in_a_zip_is_refused(tmp_path, tiny_katas):
    path = tmp_path / "s.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("double.py", SOURCE)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("double.py", b"x = 1\n")
    (submission,) = read_submissions([tmp_path], tiny_katas)
    assert submission.unreadable.tag == "zip_duplicates"


@pytest.mark.parametrize(
    "name", ["../double.py", "/double.py", "x/../double.py", "DOUBLES.PY", "doublе.py", "double.py "]
)
def test_only_the_name_itself_is_picked(tmp_path, tiny_katas, name):
    make_zip(tmp_path / "s.zip", {name: SOURCE, "readme.txt": b""})
    (submission,) = read_submissions([tmp_path], tiny_katas)
    assert submission.files == {}


def test_a_file_at_the_limit_is_read_and_one_byte_more_is_not(tmp_path, tiny_katas):
    write(tmp_path, {"a/double.py": b"#" * MAX_FILE_BYTES, "b/double.py": b"#" * (MAX_FILE_BYTES + 1)})
    first, second = read_submissions([tmp_path], tiny_katas)
    assert len(first.files["01_double"]) == MAX_FILE_BYTES
    assert second.problems["01_double"].tag == "file_too_big"


def test_a_damaged_zip_in_a_class_has_a_report_and_stops_nobody(tmp_path, tiny_katas):
    write(tmp_path, {"a.zip": b"PK\3\4 not a zip", "b/double.py": SOURCE})
    first, second = read_submissions([tmp_path], tiny_katas)
    assert first.unreadable.tag == "zip_unreadable"
    assert second.files


@pytest.mark.parametrize(
    ("files", "path", "text"),
    [
        ({}, "nothing", "no_path"),
        ({"essay.txt": b"x"}, "essay.txt", "no_submission_file"),
        ({"a.zip": b"no zip"}, "a.zip", "bad_zip"),
        ({"empty/x.txt": b""}, "empty", "no_submissions"),
        ({"c/double.py": SOURCE, "c/ana/double.py": SOURCE}, "c", "mixed"),
        ({"c/double.py": SOURCE, "c/ana.zip": b"x"}, "c", "mixed"),
    ],
)
def test_bad_input_is_one_sentence_with_the_path(tmp_path, tiny_katas, files, path, text):
    write(tmp_path, files)
    with pytest.raises(UsageError) as refused:
        read_submissions([tmp_path / path], tiny_katas)
    assert refused.value.text == text
    assert refused.value.values["path"] == str(tmp_path / path)


@pytest.mark.parametrize(
    ("names", "files"),
    [
        (["x/ana/double.py", "y/ana/double.py"], "x/ana, y/ana"),
        (["x/ana/double.py", "x/ana.zip", "x/bob/double.py"], "ana, ana.zip"),
        (["x/ana.py", "x/ana.zip", "x/bob/double.py"], "ana.py, ana.zip"),
    ],
)
def test_two_entries_of_one_name_have_one_row_that_names_both_and_stop_nobody(tmp_path, tiny_katas, names, files):
    for name in names:
        write(tmp_path, {name: SOURCE})
    paths = [tmp_path / top for top in sorted({name.split("/")[0] for name in names})]
    submissions = read_submissions(paths, tiny_katas)
    assert [one.id for one in submissions] == sorted({name.split("/")[1].split(".")[0] for name in names})
    assert submissions[0].unreadable.tag == "same_id"
    assert submissions[0].unreadable.values == {"name": "ana", "files": files}
    assert all(one.files for one in submissions[1:])


def test_one_path_named_twice_is_one_submission(tmp_path, tiny_katas):
    write(tmp_path, {"ana/double.py": SOURCE, "bob/double.py": SOURCE})
    submissions = read_submissions([tmp_path, tmp_path / "ana"], tiny_katas)
    assert [(one.id, one.unreadable) for one in submissions] == [("ana", None), ("bob", None)]


@pytest.mark.parametrize(
    ("name", "tag"),
    [("ana.rar", "archive_unread"), ("ana.tar.gz", "archive_unread"), ("double.py.txt", "text_unread")],
)
def test_what_we_cannot_open_has_a_row_with_the_reason(tmp_path, tiny_katas, name, tag):
    write(tmp_path, {name: b"x", "bob/double.py": SOURCE})
    submissions = {submission.id: submission for submission in read_submissions([tmp_path], tiny_katas)}
    assert submissions.pop("bob").files
    (refused,) = submissions.values()
    assert refused.unreadable.tag == tag


@pytest.mark.parametrize(
    ("beside", "tag"),
    [({}, "archive_unread"), ({"notes.md": b"x"}, "archive_unread"), ({"my.py": b"x"}, "nothing_found")],
)
def test_an_archive_of_another_kind_is_named_as_that_in_a_students_folder_too(tmp_path, tiny_katas, beside, tag):
    write(tmp_path, {"ana/hw/double.rar": b"x", **{f"ana/{name}": content for name, content in beside.items()}})
    write(tmp_path, {"bob/double.py": SOURCE})
    ana, _ = read_submissions([tmp_path], tiny_katas)
    assert ana.unreadable.tag == tag
    assert tag != "archive_unread" or ana.unreadable.values == {"file": "double.rar"}


def test_a_linked_folder_has_a_row_and_is_not_followed(tmp_path, tiny_katas):
    write(tmp_path, {"other/double.py": SOURCE, "class/bob/double.py": SOURCE})
    (tmp_path / "class" / "ana").symlink_to(tmp_path / "other")
    ana, bob = read_submissions([tmp_path / "class"], tiny_katas)
    assert (ana.unreadable.tag, ana.files) == ("not_a_file", {})
    assert bob.files


def test_a_submission_in_which_nothing_is_recognised_is_unreadable_and_names_what_is_there(tmp_path, tiny_katas):
    write(tmp_path, {"ana/Doubles.py": SOURCE, "ana/redouble.py": SOURCE, "bob/double.py": SOURCE})
    (tmp_path / "empty").mkdir()
    ana, bob, empty = read_submissions([tmp_path], tiny_katas)
    assert (ana.unreadable.tag, ana.unreadable.values["found"]) == ("nothing_found", "Doubles.py, redouble.py")
    assert bob.unreadable is None
    assert empty.unreadable.tag == "empty"


def test_what_lies_beside_the_submissions_is_named_and_clutter_is_not(tmp_path, tiny_katas):
    write(tmp_path, {"ana/double.py": SOURCE, "roster.csv": b"x", ".DS_Store": b"x", ".hidden/double.py": SOURCE})
    assert list_passed_over([tmp_path], find_submissions([tmp_path], tiny_katas)) == [".hidden/", "roster.csv"]
    assert list_passed_over([tmp_path / "ana"], find_submissions([tmp_path / "ana"], tiny_katas)) == []


def test_the_digest_changes_with_the_reason_of_a_refusal(tmp_path, tiny_katas):
    """Else --resume would keep the old reason."""
    folder = write(tmp_path / "ana", {"double.py": b"#" * (MAX_FILE_BYTES + 1)})
    (too_big,) = read_submissions([folder], tiny_katas)
    write(folder, {"exercises/01_double/double.py": b"x = 1\n", "double.py": SOURCE})
    (two,) = read_submissions([folder], tiny_katas)
    assert too_big.digest != two.digest


def test_the_digest_depends_on_the_files_and_not_on_the_name(tmp_path, tiny_katas):
    write(tmp_path, {"a/double.py": SOURCE, "b/double.py": SOURCE, "c/double.py": SOURCE + b"\n"})
    a, b, c = read_submissions([tmp_path], tiny_katas)
    assert a.digest == b.digest != c.digest


def test_a_name_that_is_no_utf8_can_be_written_to_a_report(tmp_path, tiny_katas):
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/class/\xb0\xa1")
    os.makedirs(folder)  # noqa: PTH103  pathlib refuses nothing here, but the name is made of bytes
    with open(folder + "/double.py", "wb") as file:  # noqa: PTH123
        file.write(SOURCE)
    (submission,) = read_submissions([tmp_path / "class"], tiny_katas)
    submission.id.encode("utf-8")
    assert submission.files
