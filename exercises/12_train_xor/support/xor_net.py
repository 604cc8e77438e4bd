"""A student's network for XOR, read with care, and what the judge's own engine makes of it.

Shared by the public and hidden checks of kata 12. The network is 2 -> hidden -> 1 with sigmoids, its weights are
P = [W1, b1, W2, b2] with shapes (2, hidden), (hidden,), (hidden, 1), (1,), its loss the mean binary cross-entropy.
"""

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

from grader import expect
from grader.checks.student import Student
from grader.training import SGD, Array, Recipe, Run, dense_stack, train

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])
NAMES = ("W1", "b1", "W2", "b2")
Weights = list[Array]

MOST_TOGETHER = 3
"""Known mistakes that are looked for at the same time."""

LONG_LR, LONG_EPOCHS = 5.0, 300
"""A long training, cheap: as far down the same slope as lr = 0.5 goes in 3000 epochs.

Solved of 800 starts: 0.77 for Glorot's rule, 0.71 for normal(0, 1), 0.80 for uniform(-1, 1), 0.71 for random(), 0.52
for normal(0, 2), 0.01 for 0.1 * normal(0, 1); with four hidden units at least 0.96 for the first five. Equal units: 0.
"""


def shapes(hidden: int) -> list[tuple[int, ...]]:
    """Return the shapes of W1, b1, W2, b2."""
    return [(2, hidden), (hidden,), (hidden, 1), (1,)]


def read_weights(value: Any, hidden: int, *, asked: str, tag: str) -> Weights:
    """Read four arrays: weights, or slopes by them.

    Raises:
        Mismatch: `tag` for anything but a list or tuple of four, "array_shape" where one has another shape.
    """
    if value is None:
        expect.fail("returned_nothing", asked=asked, expected="[W1, b1, W2, b2]", actual="None")
    if not isinstance(value, (list, tuple)) or len(value) != 4:
        expect.fail(tag, asked=asked, expected="[W1, b1, W2, b2]", actual=expect.show(value))
    found = []
    for name, part, shape in zip(NAMES, value, shapes(hidden), strict=True):
        if not hasattr(part, "shape") and not isinstance(part, (list, tuple, bool, int, float)):
            expect.fail(tag, asked=asked, expected="[W1, b1, W2, b2]", actual=expect.show(value))
        found.append(expect.array(part, shape=shape, asked=f"{asked}: {name}", tag="array_shape"))
    return found


def read_training(value: Any, hidden: int, epochs: int, *, asked: str) -> tuple[Weights, list[float]]:
    """Read (P, losses) with one loss for each epoch.

    Raises:
        Mismatch: "not_trained", "loss_count", or what `read_weights` raises.
    """
    losses: Any = value[1] if isinstance(value, (list, tuple)) and len(value) == 2 else None
    losses = losses.tolist() if hasattr(losses, "tolist") else losses
    if not isinstance(losses, (list, tuple)):
        expect.fail("not_trained", asked=asked, expected="(P, losses)", actual=expect.show(value))
    weights = read_weights(value[0], hidden, asked=f"{asked}: P", tag="not_trained")
    if len(losses) != epochs:
        expect.fail("loss_count", asked=f"{asked}: len(losses)", expected=epochs, actual=len(losses))
    return weights, [expect.number(loss, asked=f"{asked}: losses[{i}]") for i, loss in enumerate(losses)]


def ask_start(student: Student, seed: int, hidden: int) -> Weights:
    """Return the student's init(seed, hidden)."""
    return ask_starts(student, (seed,), hidden)[0]


def ask_starts(student: Student, seeds: Sequence[int], hidden: int) -> list[Weights]:
    """Return the student's init(seed, hidden) for several seeds."""
    answers = student.init.each((seed, hidden) for seed in seeds)
    return [
        read_weights(answer, hidden, asked=f"init({seed}, {hidden})", tag="not_weights")
        for seed, answer in zip(seeds, answers, strict=True)
    ]


def has_twins(weights: Weights) -> bool:
    """True if two hidden units have equal weights, going in and coming out: they will stay equal for ever."""
    units = np.vstack([weights[0], weights[1], weights[2].T])
    return bool(np.unique(units, axis=1).shape[1] < units.shape[1])


