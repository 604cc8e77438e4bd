"""The nbgrader course: its notebooks as they are written, and the checks as a notebook's cells ask them."""

import json
import re
import runpy
import sys
from types import SimpleNamespace
from xml.etree import ElementTree

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import ClearHiddenTests

from grader.authoring.answers import reference_of, right_answers, wrong_answers
from grader.authoring.stub import make_stub
from grader.bank.kata import bank_files, load_katas, select_katas
from grader.errors import ContentError, UsageError
from grader.intake import Submission
from grader.judge.judge import Judge
from grader.nbgrader.ids import grade_id
from grader.nbgrader.notebook import open_kata
from grader.nbgrader.roster import convert_roster
from grader.nbgrader.writing import collect_checks, make_notebooks, write_course
from grader.result import Outcome
from tests.conftest import ROOT, write_bank

KATAS = load_katas(ROOT)
RIGHT = "# double.py\ndef double(x):\n    return 2 * x\n"


def sources(notebook, **wanted):
    """The texts of the cells whose nbgrader metadata is as wanted."""
    cells = notebook["cells"]
    metas = [cell["metadata"]["nbgrader"] for cell in cells]
    chosen = [cell for cell, meta in zip(cells, metas, strict=True) if wanted.items() <= meta.items()]
    return ["".join(cell["source"]) for cell in chosen]


# --- what is written ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def notebooks():
    return dict(zip((kata.name for kata in KATAS), make_notebooks(KATAS, "ko"), strict=True))


@pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.name)
def test_a_notebook_is_valid_for_jupyter_and_for_nbgrader(notebooks, kata):
    made = nbformat.reads(json.dumps(notebooks[kata.name]), as_version=4)
    nbformat.validate(made)
    for cell in made.cells:
        MetadataValidator().validate_cell(cell)
    metas = [cell.metadata.nbgrader for cell in made.cells]
    assert len({meta.grade_id for meta in metas}) == len({cell.id for cell in made.cells}) == len(metas)
    assert all(re.fullmatch(r"[a-zA-Z0-9_\-]+", meta.grade_id) for meta in metas)
    assert [meta.locked for meta in metas].count(False) == 1
    assert sum(meta.get("points", 0) for meta in metas) == pytest.approx(kata.points)


@pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.name)
def test_a_grade_cell_ends_in_an_assertion_and_never_in_a_value(notebooks, kata):
    cells = sources(notebooks[kata.name], grade=True)
    assert cells
    for source in cells:
        code = [line for line in source.splitlines() if not line.startswith("#")]
        assert code[-1] == "assert verdict.passed, verdict.words"
        compile(source, kata.name, "exec")


@pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.name)
def test_what_students_get_holds_no_line_of_the_solutions(notebooks, kata):
    """By nbgrader's own removal of hidden regions, and for every line that the public files do not have too."""
    made = nbformat.reads(json.dumps(notebooks[kata.name]), as_version=4)
    paths = (*kata.files("student"), *bank_files(kata.bank), kata.student_file)
    public = "\n".join(path.read_text("utf-8") for path in paths)
    for cell in made.cells:
        if cell.metadata.nbgrader.solution:
            cell.source = make_stub(cell.source, file=kata.student_file)
    released, _ = ClearHiddenTests().preprocess(made, {})
    text = "\n".join(cell.source for cell in released.cells)
    files = [*kata.solution.glob("*.py"), *kata.solution.glob("*.toml")]
    assert len(files) >= 2 or kata.suffix == ".toml"
    secret = {line.strip() for path in files for line in path.read_text("utf-8").splitlines()}
    secret = {line for line in secret if len(line) >= 25 and line not in public and not line.startswith("### STUB")}
    assert secret
    assert [line for line in secret if line in text] == []


