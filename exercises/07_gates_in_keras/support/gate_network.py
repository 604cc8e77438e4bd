"""XOR = AND(NAND, OR) as a network of three sigmoid units: what kata 07's checks compare with.

A gate is (w1, w2, b). The network's weights are [W1 (2, 2), b1 (2,), W2 (2, 1), b2 (1,)], the order of Keras's
get_weights() for a hidden layer of two units and one unit behind it.
"""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader import expect
from grader.checks.student import Student
from perceptron.shared import gates

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

Gate = tuple[float, float, float]

NAMES = ("W1", "b1", "W2", "b2")
SHAPES = ((2, 2), (2,), (2, 1), (1,))
XOR = (0, 1, 1, 0)
MOST_K = 100
"""The largest k that smallest_k may try."""

TOLERANCE = 1e-6
"""Relative to the largest weight: an answer in float32 is off by 6e-8."""


@dataclass(frozen=True)
class Gates:
    """The three gates that go into the network."""

    and_: Gate
    nand: Gate
    or_: Gate

    @property
    def args(self) -> tuple[Gate, Gate, Gate]:
        """In the order in which the student's functions take them."""
        return (self.and_, self.nand, self.or_)

    def weights(self, k: float, *, nand_first: bool = True) -> "list[Array]":
        """Return the network's weights, with NAND as its first or its second hidden unit."""
        import numpy as np

        hidden = [(self.nand, self.and_[0]), (self.or_, self.and_[1])]
        (first, w2_first), (second, w2_second) = hidden if nand_first else reversed(hidden)
        return [
            k * np.array([[first[0], second[0]], [first[1], second[1]]], float),
            k * np.array([first[2], second[2]], float),
            k * np.array([[w2_first], [w2_second]], float),
            k * np.array([self.and_[2]], float),
        ]

    def answers(self, k: float) -> "Array":
        """Return the network's outputs on the four rows, (4,)."""
        return answers(self.weights(k))

    def smallest_k(self, want: float, *, rows: tuple[int, ...] = (0, 1, 2, 3)) -> int | None:
        """Return the first whole number up to MOST_K at which the network is sure of XOR on these rows, or None."""
        import numpy as np

        ks = np.arange(1.0, MOST_K + 1)
        # One pass for all k, (k, ...): a search in Python would cost as much as all the rest of the kata.
        every = [np.multiply.outer(ks, array) for array in self.weights(1.0)]
        p = answers(every)
        sure = np.where(XOR, p, 1 - p)[:, list(rows)] >= want
        return next((int(k) for k in ks[sure.all(axis=1)]), None)


LECTURE = Gates((1, 1, -1), (-0.5, -0.5, 0.7), (0.8, 0.8, -0.1))
"""The lecture's gates: all right by the step rule, but AND has z = 0 on two rows."""


def answers(weights: "list[Array]") -> "Array":
    """Return what the network with these weights answers on the four rows, (..., 4).

    The weights may have further axes in front, the same for all four.
    """
    import numpy as np

    W1, b1, W2, b2 = weights
    # An absurd weight may leave the range of floats; what comes out then is compared, and is not right.
    with np.errstate(all="ignore"):
        hidden = _sigmoid(np.array(gates.ROWS, float) @ W1 + b1[..., None, :])
        return _sigmoid(hidden @ W2 + b2[..., None, :])[..., 0]


def _sigmoid(z: "Array") -> "Array":
    import numpy as np

    # tanh does not overflow; 1 / (1 + exp(-z)) would.
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * z)))


def is_sure(p: "Array", want: float, *, rows: tuple[int, ...] = (0, 1, 2, 3)) -> bool:
    """True if each of these rows is on XOR's side by `want`; NaN is not."""
    return all(p[row] >= want if XOR[row] else p[row] <= 1 - want for row in rows)


def draw_gates(rng: "np.random.Generator") -> Gates:
    """Return three random gates, each row well away from its gate's line.

    With such gates being sure is monotone in k: 12 000 of 12 000 draws, and 45 was the largest k that one needed.
    """
    drawn = []
    # Where the line runs between the row that just fires and the one that just does not, as a share of the gap.
    for share in rng.uniform(0.25, 0.75, 3):
        w1, w2 = rng.uniform(0.4, 2.0, 2)
        drawn.append((round(w1, 2), round(w2, 2), share))
    (a1, a2, sa), (n1, n2, sn), (o1, o2, so) = drawn
    return Gates(
        (a1, a2, -round(max(a1, a2) + sa * min(a1, a2), 2)),
        (-n1, -n2, round(max(n1, n2) + sn * min(n1, n2), 2)),
        (o1, o2, -round(so * min(o1, o2), 2)),
    )


