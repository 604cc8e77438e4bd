"""Names the wrong update rule behind a step of gradient descent on a straight line.

A rule is recognised by where it goes: from a known start, one epoch with a small learning rate moves (w, b) along some
direction. The direction is compared with the negative gradient of the mean squared error and with a catalogue of wrong
rules, on several data sets at once. A name is for a message after a failure; nothing is ever accepted because of one.

Ask about lr = 0, about shapes and about a target of -1 first: an answer that ignores lr, or that has become a vector,
has better names than the ones found here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]

PROBE_LR = 1e-5
"""Learning rate of a probing step: small enough that one sample after the other goes where the whole batch goes.

At 1e-4 it does not always: with inputs up to 6 the later samples see errors that the earlier ones have changed by 2 %.
"""

PROBES = 4
"""Data sets to probe with; on one of them alone, two rules may happen to agree."""

ROWS = 4
"""Samples of a probing data set."""

_INPUTS = np.arange(-5.0, 7.0)

MAX_MISFIT = 0.03
"""A rule explains a step that differs by less than this share of its length: 1.7 degrees, a cosine of 0.9995.

The constant factor is the same for all steps, so two rules of one direction differ where their lengths do.
"""


@dataclass(frozen=True)
class Step:
    """One epoch from a known start on one data set."""

    w: float
    b: float
    x: Array
    """Inputs, (samples,)."""
    y: Array
    """Targets, (samples,)."""
    lr: float
    dw: float
    """How far w moved."""
    db: float
    """How far b moved."""


# Answers that have diverged overflow in here; what becomes infinite or NaN by that explains nothing (_misfit).
_QUIET = np.errstate(over="ignore", invalid="ignore", divide="ignore")

Move = tuple[float, float]
"""How far a rule moves w and b, before the factor lr."""


@_QUIET
def mean_squared_error(w: float, b: float, x: Array, y: Array) -> float:
    """Return mean((w*x + b - y)**2) for x and y of shape (samples,)."""
    return float(np.mean((w * x + b - y) ** 2))


@_QUIET
def downhill(w: float, b: float, x: Array, y: Array) -> Move:
    """Return half the negative gradient of the mean squared error.

    Source: derivative of mean((w*x + b - y)**2) by w and by b, divided by -2.
    """
    error = y - (w * x + b)
    return float(np.mean(error * x)), float(np.mean(error))


@_QUIET
def wrong_moves(w: float, b: float, x: Array, y: Array, lr: float) -> dict[str, list[Move]]:
    """Return where each wrong rule goes, by its name; most telling name first.

    A name has several moves where students write the same mistake in several ways. A rule that divides by a
    prediction of 0 (at w = b = 0, for example) has a move that is not finite.
    """
    prediction = w * x + b
    error = y - prediction
    dw, db = downhill(w, b, x, y)
    loss, mean_x = float(np.mean(error**2)), float(np.mean(x))
    absolute = np.abs(error)
    absolute_dw, absolute_db = float(np.mean(absolute * x)), float(np.mean(absolute))
    ratio = error / prediction
    over_prediction, over_prediction_x = float(np.mean(ratio)), float(np.mean(ratio * x))
    ratio_of_means = float(np.mean(error) / np.mean(prediction))
    moves = {
        "sign": [(-dw, -db)],
        "half_sign": [(dw, -db), (-dw, db)],
        "no_x_factor": [(db, db)],
        "x_on_bias_too": [(dw, dw)],
        "bias_never_updated": [(dw, 0.0)],
        "weight_never_updated": [(0.0, db)],
        "means_multiplied": [(db * mean_x, db)],
        "absolute_error": [(absolute_dw, absolute_db), (absolute_db, absolute_db)],
        "loss_as_slope": [(loss, loss), (float(np.mean(error**2 * x)), loss), (loss * mean_x, loss)],
        "note_error_over_pred": [(step, step) for step in (over_prediction, ratio_of_means, ratio[-1], ratio[0])],
        # // in place of /: the quotient cut to a whole number, below it or, with the error turned, above it.
        "whole_division": [
            (float(np.mean(cut(quotient))),) * 2
            for cut in (np.floor, np.ceil)
            for quotient in (ratio, np.array(ratio_of_means))
        ],
        "error_over_pred_x": [(over_prediction_x, over_prediction)],
        # A column of predictions and a flat row of targets make a table: (n, 1) - (n,) is (n, n).
        "every_pair": [(float(np.mean(x * (np.mean(y) - prediction))) * factor, db) for factor in (1, len(x))],
        "first_sample_only": [(error[0] * x[0], error[0])],
        "last_sample_only": [(error[-1] * x[-1], error[-1])],
        "lr_twice": [(dw * lr, db * lr)],
        "lr_ignored": [(dw / lr, db / lr)],
        "lr_on_one_only": [(dw, db / lr), (dw / lr, db)],
    }
    # Both ways: a rule that has lost the error's sign goes no way that could be called downhill.
    for name in ("absolute_error", "loss_as_slope"):
        moves[name] += [(-first, -second) for first, second in moves[name]]
    return moves


RULES = tuple(wrong_moves(1.0, 1.0, np.ones(1), np.zeros(1), 1.0))
"""Names of the wrong rules, in the order in which they are tried."""


@_QUIET
def follows_gradient(steps: Sequence[Step]) -> bool:
    """True if every step goes along the negative gradient.

    Its length may be that of half, once or twice the loss, as a mean or as a sum over the samples.
    """
    return _misfit([downhill(step.w, step.b, step.x, step.y) for step in steps], steps) < MAX_MISFIT


@_QUIET
def name_rule(steps: Sequence[Step]) -> str | None:
    """Return the name of the wrong rule that explains all steps best; None for a right rule or an unknown one.

    Args:
        steps: from several data sets (`probe_data`), each with at least three samples.
    """
    if follows_gradient(steps):
        return None
    catalogue = [wrong_moves(step.w, step.b, step.x, step.y, step.lr) for step in steps]
    misfits = {
        name: min(_misfit(variant, steps) for variant in zip(*(moves[name] for moves in catalogue), strict=True))
        for name in RULES
    }
    best = min(RULES, key=misfits.__getitem__)
    return best if misfits[best] < MAX_MISFIT else None


def name_rules(steps: Sequence[Step]) -> tuple[str, ...]:
    """Return the wrong rules that explain all steps together: none, one, or one walked in the wrong direction.

    Args:
        steps: as for `name_rule`.
    """
    rule = name_rule(steps)
    if rule is not None or follows_gradient(steps):
        return (rule,) if rule else ()
    turned = name_rule([replace(step, dw=-step.dw, db=-step.db) for step in steps])
    return (turned, "sign") if turned in ONE_WAY else ()


ONE_WAY = (
    *("no_x_factor", "x_on_bias_too", "bias_never_updated", "weight_never_updated", "means_multiplied", "every_pair"),
    *("note_error_over_pred", "error_over_pred_x", "first_sample_only", "last_sample_only", "lr_twice"),
)
"""Rules that have a direction of their own, so that it can be turned round."""


@_QUIET
def _misfit(moves: Sequence[Move], steps: Sequence[Step]) -> float:
    """Return the largest difference, as a share of a step's length, between the steps and constant * lr * moves.

    Returns:
        Infinity where no constant that a right loss could bring makes them alike.
    """
    rules = np.array(moves) * np.array([[step.lr] for step in steps])
    seen = np.array([[step.dw, step.db] for step in steps])
    lengths = np.linalg.norm(seen, axis=1)
    # A rule that divided by zero is dropped here, before NaN gets into a comparison.
    if not np.isfinite(rules).all() or not np.isfinite(seen).all():
        return np.inf
    # A step of no length is explained by a rule that goes nowhere there, as one with // may; most have to go somewhere.
    moved = lengths > 0
    if np.any(moved != np.any(rules != 0, axis=1)) or 2 * moved.sum() <= len(steps):
        return np.inf
    rules, seen, lengths = rules[moved], seen[moved], lengths[moved]
    # Each step weighs the same, however long it is.
    weighed = rules / lengths[:, None]
    factor = float(np.sum(weighed * seen / lengths[:, None]) / np.sum(weighed**2))
    # From half the loss as a mean (1; some divide by the number of samples once more) to twice its sum (4 * samples).
    if not 0.1 < factor < 4.5 * max(len(step.x) for step in steps):
        return np.inf
    return float(np.max(np.linalg.norm(seen - factor * rules, axis=1) / lengths))


@_QUIET
def probe_data(rng: np.random.Generator, w: float, b: float) -> list[tuple[Array, Array]]:
    """Return data sets (x, y) of whole numbers on which the rules go different ways from the start (w, b).

    Predictions near zero are avoided where the start allows it: there error/prediction changes within one step.
    """
    found: list[tuple[Array, Array]] = []
    spare: list[tuple[Array, Array]] = []
    # A start of w = b = 0 has no prediction away from zero, so there every data set will do.
    away = 0.15 * (6 * abs(w) + abs(b))
    for _ in range(400):
        x = rng.choice(_INPUTS, ROWS, replace=False)
        y = rng.integers(-9, 10, ROWS).astype(np.float64)
        # A start far from all data makes some rules alike; then a missing name is better than no data.
        spare.append((x, y))
        if np.abs(w * x + b).min() >= away and _is_telling(w, b, x, y):
            found.append((x, y))
        if len(found) == PROBES:
            break
    return (found + spare)[:PROBES]


@_QUIET
def _is_telling(w: float, b: float, x: Array, y: Array) -> bool:
    """True if both parts of the gradient are clearly there and no wrong rule goes nearly the right way."""
    right = np.array(downhill(w, b, x, y))
    # An input of 1 would hide whether a rule for one sample multiplies by x.
    if np.abs(right).min() < 0.5 or {x[0], x[-1]} & {0.0, 1.0}:
        return False
    for name, moves in wrong_moves(w, b, x, y, PROBE_LR).items():
        for move in moves:
            wrong = np.array(move)
            if name in ("lr_twice", "lr_ignored") or not np.isfinite(wrong).all():
                continue
            if float(wrong @ right) > 0.99 * float(np.linalg.norm(wrong) * np.linalg.norm(right)):
                return False
    return True
