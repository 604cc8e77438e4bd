"""An nbgrader course on disk, made by the kit and nbgrader themselves, and students who hand in."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

from grader.nbgrader.writing import write_course
from tests.conftest import PATIENCE_S

IN_TIME = "2026-03-01 10:00:00 UTC"


def environment(course: Path) -> dict[str, str]:
    """An environment in which nothing of the user's own Jupyter takes part, and nbgrader finds its tool alembic."""
    path = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, "JUPYTER_CONFIG_DIR": str(course.parent / ".jupyter"), "KATA_LANG": "en"}


def nbgrader(course: Path, *arguments: str) -> str:
    """Run an nbgrader command in the course; its output, after it has ended well."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        env=environment(course),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def make_course(katas, folder: Path, *, students: list[str]) -> Path:
    """Write a course with one assignment, "katas", generate it, and put the students on its roster."""
    write_course(katas, folder, one_assignment=True, language="en")
    nbgrader(folder, "generate_assignment", "katas")
    roster = folder / "roster.csv"
    roster.write_text("id\n" + "".join(f"{student}\n" for student in students), "utf-8")
    nbgrader(folder, "db", "student", "import", "roster.csv")
    return folder


def released(course: Path, notebook: str) -> dict:
    """The notebook that students get, as JSON."""
    return json.loads((course / "release" / "katas" / f"{notebook}.ipynb").read_text("utf-8"))


def cell_of(notebook: dict, grade_id: str) -> dict:
    """A cell by its grade_id."""
    return next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def hand_in(course: Path, student: str, name: str, notebook: dict | bytes, *, time: str | None = IN_TIME) -> Path:
    """Put a notebook where nbgrader collects it to; returns the folder."""
    folder = course / "submitted" / student / "katas"
    folder.mkdir(parents=True, exist_ok=True)
    content = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    (folder / f"{name}.ipynb").write_bytes(content)
    if time is not None:
        (folder / "timestamp.txt").write_text(time, "utf-8")
    return folder


def answered(course: Path, name: str, source: str) -> dict:
    """The released notebook with an answer in its answer cell, below the mark."""
    notebook = released(course, name)
    cell = cell_of(notebook, f"{name[3:]}_answer")
    cell["source"] = f"# {name[3:]}.py\n{source}"
    return notebook