def test_the_same_katas_make_the_same_course_but_for_its_random_tag(tmp_path):
    katas = select_katas(KATAS, ("02", "16"))
    for name in ("one", "two"):
        write_course(katas, tmp_path / name, one_assignment=False, language="en")
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert [str(path) for path in files] == [
        "nbgrader_config.py",
        "source/02_gates/02_gates.ipynb",
        "source/16_facts/16_facts.ipynb",
    ]
    first, second = ((tmp_path / name / "nbgrader_config.py").read_text() for name in ("one", "two"))
    assert first != second
    assert re.sub("'[0-9a-f]{32}'", "", first).replace("'one'", "'two'") == re.sub("'[0-9a-f]{32}'", "", second)
    for path in files[1:]:
        assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes()


def test_renewing_a_course_changes_its_notebooks_and_nothing_else(tmp_path):
    bank, course = write_bank(tmp_path), tmp_path / "course"
    write_course(load_katas(bank), course, one_assignment=False, language="en")
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.Mine = 1\n")
    (course / "gradebook.db").write_bytes(b"marks")
    notebook = course / "source" / "01_double" / "01_double.ipynb"
    ids = [cell["metadata"]["nbgrader"]["grade_id"] for cell in json.loads(notebook.read_text())["cells"]]
    checks = bank / "exercises" / "01_double" / "test_double.py"
    checks.write_text(checks.read_text().replace("look(student, 3)", "look(student, 7)"))
    write_course(load_katas(bank), course, one_assignment=False, language="en")
    assert config.read_text().endswith("\nc.Mine = 1\n")
    assert (course / "gradebook.db").read_bytes() == b"marks"
    renewed = json.loads(notebook.read_text())
    assert "look(student, 7)" in "".join(sources(renewed, grade_id="double_setup"))
    assert [cell["metadata"]["nbgrader"]["grade_id"] for cell in renewed["cells"]] == ids


def test_one_assignment_holds_every_kata(tmp_path):
    katas = select_katas(KATAS, ("01", "02"))
    assert write_course(katas, tmp_path / "c", one_assignment=True, language="both") == ["katas"]
    found = sorted(path.name for path in (tmp_path / "c" / "source" / "katas").iterdir())
    assert found == ["01_neuron.ipynb", "02_gates.ipynb"]


# --- bad input ------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_no_course_of_ours_is_left_alone(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    with pytest.raises(UsageError, match="no_kata_course"):
        write_course(KATAS[:1], tmp_path, one_assignment=False, language="en")
    assert [path.name for path in tmp_path.iterdir()] == ["nbgrader_config.py"]


def test_a_course_that_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot_write"):
        write_course(KATAS[:1], tmp_path / "file" / "course", one_assignment=False, language="en")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_checks_that_would_share_an_id_are_refused_by_name(tmp_path):
    bank = write_bank(tmp_path)
    checks = bank / "exercises" / "01_double" / "test_double.py"
    twins = '\n\n@pytest.mark.check(points=0)\n@pytest.mark.parametrize("x", ["a+b", "a*b"])\n'
    checks.write_text(checks.read_text() + f'{twins}def test_twin(student, x):\n    """{{x}}"""\n')
    with pytest.raises(ContentError, match=re.escape("twin[a*b]: has the same id in nbgrader as twin[a+b]")):
        make_notebooks(load_katas(bank), "en")


def test_without_the_kit_the_configuration_ends_nbgrader_and_is_not_skipped(tmp_path, monkeypatch):
    """Nbgrader logs any other error of its configuration and goes on with what it would do without one."""
    write_course(KATAS[:1], tmp_path / "course", one_assignment=False, language="en")
    monkeypatch.setitem(sys.modules, "grader.nbgrader.release", None)
    with pytest.raises(SystemExit, match=re.escape("pip install perceptron-kata[nbgrader]")):
        runpy.run_path(str(tmp_path / "course" / "nbgrader_config.py"))


