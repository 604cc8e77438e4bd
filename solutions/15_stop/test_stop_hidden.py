"""Hidden checks of kata 15: other curves, recorded and random, and other labels."""

import numpy as np
import pytest

from grader import expect


@pytest.mark.check(points=0.6, step=1, needs="early_stop")
def test_early_stop_any(student):
    """early_stop is right for any curve, ties included, and any patience"""
    rng = student.rng
    # The first curve falls to its end, so that no draw decides whether one is followed that far.
    cases = [(np.sort(rng.uniform(0.1, 3.0, size=14))[::-1].tolist(), 2)]
    for _ in range(24):
        # Few different losses, so that ties and late improvements are common.
        val = rng.integers(1, 8, size=int(rng.integers(1, 12))) / 10
        # From losses whose gains are tiny to losses far above 1.
        val = (val * 10.0 ** int(rng.integers(-6, 5))).tolist()
        cases.append((val, int(rng.integers(0, 5))))
    for (val, patience), answer in zip(cases, student.early_stop.each(cases), strict=True):
        plain = answer.tolist() if hasattr(answer, "tolist") else answer
        plain = list(plain) if isinstance(plain, tuple) else plain
        expect.equal(plain, stop(val, max(patience, 1)), asked="early_stop", tag="some_stops")


def stop(val, patience):
    """[best, stop] from the definition: the first epoch before which `patience` epochs in a row are no new best."""
    new_best = [all(loss < before for before in val[:epoch]) for epoch, loss in enumerate(val)]
    last = next((e for e in range(patience, len(val)) if not any(new_best[e - patience + 1 : e + 1])), len(val) - 1)
    return [val.index(min(val[: last + 1])), last]


# Recorded as the public ones, from other clouds and other starts.
CURVES = [
    # 257 parameters, tanh
    (
        "overfit",
        "0.73 0.62 0.56 0.40 0.25 0.19 0.14 0.09 0.06 0.05 0.03 0.03 0.02 0.02 0.01 0.01 0.01 0.01 0.01 0.01",
        "0.70 0.75 0.72 0.58 0.71 0.94 1.16 1.45 1.74 1.98 2.19 2.34 2.44 2.53 2.60 2.67 2.73 2.78 2.83 2.88",
    ),
    # 257 parameters, relu
    (
        "overfit",
        "0.70 0.44 0.32 0.24 0.16 0.12 0.09 0.07 0.06 0.06 0.05 0.05 0.04 0.04 0.03 0.03 0.03 0.03 0.03 0.02",
        "0.70 0.46 0.45 0.48 0.54 0.67 0.81 0.94 1.03 1.11 1.19 1.26 1.32 1.38 1.44 1.49 1.55 1.60 1.65 1.71",
    ),
    # 257 parameters, tanh; val ends about where it began
    (
        "overfit",
        "0.68 0.65 0.61 0.49 0.31 0.17 0.11 0.08 0.06 0.05 0.04 0.04 0.03 0.03 0.03 0.02 0.02 0.02 0.02 0.01",
        "0.71 0.70 0.67 0.55 0.39 0.31 0.34 0.41 0.46 0.51 0.56 0.62 0.66 0.71 0.76 0.80 0.84 0.88 0.92 0.96",
    ),
    # 17 parameters, tanh
    (
        "fine",
        "0.72 0.60 0.44 0.28 0.21 0.17 0.16 0.15 0.15 0.14 0.14 0.14 0.14 0.14 0.14 0.14 0.13 0.13 0.13 0.13",
        "0.75 0.60 0.42 0.26 0.19 0.16 0.15 0.14 0.14 0.14 0.13 0.13 0.13 0.13 0.13 0.13 0.13 0.13 0.13 0.13",
    ),
    # 257 parameters, relu; val ends a little above its best, which is a wobble
    (
        "fine",
        "0.69 0.42 0.23 0.16 0.14 0.14 0.14 0.14 0.14 0.14 0.14 0.14 0.14 0.14 0.14 0.14 0.14 0.14 0.14 0.14",
        "0.70 0.44 0.24 0.16 0.15 0.14 0.15 0.15 0.15 0.15 0.15 0.15 0.15 0.15 0.15 0.15 0.15 0.15 0.15 0.15",
    ),
    # 17 parameters, tanh; twelve epochs, and train ends as low as where one overfits
    (
        "fine",
        "0.69 0.54 0.29 0.14 0.09 0.07 0.07 0.06 0.06 0.05 0.05 0.05",
        "0.69 0.55 0.31 0.15 0.09 0.07 0.06 0.06 0.06 0.06 0.06 0.05",
    ),
    # 17 parameters, sigmoid
    (
        "underfit",
        "0.69 0.69 0.69 0.65 0.60 0.55 0.53 0.51 0.50 0.49 0.49 0.49 0.49 0.48 0.48 0.48 0.48 0.48 0.48 0.48",
        "0.69 0.69 0.69 0.67 0.63 0.58 0.56 0.54 0.53 0.53 0.52 0.52 0.52 0.52 0.51 0.51 0.51 0.51 0.51 0.51",
    ),
    # 17 parameters, relu
    (
        "underfit",
        "0.70 0.65 0.57 0.53 0.52 0.51 0.51 0.51 0.51 0.51 0.51 0.51 0.51 0.51 0.51 0.51 0.51 0.51 0.51 0.50",
        "0.69 0.64 0.55 0.51 0.50 0.49 0.49 0.49 0.49 0.49 0.49 0.49 0.49 0.49 0.49 0.49 0.49 0.49 0.49 0.49",
    ),
    # 257 parameters, sigmoid
    (
        "stuck",
        "0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70",
        "0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71",
    ),
    # 17 parameters, tanh
    (
        "stuck",
        "0.69 0.69 0.69 0.69 0.69 0.69 0.69 0.69 0.69 0.69 0.69 0.69 0.69 0.69 0.69 0.69 0.69 0.68 0.68 0.68",
        "0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70",
    ),
]


@pytest.mark.check(points=0.15, step=2, needs="diagnose[{word}]")
@pytest.mark.parametrize("word", ["stuck", "underfit", "overfit", "fine"])
def test_diagnose_others(student, word):
    """For other curves that are '{word}', diagnose says so"""
    cases = [[[float(loss) for loss in text.split()] for text in texts] for kind, *texts in CURVES if kind == word]
    for answer in student.diagnose.each(cases):
        if answer is None:
            expect.fail("returned_nothing", asked="diagnose")
        if not isinstance(answer, str) or answer.strip().lower() != word:
            expect.fail("other_curves", asked="diagnose")


@pytest.mark.check(points=0.4, step=3, needs="class_weights")
def test_labels_any(student):
    """majority_baseline and class_weights are right for any labels"""
    rng = student.rng
    for _ in range(6):
        labels = rng.integers(0, 6, size=int(rng.integers(3, 40))).tolist()
        n, kinds = len(labels), set(labels)
        share = max(sum(other == label for other in labels) for label in kinds) / n
        baseline = student.majority_baseline(labels)
        expect.close(baseline, share, rtol=0, atol=1e-6, asked="majority_baseline", tag="other_labels")
        weights = student.class_weights(labels)
        if not isinstance(weights, dict) or not all(isinstance(weight, (int, float)) for weight in weights.values()):
            expect.fail("not_weights", asked="class_weights")
        if set(weights) != kinds:
            expect.fail("labels_differ", asked="class_weights")
        for label in kinds:
            want = n / sum(other == label for other in labels) / len(kinds)
            expect.close(weights[label], want, rtol=1e-6, atol=0, asked="class_weights", tag="other_labels")
