"""What many starts say together: shares with intervals, the shelves they rest on, units that went silent."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from grader.errors import BadInput
from grader.training.loop import Run
from grader.training.spec import Array, Stack
from grader.training.tape import activate

# Losses of mean binary cross-entropy on XOR, and what a start that rests there has learned.
SHELVES = {
    "all tied": math.log(2),
    "one corner": 0.75 * (math.log(3) - 2 / 3 * math.log(2)),
    "two tied": 0.5 * math.log(2),
}
SHELF_TOLERANCE = 0.01
PLATEAUS = ("solved", "two tied", "one corner", "all tied", "still moving", "diverged")


@dataclass(frozen=True)
class Share:
    """How many of how many, with Wilson's interval around the share."""

    count: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share itself, count / of."""
        return self.count / self.of


def share(count: int, of: int, *, confidence: float = 0.95) -> Share:
    """Estimate a share with Wilson's score interval, which stays honest near 0 and 1.

    Raises:
        BadInput: of is below 1, count is not between 0 and of, or confidence is not between 0 and 1.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    if of < 1 or not 0 <= count <= of or not 0 < confidence < 1:
        raise BadInput(f"No share can be made of {count} out of {of} at confidence {confidence}.")
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    p = count / of
    centre = p + z * z / (2 * of)
    spread = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    # At 0 and n the bound is 0 and 1 on paper; rounding would leave 1e-17 there.
    low = 0.0 if count == 0 else (centre - spread) / scale
    high = 1.0 if count == of else (centre + spread) / scale
    return Share(count, of, low, high)


def name_plateau(loss: float, *, solved: bool = False, tolerance: float = SHELF_TOLERANCE) -> str:
    """Name where a start on XOR rests, by its mean binary cross-entropy.

    Args:
        loss: mean loss over the four rows.
        solved: True if all four rows are right, whatever the loss still is.
        tolerance: how far from a shelf's loss still counts as on it.

    Returns:
        'solved', 'two tied' (0.3466), 'one corner' (0.4774), 'all tied' (0.6931), 'still moving', or
        'diverged' for a loss that is not finite.

    Source: ladder K09; the losses are ln 2, 3/4 H(1/3) and ln 2 / 2.
    """
    if not math.isfinite(loss):
        return "diverged"
    if solved or loss <= tolerance:
        return "solved"
    for name, shelf in SHELVES.items():
        if abs(loss - shelf) <= tolerance:
            return name
    return "still moving"


def name_plateaus(run: Run) -> list[str]:
    """Name the plateau of every start of a run on XOR with binary cross-entropy."""
    starts = zip(run.loss.tolist(), run.solved.tolist(), run.diverged.tolist(), strict=True)
    return [name_plateau(math.nan if lost else loss, solved=solved) for loss, solved, lost in starts]


def count_plateaus(run: Run) -> dict[str, int]:
    """Count the starts on each plateau, every name present, in the order of PLATEAUS."""
    names = name_plateaus(run)
    return {name: names.count(name) for name in PLATEAUS}


def solved_history(run: Run) -> list[Share]:
    """Return the share of solved starts at each recorded epoch of a run."""
    starts = run.accuracy_history.shape[1]
    return [share(int(count), starts) for count in (run.accuracy_history == 1.0).sum(axis=1)]


def false_fail_probability(k: int, n: int, p: float) -> float:
    """Return the probability that a right solution fails a check that asks for k solved starts of n.

    Args:
        k: solved starts the check asks for, 0 to n.
        n: starts, >= 1.
        p: share of starts a right solution solves.

    Returns:
        P(fewer than k successes in n), e.g. false_fail_probability(8, 40, 0.54) is about 2e-6.

    Raises:
        BadInput: k, n or p out of range.

    Source: the binomial distribution, summed exactly.
    """
    if n < 1 or not 0 <= k <= n or not 0 <= p <= 1:
        raise BadInput(f"k={k}, n={n}, p={p}: 0 <= k <= n, n >= 1 and 0 <= p <= 1 are needed.")
    return math.fsum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k))


def forward(stack: Stack, weights: Sequence[Array], x: Array) -> list[Array]:
    """Compute what every layer puts out, for many starts.

    Args:
        stack: the architecture.
        weights: Keras's order, the starts in front of every array.
        x: (rows, features).

    Returns:
        One array (starts, rows, units) per layer; the last one is the prediction.
    """
    h = np.broadcast_to(x.astype(weights[0].dtype), (len(weights[0]), *x.shape))
    arrays, outputs = iter(weights), []
    # The weights of a diverged start are no numbers; its outputs are not either, and that is all there is to say.
    with np.errstate(over="ignore", invalid="ignore"):
        for layer in stack.layers:
            # einsum without optimisation does not call BLAS, so the sums have one order on every machine.
            z = np.einsum("sri,siu->sru", h, next(arrays))
            if layer.use_bias:
                z = z + next(arrays)[:, None, :]
            for op in activate(layer.activation, z.transpose(2, 1, 0), layer.slope):
                op()
            outputs.append(z)
            h = z
    return outputs


def dead_units(stack: Stack, weights: Sequence[Array], x: Array) -> list[Array]:
    """Find the relu units that are silent on every row, and so can no longer learn.

    Args:
        stack: the architecture.
        weights: Keras's order, the starts in front of every array.
        x: all rows the network is trained on, (rows, features).

    Returns:
        One boolean array (starts, units) per layer; all False for a layer without relu.
    """
    outputs = zip(stack.layers, forward(stack, weights, x), strict=True)
    return [(out <= 0).all(axis=1) & np.array(layer.activation == "relu") for layer, out in outputs]
