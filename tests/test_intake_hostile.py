"""Nothing that a class's folder may hold stops the reader, costs it much, or leaves it waiting."""

import json
import os
import subprocess
import sys
import time
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.intake import Found, Problem, Submission, find_submissions, list_passed_over, read_submission
from grader.intake.ipynb import BadNotebook, parse_notebook, read_answer
from grader.result import Status
from grader.sandbox.toml_file import UnreadableToml, read_toml
from grader.words.catalogue import load_catalogue
from grader.words.languages import TEXTS
from tests.damage import entries, many_entries, pack, remove_nested
from tests.test_cli import kata
from tests.test_notebook import answer, cell, notebook

SOURCE = b"def double(x):\n    return 2 * x\n"
BAD = entries("double.py", SOURCE)
TAGS = set(load_catalogue(TEXTS / "common.toml").tables["tags"])
MOST_MB, MOST_CPU_S = 200, 30
"""What one submission may cost the judge."""


def problems_of(submission):
    every = [*submission.problems.values(), *([submission.unreadable] if submission.unreadable else [])]
    for problem in every:
        # Whatever it is called, there are words for it.
        load_catalogue(TEXTS / "common.toml").text("tags", problem.tag, **problem.values)
    return [problem.tag for problem in every]


@pytest.fixture
def put(tmp_path):
    """Make entries of a class's folder; deep ones are removed again, which pytest could not."""
    folder = tmp_path / "class"
    folder.mkdir()

    def run(*names):
        for name in names:
            BAD[name](folder / name)
        return folder

    yield run
    if (folder / "deep").exists():
        remove_nested(folder / "deep")


WHY = {
    "cut.zip": "zip_unreadable",
    "no_zip.zip": "zip_unreadable",
    "stream.zip": "file_damaged",
    "utf8_directory.zip": "zip_unreadable",
    "utf8_header.zip": "file_damaged",
    "offset.zip": "file_damaged",
    "bz2.zip": "zip_method",
    "lzma.zip": "zip_method",
    "deflate64.zip": "zip_method",
    "other_name.zip": "file_damaged",
    "encrypted.zip": "zip_encrypted",
    "many.zip": "folder_too_many",
    "bomb.zip": "file_too_big",
    "pipe.zip": "not_a_file",
    "fifo.py": "not_a_file",
    "zero.ipynb": "not_a_file",
    "bob.zip": "not_a_file",
    "deep": "empty",
    "cells.ipynb": "notebook_too_many",
    "empty": "empty",
}


@pytest.mark.parametrize("name", BAD)
def test_one_bad_entry_has_a_row_with_its_reason_and_the_other_is_read(put, tiny_katas, name):
    folder = put(name)
    (folder / "alice.zip").write_bytes(pack({"double.py": SOURCE}))
    submissions = {
        one.id: one for one in (read_submission(at, tiny_katas) for at in find_submissions([folder], tiny_katas))
    }
    assert submissions.pop("alice").files == {"01_double": SOURCE}
    (bad,) = submissions.values()
    assert bad.files == {}
    assert problems_of(bad) == [WHY[name]]


@pytest.mark.parametrize("name", [name for name in BAD if name not in ("deep", "empty")])
def test_alone_on_the_command_line_it_is_one_sentence_or_a_kata_with_the_reason(put, tiny_katas, name):
    path = put(name) / name
    refused = refusal_of(path, tiny_katas)
    if refused is None:
        assert problems_of(read_submission(Found("x", path), tiny_katas)) == [WHY[name]]
    else:
        assert refused.exit_status == 2


def refusal_of(path, katas):
    try:
        find_submissions([path], katas)
    except UsageError as refused:
        return refused
    return None


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "pipe", "socket"])
def test_what_is_no_file_is_refused_in_one_sentence_without_waiting(tmp_path, tiny_katas, path):
    if path == "pipe":
        path = tmp_path / "pipe"
        os.mkfifo(path)
    elif path == "socket":
        import socket

        path = tmp_path / "socket"
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(str(path))
    with pytest.raises(UsageError) as refused:
        find_submissions([Path(path)], tiny_katas)
    assert refused.value.text == "no_regular_file"


def test_a_class_of_40_with_20_bad_entries_has_40_rows_and_20_are_right(put, tiny_bank, tmp_path):
    folder = put(*BAD)
    good = [f"s{number:02}" for number in range(20)]
    for name in good:
        (folder / f"{name}.py").write_bytes(SOURCE)
    done = kata("grade", folder, "--out", tmp_path / "out", cwd=tiny_bank)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    lines = (tmp_path / "out" / "results.jsonl").read_text("utf-8").splitlines()
    rows = {report["submission"]: report for report in map(json.loads, lines)}
    assert max(map(len, lines)) < 256 * 1024
    assert len(rows) == 40
    assert [name for name, report in rows.items() if report["score"] == 2] == good
    for name in set(rows) - set(good):
        words = rows[name].get("reason") or rows[name]["katas"][0]["checks"][0]["message"]
        assert words["en"], name
        assert words["ko"], name


