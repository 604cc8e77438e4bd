"""`kata notebook`: a kata as a notebook without a course, run by a real kernel and handed in."""

import json
import shutil

import pytest

from grader.bank.kata import load_katas
from grader.nbgrader.cells import to_text
from grader.nbgrader.plain import make_plain
from tests.conftest import FILES, PATIENCE_S, ROOT, write_bank
from tests.test_cli import RIGHT, kata

nbformat = pytest.importorskip("nbformat")
pytest.importorskip("nbclient")

KATAS = load_katas(ROOT)
REMEMBERS = "def double(x):\n    print('asked', x)\n    return x + 2\n"


@pytest.fixture
def student(tmp_path):
    """A student's copy, as a release makes it."""
    bank = write_bank(
        tmp_path / "bank", {"solutions/01_double/messages.toml": FILES["exercises/01_double/messages.toml"]}
    )
    assert kata("release", "--to", tmp_path / "student", cwd=bank).returncode == 0
    shutil.rmtree(bank)
    return tmp_path / "student"


def read(path):
    notebook = nbformat.read(path, 4)
    nbformat.validate(notebook)
    return notebook


@pytest.fixture
def execute(tmp_path, monkeypatch):
    """Run a notebook's cells in a kernel of its own; give what each code cell printed, by its id."""
    from nbclient import NotebookClient

    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")

    def run(notebook):
        NotebookClient(notebook, timeout=PATIENCE_S, resources={"metadata": {"path": str(tmp_path)}}).execute()
        texts = {}
        for cell in notebook.cells:
            outputs = cell.get("outputs", [])
            texts[cell.id] = "".join(part.get("text", "") for part in outputs if part.get("name") != "stderr")
        return texts

    return run


def cell_with(notebook, words):
    (found,) = (cell for cell in notebook.cells if cell.cell_type == "code" and words in cell.source)
    return found


def test_from_a_students_copy_to_a_green_check_and_a_submission(student, execute, tmp_path):
    done = kata("notebook", "01", cwd=student)
    assert done.returncode == 0
    file = student / "01_double.ipynb"
    assert "01_double.ipynb is written" in done.stdout
    notebook = read(file)
    answer, check = cell_with(notebook, "# double.py"), cell_with(notebook, "kata.check_all()")
    first = execute(notebook)[check.id]
    assert "01_double, not yet: double(3) is 6" in first
    assert "double is still `...`" in first or "returned" in first or "None" in first
    assert "01_double  x x  Double: 0 of 2 public checks" in first
    answer.source = f"# double.py\n{REMEMBERS}"
    second = execute(notebook)[check.id]
    assert "double(3): expected 6, got 5." in second
    assert "asked 3" in second
    answer.source = f"# double.py\n{RIGHT}"
    third = execute(notebook)[check.id]
    assert "01_double  o o  Double: 2 of 2 public checks" in third
    assert "All public checks of this kata pass." in third
    nbformat.write(notebook, file)
    bank = write_bank(tmp_path / "again")
    out = tmp_path / "out"
    assert kata("grade", file, "--no-isolation", "--out", out, cwd=bank).returncode == 0
    assert json.loads((out / "results.jsonl").read_text("utf-8"))["score"] == 2.0


def test_a_real_kata_of_every_kind_opens_in_korean(execute):
    """Python with code of its own, and TOML; what the first cell says is what pytest says at home."""
    for number, words in (("03", "03_xor, 아직:"), ("16", "16_facts, 아직:")):
        (one,) = (kata_ for kata_ in KATAS if kata_.number == number)
        notebook = nbformat.reads(to_text(make_plain(one, "ko")), 4)
        nbformat.validate(notebook)
        assert words in execute(notebook)[cell_with(notebook, "kata.check_all()").id]


def test_it_holds_the_stub_also_where_the_file_is_filled(student):
    (student / "exercises" / "01_double" / "double.py").write_text(RIGHT, "utf-8")
    kata("notebook", "01", cwd=student)
    source = cell_with(read(student / "01_double.ipynb"), "# double.py").source
    assert "2 * x" not in source
    assert "...  # TODO" in source


@pytest.mark.parametrize("one", KATAS, ids=lambda one: one.name)
def test_nothing_hidden_is_in_it_and_no_course(one):
    made = make_plain(one, "en")
    text = json.dumps(made, ensure_ascii=False)
    assert "nbgrader" not in {key for cell in made["cells"] for key in cell["metadata"]}
    assert "BEGIN SOLUTION" not in text
    assert "HIDDEN TESTS" not in text
    assert "approaches" not in text
    hidden = one.hidden_checks.read_text("utf-8")
    names = [line.split("(")[0] for line in hidden.splitlines() if line.startswith("def test_")]
    assert not [name for name in names if f"{name}(" in text]


def test_a_notebook_that_is_there_stays(student):
    (student / "01_double.ipynb").write_text("mine", "utf-8")
    done = kata("notebook", "01", cwd=student)
    assert done.returncode == 2
    assert (student / "01_double.ipynb").read_text("utf-8") == "mine"
    assert kata("notebook", "01", "--to", "new/mine.ipynb", cwd=student).returncode == 0
    read(student / "new" / "mine.ipynb")


def test_where_the_kit_is_missing_the_first_cell_installs_the_version_that_the_bank_is_for():
    (keras,) = (one for one in KATAS if one.needs == "keras")
    (first, *_) = [cell for cell in make_plain(keras, "en")["cells"] if cell["cell_type"] == "code"]
    assert '%pip install --quiet "perceptron-kata[keras]>=0.1,<0.2"' in "".join(first["source"])


def test_the_same_kata_makes_the_same_notebook():
    assert make_plain(KATAS[1], "both") == make_plain(KATAS[1], "both")
