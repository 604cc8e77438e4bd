"""What passes at home passes in grading: every file of the bank and of the cases is judged both ways, with one result.

At home: in one process with pytest, as a student's own run does it (home_judge.py). In grading: in the sandbox. The
public checks' outcomes, tags, words and values are compared. `cases/` holds files as people publish them.
A sample with `make test`; every file with `make test-whole`.
"""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from grader.authoring.answers import reference_of, right_answers, wrong_answers
from grader.bank.kata import load_katas
from grader.intake import Submission
from grader.judge.judge import Judge
from tests.conftest import ROOT, WHOLE, sample

HERE = Path(__file__).parent
KATAS = {kata.name: kata for kata in load_katas(ROOT)}
EACH = 5
"""One of so many right answers and known mistakes is in the sample, besides stub, reference and what people publish."""
BY_CHANCE = ("not_reproducible", "not_reproducible_new_generator")
"""Files that draw from the system's own chance: which numbers differs from run to run in each world, too. Of them the
outcomes and tags are compared."""
OUT_OF_TIME = ("P16_train_30s", "R61_trained_for_long")
"""Files that run until their time is over: which clock is first, and in which line, is the machine's load. Of them it
is compared what passes. Not in the sample, because test_cases.py waits for them, too."""


def files_of(kata):
    """By name, the texts to judge."""
    found = {
        "reference": reference_of(kata).source.encode(),
        "stub": kata.student_file.read_bytes(),
    }
    answers = {f"right/{answer.name}": answer.source.encode() for answer in right_answers(kata)}
    answers |= {f"wrong/{answer.name}": answer.source.encode() for answer in wrong_answers(kata)}
    found |= {name: answers[name] for name in sample(answers, EACH)}
    for path in sorted((HERE / "cases" / kata.name).glob(f"*{kata.suffix}")):
        if WHOLE or path.stem not in OUT_OF_TIME:
            found[f"{kata.name}/{path.stem}"] = path.read_bytes()
    return found


def at_home(kata, sources, *, apart=0):
    """The public results of each file, in the order of the files; the first ones each in a process of its own."""
    orders = [[kata.name, source.decode("latin-1"), number < apart] for number, source in enumerate(sources)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "CUDA_VISIBLE_DEVICES": "-1"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.home_judge", str(ROOT), kata.name],
        input="".join(json.dumps(order) + "\n" for order in orders),
        capture_output=True,
        text=True,
        env=environment,
        cwd=kata.exercise,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def in_grading(kata, sources):
    """The public results of each file; the hidden checks, which home has not, are not asked."""
    with Judge((replace(kata, solution=None),)) as judge:
        reports = [judge.grade(Submission("s", {kata.name: source})).to_json() for source in sources]
    return [report["katas"][0]["checks"] for report in reports]


@pytest.mark.parametrize("name", KATAS)
def test_a_file_is_judged_alike_at_home_and_in_grading(name):
    kata = KATAS[name]
    files = files_of(kata)
    # Code for old TensorFlow switches the whole process to it; a student's own run has one file of a kata.
    apart = [
        file
        for file, text in files.items()
        if b"compat.v1" in text
        or b"tensorflow.python" in text
        or (kata.needs == "keras" and file.startswith(kata.name))
    ]
    files = {file: files[file] for file in apart} | files
    home = at_home(kata, files.values(), apart=len(apart))
    grading = in_grading(kata, files.values())
    assert len(home) == len(grading) == len(files), (len(home), len(grading))
    for file, results in zip([*files, *files], [*home, *grading], strict=True):
        if file.endswith(OUT_OF_TIME):
            results[:] = [(check["id"], check["outcome"] == "passed") for check in results]
        elif file.endswith(BY_CHANCE):
            results[:] = [(check["id"], check["outcome"], check["tag"]) for check in results]
    differences = {
        file: (ours, theirs) for file, ours, theirs in zip(files, home, grading, strict=True) if ours != theirs
    }
    for file, pair in differences.items():
        for ours, theirs in zip(*pair, strict=True):
            if ours != theirs:
                print(f"{name}: {file}\n  at home    {ours}\n  in grading {theirs}")
    assert not differences
