"""The READMEs are run: every command of a console block, in a copy of the repository, and what it prints is compared.

In a block, a line that begins with "$ " is a command, `...` stands for lines left out, seconds may differ. The comment
<!-- line N of FILE --> before a Python block makes the reader's edit: the block replaces that line.
"""

import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.conftest import ROOT

BIN = Path(sysconfig.get_path("scripts"))
LANGUAGES = {"README.md": "en", "README.ko.md": "ko"}

_STEP = re.compile(r"<!-- line (\d+) of (\S+) -->\n+```python\n(.*?)```|```console\n(.*?)```", re.S)


def copy_repository(target):
    """Copy what git knows or would add; a stale build folder must not help."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
    return target


def run(command, folder, language):
    """Run one command as the reader would, in this environment instead of a new .venv."""
    if command.startswith("make "):
        # make sets up a .venv first; the test has one already, and -o tells make to leave it as it is.
        command += f" BIN={BIN} READY={BIN}/python -o {BIN}/python"
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "KATA_LANG": language, "COLUMNS": "100", "PYTHONPATH": ""}
    done = subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    return done.stdout + done.stderr


def plain(line):
    line = re.sub(r"\d+(\.\d+)? ?(s\b|초)", r"N \2", line.replace("\ufeff", ""))
    return re.sub(r"[=_-]{4,}", "---", line).strip()


def compare(wanted, printed, command):
    """Every line of the README stands in what was printed, in this order."""
    lines = [plain(line) for line in printed.splitlines()]
    position = 0
    for line in wanted:
        if plain(line) in ("", "..."):
            continue
        assert plain(line) in lines[position:], f"{command}\n\nnot printed: {line}\n\nprinted:\n{printed}"
        position += lines[position:].index(plain(line)) + 1


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", LANGUAGES)
def test_the_readmes_commands_print_what_it_says(tmp_path, name):
    folder = copy_repository(tmp_path)
    steps = list(_STEP.finditer((ROOT / name).read_text("utf-8")))
    assert len(steps) >= 4, "a README without commands proves nothing"
    for step in steps:
        number, file, line, block = step.groups()
        if file:
            lines = (folder / file).read_text("utf-8").splitlines(keepends=True)
            lines[int(number) - 1] = line
            (folder / file).write_text("".join(lines), "utf-8")
            continue
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, *wanted = part.splitlines()
            compare(wanted, run(command, folder, LANGUAGES[name]), command)
