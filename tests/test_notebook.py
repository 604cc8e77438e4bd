"""A student's notebook: what of it counts, and that no notebook, however broken, stops a run."""

import json

import pytest

from grader.errors import UsageError
from grader.intake import MAX_FILE_BYTES, Submission, find_submissions, read_submission
from grader.nbgrader import layout
from grader.notebook import MAX_NOTEBOOK_BYTES, parse_notebook, read_code, to_python
from grader.sandbox.cells import split_cells

RIGHT = "def double(x):\n    return 2 * x\n"
CHECK = "assert kata.check('doubles')"


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
def code_of(tiny_katas):
    """The code that counts, as (number, source, is it the answer) in the order in which it runs."""

    def run(*cells):
        found = split_cells(read_code(parse_notebook(notebook(*cells)), tiny_katas[0]))
        return [(piece.number, piece.source.removesuffix("\n"), piece.is_answer) for piece in found]

    return run


@pytest.fixture
def grade_cells(tiny_judge, tiny_katas):
    def run(*cells):
        return tiny_judge.grade(
            Submission("s", {"01_double": read_code(parse_notebook(notebook(*cells)), tiny_katas[0])})
        )

    return run


def test_the_layout_and_the_reader_mean_the_same_cell(tiny_katas):
    assert layout.answer_id(tiny_katas[0]) == answer()["metadata"]["nbgrader"]["grade_id"]


def test_cells_run_in_order_up_to_the_last_check_and_checks_do_not_count(code_of):
    cells = [cell("import math"), cell("text", "markdown"), answer("x = 1"), cell("y = 2"), check(), cell("x = 3")]
    assert code_of(*cells) == [(1, "import math", False), (3, "x = 1", True), (4, "y = 2", False)]


def test_without_any_check_left_all_code_counts(code_of):
    assert code_of(answer("x = 1"), cell("x = 2")) == [(1, "x = 1", True), (2, "x = 2", False)]


def test_the_answer_counts_below_the_checks_and_as_text(code_of):
    assert code_of(check(), answer("x = 1", "markdown")) == [(2, "x = 1", True)]
    assert code_of(answer("x = 1", "raw"), check()) == [(1, "x = 1", True)]


def test_of_a_copied_answer_both_cells_run_and_the_later_one_wins(grade_cells):
    assert grade_cells(answer("def double(x):\n    return x\n"), answer(), check()).score == 2
    assert grade_cells(answer(), answer("def double(x):\n    return x\n"), check()).score == 0


@pytest.mark.parametrize(
    "meta",
    [{}, {"grade_id": ""}, {"grade_id": 7}, {"grade_id": None, "solution": "yes"}, {"schema_version": 99}],
    ids=["empty", "no id", "number", "wrong kinds", "later schema"],
)
def test_an_answer_whose_id_is_gone_still_counts_as_code(grade_cells, meta):
    assert grade_cells(cell(RIGHT, **meta), check()).score == 2


def test_a_check_whose_id_is_gone_fails_alone(grade_cells):
    assert grade_cells(answer(), cell(CHECK), check("again")).score == 2


def test_an_answer_split_over_cells_and_helpers_around_it_count(grade_cells):
    parts = [
        cell("TWO = 2"),
        answer("def double(x):\n    return TWO * helper(x)\n"),
        cell("def helper(x):\n    return x"),
    ]
    assert grade_cells(*parts, check()).score == 2


@pytest.mark.parametrize(
    "source",
    [
        "1 / 0",
        "this is no Python",
        "import no_such_module",
        "raise SystemExit",
        "%%bash\nls |",
        "double(",
        "\0",
        "\ud800",
    ],
)
def test_a_cell_of_the_students_own_that_fails_stops_nothing(grade_cells, source):
    assert grade_cells(cell(source), answer(), cell(source), check()).score == 2


def test_what_the_answer_defined_before_it_failed_is_there(grade_cells):
    report = grade_cells(answer(RIGHT + "1 / 0\n"), check())
    assert report.score == 2


def test_what_it_would_have_defined_later_gets_the_answers_own_fault_with_the_cells_line(grade_cells):
    report = grade_cells(cell("import math\n" * 30), answer("\n1 / 0\n" + RIGHT), check())
    message = report.katas[0].checks[0].message["en"]
    assert message.startswith("ZeroDivisionError in line 2: division by zero\n    1 / 0\n")


def test_an_untouched_answer_is_not_filled_in_its_own_line(grade_cells):
    stub = 'def double(x):\n    """Return twice x."""\n    ...  # TODO\n'
    found = grade_cells(cell("import math\n" * 30), answer(stub), check()).katas[0].checks[0]
    assert (found.tag, found.outcome) == ("not_filled", "failed")
    assert found.message["en"].startswith("Line 3: double is still `...`")


def test_a_stub_that_a_later_cell_fills_is_filled(grade_cells):
    stub = 'def double(x):\n    """Return twice x."""\n    ...  # TODO\n'
    assert grade_cells(answer(stub), cell(RIGHT), check()).score == 2


def test_a_name_that_no_cell_has_is_missing(grade_cells):
    assert grade_cells(answer("def dubble(x):\n    return 2 * x\n"), check()).katas[0].checks[0].tag == "missing_name"


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("%matplotlib inline\nx = 1", "pass  # %matplotlib inline\nx = 1"),
        ("  !pip install x", "  pass  # !pip install x"),
        ("double?", "pass  # double?"),
        ("?double", "pass  # ?double"),
        ("%%time\nx = 1", "pass  # %%time\nx = 1"),
        ("%%bash\nrm x", ""),
        ("%%html\n<b>", ""),
        ("x = (a\n     % b)", "x = (a\n     % b)"),
        ('s = "50%"\n', 's = "50%"\n'),
        ("x != 2", "x != 2"),
    ],
)
def test_what_only_ipython_understands_becomes_pass(source, python):
    assert to_python(source) == python


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
    "cells of odd kinds": (b'{"cells": [1, null, [], {"source": 3}, {"source": [1, {}]}]}', "notebook_empty"),
    "text only": (notebook(cell("# Hello", "markdown")), "notebook_empty"),
    "checks only": (notebook(check()), "notebook_empty"),
    "too much code": (notebook(answer("#" * MAX_FILE_BYTES)), "notebook_too_long"),
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


def test_outputs_tags_and_counts_are_never_looked_at(grade_cells):
    pasted = {**check(), "outputs": [{"output_type": "execute_result", "data": {"text/plain": "1.0"}}]}
    pasted["metadata"]["tags"] = ["skip-execution"]
    wrong = answer("def double(x):\n    return x + 2\n")
    wrong["metadata"]["tags"] = ["skip-execution"]
    assert grade_cells(wrong, pasted).score == 0


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
    write(tmp_path / "ana" / "double.py", RIGHT.encode())
    (found,) = find_submissions([tmp_path], tiny_katas)
    assert read_submission(found, tiny_katas).problems["01_double"].tag == "two_files"


def test_a_lone_broken_notebook_is_refused_in_one_sentence(tmp_path, tiny_katas):
    with pytest.raises(UsageError) as refused:
        find_submissions([write(tmp_path / "x.ipynb", b"{")], tiny_katas)
    assert refused.value.text == "bad_notebook"


def test_a_text_that_only_looks_like_cells_is_a_file(grade):
    assert grade(RIGHT + "# %% end of cell 1\n1 / 0\n").score == 0
