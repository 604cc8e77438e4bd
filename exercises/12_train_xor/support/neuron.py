"""One sigmoid neuron in a student's hands: the slope by its sum, its training, and the known mistakes in both.

Shared by the public and hidden checks of kata 12. The neuron is p = sigmoid(X @ w + b) on the four rows of X, with w of
shape (2,), a number b, and labels y of shape (4,); its loss is the mean binary cross-entropy.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from grader import expect
from grader.checks.student import Student
from grader.training import Array
from perceptron.train_xor.xor_net import X, sigmoid

CLOSE = 1e-5
"""Of a slope, and of the largest number of a start. A slope measured to one side with h = 1e-5 is off by 1.3e-6."""
NEAR = 0.02
"""A slope that is off by less is measured, too roughly."""
MOST_TOGETHER = 3
"""Known mistakes that are looked for at the same time."""

GATES = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "NAND": (1, 1, 1, 0), "XOR": (0, 1, 1, 0)}
"""Labels in the order of the rows of X."""

# The bias as the weight of an input that is always 1: one product a step, where thousands are taken.
_ROWS = np.column_stack([X, np.ones(len(X))])

Place = tuple[Array, float]
"""w and b."""


class Training(NamedTuple):
    """What is asked of train_neuron, all but the number of epochs."""

    w: Array
    b: float
    y: Array
    lr: float

    @property
    def start(self) -> Place:
        """Where it starts."""
        return self.w, self.b

    def asked(self, epochs: int) -> str:
        """The call as the student would write it."""
        return expect.call_text("train_neuron", [self.w, self.b, self.y, epochs, self.lr])


# --- the slope by z ---------------------------------------------------------------------------------------------------


def check_slope(student: Student, sums: Sequence[float], *, tag: str | None = None) -> None:
    """Compare slope_by_z with the slope at each of these sums, for both labels.

    Raises:
        Mismatch: `tag` if it is given; else the name of what explains the answers, "slope_rough" or "slope_differs".
    """
    z, y = np.repeat(sums, 2), np.tile([1.0, 0.0], len(sums))
    asked = [f"slope_by_z({expect.show(float(a))}, {int(b)})" for a, b in zip(z, y, strict=True)]
    answers = list(student.slope_by_z.each((float(a), int(b)) for a, b in zip(z, y, strict=True)))
    if any(answer is None for answer in answers):
        expect.fail("returned_nothing", asked=asked[0], expected=sigmoid(z[0]) - y[0], actual="None")
    got = np.array([expect.number(answer, asked=name) for answer, name in zip(answers, asked, strict=True)])
    want = sigmoid(z) - y
    off = np.abs(got - want)
    if off.max() <= CLOSE:
        return
    worst = int(off.argmax())
    shown: dict[str, Any] = {"asked": asked[worst], "expected": want[worst], "actual": got[worst]}
    expect.fail(tag or _name_slope(z, y, got), **shown)


def _name_slope(z: Array, y: Array, got: Array) -> str:
    p = sigmoid(z)
    right, bend = p - y, p * (1 - p)
    known = {
        "z_slope_sign": [-right],
        "slope_factor": [2 * right, right / 2],
        "slope_of_sigmoid": [bend],
        "slope_by_p": [right / bend],
        "extra_output_slope": [right * bend],
        "squared_error_slopes": [2 * right * bend],
        "hard_answers": [(p > 0.5) - y],
        "loss_not_slope": [-np.log(np.where(y == 1, p, 1 - p))],
        "label_ignored": [p, p - 1],
    }
    for tag, rules in known.items():
        if any(np.allclose(got, rule, rtol=CLOSE, atol=CLOSE) for rule in rules):
            return tag
    return "slope_rough" if np.abs(got - right).max() <= NEAR else "slope_differs"


# --- the training -----------------------------------------------------------------------------------------------------


def draw_start(rng: np.random.Generator, y: Sequence[int], lr: float, *, width: float = 1.5) -> Training:
    """Return a training from anywhere where no mistake hides.

    None of the numbers is near 0, no row lies on the line, and the decisions are not right on the whole: one that moves
    by them does not stand still.
    """
    while True:
        w1, w2, b = (float(np.round(rng.choice([-1, 1]) * rng.uniform(0.3, width), 2)) for _ in range(3))
        asked = Training(np.array([w1, w2]), b, np.array(y, float), lr)
        z = X @ asked.w + asked.b
        if np.abs(z).min() > 0.05 and np.sum(z > 0) != np.sum(asked.y):
            return asked


def answers(place: Place) -> Array:
    """Return p on the four rows."""
    return sigmoid(X @ place[0] + place[1])


def follow(asked: Training, epochs: int) -> tuple[list[Place], list[float]]:
    """Return w and b, and the loss, after 0, 1, ... epochs of right training."""
    places = np.empty((epochs + 1, 3))
    places[0] = _flat(asked.start)
    for epoch in range(epochs):
        gap = sigmoid(_ROWS @ places[epoch]) - asked.y
        places[epoch + 1] = places[epoch] - asked.lr / len(X) * (gap @ _ROWS)
    p = sigmoid(places @ _ROWS.T)
    losses = -np.log(np.where(asked.y == 1, p, 1 - p)).mean(axis=1)
    return [(place[:2], float(place[2])) for place in places], losses.tolist()


def _move(place: Place, lr: float, gap: Array, rows: Array = X) -> Place:
    return place[0] - lr * rows.T @ gap / len(rows), float(place[1] - lr * gap.mean())


def read_training(student: Student, asked: Training, epochs: int) -> tuple[Place, list[float]]:
    """Ask train_neuron and return where it ended, with its losses.

    Raises:
        Mismatch: "not_neuron", "array_shape", "loss_count", or of `expect.number`.
    """
    name = asked.asked(epochs)
    value = student.train_neuron(asked.w, asked.b, asked.y, epochs, asked.lr)
    losses: Any = value[2] if isinstance(value, (list, tuple)) and len(value) == 3 else None
    losses = losses.tolist() if hasattr(losses, "tolist") else losses
    if not isinstance(losses, (list, tuple)):
        expect.fail("not_neuron", asked=name, expected="(w, b, losses)", actual=expect.show(value))
    w = expect.array(value[0], shape=(2,), asked=f"{name}: w", tag="array_shape")
    b = expect.number(value[1], asked=f"{name}: b")
    if len(losses) != epochs:
        expect.fail("loss_count", asked=f"{name}: len(losses)", expected=epochs, actual=len(losses))
    return (w, b), [expect.number(loss, asked=f"{name}: losses[{i}]") for i, loss in enumerate(losses)]


def check_training(student: Student, asked: Training, epochs: int, *, tag: str | None = None) -> tuple[Place, float]:
    """Compare where train_neuron ends, and its losses, with right training; return the end and its loss.

    Raises:
        Mismatch: `tag` if it is given; else the name of what leads elsewhere.
    """
    place, losses = read_training(student, asked, epochs)
    places, heights = follow(asked, epochs)
    if not _same(place, places[-1]):
        if tag is None:
            _explain_training(student, asked, places, epochs)
        shown: dict[str, Any] = {
            "asked": f"{asked.asked(epochs)}: p",
            "expected": answers(places[-1]),
            "actual": answers(place),
        }
        expect.fail(tag or "neuron_later", **shown)
    # Written down before the step or after it: both are the loss of an epoch.
    if not any(np.allclose(losses, heights[first : first + epochs], rtol=0, atol=CLOSE) for first in (0, 1)):
        shown = {"expected": heights[0], "actual": losses[0]}
        expect.fail(tag or "neuron_losses", asked=f"{asked.asked(epochs)}: losses[0]", **shown)
    return place, heights[-1]


def _same(one: Place, other: Place) -> bool:
    scale = max(1.0, float(np.abs(other[0]).max()), abs(other[1]))
    return float(np.abs(_flat(one) - _flat(other)).max()) <= CLOSE * scale


def _flat(place: Place) -> Array:
    return np.array([*place[0], place[1]])


def _explain_training(student: Student, asked: Training, places: list[Place], epochs: int) -> None:
    """Fail with the name of a mistake: of no epoch, of the first, of the second; return if these are right."""
    ends = []
    for number in range(min(epochs, 2) + 1):
        ends.append(read_training(student, asked, number)[0])
        if _same(ends[-1], places[number]):
            continue
        shown: dict[str, Any] = {
            "asked": f"{asked.asked(number)}: (w, b)",
            "expected": places[number],
            "actual": ends[-1],
        }
        if number == 0:
            expect.fail("neuron_start", **shown)
        if number == 1:
            _explain_step(asked, ends[-1], shown)
        if _same(ends[2], ends[1]):
            expect.fail("neuron_again", **shown)
        twice = _flat(places[2]) + _flat(places[1]) - _flat(places[0])
        expect.fail("slopes_add_up" if np.allclose(_flat(ends[2]), twice, atol=CLOSE) else "neuron_later", **shown)


def _explain_step(asked: Training, got: Place, shown: dict[str, Any]) -> None:
    """Fail with the name of what makes a first step go there."""
    moved = _flat(got) - _flat(asked.start)
    right = _flat(_move(asked.start, asked.lr, answers(asked.start) - asked.y)) - _flat(asked.start)
    still = [name for name, part in (("w", moved[:2]), ("b", moved[2:])) if np.abs(part).max() <= 1e-9]
    if still:
        expect.fail("neuron_stays", **shown, name=", ".join(still))
    for tag, place in _other_orders(asked):
        if _same(got, place):
            expect.fail(tag, **shown)
    for names, step in sorted(_wrong_steps(asked), key=lambda found: len(found[0])):
        if np.allclose(moved, step, rtol=0, atol=CLOSE * np.abs(step).max()):
            if len(names) > 1:
                expect.fail("several_slopes", **shown, parts=names)
            expect.fail("uphill" if names[0] == "sign" else names[0], **shown)
    ratio = float(moved[2] / right[2])
    if np.allclose(moved, ratio * right, rtol=0, atol=CLOSE * np.abs(moved).max()):
        expect.fail("step_length", **shown, ratio=ratio)
    expect.fail("neuron_step", **shown)


def _wrong_steps(asked: Training) -> Iterator[tuple[tuple[str, ...], Array]]:
    """Yield what known mistakes, alone and up to three together, make of a first step."""
    z = X @ asked.w + asked.b
    p = sigmoid(z)
    gap = p - asked.y
    gaps = {
        (): gap,
        ("extra_output_slope",): gap * p * (1 - p),
        ("squared_error_slopes",): 2 * gap * p * (1 - p),
        ("hard_answers",): (p > 0.5) - asked.y,
        ("z_for_p",): z - asked.y,
    }
    rows: dict[tuple[str, ...], Array] = {(): X, ("x_left_out",): np.ones_like(X)}
    signs, factors = {(): 1.0, ("sign",): -1.0}, {(): 1.0, ("sum_not_mean",): float(len(X))}
    for chosen in product(gaps.items(), rows.items(), signs.items(), factors.items()):
        names: tuple[str, ...] = sum((name for name, _ in chosen), ())
        if not 0 < len(names) <= MOST_TOGETHER:
            continue
        (_, error), (_, inputs), (_, sign), (_, factor) = chosen
        yield names, _flat(_move((np.zeros(2), 0.0), sign * factor * asked.lr, error, inputs))


def _other_orders(asked: Training) -> Iterator[tuple[str, Place]]:
    """Yield where a first step ends that is taken in parts: row after row, or one number after the other."""
    for share in (1.0, 0.25):
        w, b = asked.start
        for x, y in zip(X, asked.y, strict=True):
            gap = share * float(sigmoid(x @ w + b) - y)
            w, b = w - asked.lr * gap * x, b - asked.lr * gap
        yield "step_per_row", (w, b)
    parts: tuple[tuple[Sequence[int], ...], ...] = (([0, 1], [2]), ([2], [0, 1]), ([0], [1], [2]), ([2], [0], [1]))
    for order in parts:
        numbers = _flat(asked.start)
        for chosen in order:
            here = (numbers[:2], float(numbers[2]))
            numbers[chosen] = _flat(_move(here, asked.lr, answers(here) - asked.y))[chosen]
        yield "neuron_in_turns", (numbers[:2], float(numbers[2]))
