"""Files that are called otherwise, and files that nobody has begun: which of them is an answer, and what is told."""

import json
from dataclasses import replace

import pytest

from grader.bank.kata import load_katas
from grader.intake import find_submissions, read_submission
from grader.judge.judge import Judge
from grader.nbgrader.cells import literal
from grader.nbgrader.plain import make_plain
from tests.conftest import ROOT
from tests.damage import pack
from tests.test_notebook import answer, notebook
from tests.test_platforms import submissions_of, unpack

RIGHT = b"def double(x):\n    return 2 * x\n"
OTHER = b"def double(x):\n    return 3 * x\n"
HELPER = b"def twice(x):\n    return 2 * x\n"
OWN_NAMES = [
    "double2.py", "최종_double.py", "final_double.py", "double 홍길동.py", "홍길동_double.py", "20231234_double.py",
    "20231234double.py", "double.최종.py", "DOUBLE.PY", "my-double-answer.py",
]  # fmt: skip


def ana(tmp_path, katas, **files):
    return submissions_of(unpack({**files, "bob/double.py": RIGHT}, tmp_path / "class"), katas)["ana"]


@pytest.mark.parametrize("name", OWN_NAMES)
def test_a_file_that_holds_the_katas_name_and_an_answer_counts_where_it_is_the_only_one(tmp_path, tiny_katas, name):
    one = ana(tmp_path, tiny_katas, **{f"ana/{name}": RIGHT, "ana/notes.txt": b""})
    assert (one.files, one.problems, one.not_read, one.no_answer) == ({"01_double": RIGHT}, {}, (), ())
    zipped = ana(tmp_path / "z", tiny_katas, **{"ana.zip": pack({f"hw/{name}": RIGHT, "hw/notes.txt": b""})})
    assert zipped.files == {"01_double": RIGHT}


@pytest.mark.parametrize("name", OWN_NAMES)
@pytest.mark.parametrize("plain", ["double.py", "double_final.py", "old/double.py"])
def test_beside_a_name_that_is_known_it_does_not_count_and_is_told(tmp_path, tiny_katas, name, plain):
    one = ana(tmp_path, tiny_katas, **{f"ana/{name}": OTHER, f"ana/{plain}": RIGHT})
    assert (one.files, one.not_read, one.no_answer) == ({"01_double": RIGHT}, (name,), ())


def test_two_of_them_that_differ_are_not_guessed_at_and_equal_ones_are_one_answer(tmp_path, tiny_katas):
    one = ana(tmp_path / "a", tiny_katas, **{"ana/double2.py": RIGHT, "ana/double3.py": OTHER})
    assert (one.files, one.problems["01_double"].values["files"]) == ({}, "double2.py, double3.py")
    one = ana(tmp_path / "b", tiny_katas, **{"ana/double2.py": RIGHT, "ana/double3.py": RIGHT})
    assert (one.files, one.not_read) == ({"01_double": RIGHT}, ())


def test_a_zip_in_which_everybody_calls_the_file_after_herself_is_a_class(tmp_path):
    gates = load_katas(ROOT)[1].student_file.read_bytes() + b"AND = 1\n"
    path = tmp_path / "class.zip"
    for names in (["gates_김.py", "gates_이.py"], ["gates.py", "이_gates.py"]):
        path.write_bytes(pack({f"{number}/{name}": gates for number, name in enumerate(names)}))
        found = submissions_of(path, load_katas(ROOT))
        assert {name: one.files for name, one in found.items()} == {"0": {"02_gates": gates}, "1": {"02_gates": gates}}


def test_a_helper_that_only_holds_the_name_is_no_answer_and_told_where_there_is_none(tmp_path, tiny_katas):
    files = {"ana/double_helper.py": HELPER, "ana/test_double.py": RIGHT}
    one = ana(tmp_path / "a", tiny_katas, **files)
    assert one.unreadable.values["found"] == "double_helper.py, test_double.py"
    one = ana(tmp_path / "b", tiny_katas, **files, **{"ana/double.py": RIGHT})
    assert (one.files, one.not_read, one.no_answer) == ({"01_double": RIGHT}, (), ())


def test_one_file_may_hold_two_katas_and_another_katas_file_is_told_of_none(tmp_path):
    katas = load_katas(ROOT)[:5]
    stubs = {kata.number: kata.student_file.read_bytes() for kata in katas}
    both = stubs["02"] + b"HIDDEN = 1\n" + stubs["03"]
    files = {"ana/gates와 xor.py": both, "ana/neuron.py": stubs["01"], "ana/wall_plot.py": HELPER}
    # Kata 12's and kata 07's own files, which this run does not grade.
    files |= {"ana/train_xor.py": HELPER, "ana/gates_in_keras.py": HELPER}
    (one,) = submissions_of(unpack(files, tmp_path / "class") / "ana", katas).values()
    assert one.files == {"01_neuron": stubs["01"], "02_gates": both, "03_xor": both}
    assert (one.not_read, one.no_answer) == ((), ("wall_plot.py",))


