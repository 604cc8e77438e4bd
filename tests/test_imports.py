"""What each room of grader/ may import from the others: the map of the house, docs/architecture.md in short."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "grader"

ALLOWED = {
    # the ground
    "errors": set(),
    "result": set(),
    "expect": set(),
    "whole_file": {"errors"},
    "csv_file": {"errors"},
    "students": {"errors", "csv_file"},
    "words": {"errors"},
    "training": {"errors"},
    "sandbox": {"errors"},
    # a kata, and what a check asks of a student's file
    "bank": {"errors", "words", "sandbox"},
    "checks": {"errors", "expect", "result", "sandbox", "bank"},
    "home": {"errors", "expect", "result", "whole_file", "words", "bank", "checks"},
    "plugin": {"errors", "expect", "result", "words", "sandbox", "bank", "checks", "home"},
    # grading
    "intake": {"errors", "students", "sandbox", "bank"},
    "judge": {"errors", "expect", "result", "words", "sandbox", "bank", "checks", "plugin", "intake"},
    "report": {"errors", "expect", "result", "csv_file", "students", "words", "bank"},
    # made from reports, and from what a run keeps beside them; no file of a student is run there
    "copies": {"errors", "whole_file", "bank", "intake"},
    "pages": {"errors", "expect", "result", "whole_file", "words", "bank", "copies"},
    # pictures and figures
    "pictures": {"errors", "expect", "words", "sandbox", "bank", "checks"},
    "lab": {"errors", "words", "training", "pictures"},
    # above the judge
    "authoring": {"errors", "result", "whole_file", "words", "sandbox", "bank", "intake", "judge", "pictures"},
    "nbgrader": {
        "errors",
        "result",
        "whole_file",
        "csv_file",
        "students",
        "words",
        "bank",
        "checks",
        "plugin",
        "intake",
        "authoring",
        "pictures",
    },
    "platforms": {
        *("errors", "expect", "result", "words", "sandbox"),
        *("bank", "intake", "judge", "authoring"),
    },
    # make and lessons write the site; inside runs in it, and asks what a student's own machine would ask
    "site": {
        *("errors", "words", "training", "sandbox", "bank", "home", "plugin"),
        *("pictures", "lab", "authoring"),
    },
}
"""Rooms, each below those that may import it."""
ONLY_EDGE = {"cli", "__main__"}
"""May import everything; nobody imports them."""


def module_of(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    """Names below `grader` that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] + [f"{node.module}.{alias.name}" for alias in node.names if node.module == "grader"]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}: relative import"
        found |= {name.split(".")[1] for name in names if name.startswith("grader.")}
    return found - {"__version__"}


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_the_table_allows(path):
    module = module_of(path)
    if module in ONLY_EDGE:
        return
    assert module in ALLOWED, f"{module}: add it to the table, with a decision note"
    assert imports_of(path) - {module} <= ALLOWED[module]


def test_every_room_is_imported_only_by_rooms_above_it():
    floors = list(ALLOWED)
    for room, below in ALLOWED.items():
        assert below <= set(floors[: floors.index(room)]), room


def test_a_file_name_means_one_thing_in_all_rooms():
    """A command's file is called as the command, whatever room it is about."""
    names = [path.name for path in FILES if path.parent.name not in ("cli", PACKAGE.name)]
    assert {name for name in names if names.count(name) > 1} == {"__init__.py"}


KERAS_PROGRAM = PACKAGE / "lab" / "keras_program.py"
"""Runs in a child of the lab's own and is imported by nothing, see docs/decisions/0027."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_sandbox_knows_tensorflow(path):
    """The zygote imports it by name; an import statement would cost everyone three seconds."""
    if path == KERAS_PROGRAM:
        return
    assert "import keras_program" not in path.read_text("utf-8"), path
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else [getattr(node, "module", "") or ""]
        assert not {name.split(".")[0] for name in names} & {"tensorflow", "keras"}, path


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_and_functions_stay_small(path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno - node.lineno < 60, node.name
