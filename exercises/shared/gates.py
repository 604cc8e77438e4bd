"""Facts about two-input gates that several katas' checks share: rows, names, and the neuron's sum."""

from collections.abc import Sequence
from fractions import Fraction

ROWS = ((0, 0), (0, 1), (1, 0), (1, 1))
"""Input rows (x1, x2) in the order of the lecture."""

TARGETS = {
    "AND": [0, 0, 0, 1],
    "NAND": [1, 1, 1, 0],
    "OR": [0, 1, 1, 1],
    "NOR": [1, 0, 0, 0],
    "A_NOT_B": [0, 0, 1, 0],
}
"""What each gate of kata 02 answers on ROWS."""

_NAMES = {
    (0, 0, 0, 0): "FALSE",
    (0, 0, 0, 1): "AND",
    (0, 0, 1, 0): "x1 AND NOT x2",
    (0, 0, 1, 1): "x1",
    (0, 1, 0, 0): "NOT x1 AND x2",
    (0, 1, 0, 1): "x2",
    (0, 1, 1, 0): "XOR",
    (0, 1, 1, 1): "OR",
    (1, 0, 0, 0): "NOR",
    (1, 0, 0, 1): "XNOR",
    (1, 0, 1, 0): "NOT x2",
    (1, 0, 1, 1): "x1 OR NOT x2",
    (1, 1, 0, 0): "NOT x1",
    (1, 1, 0, 1): "NOT x1 OR x2",
    (1, 1, 1, 0): "NAND",
    (1, 1, 1, 1): "TRUE",
}


def gate_name(pattern: Sequence[int]) -> str:
    """Return the name of the gate with these outputs for ROWS: gate_name([0, 1, 1, 0]) == "XOR"."""
    return _NAMES[tuple(pattern)]  # type: ignore[index]  # a tuple of four, by the caller's contract


def weighted_sum(weights: Sequence[float], row: Sequence[float]) -> float:
    """Return z = x1*w1 + x2*w2 + b in the order in which the lecture adds, for weights (w1, w2, b)."""
    w1, w2, b = weights
    return row[0] * w1 + row[1] * w2 + b


def sum_on_paper(weights: Sequence[float], row: Sequence[int]) -> Fraction:
    """Return z as a student computes it by hand, from the decimals as written: 0.1 + 0.2 - 0.3 is 0."""
    w1, w2, b = (Fraction(repr(float(weight))) for weight in weights)
    return row[0] * w1 + row[1] * w2 + b


def outputs(weights: Sequence[float]) -> list[int]:
    """Return what the neuron answers on ROWS: 1 where z > 0, else 0."""
    return [int(weighted_sum(weights, row) > 0) for row in ROWS]


def margin(weights: Sequence[float]) -> float:
    """Return the distance of the nearest row from the neuron's line; 0.354 is the best for AND, OR and NAND."""
    w1, w2, _ = weights
    length = (w1**2 + w2**2) ** 0.5
    return min(abs(weighted_sum(weights, row)) for row in ROWS) / length if length else 0.0


def row_text(row: Sequence[int]) -> str:
    """Return a row as the katas write it: "(0, 1)"."""
    return f"({row[0]}, {row[1]})"


def lucky_row(weights: Sequence[float]) -> tuple[int, int] | None:
    """Return the first row on which a gate fires by no more than a rounding error; None if there is none."""
    scale = max(abs(number) for number in weights)
    return next((row for row in ROWS if 0 < weighted_sum(weights, row) <= 1e-9 * scale), None)