@pytest.mark.parametrize("root", ["exercises/", "", "hw/exercises/"])
def test_the_kits_own_files_are_nobodys_answers_whatever_they_are_called(tmp_path, root):
    katas = load_katas(ROOT)
    given = {
        f"{root}{path.relative_to(ROOT / 'exercises')}": path.read_bytes()
        for path in (ROOT / "exercises").rglob("*.py")
        if "__pycache__" not in path.parts
    }
    stubs = {f"{root}{kata.name}/{kata.file_name}" for kata in katas}
    unpack(given, tmp_path / "class" / "ana")
    unpack({name: content for name, content in given.items() if name not in stubs}, tmp_path / "class" / "bob")
    unpack({"gates.py": RIGHT}, tmp_path / "class" / "cho")
    found = submissions_of(tmp_path / "class", katas)
    assert len(found["ana"].files) == len(katas) - 1, "but for the TOML file"
    assert (found["ana"].not_read, found["ana"].no_answer, found["ana"].problems) == ((), (), {})
    assert (found["bob"].files, found["bob"].no_answer) == ({}, ())


# --- as it was given out --------------------------------------------------------------------------------------------


def test_the_released_notebook_is_no_answer_beside_a_file_and_the_stub_none_beside_a_notebook(tmp_path):
    for kata in load_katas(ROOT):
        solved = (kata.solution / kata.file_name).read_bytes()
        released = make_plain(kata, "ko")
        filled = json.dumps(
            released | {"cells": [replaced(one, kata.file_name, solved) for one in released["cells"]]}
        ).encode()
        forms = [(json.dumps(released).encode(), solved), (filled, kata.student_file.read_bytes())]
        for number, (as_notebook, as_file) in enumerate(forms):
            files = {f"ana/{kata.name}.ipynb": as_notebook, f"ana/{kata.file_name}": as_file, "bob/x.py": b""}
            path = unpack(files, tmp_path / kata.name / str(number))
            one = submissions_of(path, (kata,))["ana"]
            assert (one.problems, one.not_read, one.untouched) == ({}, (), frozenset()), kata.name
            assert solved.strip() in one.files[kata.name]


def replaced(cell, file_name, solved):
    source = "".join(cell["source"])
    if not source.startswith(f"# {file_name}\n"):
        return cell
    text = solved.decode()
    return cell | {"source": f"# {file_name}\n{f'facts = {literal(text)}' if file_name == 'facts.toml' else text}"}


def test_a_name_on_top_or_other_line_ends_begin_nothing_and_a_line_more_does(tmp_path, tiny_katas):
    stub = tiny_katas[0].student_file.read_bytes()
    untouched = [stub, "# 홍길동 20231234\n\n".encode() + stub, b"\xef\xbb\xbf" + stub.replace(b"\n", b"  \r\n")]
    begun = [stub + b"x = 1\n", RIGHT, b"", b"\xff\xfe"]
    for number, content in enumerate([*untouched, *begun]):
        one = ana(tmp_path / str(number), tiny_katas, **{"ana/double.py": content})
        assert bool(one.untouched) is (content in untouched)


def test_the_stub_in_one_export_is_no_answer_beside_the_one_in_another(tmp_path, tiny_katas):
    stub = tiny_katas[0].student_file.read_bytes()
    zips = {"a.zip": pack({"kim_4711_1_double.py": stub}), "b.zip": pack({"kim_4711_2_double.py": RIGHT})}
    (one,) = submissions_of(unpack(zips, tmp_path / "both"), tiny_katas).values()
    assert (one.files, one.problems) == ({"01_double": RIGHT}, {})


def test_a_released_notebook_alone_is_untouched(tmp_path, tiny_katas):
    stub = tiny_katas[0].student_file.read_text("utf-8")
    path = unpack({"any name.ipynb": notebook(answer(f"# double.py\n{stub}"))}, tmp_path)
    (found,) = find_submissions([path], tiny_katas)
    assert read_submission(found, tiny_katas).untouched == {"01_double"}


@pytest.fixture(scope="module")
def untouched_report():
    """The report of all files as they were given out."""
    katas = load_katas(ROOT)
    with Judge(katas) as judge:
        path = ROOT / "exercises"
        (found,) = find_submissions([path], katas)
        yield judge.grade(replace(read_submission(found, katas), id="ana"))


@pytest.mark.tensorflow
def test_of_every_kata_the_file_as_it_was_given_out_is_not_begun_and_no_mistake(untouched_report):
    found = {kata.kata: {check.tag for check in kata.checks} for kata in untouched_report.katas}
    assert len(found) == 16
    assert {kata: tags - {"not_filled", "blocked"} for kata, tags in found.items()} == {one: set() for one in found}
    first = {kata: check.tag for kata, check in untouched_report.mistakes(set(found), {})}
    assert first == dict.fromkeys(found, "not_filled")


@pytest.mark.tensorflow
def test_what_its_checks_say_stays(untouched_report):
    (stacks,) = (kata for kata in untouched_report.katas if kata.kata == "06_stacks")
    assert "Activaion" in stacks.checks[0].message["ko"]
