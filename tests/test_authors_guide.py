"""The authors' tutorial is followed word by word, in a new folder: its commands, its files, its edit.

What comes out is the first kata of tests/other_bank, to the byte: so neither can drift away from the other.
"""

import re

import pytest

from tests.conftest import OTHER, ROOT
from tests.test_readme import compare, run

GUIDES = {"authors.md": "en", "authors.ko.md": "ko"}
_STEP = re.compile(
    r"<!-- write (?P<file>\S+) -->\n+```\w+\n(?P<text>.*?)```"
    r"|<!-- line (?P<line>\d+) of (?P<edited>\S+) -->\n+```\w+\n(?P<new>.*?)```"
    r"|```console\n(?P<commands>.*?)```",
    re.S,
)


def steps_of(name):
    return list(_STEP.finditer((ROOT / "docs" / name).read_text("utf-8")))


def take(step, folder, language):
    """Do what one step of the guide says, as the reader would."""
    if step["file"]:
        file = folder / step["file"]
        file.parent.mkdir(exist_ok=True)  # an editor does that on saving
        file.write_text(step["text"], "utf-8")
    elif step["edited"]:
        file = folder / step["edited"]
        lines = file.read_text("utf-8").splitlines(keepends=True)
        lines[int(step["line"]) - 1] = step["new"]
        file.write_text("".join(lines), "utf-8")
    else:
        for part in re.split(r"^\$ ", step["commands"], flags=re.M)[1:]:
            command, *wanted = part.splitlines()
            compare(wanted, run(command, folder, language), command)


def files_below(folder):
    """Each file with its bytes; not the stub as a student may have filled it, and no caches."""
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize("name", GUIDES)
def test_the_tutorial_makes_the_second_banks_first_kata(tmp_path, name):
    folder = tmp_path / "letters"
    folder.mkdir()
    for step in steps_of(name):
        take(step, folder, GUIDES[name])
    for side in ("exercises", "solutions"):
        assert files_below(folder / side / "01_words") == files_below(OTHER / side / "01_words")


def test_both_guides_write_the_same_files_and_type_the_same_commands():
    english, korean = (
        [
            (step["file"], step["text"], step["line"], step["new"], re.findall(r"^\$ .*", step["commands"] or "", re.M))
            for step in steps_of(name)
        ]
        for name in GUIDES
    )
    assert english == korean
    assert len(english) > 25