def test_a_zip64_is_read_as_any_other(tmp_path, tiny_katas):
    path = tmp_path / "ana.zip"
    with zipfile.ZipFile(path, "w") as archive, archive.open("double.py", "w", force_zip64=True) as stream:
        stream.write(SOURCE)
    assert read_submission(Found("ana", path), tiny_katas).files == {"01_double": SOURCE}


def test_a_link_that_leads_nowhere_or_too_far_is_a_row_or_passed_over(tmp_path, tiny_katas):
    folder = tmp_path / "class"
    (folder / "bob").mkdir(parents=True)
    (folder / "bob" / "double.py").write_bytes(SOURCE)
    (folder / "ana").symlink_to("/" + "x" * 3_000)
    (folder / "cho.py").symlink_to("cho.py")
    found = find_submissions([folder], tiny_katas)
    assert list_passed_over([folder], found) == ["ana"]
    bob, cho = (read_submission(place, tiny_katas) for place in found)
    assert bob.files
    assert problems_of(cho) == ["not_a_file"]


# --- bounds ---------------------------------------------------------------------------------------------------------


def cost_of(work):
    """Peak of Python's memory in MB, and seconds of CPU, to which the counting adds its own."""
    start = time.process_time()
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return peak, time.process_time() - start


def greedy(name):
    big = notebook(answer(), cell("#" * (8 * 1024 * 1024 - 2000), "markdown"))
    # One of Jupyter's lines, and then millions of signs to look through for further ones.
    long = notebook(cell("# double.py\n%time\nx = " + "()" * 4_000_000))
    quotes = b'{"cells":[' + b'"",' * 2_700_000 + b'""]}'
    letters = "/".join("{0}" + letter for letter in "abcdefghijklmnop")
    deep = (letters.format(number) + "/x" for number in range(20_000))
    inner = many_entries(f"{number}.txt" for number in range(4_000))
    return {
        "65,000 entries": lambda: many_entries(f"{number}.txt" for number in range(65_000)),
        "300 copies": lambda: pack({f"x{n}/double.py": b"#" * 250_000 + b"%d" % n for n in range(300)}),
        "300 equal copies": lambda: pack({f"x{n}/double.py": b"#" * 250_000 for n in range(300)}),
        "10 notebooks": lambda: pack({f"x{n}/01_double.ipynb": big + b" " * n for n in range(10)}),
        "long answers": lambda: pack({f"x{n}/01_double.ipynb": long + b" " * n for n in range(8)}),
        "empty cells": lambda: pack({"01_double.ipynb": b'{"cells":[' + b"{}," * 2_700_000 + b"{}]}"}),
        "empty texts": lambda: pack({"01_double.ipynb": quotes}),
        "folders in folders": lambda: many_entries(deep),
        "zips in a zip": lambda: pack({f"{n}.zip": inner for n in range(30)}),
    }[name]()


GREEDY = [
    "65,000 entries",
    "300 copies",
    "300 equal copies",
    "10 notebooks",
    "long answers",
    "empty cells",
    "empty texts",
]


@pytest.mark.parametrize("name", [*GREEDY, "folders in folders", "zips in a zip"])
def test_one_submission_costs_the_reader_at_most_so_much(tmp_path, tiny_katas, name):
    path = tmp_path / "ana.zip"
    path.write_bytes(greedy(name))
    found = Found("ana", path)
    peak, seconds = cost_of(lambda: problems_of(read_submission(found, tiny_katas)))
    assert peak < MOST_MB
    assert seconds < MOST_CPU_S


def test_a_read_folder_that_goes_or_changes_is_a_row_too(tmp_path, tiny_katas):
    ana, bob = tmp_path / "ana", tmp_path / "bob.zip"
    ana.mkdir()
    (ana / "double.py").write_bytes(SOURCE)
    bob.write_bytes(pack({"double.py": SOURCE}))
    found = find_submissions([tmp_path], tiny_katas)
    (ana / "double.py").unlink()
    ana.rmdir()
    bob.unlink()
    bob.mkdir()
    assert [problems_of(read_submission(place, tiny_katas)) for place in found] == [["file_gone"], ["empty"]]
    ana.write_bytes(SOURCE)
    assert problems_of(read_submission(found[0], tiny_katas)) == ["not_a_file"]


