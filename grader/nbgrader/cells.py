"""Cells of a kata's notebook, for a course and for a student who has none: lesson, set-up, answer, check, picture.

Everything in them comes from where the rest of the kit has it. What nbgrader wants in a cell's metadata is handed in by
writing.py; a plain notebook (plain.py) has none of it.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from grader.bank.kata import Kata, bank_files
from grader.intake.ipynb import answer_mark, defined_names
from grader.words.catalogue import load_catalogue
from grader.words.languages import LANGUAGES, TEXTS, Text, in_language


class Cells:
    """The sources of one kata's cells, in one language."""

    def __init__(self, kata: Kata, language: str) -> None:
        """Speak "en", "ko" or "both"."""
        self.kata = kata
        self._texts = load_catalogue(TEXTS / "nbgrader.toml")
        self._language = language

    def say(self, name: str, **values: str) -> str:
        """Return a text of the table [cell]."""
        return in_language(self._texts.text("cell", name, **values), self._language)

    def titled(self, title: Text, points: float) -> str:
        """Return a check's title with its points."""
        texts = self._texts.text("cell", "check", title="{title}", points=f"{points:g}")
        return in_language({one: text.replace("{title}", title[one]) for one, text in texts.items()}, self._language)

    def lesson(self, how: str) -> str:
        """Return the README with a paragraph about this notebook (a text of [cell]) below its title."""
        lesson = {name: self.kata.lesson(name).read_text("utf-8").strip() for name in LANGUAGES}
        about = self._texts.text("cell", how, file=self.kata.file_name, mark=answer_mark(self.kata))
        whole: Text = {}
        for language, text in lesson.items():
            title, _, rest = text.partition("\n")
            whole[language] = f"{title}\n\n{about[language]}\n{rest}\n"
        return in_language(whole, self._language)

    def answer(self, file: str) -> str:
        """Return the answer cell with the text of the kata's file in it."""
        text = file.rstrip("\n")
        if self.kata.suffix == ".toml":
            text = f"{self.kata.slug} = {literal(text + chr(10))}"
        return f"{answer_mark(self.kata)}\n{text}"

    def setup(self, stub: str, comment: Iterable[str]) -> str:
        """Return the cell that brings the public files along and opens the kata.

        Args:
            stub: the student's file as it is given out.
            comment: lines above it.
        """
        kata = self.kata
        shared = (path for path in bank_files(kata.bank) if path.suffix != ".ini")
        own = (path for path in kata.files("judge") if path.is_relative_to(kata.exercise))
        lines = [
            *(f"# {line}" for line in comment),
            "from grader.nbgrader.notebook import open_kata",
            "",
            "kata = open_kata(",
            "    get_ipython(),",
            f"    {kata.name!r},",
            f"    language={self._language!r},",
            f"    defines={defined_names(stub, kata)!r},",
            "    files={",
            *entries(read_texts(kata.exercise, (*own, *shared))),
            "    },",
            ")",
        ]
        if kata.needs == "keras":
            # Here, where no points hang on what TensorFlow prints.
            lines.append("import tensorflow")
        return "\n".join(lines)

    def picture(self) -> str:
        """Return the cell that draws the kata's picture."""
        return "\n".join([*as_comment(self.say("picture")), "kata.plot()"])


def folded(cell: dict[str, Any]) -> dict[str, Any]:
    """Return a cell that opens folded: JupyterLab, Notebook 7 and VS Code read the first mark, Colab the second."""
    cell["metadata"] |= {"jupyter": {"source_hidden": True}, "cellView": "form"}
    return cell


def code_cell(source: str, name: str, metadata: dict[str, Any]) -> dict[str, Any]:
    """Return a code cell; its id comes from its name, so that it is the same each time."""
    return {"cell_type": "code", **_cell(source, name, metadata), "execution_count": None, "outputs": []}


def text_cell(source: str, name: str, metadata: dict[str, Any]) -> dict[str, Any]:
    """Return a cell of Markdown."""
    return {"cell_type": "markdown", **_cell(source, name, metadata)}


def _cell(source: str, name: str, metadata: dict[str, Any]) -> dict[str, Any]:
    # At most 64 characters.
    cell_id = hashlib.sha256(name.encode()).hexdigest()[:16]
    return {"id": cell_id, "metadata": metadata, "source": source.splitlines(keepends=True)}


def whole_notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the JSON object of a notebook's file (nbformat 4.5)."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    info = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": info, "nbformat": 4, "nbformat_minor": 5}


def to_text(notebook: dict[str, Any]) -> str:
    """Return the text of a notebook's file."""
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def read_texts(folder: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Return texts of files by their path from a folder, "../shared/..." for one beside it."""
    return {Path(os.path.relpath(path, folder)).as_posix(): path.read_text("utf-8") for path in paths}


def entries(files: dict[str, str]) -> list[str]:
    """Return the lines of a dict of files; their texts keep their own line starts."""
    return [f"{name!r}: {literal(text)}," for name, text in files.items()]


def as_comment(text: str) -> list[str]:
    """Return a text as lines of comment."""
    return [f"# {line}" for line in text.splitlines()]


def literal(text: str) -> str:
    """Return a string literal, a legible one where Python allows it."""
    if "'''" in text or text.endswith(("'", "\\")):
        return repr(text)
    return f"r'''{text}'''"
