"""Trains some starts of an experiment in Keras itself and compares: the proof anyone can run.

Who runs where: this process holds the engine's results and never imports Keras. It starts one Python of the
same installation with the program below, writes one JSON object to its input, and reads one JSON object per
start from its output. Anything else the child says goes to its error stream and is shown only if it fails.
docs/decisions/lab-verify-process.md says why.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from grader.errors import UsageError
from grader.lab import X_XOR, Y_XOR, Experiment
from grader.training import Array, draw_starts, train

# Rounding errors grow with every step, and Keras needs a fraction of a millisecond for each.
MOST_EPOCHS = 2_000
# Importing TensorFlow takes seconds, on a slow disk a minute.
_SECONDS_TO_IMPORT = 120
_SECONDS_PER_START = 60

_CHILD = """
import json, os, sys
job = json.load(sys.stdin)
answers, sys.stdout = sys.stdout, sys.stderr  # what libraries print must not mix with the answers
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras, numpy as np, tensorflow as tf
x, y = np.array(job["x"], "float32"), np.array(job["y"], "float32")[:, None]
def activation(layer):
    leaky = layer["activation"] == "leaky_relu"
    return keras.layers.LeakyReLU(negative_slope=layer["slope"]) if leaky else layer["activation"]
for weights in job["starts"]:
    model = keras.Sequential([keras.Input((x.shape[1],))])
    for layer in job["layers"]:
        model.add(keras.layers.Dense(layer["units"], activation=activation(layer)))
    rule = getattr(keras.optimizers, job["optimizer"])(**job["settings"])
    model.compile(optimizer=rule, loss="binary_crossentropy")
    model.set_weights([np.array(w, "float32") for w in weights])
    rule.build(model.trainable_variables)
    @tf.function
    def fit(rows, labels):
        # Written out, because tf.range needs a source file to look into.
        def step(epoch):
            model.train_step((rows, labels))
            return epoch + 1
        tf.while_loop(lambda epoch: epoch < job["epochs"], step, [0], parallel_iterations=1)
    fit(tf.constant(x), tf.constant(y))
    p = model(x)
    loss = float(np.mean(keras.losses.binary_crossentropy(y, p)))
    right = float(np.mean((np.array(p) > 0.5) == y))
    trained = [w.tolist() for w in model.get_weights()]
    print(json.dumps({"loss": loss, "accuracy": right, "weights": trained}), file=answers, flush=True)
"""


@dataclass(frozen=True)
class Comparison:
    """One start, trained here and in Keras."""

    start: int
    epochs: int
    loss: float
    keras_loss: float
    accuracy: float
    keras_accuracy: float
    difference: float
    "largest difference of a weight, relative to the largest weight"


def verify(experiment: Experiment, count: int, *, progress: Callable[[int, int], None] | None) -> list[Comparison]:
    """Train the first `count` starts of an experiment in Keras, for at most MOST_EPOCHS epochs.

    Args:
        experiment: the experiment; only its number of epochs may be shortened.
        count: starts to compare, 1 to the experiment's starts.
        progress: called with (starts done, starts in all).

    Raises:
        UsageError: count is out of range, or Keras is not installed or failed; the text has its last words.
    """
    if not 1 <= count <= experiment.starts:
        raise UsageError(f"--verify {count}: 1 to {experiment.starts} starts can be compared.")
    experiment = replace(experiment, epochs=min(experiment.epochs, MOST_EPOCHS))
    weights = draw_starts(experiment.stack, count, seed=experiment.seed, dtype="float32")
    run = train(experiment.recipe, X_XOR, Y_XOR, weights=weights, seed=experiment.seed)
    answers = _train_in_keras(experiment, weights, progress)
    return [
        Comparison(
            start=start,
            epochs=experiment.epochs,
            loss=float(run.loss[start]),
            keras_loss=answer["loss"],
            accuracy=float(run.accuracy[start]),
            keras_accuracy=answer["accuracy"],
            difference=_difference([array[start] for array in run.weights], answer["weights"]),
        )
        for start, answer in enumerate(answers)
    ]


def _train_in_keras(
    experiment: Experiment, weights: list[Array], progress: Callable[[int, int], None] | None
) -> list[dict[str, Any]]:
    count = len(weights[0])
    job = {
        "x": X_XOR.tolist(),
        "y": Y_XOR.tolist(),
        "layers": [
            {"units": layer.units, "activation": layer.activation, "slope": layer.slope}
            for layer in experiment.stack.layers
        ],
        "optimizer": type(experiment.optimizer).__name__,
        "settings": asdict(experiment.optimizer),
        "epochs": experiment.epochs,
        "starts": [[array[start].tolist() for array in weights] for start in range(count)],
    }
    # A file takes whatever TensorFlow has to say; a pipe nobody reads would fill up and stop the child.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
        child = subprocess.Popen(
            # -P keeps a keras.py in the folder of the day from being taken for Keras.
            [sys.executable, "-P", "-c", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            encoding="utf-8",
        )
        answers = _talk(child, json.dumps(job), count, progress)
        if child.returncode or len(answers) != count:
            complaints.seek(0)
            words = [line.strip() for line in complaints if line.strip()] or ["it said nothing"]
            raise UsageError(
                f"Keras trained {len(answers)} of {count} starts, then ended with status {child.returncode}: "
                f"{words[-1][:200]}. --verify needs Keras: pip install perceptron-kata[keras]"
            )
    return answers


def _talk(
    child: "subprocess.Popen[str]", job: str, count: int, progress: Callable[[int, int], None] | None
) -> list[dict[str, Any]]:
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
    return max(float(np.abs(a - b).max()) for a, b in zip(ours, arrays, strict=True)) / largest
