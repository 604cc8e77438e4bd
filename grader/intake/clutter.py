"""What nobody hands in on purpose: the one list of what is passed over, in a folder and in a zip alike."""

ENVIRONMENT = "pyvenv.cfg"
"""A folder with this file is a virtual environment, whatever its name; its libraries have files named like katas'."""

_FOLDERS = {"site-packages", "dist-packages", "node_modules", "__MACOSX", "__pycache__", "$RECYCLE.BIN"}
_FILES = {"Thumbs.db", "ehthumbs.db", "desktop.ini", "Icon\r"}
_HIDDEN = {".DS_Store", ".git", ".github", ".gitignore", ".ipynb_checkpoints", ".venv", ".vscode", ".idea"}
_HIDDEN |= {".pytest_cache", ".mypy_cache", ".ruff_cache", ".Trashes", ".Spotlight-V100", ".fseventsd"}


def is_clutter_folder(name: str) -> bool:
    """True for a folder below a submission that is not looked into: hidden ones, caches, installed libraries."""
    return name.startswith((".", "__")) or name in _FOLDERS


def is_clutter_file(name: str) -> bool:
    """True for a file that a file manager leaves: hidden ones, also those that macOS adds to a zip, "._gates.py"."""
    return name.startswith(".") or name in _FILES


def is_known_clutter(name: str) -> bool:
    """True for what may lie in a class's folder without anybody having to hear of it."""
    return name in _FOLDERS | _FILES | _HIDDEN or name.startswith("._")


CLONE = ".git"
"""A folder with it is a clone, and nothing in it is looked at."""
MARKS = (".classroom50.yaml", ".classroom50.yml")
"""Hidden files by which Classroom 50 marks a repository."""
