"""What a student hands in may look like a platform's export: it stops nobody, costs little, and names nobody's row."""

import os
import time

import pytest

from grader.errors import UnreadableInput, UsageError
from grader.intake import find_submissions, read_submission
from grader.intake.metadata import MAX_DEPTH, read_metadata
from grader.intake.submission import Refused
from grader.students import latest
from tests.damage import pack

RIGHT = b"def double(x):\n    return 2 * x\n"
HONEST = ("bob", "cho", "dan")
META = "submission_metadata.yml"
MARK = ".classroom50.yaml"
MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{i}: &a{i}\n  <<: [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9))
ALIASES = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9))


def entry(key, sid, time=""):
    return f"{key}:\n  :created_at: {time}\n  :submitters:\n  - :sid: {sid}\n    :name: Bob\n"


TWO_TIMES = entry("s1", "bob", "2026-11-20 21:00:00") + entry("s2", "bob", "2026-11-20T21:00:00Z")
FILES = {
    "damaged": {META: b"{["},
    "brackets": {META: b"[" * 100_000},
    "merges": {META: MERGES.encode()},
    "aliases": {META: f"{ALIASES}hw:\n  :submitters:\n  - :name: *a8\n".encode()},
    "digits": {META: b"hw:\n  :submitters:\n  - :sid: " + b"1" + b":1" * 200_000},
    "no mapping": {META: b"- 1\n"},
    "two kinds of times": {META: TWO_TIMES.encode()},
    "another's number": {META: entry("hw", "bob").encode()},
    "moodle's names": {"bob_assignsubmission_file_/double.py": RIGHT, "Bo_7_assignsubmission_file_/double.py": RIGHT},
    "copies in a drive": {f"bob{number}/Copy of double.py": RIGHT for number in range(3)},
    "large mark": {MARK: b"#" * 100_000},
    "long cell": {
        f"k-a-x/{MARK}": b"classroom: k\nassignment: a\n",
        "scores.csv": b'username\n"' + b"x" * 200_000 + b'"\n',
    },
    "many folders": {f"d{number}/x.txt": b"" for number in range(300)},
    "a zip beside it": {"double.py": RIGHT, "old.zip": pack({"double.py": b""})},
}
ODD = {
    "pipe for a mark": lambda folder: os.mkfifo(folder / MARK),
    "link for a mark": lambda folder: (folder / MARK).symlink_to("/dev/zero"),
    "folder for a mark": lambda folder: (folder / MARK).mkdir(),
    "link for the metadata": lambda folder: (folder / META).symlink_to("/dev/zero"),
    "long metadata": lambda folder: (folder / META).write_bytes(b"#" * (65 << 20)),
}


def lay(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def make_class(folder, name, form):
    """A class in which Ana's hand-in is the odd one; hers comes first."""
    for one in HONEST:
        lay(folder / one, {"double.py": RIGHT})
    files = {"hw/double.py": RIGHT, **FILES.get(name, {})}
    if form == "zips":
        (folder / "ana.zip").write_bytes(pack(files))
        return [folder]
    lay(folder / "ana", files)
    ODD.get(name, lambda _: None)(folder / "ana")
    return sorted(folder.iterdir()) if form == "named one by one" else [folder]


# What is no file is in no zip.
CASES = [(name, form) for form in ("a folder", "named one by one") for name in (*FILES, *ODD)]


@pytest.mark.parametrize(("name", "form"), [*CASES, *((name, "zips") for name in FILES)])
def test_one_who_hands_in_what_looks_like_an_export_has_one_row_as_everybody_else(tmp_path, tiny_katas, name, form):
    start = time.process_time()
    found = find_submissions(make_class(tmp_path / "c", name, form), tiny_katas)
    assert [one.id for one in found] == ["ana", *HONEST]
    submissions = [read_submission(one, tiny_katas) for one in found]
    assert all(one.files == {"01_double": RIGHT} for one in submissions[1:])
    assert time.process_time() - start < 10


def test_folders_in_folders_named_one_by_one_are_classes_as_long_as_none_is_one_students(tmp_path, tiny_katas):
    for name in ("monday/ana", "monday/bob", "tuesday/cho", "tuesday/dan"):
        lay(tmp_path / name, {"double.py": RIGHT})
    found = find_submissions(sorted(tmp_path.iterdir()), tiny_katas)
    assert [one.id for one in found] == ["ana", "bob", "cho", "dan"]


def test_a_damaged_export_among_exports_is_told_and_among_paths_it_is_a_row(tmp_path, tiny_katas):
    good = pack({META: entry("s1", "1").encode(), "s1/double.py": RIGHT})
    lay(tmp_path, {"d/a.zip": good, "d/b.zip": pack({META: b"{[", "s1/double.py": RIGHT}), "ana.zip": good})
    with pytest.raises(UnreadableInput):
        find_submissions([tmp_path / "d"], tiny_katas)
    found = find_submissions([tmp_path / "ana.zip", tmp_path / "d" / "b.zip"], tiny_katas)
    assert [one.id for one in found] == ["1", "b"]
    assert read_submission(found[1], tiny_katas).unreadable.tag == "file_damaged"


# --- the file itself ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b"a: " * 1, b"? [a]\n: b\n", b"a: " + b"{b: " * MAX_DEPTH + b"1" + b"}" * MAX_DEPTH]
)
def test_what_gradescope_does_not_write_is_refused(content):
    with pytest.raises(Refused):
        list(read_metadata(content))


def test_texts_are_kept_as_they_are_and_times_become_iso():
    text = """
    ---
    a: &one
      :submitters: &who
      - :name: Yes
        :sid: 0123
        :email:
      :created_at: 2026-11-20 21:00:51.478527000 +09:00
    b:
      :submitters: *who
      :created_at: 2026-02-30 10:00:00 Z
    c:
      :submitters: []
    """
    first, second, third = read_metadata("\n".join(line[4:] for line in text.splitlines()).encode())
    assert first.submitters == second.submitters == ({":name": "Yes", ":sid": "0123"},)
    assert (first.handed_in, second.handed_in) == ("2026-11-20T21:00:51.478527+09:00", "2026-02-30 10:00:00 Z")
    assert (third.name, third.submitters, third.handed_in) == ("c", ({},), "")


def test_without_pyyaml_the_sentence_says_so(tmp_path, tiny_katas, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)
    lay(tmp_path / "e", {META: entry("s1", "1").encode(), "s1/double.py": RIGHT})
    with pytest.raises(UsageError) as refused:
        find_submissions([tmp_path / "e"], tiny_katas)
    assert refused.value.text == "no_yaml"


@pytest.mark.parametrize(
    ("times", "place"),
    [
        (["2026-11-20T21:00:00Z", "2026-11-21T07:00:00+09:00", "2026-11-20T23:00:00Z"], 2),
        (["2026-11-20 21:00:00", "2026-11-20T21:00:00Z"], None),
        (["2026-11-20 21:00", "2026-11-20 21:00"], None),
        (["2026-11-20 21:00", ""], None),
    ],
)
def test_the_latest_of_several_times_is_told_only_where_they_can_be_compared(times, place):
    assert latest(times) == place
