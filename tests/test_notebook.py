"""A student's notebook: what of it counts, and that no notebook, however broken, stops a run."""

import json

import pytest

from grader.errors import UsageError
from grader.intake import MAX_FILE_BYTES, Found, Submission, find_submissions, read_submission
from grader.intake.ipynb import MAX_NOTEBOOK_BYTES, BadNotebook, parse_notebook, read_answer

RIGHT = "def double(x):\n    return 2 * x\n"
MARK = "# double.py"
CHECK = 'verdict = kata.check("doubles")\nassert verdict.passed, verdict.words'


def cell(source, kind="code", **meta):
    made = {"cell_type": kind, "metadata": {"nbgrader": meta} if meta else {}, "source": source}
    return {**made, "outputs": [], "execution_count": None} if kind == "code" else made


def answer(source=RIGHT, kind="code", **changes):
    meta = {"schema_version": 3, "grade_id": "double_answer", "grade": False, "solution": True, "locked": False}
    return cell(source, kind, **{**meta, **changes})


def check(name="doubles", source=CHECK):
    meta = {"schema_version": 3, "grade": True, "solution": False, "locked": True, "points": 1.0}
    return cell(source, grade_id=f"double_{name}", **meta)


def notebook(*cells):
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.fixture
def answer_of(tiny_katas):
    """The student's file that a notebook holds, or the tag that says why there is none."""

    def run(*cells):
        try:
            return read_answer(parse_notebook(notebook(*cells)), tiny_katas[0]).decode()
        except BadNotebook as problem:
            return str(problem)

    return run


def test_the_answer_cell_is_the_students_file_and_no_other_cell_is(answer_of):
    assert answer_of(cell("import math"), cell("text", "markdown"), answer(), check(), cell("1 / 0")) == RIGHT


def test_of_copied_answers_the_last_above_the_checks_counts(answer_of):
    first, second, third = (answer(f"{MARK}\nx = {number}\n") for number in (1, 2, 3))
    assert answer_of(first, second, check(), check("again"), third) == f"{MARK}\nx = 2\n"


def test_an_answer_below_the_checks_counts_if_there_is_no_other(answer_of):
    assert answer_of(check(), answer()) == RIGHT


@pytest.mark.parametrize("kind", ["markdown", "raw", "heading"])
def test_an_answer_turned_to_text_counts_by_its_id(answer_of, kind):
    assert answer_of(answer(RIGHT, kind), check()) == RIGHT


@pytest.mark.parametrize(
    "meta",
    [{}, {"grade_id": ""}, {"grade_id": 7}, {"grade_id": None, "solution": "yes"}, {"schema_version": 99}],
    ids=["empty", "no id", "number", "wrong kinds", "later schema"],
)
def test_an_answer_whose_id_is_gone_is_known_by_its_mark_or_its_names(answer_of, meta):
    assert answer_of(cell(RIGHT, **meta), check()) == RIGHT
    assert answer_of(cell(f"{MARK}\nx = 1", **meta), check()) == f"{MARK}\nx = 1\n"


def test_an_answer_replaced_by_something_else_is_no_answer(answer_of):
    assert answer_of(answer("print('hello')"), check()) == "notebook_no_answer"


def test_a_check_whose_id_is_gone_is_not_the_answer(answer_of):
    assert answer_of(answer(), cell(f"hidden = '\ndouble = 3\n'\n{CHECK}")) == RIGHT


def test_locked_cells_and_checks_are_never_the_answer(answer_of):
    setup = cell(f"{MARK}\n", grade_id="double_setup", locked=True, solution=False, grade=False)
    assert answer_of(setup, check("x", f"{MARK}\n")) == "notebook_no_answer"


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("%matplotlib inline\nx = 1", "pass  # %matplotlib inline\nx = 1"),
        ("if 1:\n  !pip install x", "if 1:\n  pass  # !pip install x"),
        ("%%time\nx = 1", "pass  # %%time\nx = 1"),
        ("x = (a\n     %b)", "x = (a\n     %b)"),
        ("s = '''\n%d\n'''", "s = '''\n%d\n'''"),
        ("x = 1\r\ny = 2", "x = 1\ny = 2"),
    ],
)
def test_lines_that_only_jupyter_knows_are_comments_where_python_cannot_read_them(answer_of, source, python):
    assert answer_of(answer(f"{MARK}\n{source}")) == f"{MARK}\n{python}\n"


def test_the_line_in_a_message_is_the_cells(tiny_judge, tiny_katas):
    cells = [cell("import math\n" * 30), answer(RIGHT.replace("2 * x", "1 / 0")), check()]
    source = read_answer(parse_notebook(notebook(*cells)), tiny_katas[0])
    message = tiny_judge.grade(Submission("s", {"01_double": source})).katas[0].checks[0].message["en"]
    assert "\nLine 2 divides by 0.\n    return 1 / 0\n" in message