# --- the roster -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        "id,last_name,first_name,email\ns01,김,민수,m@x.kr\ns02,O'Neil,Ann,\n".encode(),
        "\ufeffFirst name,Last name,ID number,Email address\r\n민수,김,s01,m@x.kr\r\nAnn,O'Neil,s02,\r\n".encode(),
        "학번;이름;성;이메일\ns01;민수;김;m@x.kr\n\ns02;Ann;O'Neil\n".encode("cp949"),
        "이메일 주소,SIS User ID,given name,lastname\nm@x.kr,s01,민수,김\n,s02,Ann,O'Neil\n".encode(),
    ],
    ids=["nbgrader's own", "a platform's, from Excel", "a Korean spreadsheet's", "what kata grade --roster knows"],
)
def test_a_class_list_of_any_usual_form_becomes_nbgraders(tmp_path, content):
    (tmp_path / "class.csv").write_bytes(content)
    assert convert_roster(tmp_path / "class.csv") == (
        "id,last_name,first_name,email\ns01,김,민수,m@x.kr\ns02,O'Neil,Ann,\n"
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty_table"),
        (b"name,mail\nAnn,a@x\n", "roster_no_id"),
        (b"id\ns01\ns01\n", "roster_bad_id.*'line': 3"),
        (b"id,name\n,Ann\n", "roster_bad_id"),
        (b"id\n../s01\n", "roster_bad_id"),
        (b"id\n\xff\xff\n", "cannot_read"),
    ],
)
def test_a_class_list_that_cannot_be_used_is_refused(tmp_path, content, problem):
    (tmp_path / "class.csv").write_bytes(content)
    with pytest.raises(UsageError, match=problem):
        convert_roster(tmp_path / "class.csv")


# --- checks in a notebook -------------------------------------------------------------------------------------------


class Kernel:
    """Runs a notebook's cells as nbgrader does, in this process: what IPython adds is the history of its cells."""

    def __init__(self, notebook):
        self.cells = notebook["cells"]
        self.shell = SimpleNamespace(history_manager=SimpleNamespace(input_hist_raw=[""]))
        self.names = {"get_ipython": lambda: self.shell}
        self.run("".join(self.cells[1]["source"]))

    def run(self, source):
        """Run one cell; return what its assertion says, None where it holds."""
        self.shell.history_manager.input_hist_raw.append(source.rstrip("\n"))
        try:
            exec(source, self.names)
        except AssertionError as problem:
            return str(problem)
        return None

    def ask(self, name):
        """Run the grade cell of a check."""
        (source,) = sources({"cells": self.cells}, grade_id=name)
        return self.run(source)

    def answer(self, source):
        """Put a cell in the history whose own run does not matter."""
        self.shell.history_manager.input_hist_raw.append(source.rstrip("\n"))


@pytest.fixture
def kernel(tmp_path):
    (notebook,) = make_notebooks(load_katas(write_bank(tmp_path)), "en")
    return Kernel(notebook)


def test_a_check_passes_fails_with_the_kits_words_and_is_blocked_as_elsewhere(kernel):
    kernel.answer(RIGHT)
    assert [kernel.ask(f"double_{name}") for name in ("doubles", "again", "random")] == [None] * 3
    kernel.answer("# double.py\ndef double(x):\n    return x + 2\n")
    assert kernel.ask("double_again").startswith("Not tried yet: an earlier check")
    assert kernel.ask("double_doubles") == "double(3): expected 6, got 5.0.\n5.0 is 2 more. What is twice as much?"
    assert kernel.ask("double_random") == "A hidden check did not pass: any number is doubled."


def test_before_the_answer_is_run_there_is_a_sentence(kernel):
    assert kernel.ask("double_doubles").startswith("No answer to look at yet: run the answer cell")


def test_the_answer_run_last_counts_and_scratch_cells_do_not(kernel):
    kernel.answer("# double.py\ndef double(x):\n    return 0\n")
    kernel.answer("def double(x):\n    return 2 * x\n")
    kernel.answer("print(double(4))\ny = 3\n")
    assert kernel.ask("double_doubles") is None


def test_an_endless_loop_costs_its_own_check_only(kernel):
    kernel.answer("# double.py\ndef double(x):\n    while x == 4:\n        pass\n    return 2 * x\n")
    assert kernel.ask("double_doubles") is None
    assert "\nStopped after 5 s of computing, in line 3" in kernel.ask("double_again")


