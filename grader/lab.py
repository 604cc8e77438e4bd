"""What the lecture's stacks really do on XOR: each one trained from many starts, as rows of a table.

Everything here is a pure function of its arguments; printing, bars and files belong to the command line.
Rows carry the ids of their sentences. The texts are in texts/lab.toml, both languages under one id.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np

from grader.errors import UsageError
from grader.training import (
    SGD,
    Adam,
    Array,
    Optimizer,
    Progress,
    Recipe,
    RMSprop,
    Run,
    Share,
    Stack,
    count_plateaus,
    dead_units,
    dense_stack,
    draw_starts,
    share,
    train,
)

Language = Literal["en", "ko"]

X_XOR = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float64)
Y_XOR = np.array([0, 1, 1, 0], np.float64)
# Recorded epochs of an experiment: enough for a curve and a film, few enough to cost nothing.
_RECORDS = 40
_OPTIMIZERS: dict[str, type[SGD] | type[Adam] | type[RMSprop]] = {
    "sgd": SGD,
    "adam": Adam,
    "rmsprop": RMSprop,
}


@dataclass(frozen=True)
class Experiment:
    """One stack with everything that decides how it is trained on XOR, full batch."""

    stack: Stack
    hidden: str
    "activation of the hidden layers, for showing"
    optimizer: Optimizer
    epochs: int
    starts: int
    seed: int
    said: str | None = None
    "id of the sentence of what the lecture said; None for a stack of one's own"

    @property
    def name(self) -> str:
        """Widths and activation, e.g. "2-4-2-1 relu"; a single neuron has no hidden activation."""
        widths = "-".join(map(str, self.stack.widths))
        return widths if len(self.stack.layers) == 1 else f"{widths} {self.hidden}"

    @property
    def recipe(self) -> Recipe:
        """The recipe of the training engine."""
        return Recipe(self.stack, "binary_crossentropy", self.optimizer, self.epochs)


@dataclass(frozen=True)
class Row:
    """One line of the table: what became of an experiment's starts."""

    stack: str
    params: int
    epochs: int
    starts: int
    solved: Share
    three_of_four: Share
    "starts whose final answer has three rows right"
    best_accuracy: float
    "highest accuracy of any start at any epoch"
    plateaus: Mapping[str, int]
    dead_starts: int
    "starts that end with a whole relu layer silent on all rows"
    seed: int
    said: str | None
    "id of a sentence"
    found: str
    "id of a sentence"

    def to_json(self) -> dict[str, Any]:
        """Return the row as plain data for kata lab --json; intervals are [low, high]."""
        return {
            "stack": self.stack,
            "params": self.params,
            "epochs": self.epochs,
            "starts": self.starts,
            "solved": self.solved.value,
            "interval": [self.solved.low, self.solved.high],
            "best_accuracy": self.best_accuracy,
            "plateaus": dict(self.plateaus),
            "three_of_four": self.three_of_four.value,
            "dead_starts": self.dead_starts,
            "seed": self.seed,
            "said": self.said,
            "found": self.found,
        }


@dataclass(frozen=True)
class Finding:
    """An experiment, what it gave, and its row."""

    experiment: Experiment
    begin: list[Array]
    "starting weights, Keras's order, the starts in front"
    run: Run
    "with histories, and weights of every start at the recorded epochs"
    row: Row


def lecture_experiments(*, starts: int, seed: int) -> list[Experiment]:
    """List the lecture's stacks at the lecture's own settings: Adam 0.001, full batch.

    The single neuron really gets its 500,000 epochs. The stacks of 9 and 17 parameters appear after one and
    after two rounds of 2,000, because the note ran fit twice; both rows begin at the same starts.

    Source: lesson.md, section 1.2.
    """
    plan = [
        ((2, 1), "sigmoid", 500_000, "said_3"),
        ((2, 1, 1), "sigmoid", 2_000, "said_5"),
        ((2, 2, 1), "sigmoid", 2_000, "said_9_once"),
        ((2, 2, 1), "sigmoid", 4_000, "said_9_twice"),
        ((2, 4, 1), "sigmoid", 2_000, "said_17"),
        ((2, 4, 1), "sigmoid", 4_000, "said_17_twice"),
        ((2, 2, 1, 1), "relu", 500, "said_11"),
        ((2, 4, 2, 1), "relu", 500, "said_25"),
    ]
    return [
        Experiment(dense_stack(widths, hidden, "sigmoid"), hidden, Adam(0.001), epochs, starts, seed, said)
        for widths, hidden, epochs, said in plan
    ]