DEEP = b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
BROKEN = {
    "no json": (b"{", "notebook_damaged"),
    "empty": (b"", "notebook_damaged"),
    "binary": (b"\x89PNG\xff\xfe", "notebook_damaged"),
    "a list": (b"[]", "notebook_damaged"),
    "no cells": (b'{"nbformat": 3, "worksheets": []}', "notebook_damaged"),
    "cells is text": (b'{"cells": "x = 1"}', "notebook_damaged"),
    "nested too deeply": (DEEP, "notebook_damaged"),
    "a huge number": (b'{"cells": [' + b"9" * 10_000 + b"]}", "notebook_damaged"),
    "cells of odd kinds": (b'{"cells": [1, null, [], {"source": 3}, {"source": [1, {}]}]}', "notebook_no_answer"),
    "text only": (notebook(cell("# Hello", "markdown")), "notebook_no_answer"),
    "checks only": (notebook(check()), "notebook_no_answer"),
    "too much code": (notebook(answer(RIGHT + "#" * MAX_FILE_BYTES)), "notebook_too_long"),
    "huge": (b" " * (MAX_NOTEBOOK_BYTES + 1), "file_too_big"),
}


@pytest.mark.parametrize(("content", "tag"), BROKEN.values(), ids=BROKEN)
def test_a_broken_notebook_has_a_report_with_a_reason_and_stops_nobody(tmp_path, tiny_katas, tiny_judge, content, tag):
    write(tmp_path / "class" / "ana" / "01_double.ipynb", content)
    write(tmp_path / "class" / "bob" / "01_double.ipynb", notebook(answer()))
    found = [read_submission(place, tiny_katas) for place in find_submissions([tmp_path / "class"], tiny_katas)]
    broken, whole = (tiny_judge.grade(submission) for submission in found)
    assert (broken.score, whole.score) == (0, 2)
    assert broken.katas[0].checks[0].tag == tag
    assert "01_double.ipynb" in broken.katas[0].checks[0].message["ko"]


def test_the_same_cells_give_the_same_code_whatever_was_run_or_printed(tmp_path, tiny_katas):
    plain, run = answer(), {**answer(), "execution_count": 9, "outputs": [{"output_type": "stream", "text": "x"}]}
    for name, one in (("a", plain), ("b", run)):
        write(tmp_path / name / "01_double.ipynb", notebook(one))
    a, b = (read_submission(place, tiny_katas) for place in find_submissions([tmp_path], tiny_katas))
    assert a.digest == b.digest


def test_a_lone_notebook_of_any_name_is_known_by_its_answer_cell(tmp_path, tiny_katas):
    path = write(tmp_path / "ana_final (2).ipynb", notebook(answer()))
    (found,) = find_submissions([path], tiny_katas)
    assert (found.id, list(read_submission(found, tiny_katas).files)) == ("ana_final (2)", ["01_double"])


@pytest.mark.parametrize("place", ["01_double.ipynb", "01_double/01_double.ipynb", "katas/week 1/01_double.ipynb"])
def test_a_notebook_is_found_wherever_a_file_would_be(tmp_path, tiny_katas, place):
    write(tmp_path / "ana" / place, notebook(answer()))
    (found,) = find_submissions([tmp_path], tiny_katas)
    assert list(read_submission(found, tiny_katas).files) == ["01_double"]


def test_a_file_and_a_notebook_for_one_kata_are_not_guessed_at(tmp_path, tiny_katas):
    write(tmp_path / "ana" / "01_double.ipynb", notebook(answer()))
    write(tmp_path / "ana" / "double.py", b"def double(x):\n    ...\n")
    (found,) = find_submissions([tmp_path], tiny_katas)
    assert read_submission(found, tiny_katas).problems["01_double"].tag == "two_files"


def test_nbformat_3_is_read_and_what_does_not_count_in_it_does_not_matter(tiny_katas):
    """Its code cells have "input"; numbers of any length and halves of letters stand in what was printed."""
    cells = [{"cell_type": "code", "input": ["# double.py\n", RIGHT], "outputs": [{"text": "\ud800"}, 10**4000]}]
    content = json.dumps({"worksheets": [{"cells": cells}, 3, {}], "nbformat": 3}).replace("1" + "0" * 4000, "9" * 9000)
    assert read_answer(parse_notebook(content.encode()), tiny_katas[0]).decode() == f"# double.py\n{RIGHT}"


def test_half_a_letter_in_an_answer_becomes_a_question_mark(answer_of):
    assert answer_of(answer(f"{RIGHT}s = '\ud800'\n")) == f"{RIGHT}s = '?'\n"


def test_a_large_notebook_is_told_what_makes_notebooks_large(tmp_path, tiny_katas, tiny_judge):
    path = write(tmp_path / "ana.ipynb", b" " * (30 << 20))
    reason = tiny_judge.grade(read_submission(Found("ana", path), tiny_katas)).reason
    assert "clear all outputs" in reason["en"]
    assert "few hundred lines" not in reason["en"]


def test_a_lone_broken_notebook_is_refused_in_one_sentence(tmp_path, tiny_katas):
    with pytest.raises(UsageError) as refused:
        find_submissions([write(tmp_path / "x.ipynb", b"{")], tiny_katas)
    assert refused.value.text == "bad_notebook"