# --- the network, many weights at once --------------------------------------------------------------------------------


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + e**-z), by a formula that cannot overflow."""
    half: Array = 0.5 * (1 + np.tanh(z / 2))
    return half


def outputs(weights: Sequence[Array], x: Array) -> tuple[Array, Array]:
    """Return h and p for x of shape (rows, 2); weights may have more axes in front, which the answers then have too."""
    w1, b1, w2, b2 = weights
    h = sigmoid(x @ w1 + b1[..., None, :])
    return h, sigmoid(h @ w2 + b2[..., None, :])


def loss_of(weights: Sequence[Array], x: Array, y: Array) -> Array:
    """Return the mean binary cross-entropy over the rows; axes in front as in `outputs`."""
    _, p = outputs(weights, x)
    # The label's own probability; 1e-300 keeps the log finite where it is 0.
    own: Array = np.where(y == 1, p, 1 - p)
    mean: Array = -np.log(np.maximum(own, 1e-300)).mean(axis=(-2, -1))
    return mean


def accuracy_of(weights: Weights) -> float:
    """Return the share of XOR's four rows that are right."""
    _, p = outputs(weights, X)
    return float(np.mean((p > 0.5) == (Y == 1)))


def measured_slopes(weights: Weights, x: Array, y: Array) -> Weights:
    """Return the slopes of the loss by every number of P, to the last digits, for large weights too.

    Measured with an imaginary step: (f(w + ih) - f(w)) / ih has no difference of near numbers in its real part, which
    is imag(f(w + ih)) / h. So h can be as small as one likes.
    """
    flat, step = np.concatenate([part.ravel() for part in weights]), 1e-30
    w1, b1, w2, b2 = _unpack(flat + 1j * step * np.eye(len(flat)), weights)
    sums = sigmoid(x @ w1 + b1[..., None, :]) @ w2 + b2[..., None, :]
    # -log of the label's own probability is log(1 + e**against); this way round nothing overflows or rounds to 0.
    against = np.where(y == 1, -sums, sums)
    above = against.real > 0
    losses = np.where(above, against, 0) + np.log1p(np.exp(np.where(above, -against, against)))
    return _unpack(losses.mean(axis=(-2, -1)).imag / step, weights)


def _unpack(flat: Array, like: Weights) -> Weights:
    """Cut (..., numbers) into arrays of the same shapes as `like`, with the axes in front kept."""
    ends = np.cumsum([part.size for part in like])[:-1]
    parts = zip(np.split(flat, ends, axis=-1), like, strict=True)
    return [part.reshape(*flat.shape[:-1], *old.shape) for part, old in parts]


def check_slopes(student: Student, weights: Weights, x: Array, y: Array, tag: str) -> None:
    """Compare the student's backward with measured slopes.

    Raises:
        Mismatch: `tag`, "other_shapes" if its own shapes are other ones, or what the call raises.
    """
    hidden = len(weights[1])
    asked = f"backward(P, X, y), X.shape = {x.shape}, hidden = {hidden}"
    got = read_weights(student.backward(weights, x, y), hidden, asked=asked, tag="not_slopes")
    want = measured_slopes(weights, x, y)
    # As for XOR's own rows; the floor of 1e-9 is the error of a student's own measuring.
    scale = max(float(np.abs(slope).max()) for slope in want)
    worst = max(range(4), key=lambda i: float(np.abs(got[i] - want[i]).max()))
    if np.abs(got[worst] - want[worst]).max() > 1e-5 * scale + 1e-9:
        expect.fail(tag, asked=f"{asked}: {NAMES[worst]}", expected=want[worst], actual=got[worst])


def check_end(student: Student, seed: int, hidden: int, *, epochs: int, lr: float) -> None:
    """Compare where a long training ends, and how many losses it tells, with the engine.

    Raises:
        Mismatch: "later_steps", or what `read_training` raises.
    """
    asked = f"train({seed}, {hidden}, {epochs}, {lr})"
    weights, losses = read_training(student.train(seed, hidden, epochs, lr), hidden, epochs, asked=asked)
    start = [part[None] for part in ask_start(student, seed, hidden)]
    run = train(_recipe(hidden, lr, epochs), X, Y, weights=start, seed=0, record=[epochs - 1])
    end, heights = [part[0] for part in run.weights], run.loss_history[:, 0].tolist()
    scale = max(float(np.abs(part).max()) for part in end)
    # Rounding grows on the way, by far less than this; an epoch less is a step of 1e-4 or more on a slope.
    if any(np.abs(one - other).max() > 1e-5 * scale for one, other in zip(weights, end, strict=True)):
        expect.fail("later_steps", asked=f"{asked}: P", expected=end, actual=weights)
    if not any(np.isclose(losses[-1], height, rtol=1e-4, atol=1e-6) for height in heights):
        expect.fail("later_steps", asked=f"{asked}: losses[-1]", expected=heights[0], actual=losses[-1])


# --- known mistakes, for a message after a failure --------------------------------------------------------------------


