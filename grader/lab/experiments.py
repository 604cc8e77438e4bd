"""Experiments: one stack with its settings, trained on XOR from many starts, summed up as a row of the table."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.errors import UsageError
from grader.training import (
    ACTIVATIONS,
    SGD,
    Adam,
    Array,
    Frames,
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
    refuse_unless_fits,
    share,
    train,
)

X_XOR = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float64)
Y_XOR = np.array([0, 1, 1, 0], np.float64)
# Recorded epochs of an experiment: enough for a curve and a film, few enough to cost nothing.
_RECORDS = 40
# One start alone would take days; beyond 2^63 the epochs could not even be counted.
_MOST_EPOCHS = 10**10
# From this share on, a failure is the exception; found in words only.
_NEARLY_ALWAYS = 0.9
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
    said: str | None
    "id of the sentence of what the lecture said, texts/lab.toml [said]; None for a stack of one's own"

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
    optimizer: str
    lr: float
    seed: int
    said: str | None
    "id of a sentence, texts/lab.toml [said]"
    found: str
    "id of a sentence, texts/lab.toml [found]"

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
            "optimizer": self.optimizer,
            "lr": self.lr,
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
    "with histories at recorded_epochs, without a film"
    row: Row


def lecture_experiments(*, starts: int, seed: int) -> list[Experiment]:
    """List the lecture's stacks at the lecture's own settings: Adam 0.001, full batch.

    The single neuron really gets its 500,000 epochs. The stacks of 9 and 17 parameters appear after one and
    after two rounds of 2,000, because the note ran fit twice; both rows begin at the same starts.

    Raises:
        UsageError: starts below 1 or seed below 0.

    Source: lesson.md, section 1.2.
    """
    plan = [
        ((2, 1), "sigmoid", 500_000, "params_3"),
        ((2, 1, 1), "sigmoid", 2_000, "params_5"),
        ((2, 2, 1), "sigmoid", 2_000, "params_9_once"),
        ((2, 2, 1), "sigmoid", 4_000, "params_9_twice"),
        ((2, 4, 1), "sigmoid", 2_000, "params_17"),
        ((2, 4, 1), "sigmoid", 4_000, "params_17_twice"),
        ((2, 2, 1, 1), "relu", 500, "params_11"),
        ((2, 4, 2, 1), "relu", 500, "params_25"),
    ]
    return [
        _experiment(dense_stack(widths, hidden, "sigmoid"), hidden, Adam(0.001), epochs, starts, seed, said)
        for widths, hidden, epochs, said in plan
    ]


def own_experiment(
    widths: str, *, activation: str, optimizer: str, lr: float, epochs: int, starts: int, seed: int
) -> Experiment:
    """Describe a stack of one's own, as typed on the command line.

    Args:
        widths: e.g. "2,4,2,1", or "2-4-2-1" as the table writes it: two inputs first, one output last.
        activation: of the hidden layers; the output is a sigmoid.
        optimizer: 'sgd', 'adam' or 'rmsprop'.
        lr: learning rate, > 0.
        epochs: full batches, 1 to 10^10.
        starts: >= 1.
        seed: of the starts, >= 0.

    Raises:
        UsageError: each of the above, where it is something else.
    """
    activation, optimizer = activation.lower(), optimizer.lower()
    for option, name, known in (
        ("--activation", activation, ACTIVATIONS),
        ("--optimizer", optimizer, tuple(_OPTIMIZERS)),
    ):
        if name not in known:
            raise UsageError("unknown_name", option=option, name=name, known=", ".join(known))
    _refuse_below("--epochs", epochs, 1)
    if epochs > _MOST_EPOCHS:
        raise UsageError("too_large", option="--epochs", value=epochs, most=_MOST_EPOCHS)
    if not (math.isfinite(lr) and lr > 0):
        raise UsageError("bad_lr", lr=lr)
    stack = dense_stack(_read_widths(widths), activation, "sigmoid")
    rule = _OPTIMIZERS[optimizer](learning_rate=lr)
    return _experiment(stack, activation, rule, epochs, starts, seed, None)


def _refuse_below(option: str, value: int, least: int) -> None:
    if value < least:
        raise UsageError("too_small", option=option, value=value, least=least)


def _experiment(
    stack: Stack, hidden: str, optimizer: Optimizer, epochs: int, starts: int, seed: int, said: str | None
) -> Experiment:
    _refuse_below("--starts", starts, 1)
    _refuse_below("--seed", seed, 0)
    return Experiment(stack, hidden, optimizer, epochs, starts, seed, said)


def _read_widths(text: str) -> tuple[int, ...]:
    try:
        widths = tuple(int(part) for part in text.split("," if "," in text else "-"))
    except ValueError:
        raise UsageError("bad_stack", stack=text) from None
    if len(widths) < 2 or widths[0] != 2 or widths[-1] != 1:
        raise UsageError("no_xor_stack", stack=text)
    if min(widths) < 1:
        raise UsageError("empty_layer", stack=text)
    return widths


def recorded_epochs(epochs: int) -> list[int]:
    """Choose the epochs at which an experiment is looked at: evenly spaced, both ends included."""
    return sorted({round(epochs * part / _RECORDS) for part in range(_RECORDS + 1)})


def run_experiment(experiment: Experiment, *, progress: Progress | None, frames: Frames | None = None) -> Finding:
    """Train an experiment and sum it up.

    Args:
        experiment: what to train.
        progress: called now and then with (start-epochs done, start-epochs in all); the single neuron's
            half million epochs take several seconds.
        frames: called at every recorded epoch with what the starts are then (see `train`), for a live picture.

    Raises:
        UsageError: more memory than is free.
    """
    records = recorded_epochs(experiment.epochs)
    # Asked before the starts are drawn: a thousand million of them would fill the memory by themselves.
    refuse_unless_fits(experiment.recipe, len(X_XOR), experiment.starts, records=len(records))
    begin = draw_starts(experiment.stack, experiment.starts, seed=experiment.seed, dtype="float32")
    run = train(
        experiment.recipe,
        X_XOR,
        Y_XOR,
        weights=begin,
        seed=experiment.seed,
        record=records,
        every_epoch=True,
        progress=progress,
        frames=frames,
    )
    return Finding(experiment, begin, run, _sum_up(experiment, run))


def film_start(finding: Finding, start: int, *, progress: Progress | None) -> list[Array]:
    """Train one start of a finding again and keep its weights at the recorded epochs.

    Again, because the films of all starts of a wide stack would need gigabytes; starts never meet, so it goes
    the same way once more, bit by bit.

    Args:
        finding: what run_experiment returned.
        start: 0-based number of the start.
        progress: as in run_experiment.

    Returns:
        Arrays in Keras's order with the recorded epochs in front.
    """
    experiment = finding.experiment
    run = train(
        experiment.recipe,
        X_XOR,
        Y_XOR,
        weights=[array[start : start + 1] for array in finding.begin],
        seed=experiment.seed,
        record=finding.run.epochs.tolist(),
        film=[0],
        progress=progress,
    )
    return [array[:, 0] for array in run.film]


def _sum_up(experiment: Experiment, run: Run) -> Row:
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
        optimizer=type(experiment.optimizer).__name__.lower(),
        lr=experiment.optimizer.learning_rate,
        seed=experiment.seed,
        said=experiment.said,
        found=_choose_sentence(experiment.stack, solved, plateaus),
    )


def _choose_sentence(stack: Stack, solved: Share, plateaus: Mapping[str, int]) -> str:
    if plateaus["diverged"] * 2 > solved.of:
        return "diverged"
    if plateaus["all tied"] >= _NEARLY_ALWAYS * solved.of:
        # Layers without a bend are one line together, and half and half is the best a line can do.
        straight = all(layer.activation == "linear" for layer in stack.layers[:-1])
        return "all_tied" if straight else "tied_so_far"
    if solved.count == 0:
        return "never"
    if solved.value >= _NEARLY_ALWAYS:
        return "nearly_always"
    return "sometimes"
