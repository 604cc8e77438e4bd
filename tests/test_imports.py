"""What each module of grader/ may import from grader: design.md section 9, as changed by docs/decisions/0001."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "grader"

ALLOWED = {
    "errors": set(),
    "kata": {"errors"},
    "whole_file": {"errors"},
    "result": {"errors"},
    "messages": {"errors", "kata"},
    "expect": {"errors"},
    "subject": {"crash", "errors", "expect", "student", "training"},
    "training": {"errors"},
    "drawing": {"errors"},
    "lab": {"drawing", "errors", "messages", "training"},
    "build": {"errors", "kata", "whole_file"},
    "release": {"errors", "kata", "build", "messages", "whole_file"},
    "notebook": {"kata", "sandbox"},
    "intake": {"errors", "kata", "notebook"},
    "sandbox": {"errors"},
    "last_words": set(),
    "console": set(),
    "residue": set(),
    "crash": {"expect", "residue", "sandbox"},
    "student": {"crash", "errors", "expect", "result", "sandbox"},
    "progress": {"errors", "kata", "whole_file"},
    "check": {"errors", "kata", "messages"},
    "arguments": set(),
    "neighbours": set(),
    "home": {
        "console",
        "errors",
        "expect",
        "kata",
        "last_words",
        "messages",
        "neighbours",
        "progress",
        "result",
    },
    "home_run": {"arguments", "check", "errors", "home", "messages", "neighbours", "progress"},
    "plugin": {
        "check",
        "crash",
        "errors",
        "expect",
        "home",
        "home_run",
        "kata",
        "messages",
        "result",
        "sandbox",
        "student",
    },
    "judge": {
        "check",
        "crash",
        "errors",
        "expect",
        "intake",
        "kata",
        "messages",
        "plugin",
        "result",
        "sandbox",
        "student",
    },
    "journal": {"errors", "kata", "result"},
    "course": {"errors", "kata", "result", "intake", "judge"},
    "cluster": {"errors", "kata", "result", "intake", "judge", "course"},
    "report": {"expect", "kata", "messages", "result"},
    "plots": {"drawing", "errors", "expect", "kata", "messages", "sandbox", "student", "subject", "training"},
    # make and lessons write the site; inside runs in it, and asks what a student's own machine would ask.
    "site": {
        *("errors", "kata", "messages", "release"),
        *("home", "plugin", "sandbox", "plots", "lab", "training"),
    },
    "nbgrader": {
        "check",
        "errors",
        "kata",
        "messages",
        "result",
        "build",
        "crash",
        "expect",
        "student",
        "plugin",
        "course",
        "intake",
        "notebook",
        "drawing",
        "plots",
        "whole_file",
    },
    "audit": {"errors", "kata", "messages", "result", "intake", "build", "judge", "sandbox"},
}
ENGINES = {"can_solve", "xor_net"}
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


def test_of_the_subject_only_what_trains_knows_the_engine():
    """A student's own pytest loads the others, and needs no engine."""
    assert {path.stem for path in (PACKAGE / "subject").glob("*.py") if "training" in imports_of(path)} <= ENGINES


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_sandbox_knows_tensorflow(path):
    """The zygote imports it by name; an import statement would cost everyone three seconds."""
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