def wrong_slopes(weights: Weights) -> dict[tuple[str, ...], Weights]:
    """Return what known mistakes, alone and up to three together, give for the slopes on XOR's four rows.

    Fewer mistakes come first, and of one mistake the most telling first. The usual XOR tutorial makes three at once:
    the error as y - p, times p * (1 - p), added up over the rows.
    """
    h, p = outputs(weights, X)
    by_z2 = p - Y
    outputs_of = {(): by_z2, ("extra_output_slope",): by_z2 * p * (1 - p)}
    outputs_of["squared_error_slopes",] = 2 * outputs_of["extra_output_slope",]
    once = h * (1 - h)
    squashers = {
        (): once,
        ("missing_sigmoid_slope",): np.ones_like(h),
        ("slope_of_output",): sigmoid(h) * (1 - sigmoid(h)),
    }
    # What each unit of the hidden layer is blamed for.
    blames = {(): weights[2].T, ("hidden_sign",): -weights[2].T, ("w2_missing",): np.ones_like(weights[2].T)}
    factors = {(): 1 / len(X), ("sum_not_mean",): 1.0}
    signs = {(): 1.0, ("sign",): -1.0}
    found = {}
    for chosen in product(squashers.items(), outputs_of.items(), signs.items(), factors.items(), blames.items()):
        names: tuple[str, ...] = sum((name for name, _ in chosen), ())
        if not 0 < len(names) <= MOST_TOGETHER:
            continue
        (_, squash), (_, error), (_, sign), (_, factor), (_, blame) = chosen
        at_z2 = sign * factor * error
        at_z1 = at_z2 @ blame * squash
        found[names] = [*_by_weights(X, at_z1), *_by_weights(h, at_z2)]
    return dict(sorted(found.items(), key=lambda item: len(item[0])))


def _by_weights(rows: Array, blame: Array) -> Weights:
    """Return what a layer's weights and biases are blamed for, a bias as the weight of an input that is always 1."""
    both = np.column_stack([rows, np.ones(len(rows))]).T @ blame
    return [both[:-1], both[-1]]


def early_moves(start: Weights, right: Weights, lr: float) -> dict[str, list[Weights]]:
    """Return where a first step ends if arrays move before all slopes are there, by tag.

    Args:
        start: the weights before the step.
        right: the weights after a right step.
        lr: learning rate.
    """
    h, p = outputs(start, X)
    by_z1 = (p - Y) / len(X) @ right[2].T * h * (1 - h)
    stale = [start[0] - lr * X.T @ by_z1, start[1] - lr * by_z1.sum(axis=0), right[2], right[3]]
    backwards = ((2, 3, 0, 1), (3, 2, 1, 0), (3, 2, 0, 1), (2, 3, 1, 0))
    return {
        "updated_before_backprop": [stale, *(_move_in_turns(start, order, lr) for order in backwards)],
        "moved_in_turns": [_move_in_turns(start, order, lr) for order in ((0, 1, 2, 3), (1, 0, 3, 2))],
    }


def _move_in_turns(start: Weights, order: Sequence[int], lr: float) -> Weights:
    weights = list(start)
    for i in order:
        weights[i] = weights[i] - lr * measured_slopes(weights, X, Y)[i]
    return weights


# --- the engine -------------------------------------------------------------------------------------------------------


def _recipe(hidden: int, lr: float, epochs: int) -> Recipe:
    return Recipe(
        dense_stack((2, hidden, 1), "sigmoid", "sigmoid"), "binary_crossentropy", SGD(lr), epochs, dtype="float64"
    )


def follow(start: Weights, *, lr: float, epochs: int) -> tuple[list[Weights], list[float]]:
    """Train from one start; return weights and loss after 0, 1, ... epochs."""
    recipe = _recipe(len(start[1]), lr, epochs)
    run = train(recipe, X, Y, weights=[part[None] for part in start], seed=0, record=range(epochs), film=[0], chunk=1)
    frames = [[part[epoch, 0] for part in run.film] for epoch in range(epochs + 1)]
    return frames, run.loss_history[:, 0].tolist()


def extrapolate(student: Student, hidden: int, *, count: int) -> Run:
    """Train long from the student's starts 0, 1, ... count - 1, all side by side."""
    starts = ask_starts(student, range(count), hidden)
    stacked = [np.stack(parts) for parts in zip(*starts, strict=True)]
    return train(_recipe(hidden, LONG_LR, LONG_EPOCHS), X, Y, weights=stacked, seed=0)


# --- weights made by hand, for a stand-in of `train` ------------------------------------------------------------------

