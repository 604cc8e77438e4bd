"""Trains some starts of experiments in Keras itself and compares: the proof anyone can run.

Who runs where: this process holds the engine's results and never imports Keras. It starts one Python of the
same installation with keras_program.py, writes one JSON object to its input, and reads one JSON object per
start from its output. Anything else the child says goes to its error stream and is shown only if it fails.
docs/decisions/0004-keras-in-a-child-process.md says why.
"""

import contextlib
import importlib.util
import json
import math
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from grader.errors import UsageError
from grader.lab.experiments import X_XOR, Y_XOR, Experiment
from grader.training import Array, draw_starts, train

Counter = Callable[[int, int], None]
"""Called with (done, in all)."""

# Rounding errors grow with every step, and Keras needs a fraction of a millisecond for each.
MOST_EPOCHS = 2_000
# Importing TensorFlow takes seconds, on a slow disk a minute.
_SECONDS_TO_IMPORT = 120
_SECONDS_PER_START = 60

_PROGRAM = Path(__file__).with_name("keras_program.py")


@dataclass(frozen=True)
class Comparison:
    """One start, trained here and in Keras."""

    stack: str
    start: int
    epochs: int
    loss: float
    keras_loss: float
    accuracy: float
    keras_accuracy: float
    difference: float
    "largest difference of a weight, relative to the largest weight"

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as plain data, without the stack, which its row names.

        A diverged start has no numbers to show; None stands for them, because JSON knows no nan.
        """
        fields = {key: value for key, value in asdict(self).items() if key != "stack"}
        return {key: value if math.isfinite(value) else None for key, value in fields.items()}


def shorten(experiment: Experiment) -> Experiment:
    """Return what is compared of an experiment: at most MOST_EPOCHS epochs, whatever was said about it."""
    return replace(experiment, epochs=min(experiment.epochs, MOST_EPOCHS), said=None)


def refuse_unless_comparable(count: int, starts: int) -> None:
    """Say before anything is trained that a comparison is not possible.

    Raises:
        UsageError: count is not 1 to starts, or Keras and TensorFlow are not installed.
    """
    if not 1 <= count <= starts:
        raise UsageError("bad_verify", count=count, most=starts)
    # Looked for, not imported: that would take seconds and belongs to the child.
    if not all(importlib.util.find_spec(name) for name in ("keras", "tensorflow")):
        raise UsageError("no_keras")


def compare_with_keras(
    experiments: Sequence[Experiment], count: int, *, progress: Counter | None
) -> dict[Experiment, list[Comparison]]:
    """Train the first `count` starts of experiments in Keras.

    Args:
        experiments: what to compare; each is shortened, and those that are then the same are trained once.
        count: starts of each, 1 to the experiment's starts.
        progress: called with (starts done, starts in all).

    Returns:
        The comparisons by shortened experiment, start by start.

    Raises:
        UsageError: as refuse_unless_comparable, or Keras failed; the text has its last words.
    """
    short = list(dict.fromkeys(map(shorten, experiments)))
    for one in short:
        refuse_unless_comparable(count, one.starts)
    begin = [draw_starts(one.stack, count, seed=one.seed, dtype="float32") for one in short]
    answers = iter(_train_in_keras(short, begin, count * len(short), progress))
    return {one: _compare(one, weights, answers) for one, weights in zip(short, begin, strict=True)}


def _compare(experiment: Experiment, begin: list[Array], answers: Iterator[dict[str, Any]]) -> list[Comparison]:
    run = train(experiment.recipe, X_XOR, Y_XOR, weights=begin, seed=experiment.seed)
    comparisons = []
    for start in range(len(begin[0])):
        answer = next(answers)
        comparisons.append(
            Comparison(
                stack=experiment.name,
                start=start,
                epochs=experiment.epochs,
                loss=float(run.loss[start]),
                keras_loss=answer["loss"],
                accuracy=float(run.accuracy[start]),
                # nan is neither above nor below 0.5; Keras counts it as "no" all the same.
                keras_accuracy=answer["accuracy"] if math.isfinite(answer["loss"]) else math.nan,
                difference=_difference([array[start] for array in run.weights], answer["weights"]),
            )
        )
    return comparisons


def _describe(experiment: Experiment, begin: list[Array]) -> dict[str, Any]:
    return {
        "layers": [
            {"units": layer.units, "activation": layer.activation, "slope": layer.slope}
            for layer in experiment.stack.layers
        ],
        "optimizer": type(experiment.optimizer).__name__,
        "settings": asdict(experiment.optimizer),
        "epochs": experiment.epochs,
        "starts": [[array[start].tolist() for array in begin] for start in range(len(begin[0]))],
    }


def _train_in_keras(
    experiments: list[Experiment], begin: list[list[Array]], count: int, progress: Counter | None
) -> list[dict[str, Any]]:
    tasks = [_describe(one, weights) for one, weights in zip(experiments, begin, strict=True)]
    job = {"x": X_XOR.tolist(), "y": Y_XOR.tolist(), "tasks": tasks}
    # A file takes whatever TensorFlow has to say; a pipe nobody reads would fill up and stop the child.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
        child = subprocess.Popen(
            # -P keeps a keras.py in the folder of the day from being taken for Keras.
            [sys.executable, "-P", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            encoding="utf-8",
        )
        answers = _talk(child, json.dumps(job), count, progress)
        if child.returncode or len(answers) != count:
            complaints.seek(0)
            words = [line.strip() for line in complaints if line.strip()]
            done, status = len(answers), child.returncode
            if not words:
                raise UsageError("keras_silent", done=done, count=count, status=status)
            raise UsageError("keras_failed", done=done, count=count, status=status, words=words[-1][:200])
    return answers


def _talk(child: "subprocess.Popen[str]", job: str, count: int, progress: Counter | None) -> list[dict[str, Any]]:
    """Send the job, read the answers, and leave no child behind."""
    answers: list[dict[str, Any]] = []
    watchdog = threading.Timer(_SECONDS_PER_START * count + _SECONDS_TO_IMPORT, child.kill)
    watchdog.start()
    try:
        assert child.stdin is not None
        assert child.stdout is not None
        with contextlib.suppress(BrokenPipeError), child.stdin as pipe:
            pipe.write(job)
        for line in child.stdout:
            if not line.endswith("\n"):
                break  # the child died in the middle of an answer
            answers.append(json.loads(line))
            if progress is not None:
                progress(len(answers), count)
    finally:
        watchdog.cancel()
        # A child that ended by itself ignores this; one that is still at work is not wanted any more.
        if len(answers) != count:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=1)
            child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
    return answers


def _difference(ours: list[Array], theirs: list[list[float]]) -> float:
    arrays = [np.array(array) for array in theirs]
    largest = max(float(np.abs(array).max()) for array in arrays)
    # Weights that left the numbers cannot be subtracted; the answer is nan, and nan is shown.
    with np.errstate(invalid="ignore"):
        return float(np.max([np.abs(a - b).max() for a, b in zip(ours, arrays, strict=True)])) / (largest or 1.0)
