"""Makes packages for other platforms, and lets the judge in one look at what was handed in."""

import json
import subprocess
import sys
import zipfile

from click.testing import CliRunner

from grader.bank.kata import load_katas
from grader.cli import kata as command
from tests.conftest import ROOT

KATAS = {kata.number: kata for kata in load_katas(ROOT)}
GATES = KATAS["02"]
HALF = ROOT / "examples" / "class" / "s04_wrong_weights" / "02_gates" / "gates.py"
"""Five known mistakes."""


def call(*arguments):
    return CliRunner().invoke(command, [str(one) for one in arguments], catch_exceptions=False, standalone_mode=False)


def make(platform, target, *options, kata="02"):
    """Write a package, in a process of its own: its exit status is what counts."""
    line = [sys.executable, "-m", "grader", "package", platform, "--kata", kata, "--to", str(target), *options]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)


def unpack(platform, folder, *options, kata="02"):
    done = make(platform, folder.with_suffix(".zip"), *options, kata=kata)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(folder.with_suffix(".zip")) as archive:
        archive.extractall(folder)
    return folder


def judge(platform, package, handed, tmp_path, *, status=0, file="results.json"):
    out = tmp_path / "results"
    done = call("package", "run", platform, "--judge", package, "--submission", handed, "--results", out)
    assert done.exit_code == status, done.output
    return json.loads((out / file).read_text("utf-8")) if (out / file).exists() else None