_KINDS: dict[str, tuple[list[list[float]], list[float], list[list[float]], list[float]]] = {
    "all tied": ([[0, 0], [0, 0]], [0, 0], [[0], [0]], [0]),
    "one corner": ([[30, 0], [30, 0]], [-45, 0], [[-30], [0]], [math.log(2)]),
    "two tied": ([[-30, -30], [30, -30]], [-15, 15], [[30], [-30]], [0]),
    "still moving": ([[0, 0], [0, 0]], [0, 0], [[0], [0]], [1]),
    "solved": ([[20, 20], [20, 20]], [-10, -30], [[8], [-8]], [-4]),
    # All rows right, by a little: the loss is 0.474, as high as that of one corner.
    "solved, unsure": ([[20, 20], [20, 20]], [-10, -30], [[1], [-1]], [-0.5]),
    "solved, barely": ([[20, 20], [20, 20]], [-10, -30], [[0.1], [-0.1]], [-0.05]),
    # Only the last row is wrong.
    "still moving, OR": ([[20, 0], [20, 0]], [-10, 0], [[4], [0]], [-2]),
}


def trained_to(kind: str, rng: np.random.Generator, hidden: int = 2) -> tuple[Weights, list[float]]:
    """Return (P, losses) as a training that ended like this would, with weights that nobody knows beforehand.

    Steep units become steeper, units change places or turn round (sigmoid(-z) is 1 - sigmoid(z)); further hidden
    units are there and do nothing. The word for a kind stands before its comma.
    """
    w1, b1, w2, b2 = (np.array(part, dtype=np.float64) for part in _KINDS[kind])
    # Larger sums would bring OR's loss to a shelf.
    larger = 1.0 if kind == "still moving, OR" else rng.uniform(1.0, 1.3)
    w2 = larger * w2
    if kind != "one corner":  # there the bias alone puts three rows on 2/3
        b2 = larger * b2
    idle = [w2[unit, 0] == 0 for unit in range(2)] + [True] * (hidden - 2)
    w1, b1, w2 = (
        np.pad(w1, ((0, 0), (0, hidden - 2))),
        np.pad(b1, (0, hidden - 2)),
        np.pad(w2, ((0, hidden - 2), (0, 0))),
    )
    for unit in range(hidden):
        if idle[unit]:
            w1[:, unit], b1[unit] = rng.uniform(-2, 2, 2), rng.uniform(-1, 1)
            continue
        steeper = rng.uniform(1.0, 1.6)
        w1[:, unit], b1[unit] = steeper * w1[:, unit], steeper * b1[unit]
        if rng.random() < 0.5:
            b2 = b2 + w2[unit]
            w1[:, unit], b1[unit], w2[unit] = -w1[:, unit], -b1[unit], -w2[unit]
    order = rng.permutation(hidden)
    weights = [w1[:, order], b1[order], w2[order], b2]
    last = float(loss_of(weights, X, Y))
    # Only the last one is on its shelf, and it is not the smallest.
    return weights, [last + 0.3, max(last - 0.05, last / 2), last]


Table = dict[tuple[int, int] | None, tuple[Weights, list[float]]]


def training_table(kinds: Sequence[str], rng: np.random.Generator, hidden: int) -> Table:
    """Return what a stand-in of `train` gives: starts 0, 1, ... end as these kinds, every other one all tied."""
    table: Table = {None: trained_to("all tied", rng, hidden)}
    return table | {(seed, hidden): trained_to(kind, rng, hidden) for seed, kind in enumerate(kinds)}


def check_search(student: Student, kinds: Sequence[str], rng: np.random.Generator, *, hidden: int, most: int) -> None:
    """Let train_until_solved(hidden, most) search among prepared trainings.

    Raises:
        Mismatch: "until_form", "gives_up_wrong" or "other_search".
    """
    table = training_table(kinds, rng, hidden)
    with student.replacing("train", "training_table", table):
        answer = student.train_until_solved(hidden, most)
    words = [kind.split(",")[0] for kind in kinds]
    want = words.index("solved")
    found = want < most
    tag = "other_search" if found else "gives_up_wrong"
    right = (want if found else None, words[: want + 1] if found else words[:most])
    shown = {
        "asked": f"train ends with {list(kinds)}: train_until_solved({hidden}, {most}): (seed, tries)",
        "expected": expect.show(right),
        "actual": expect.show(answer),
    }
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        expect.fail("until_form", **shown)
    seed, weights, tries = answer
    shown["actual"] = expect.show((seed, tries))
    if not isinstance(tries, (list, tuple)) or list(tries) != right[1]:
        expect.fail(tag, **shown)
    if not found:
        if seed is not None or weights is not None:
            expect.fail(tag, **shown)
        return
    if not expect.is_number(seed) or seed != want:
        expect.fail(tag, **shown)
    got = read_weights(weights, hidden, asked="train_until_solved(): P", tag=tag)
    if not all(np.array_equal(one, other) for one, other in zip(got, table[want, hidden][0], strict=True)):
        expect.fail(tag, **shown)