def own_experiment(
    widths: str, *, activation: str, optimizer: str, lr: float, epochs: int, starts: int, seed: int
) -> Experiment:
    """Describe a stack of one's own, as typed on the command line.

    Args:
        widths: e.g. "2,4,2,1": two inputs first, one output last.
        activation: of the hidden layers; the output is a sigmoid.
        optimizer: 'sgd', 'adam' or 'rmsprop'.
        lr: learning rate.
        epochs: full batches, >= 1.
        starts: >= 1.
        seed: of the starts, >= 0.

    Raises:
        UsageError: widths that are no stack for XOR, an unknown optimizer, or counts below 1.
        Unsupported: an activation the engine does not cover.
    """
    try:
        numbers = tuple(int(part) for part in widths.replace("-", ",").split(","))
    except ValueError as error:
        raise UsageError(f"--stack {widths}: whole numbers with commas are needed, e.g. 2,2,1.") from error
    if len(numbers) < 2 or numbers[0] != 2 or numbers[-1] != 1:
        raise UsageError(f"--stack {widths}: XOR has 2 inputs and 1 output, e.g. 2,2,1.")
    if optimizer.lower() not in _OPTIMIZERS:
        raise UsageError(f"--optimizer {optimizer}: one of {', '.join(_OPTIMIZERS)} is needed.")
    if epochs < 1 or starts < 1 or seed < 0:
        raise UsageError("--epochs and --starts need at least 1, --seed at least 0.")
    rule = _OPTIMIZERS[optimizer.lower()](learning_rate=lr)
    return Experiment(dense_stack(numbers, activation, "sigmoid"), activation, rule, epochs, starts, seed)


def recorded_epochs(epochs: int) -> list[int]:
    """Choose the epochs at which an experiment is looked at: evenly spaced, both ends included."""
    return sorted({round(epochs * part / _RECORDS) for part in range(_RECORDS + 1)})


def run_experiment(experiment: Experiment, *, progress: Progress | None) -> Finding:
    """Train an experiment and sum it up.

    Args:
        experiment: what to train.
        progress: called now and then with (start-epochs done, start-epochs in all); the single neuron's
            half million epochs take several seconds.

    Raises:
        UsageError: more memory than is free.
    """
    begin = draw_starts(experiment.stack, experiment.starts, seed=experiment.seed, dtype="float32")
    run = train(
        experiment.recipe,
        X_XOR,
        Y_XOR,
        weights=begin,
        seed=experiment.seed,
        record=recorded_epochs(experiment.epochs),
        film=range(experiment.starts),
        every_epoch=True,
        progress=progress,
    )
    return Finding(experiment, begin, run, sum_up(experiment, run))


def sum_up(experiment: Experiment, run: Run) -> Row:
    """Make the row of an experiment that was trained."""
    starts = experiment.starts
    solved = share(int(run.solved.sum()), starts)
    plateaus = count_plateaus(run)
    silent = np.zeros(starts, bool)
    for dead, layer in zip(dead_units(experiment.stack, run.weights, X_XOR), experiment.stack.layers, strict=True):
        if layer.activation == "relu":
            silent |= dead.all(axis=1)
    return Row(
        stack=experiment.name,
        params=experiment.stack.params,
        epochs=experiment.epochs,
        starts=starts,
        solved=solved,
        three_of_four=share(int((run.accuracy == 0.75).sum()), starts),
        best_accuracy=float(run.best_accuracy.max()),
        plateaus=plateaus,
        dead_starts=int(silent.sum()),
        seed=experiment.seed,
        said=experiment.said,
        found=_choose_sentence(solved, plateaus),
    )


def _choose_sentence(solved: Share, plateaus: Mapping[str, int]) -> str:
    if plateaus["diverged"] * 2 > solved.of:
        return "found_diverged"
    if plateaus["all tied"] >= 0.9 * solved.of:
        return "found_all_tied"
    if solved.count == 0:
        return "found_never"
    if solved.value >= 0.9:
        return "found_nearly_always"
    return "found_sometimes"


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("grader").joinpath("texts/lab.toml").read_text("utf-8"))


def text(key: str, language: Language) -> str:
    """Return one text of texts/lab.toml."""
    return _catalogue()[key][language]


def sentences(row: Row, language: Language) -> tuple[str, str]:
    """Return what the lecture said, empty for a stack of one's own, and what was found, filled in."""
    values = {
        "solved": f"{100 * row.solved.value:.0f}",
        "low": f"{100 * row.solved.low:.0f}",
        "high": f"{100 * row.solved.high:.0f}",
        "three": f"{100 * row.three_of_four.value:.0f}",
        "best": f"{100 * row.best_accuracy:.0f}",
        "tied": f"{100 * row.plateaus['all tied'] / row.starts:.0f}",
        "diverged": row.plateaus["diverged"],
        "starts": row.starts,
        "epochs": f"{row.epochs:,}",
    }
    said = "" if row.said is None else text(row.said, language)
    return said, text(row.found, language).format(**values)