def read_weights(value: object, *, asked: str) -> "list[Array]":
    """Return the four arrays as floats.

    Raises:
        Mismatch: "returned_nothing", "not_four", "not_arrays", "order", "bias_shape", "kernel_shape".
    """
    import numpy as np

    want = ", ".join(f"{name} {shape}" for name, shape in zip(NAMES, SHAPES, strict=True))
    if value is None:
        expect.fail("returned_nothing", asked=asked, expected=want, actual="None")
    if not isinstance(value, (list, tuple)) or len(value) != len(NAMES):
        expect.fail("not_four", asked=asked, expected=want, actual=expect.show(value))
    arrays = []
    for name, part in zip(NAMES, value, strict=True):
        # A NumPy scalar crosses as a number; its shape is ().
        array = np.asarray(part) if expect.is_number(part) else part
        if not isinstance(array, np.ndarray) or array.dtype.kind not in "bif":
            expect.fail("not_arrays", asked=f"{asked}, {name}", expected="array", actual=expect.show(part), name=name)
        arrays.append(array)
    shapes = [array.shape for array in arrays]
    if shapes != list(SHAPES):
        shown = {"asked": asked, "expected": want, "actual": ", ".join(map(str, shapes))}
        wrong = next(index for index in range(len(SHAPES)) if shapes[index] != SHAPES[index])
        if Counter(shapes) == Counter(SHAPES):
            expect.fail("order", **shown, i=wrong + 1)
        tag = "bias_shape" if NAMES[wrong].startswith("b") else "kernel_shape"
        expect.fail(tag, **shown, name=NAMES[wrong], got=str(shapes[wrong]), want=str(SHAPES[wrong]))
    return [array.astype(float) for array in arrays]


def check_weights(student: Student, poured: Gates, *more: float) -> None:
    """Call gates_to_weights with these gates (and k, if given) and compare, in either order of the hidden units.

    Raises:
        Mismatch: what read_weights raises, or the mistake that explains the numbers.
    """
    asked = expect.call_text("gates_to_weights", [*poured.args, *more])
    got = read_weights(student.gates_to_weights(*poured.args, *more), asked=asked)
    k = more[0] if more else 1.0
    fits = [_fit(got, poured.weights(k, nand_first=first)) for first in (True, False)]
    if not any(map(all, fits)):
        _name_mistake(got, poured, k, asked)


def _fit(got: "list[Array]", want: "list[Array]") -> list[bool]:
    scale = max(float(abs(array).max()) for array in want)
    return [bool((abs(a - b) <= TOLERANCE * scale).all()) for a, b in zip(got, want, strict=True)]


def _name_mistake(got: "list[Array]", poured: Gates, k: float, asked: str) -> None:
    """Say which known mistake gives these weights; the most telling one first."""
    p = answers(got)
    shown: dict[str, Any] = {"asked": f"answers({asked})", "expected": poured.answers(k).round(3), "actual": p.round(3)}
    orders = [poured.weights(k, nand_first=first) for first in (True, False)]
    plain = [poured.weights(1.0, nand_first=first) for first in (True, False)]
    for want, once in zip(orders, plain, strict=True):
        scaled, unscaled = _fit(got, want), _fit(got, once)
        if all(a or b for a, b in zip(scaled, unscaled, strict=True)):
            kept = [name for name, right in zip(NAMES, scaled, strict=True) if not right]
            if kept == ["b1", "b2"]:
                expect.fail("bias_not_scaled", **shown)
            tag = "k_unused" if len(kept) == len(NAMES) else "part_not_scaled"
            expect.fail(tag, **shown, names=", ".join(kept))
        if all(_fit([got[0].T, *got[1:]], want)):
            expect.fail("transposed", **shown, p=p[1:3].round(3))
        if all(_fit([got[0], -got[1], got[2], -got[3]], want)):
            expect.fail("bias_sign", **shown, b1=got[1], b2=got[3])
    per_array = [a or b for a, b in zip(*(_fit(got, want) for want in orders), strict=True)]
    if all(per_array):
        expect.fail("mixed_order", **shown)
    if any(all(_fit(got, Gates(*swapped).weights(k))) for swapped in _other_places(poured)):
        expect.fail("wrong_place", **shown)
    wrong = next((name for name, right in zip(NAMES, per_array, strict=True) if not right), NAMES[0])
    place = NAMES.index(wrong)
    expect.fail("wrong_value", asked=f"{asked}, {wrong}", expected=orders[0][place], actual=got[place])


def _other_places(poured: Gates) -> list[tuple[Gate, Gate, Gate]]:
    a, n, o = poured.args
    return [(n, a, o), (n, o, a), (o, a, n), (o, n, a)]


def check_smallest_k(student: Student, poured: Gates, *more: float) -> None:
    """Call smallest_k with these gates (and want, if given).

    Raises:
        Mismatch: the mistake that explains the number.
    """
    want = more[0] if more else 0.9
    asked = expect.call_text("smallest_k", [*poured.args, *more])
    answer, right = student.smallest_k(*poured.args, *more), poured.smallest_k(want)
    shown = {"asked": asked, "expected": expect.show(right), "actual": expect.show(answer)}
    if answer is None:
        if right is not None:
            expect.fail("gave_up", **shown)
        return
    k = expect.number(answer, asked=asked)
    if right is None:
        expect.fail("no_such_k", **shown, k=expect.count_text(k), p=poured.answers(k).round(3))
    if k != int(k):
        expect.fail("k_not_whole", **shown, k=k)
    if k == right:
        return
    p = poured.answers(k)
    parts: dict[str, Any] = {"k": int(k), "p": p.round(3)}
    # Two values of want that change nothing; with one of them, a want that is used in part may do the same.
    if more and k == poured.smallest_k(0.9):
        other = student.smallest_k(*poured.args, 0.99)
        if expect.is_number(other) and expect.number(other, asked=asked) == k:
            expect.fail("want_ignored", **shown)
    if k > right:
        expect.fail("k_not_smallest", **shown, **parts)
    for tag, rows in (("zeros_forgotten", (1, 2)), ("ones_forgotten", (0, 3))):
        if k == poured.smallest_k(want, rows=rows):
            expect.fail(tag, **shown, **parts)
    expect.fail("k_too_small" if is_sure(p, 0.5) else "k_wrong_side", **shown, **parts)