def test_what_a_hidden_check_asks_is_printed_nowhere(kernel, capsys):
    kernel.answer("# double.py\nimport sys\ndef double(x):\n    print('asked', x, file=sys.stderr)\n    return 2 * x\n")
    kernel.ask("double_doubles")
    # Not on stderr: nbgrader takes that for a mistake.
    assert capsys.readouterr() == ("asked 3\n", "")
    kernel.ask("double_random")
    assert capsys.readouterr() == ("", "")


def test_jupyters_own_lines_are_no_syntax_error(kernel):
    kernel.answer("# double.py\n%timeit 1\n!ls\ndef double(x):\n    return 2 * x\n")
    assert kernel.ask("double_doubles") is None


def test_an_answer_that_is_no_python_is_named_with_its_line(kernel):
    kernel.answer("# double.py\ndef double(x:\n    return 2 * x\n")
    assert "line 2" in kernel.ask("double_doubles")


ANSWERS = {
    "02_gates": ["named_gate", "theta_sign", "fractions_and_names"],
    "11_fit_new": ["no_x_factor"],
    "16_facts": ["false_called_true"],
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_notebook_gives_what_the_judge_gives_check_by_check(notebooks, name):
    (kata,) = select_katas(KATAS, (name,))
    checks = collect_checks((kata,))[name]
    texts = [answer.source for answer in (*wrong_answers(kata), *right_answers(kata)) if answer.name in ANSWERS[name]]
    texts += [reference_of(kata).source, kata.student_file.read_text("utf-8")]
    with Judge((kata,), isolation="none") as judge:
        for text in texts:
            kernel = Kernel(notebooks[name])
            kernel.answer(f"# {kata.file_name}\n{text}")
            said = {check.id: kernel.ask(grade_id(kata, check.id)) for check in checks}
            file = f"# {kata.file_name}\n{text}".encode()
            (report,) = judge.grade(Submission("s", {name: file})).katas
            expected = {
                check.id: check.message["ko"] if check.outcome is not Outcome.PASSED else None
                for check in report.checks
            }
            assert said == expected


@pytest.mark.parametrize("kata", [kata for kata in KATAS if kata.needs != "keras"], ids=lambda kata: kata.name)
def test_the_reference_passes_every_check_in_its_notebook(notebooks, kata):
    """Of kata 06 this is seen in test_nbgrader_cycle.py, in a kernel of its own."""
    kernel = Kernel(notebooks[kata.name])
    # The answer cell as it is written: markers are comments to Python and to TOML.
    kernel.answer("".join(kernel.cells[2]["source"]))
    asked = [
        cell["metadata"]["nbgrader"]["grade_id"] for cell in kernel.cells if "points" in cell["metadata"]["nbgrader"]
    ]
    assert {name: kernel.ask(name) for name in asked} == dict.fromkeys(asked)


def test_a_picture_is_drawn_from_the_answer_and_not_for_nbgrader(notebooks, monkeypatch):
    kernel = Kernel(notebooks["02_gates"])
    kernel.answer("# gates.py\nAND = (1, 1, -1.5)\n")
    picture = kernel.names["kata"].plot()
    shown = picture._repr_mimebundle_()
    assert "AND = (1.0, 1.0, -1.5)" in shown["text/plain"]
    assert "AND = (1.0, 1.0, -1.5)" in "".join(ElementTree.fromstring(shown["image/svg+xml"]).itertext())
    kernel.answer("# gates.py\nAND = (1, 1, 1.5)\n")
    assert kernel.names["kata"].plot() != picture
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert kernel.names["kata"].plot() is None


def test_open_kata_speaks_both_languages(tmp_path):
    (kata,) = load_katas(write_bank(tmp_path))
    files = {path.name: path.read_text("utf-8") for path in kata.exercise.iterdir() if path.suffix in (".toml", ".py")}
    shell = SimpleNamespace(history_manager=SimpleNamespace(input_hist_raw=["def double(x):\n    return x + 2"]))
    opened = open_kata(shell, kata.name, language="both", defines=["double"], files=files)
    words = opened.check("doubles").words
    assert "5.0 is 2 more" in words
    assert "2를 더한" in words