def test_a_folder_that_changes_while_it_is_read_never_raises(tmp_path, tiny_katas):
    folder = tmp_path / "ana"
    folder.mkdir()
    program = (
        "import pathlib, shutil, sys, time\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "end = time.monotonic() + 1.5\n"
        "while time.monotonic() < end:\n"
        "    shutil.rmtree(folder, ignore_errors=True)\n"
        "    for depth in range(8):\n"
        "        (folder / 'a/b/c' / str(depth)).mkdir(parents=True, exist_ok=True)\n"
        "    (folder / 'a/b/c/3/double.py').write_text('x = 1')\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, folder]) as other:
        while other.poll() is None:
            problems_of(read_submission(Found("ana", folder), tiny_katas))
    assert other.returncode == 0


def test_a_reason_without_words_is_the_kits_fault_and_stops_no_run(tiny_judge):
    """The words are made within the judge's border."""
    report = tiny_judge.grade(Submission("s", {}, unreadable=Problem("no_such_tag")))
    assert report.status is Status.INTERNAL_ERROR
    assert "no_such_tag" in report.reason["en"]
    assert report.score is None


def test_a_submission_of_the_longest_names_has_a_short_line(tmp_path, tiny_judge, tiny_katas):
    path = tmp_path / "ana.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(300):
            archive.writestr(f"{'가/' * 20}{number}{'나' * 200}", b"")
    report = tiny_judge.grade(read_submission(Found("ana", path), tiny_katas))
    assert report.status is Status.UNREADABLE
    assert len(report.to_line().encode()) < 8_000


# --- fuzzing --------------------------------------------------------------------------------------------------------

BOUNDED = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
GOOD = [
    pack({"hw/double.py": SOURCE * 20, "hw/notes.txt": b"x" * 90, "가/x.ipynb": notebook(answer())}),
    pack({"kim/double.py": SOURCE, "lee.zip": pack({"double.py": SOURCE})}, zipfile.ZIP_STORED),
    pack({"hw.zip": pack({"deep.zip": pack({"double.py": SOURCE})})}),
]
CHANGE = st.tuples(
    st.sampled_from(["flip", "cut", "repeat", "number"]), st.floats(0, 1), st.integers(0, 255), st.integers(1, 9)
)


def change(content, changes):
    """Flip, cut or repeat bytes, or put a large number somewhere, mostly into a header."""
    for kind, where, byte, length in changes:
        heads = [at for mark in (b"PK\1\2", b"PK\5\6", b"PK\3\4") if (at := content.find(mark)) >= 0]
        place = int(where * len(content)) if byte % 2 or not heads else heads[byte % len(heads)] + int(where * 46)
        part = content[place : place + length]
        new = {"flip": bytes(one ^ (byte or 1) for one in part), "cut": b"", "repeat": part * 3}
        new["number"] = b"\xff" * len(part)
        content = content[:place] + new[kind] + content[place + length :]
    return content


@BOUNDED
@given(good=st.sampled_from(GOOD), changes=st.lists(CHANGE, min_size=1, max_size=6))
def test_a_damaged_zip_never_raises(tmp_path_factory, tiny_katas, good, changes):
    path = tmp_path_factory.mktemp("fuzz") / "ana.zip"
    path.write_bytes(change(good, changes))
    assert set(problems_of(read_submission(Found("ana", path), tiny_katas))) <= TAGS
    for start in (path, path.parent):
        try:
            found = find_submissions([start], tiny_katas)
        except UsageError:
            continue
        for place in found:
            problems_of(read_submission(place, tiny_katas))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["cells", "worksheets", "source", "input", "metadata", "nbgrader"]), inner)
    ),
    max_leaves=12,
)


@BOUNDED
@given(data=JSON, changes=st.lists(CHANGE, max_size=3))
def test_a_notebook_of_any_json_never_raises(tiny_katas, data, changes):
    for content in (json.dumps(data), json.dumps({"cells": data}), json.dumps({"worksheets": data})):
        assert tag_of(change(content.encode(), changes), tiny_katas[0]) in {*TAGS, ""}


def tag_of(content, kata):
    try:
        read_answer(parse_notebook(content), kata)
    except BadNotebook as problem:
        return str(problem)
    return ""


@BOUNDED
@given(source=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_bytes_that_are_no_toml_have_one_kind_of_error(source):
    for content in (source, b"a = " + source, b"[a]\nb = [" + source):
        with suppress(UnreadableToml):
            read_toml(content)


def test_toml_nested_ten_thousand_deep_is_the_students_mistake():
    for deep in (b"a = " + b"[" * 10_000 + b"]" * 10_000, b"a" + b".b" * 2_000 + b" = 1"):
        with pytest.raises(UnreadableToml):
            read_toml(deep)
