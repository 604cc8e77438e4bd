"""`nbgrader autograde` and `kata grade --nbgrader` give the same points per check, but for what the docs list.

A difference that is listed and does not happen fails too, so the list in docs/nbgrader_grading.md stays true.
"""

import copy
import shutil
import subprocess
import sys

import pytest
from nbgrader.api import Gradebook

from grader.nbgrader.gradebook import write_reports
from grader.nbgrader.opening import open_course, read_submitted
from grader.nbgrader.writing import collect_checks
from tests.nbgrader_course import answered, cell_of, environment, hand_in, make_course, released

NAME = "01_double"
RIGHT = "def double(x):\n    return 2 * x\n"
WRONG = "def double(x):\n    return x + 2\n"
ALL = {"double_doubles": 0.7, "double_again": 0.5, "double_random": 0.8}
NOTHING = dict.fromkeys(ALL, 0)
PUBLIC = {**ALL, "double_random": 0}
UNKNOWN = dict.fromkeys(ALL)
"""nbgrader gave no score; a person has to look."""


def code(source):
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def tagged(notebook, tag):
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = [tag]
    return notebook


def copied(course):
    """Someone copied the answer cell, solved the copy, and left the first one as it was."""
    notebook = released(course, NAME)
    second = copy.deepcopy(cell_of(notebook, "double_answer"))
    second["source"], second["id"] = f"# double.py\n{RIGHT}", "copy"
    notebook["cells"].insert(3, second)
    return notebook


def without_metadata(course):
    notebook = answered(course, NAME, RIGHT)
    cell_of(notebook, "double_answer")["metadata"] = {}
    return notebook


def as_text(course):
    notebook = answered(course, NAME, RIGHT)
    cell = cell_of(notebook, "double_answer")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]
    return notebook


def with_outputs(course):
    notebook = answered(course, NAME, WRONG)
    for cell in notebook["cells"][3:]:
        data = {"text/plain": "0.5"}
        cell["outputs"] = [{"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}]
    return notebook


def checks_changed(course):
    notebook = answered(course, NAME, WRONG)
    for cell in notebook["cells"][3:]:
        cell["source"] = "assert True"
        cell["metadata"]["nbgrader"]["points"] = 100
    return notebook


def helper_elsewhere(course):
    notebook = answered(course, NAME, "def double(x):\n    return helper(x)\n")
    notebook["cells"].insert(2, code("def helper(x):\n    return 2 * x\n"))
    return notebook


def failing_notes(course):
    notebook = answered(course, NAME, RIGHT)
    notebook["cells"].insert(2, code("1 / 0"))
    notebook["cells"].append(code("double = None"))
    return notebook


def check_deleted(course):
    notebook = answered(course, NAME, RIGHT)
    notebook["cells"].remove(cell_of(notebook, "double_doubles"))
    return notebook


def answer_below(course):
    notebook = answered(course, NAME, RIGHT)
    notebook["cells"].append(notebook["cells"].pop(2))
    return notebook


def emptied(course):
    """What some editors leave of a copied cell's metadata."""
    notebook = copied(course)
    notebook["cells"][3]["metadata"]["nbgrader"] = {}
    return notebook


FORGED = "class V:\n    passed, words = True, ''\nget_ipython().user_ns['kata'].check = lambda *a, **k: V\n"


def solved(source):
    return lambda course: answered(course, NAME, source)


SAME = {
    "right": (solved(RIGHT), ALL),
    "untouched": (lambda course: released(course, NAME), NOTHING),
    "partly": (solved("def double(x):\n    return {3: 6, 4: 8}.get(x, 0)\n"), PUBLIC),
    "wrong": (solved(WRONG), NOTHING),
    "crash": (solved(RIGHT + "1 / 0\n"), NOTHING),
    "no_python": (solved("def double(x:\n"), NOTHING),
    "exits": (solved(RIGHT + "raise SystemExit\n"), NOTHING),
    "warns": (solved("import sys\ndef double(x):\n    print('careful', file=sys.stderr)\n    return 2 * x\n"), ALL),
    "prints": (solved("def double(x):\n    print(2)\n    return 2 * x\n"), ALL),
    "magic": (solved("%matplotlib --list\n!true\n" + RIGHT), ALL),
    "skip_wrong": (lambda course: tagged(answered(course, NAME, WRONG), "skip-execution"), NOTHING),
    "skip_right": (lambda course: tagged(answered(course, NAME, RIGHT), "skip-execution"), ALL),
    "id_gone": (without_metadata, ALL),
    "as_text": (as_text, ALL),
    "pasted": (with_outputs, NOTHING),
    "edited_checks": (checks_changed, NOTHING),
    "helper": (helper_elsewhere, NOTHING),
    "notes": (failing_notes, ALL),
    # First in nbgrader's queue: without the course's mending everyone after them has no score.
    "a_copy": (copied, ALL),
    "a_copy_emptied": (emptied, ALL),
}
"""Student -> (what she handed in, the points of each check on both ways)."""

DIFFERENT = {
    "forged": (solved(RIGHT.replace("2 * x", "x") + FORGED), ALL, NOTHING),
    "deleted": (check_deleted, {**ALL, "double_doubles": None}, ALL),
    "below": (answer_below, NOTHING, ALL),
    "dies": (solved(RIGHT + "import os\nos._exit(0)\n"), UNKNOWN, NOTHING),
    "no_json": (lambda _: b'{"cells": [', UNKNOWN, NOTHING),
}
"""Student -> (what was handed in, nbgrader's points, ours)."""


@pytest.fixture(scope="module")
def both(tmp_path_factory, tiny_katas, tiny_judge):
    """The points of each student on nbgrader's way and on ours, from the same submissions."""
    students = {**{name: case[0] for name, case in SAME.items()}, **{name: case[0] for name, case in DIFFERENT.items()}}
    ours = make_course(tiny_katas, tmp_path_factory.mktemp("agreement") / "ours", students=list(students))
    for student, make in students.items():
        hand_in(ours, student, NAME, make(ours))
    theirs = shutil.copytree(ours, ours.parent / "theirs")
    opened = open_course(ours, "katas", tiny_katas, collect_checks(tiny_katas))
    write_reports(opened, [tiny_judge.grade(read_submitted(found, opened.katas)) for found in opened.submitted], "en")
    # Ends with 1, because it gives some of these up.
    command = [sys.executable, "-m", "nbgrader", "autograde", "katas"]
    done = subprocess.run(command, cwd=theirs, env=environment(theirs), capture_output=True, text=True, check=False)
    return points(theirs), points(ours), done.stderr


def points(course):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            submission.student.id: {
                grade.name: grade.auto_score for notebook in submission.notebooks for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions("katas")
        }


@pytest.mark.parametrize("student", SAME)
def test_both_ways_give_the_same_points(both, student):
    theirs, ours, log = both
    assert ours[student] == SAME[student][1]
    assert theirs[student] == ours[student], log


@pytest.mark.parametrize("student", DIFFERENT)
def test_a_listed_difference_is_still_one(both, student):
    theirs, ours, _ = both
    assert (theirs[student], ours[student]) == DIFFERENT[student][1:]
