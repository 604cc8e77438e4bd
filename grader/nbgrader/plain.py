"""One kata as a notebook of its own: the lesson, the stub, a cell that checks. No course, and nothing hidden.

It can be made from a student's copy. The answer cell is known by its first line, as in a course's notebook, so that
`kata grade` takes it as a submission.
"""

from typing import Any

from grader.authoring.stub import given_out
from grader.bank.kata import Kata, require_files
from grader.bank.package import load_bank
from grader.errors import UsageError
from grader.nbgrader.cells import Cells, as_comment, code_cell, folded, text_cell, whole_notebook
from grader.pictures import PICTURE


def make_plain(kata: Kata, language: str) -> dict[str, Any]:
    """Return a kata's notebook, as the JSON object that stands in its file (nbformat 4.5).

    Args:
        kata: whose.
        language: of the lesson and of what the checks say: "en", "ko" or "both".

    Raises:
        UsageError: this copy does not hold the kata's file as it was given out.
        ContentError: a file of the kata is missing.
    """
    require_files((kata,), "student")
    stub = given_out(kata)
    if stub is None:
        raise UsageError("no_stub", file=kata.student_file)
    file = stub.decode("utf-8")
    cells = Cells(kata, language)
    made = [
        text_cell(cells.lesson("how_plain"), "lesson", {}),
        folded(code_cell(_install(cells), "install", {})),
        folded(code_cell(cells.setup(file, cells.say("setup_plain").splitlines()), "setup", {})),
        code_cell(cells.answer(file), "answer", {}),
        code_cell("\n".join([*as_comment(cells.say("check_plain")), "kata.check_all()"]), "check", {}),
    ]
    if (kata.exercise / PICTURE).exists():
        made.append(code_cell(cells.picture(), "picture", {}))
    return whole_notebook(made)


def _install(cells: Cells) -> str:
    bank = load_bank(cells.kata.bank)
    extra = "[keras]" if cells.kata.needs == "keras" else ""
    lines = [
        *as_comment(cells.say("install_plain")),
        "import importlib.util",
        "",
        'if importlib.util.find_spec("grader") is None:',
        f'    %pip install --quiet "perceptron-kata{extra}{bank.kit if bank else ""}"',
    ]
    return "\n".join(lines)
