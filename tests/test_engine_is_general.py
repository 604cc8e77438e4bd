"""No room of the engine knows a kata, a gate or a lesson: with another bank it is the same engine.

The lab and the training engine are a product of their own, about the lecture's networks, and are left out here.
"""

import ast
import re

import pytest

from grader.bank.kata import find_exercises
from tests.conftest import ROOT
from tests.test_imports import FILES, PACKAGE

APART = ("lab/", "training/", "cli/lab.py")
STAND_INS = "sandbox/stand_ins.py"
"""Its parts are named after what they take the place of in some katas. They run on the student's side, and to send code
from a bank into the sandbox would give every bank a way into it: not worth a purer list of names."""

ORDINARY = {
    "facts": "what is known about a student's text",
    "heads": "a database's latest revision",
    "params": "pytest's parameters of a check",
    "progress": "what a student has passed",
    "stacks": "contextlib's ExitStack",
    "stop": "to end something",
    "wall": "a clock's time",
}
"""Slugs that are plain words, with what they mean in the engine."""
GATES = {"and_gate", "nand", "xor", "xnor", "neuron", "perceptron"}
KATAS = [folder.name for folder in find_exercises(ROOT)]
LESSONS = {name[3:] for name in KATAS} | {name[3:].removesuffix("s") for name in KATAS}
WORDS = (LESSONS | GATES) - {word for slug in ORDINARY for word in (slug, slug.removesuffix("s"))}
INSTALLED = re.compile(r"perceptron[-_]kata")
"""The distribution's own name, and its plugin's."""


def names_in(tree):
    """Every identifier and string of a module but its docstrings, whose examples may be of a real kata."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.arg | ast.keyword):
            yield node.arg or ""
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.alias):
            yield node.name
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documentation(tree):
            yield node.value


def documentation(tree):
    """The strings that stand alone as a statement: docstrings, and those under a field or a constant."""
    if not hasattr(tree, "documentation"):
        tree.documentation = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return tree.documentation


def lessons_in(name):
    """What of a kata, a gate or a lesson stands in an identifier or a string: whole words, and parts between "_"."""
    name = INSTALLED.sub("", name)
    parts = set(re.findall(r"[a-z0-9_]+", name.lower())) | set(re.findall(r"[a-z]+", name.lower()))
    return {part for part in parts if part in WORDS or part in KATAS}


ENGINE = [path for path in FILES if not str(path.relative_to(PACKAGE)).startswith((*APART, STAND_INS))]


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_room_names_a_kata_a_gate_or_a_lesson(path):
    tree = ast.parse(path.read_text("utf-8"))
    assert {name: found for name in names_in(tree) if (found := lessons_in(name))} == {}


def test_the_search_finds_what_it_looks_for():
    module = 'from perceptron.shared import gates\nPLATEAUS = 3\ndef read_xor(gate): return "02_gates"\n'
    found = {one for name in names_in(ast.parse(module)) for one in lessons_in(name)}
    assert found >= {"gates", "gate", "plateaus", "xor", "02_gates", "perceptron"}
    assert lessons_in("perceptron-kata>=0.1") == set()


def test_every_word_that_is_let_through_is_a_katas_and_is_used():
    slugs = {name[3:] for name in KATAS}
    assert slugs >= ORDINARY.keys()
    used = " ".join(path.read_text("utf-8") for path in ENGINE)
    assert [word for word in ORDINARY if not re.search(rf"{word.removesuffix('s')}", used)] == []


def test_the_engines_own_texts_name_no_kata_but_as_an_example_of_a_name():
    for path in (PACKAGE / "texts").rglob("*.t*"):
        if path.name == "lab.toml":
            continue
        found = [name for name in KATAS if name in path.read_text("utf-8")]
        assert set(found) <= {"02_gates"}, path
