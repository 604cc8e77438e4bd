"""Public checks of kata 15: early stopping, four kinds of curves, the majority's accuracy, class weights.

early_stop is Keras's EarlyStopping(patience=patience, mode="min"), whose rule was compared once by hand (Keras 3.15.1):

    python -c "
    import random, keras
    class Model: stop_training = False
    def stop(val, patience):
        rule, model = keras.callbacks.EarlyStopping(patience=patience, mode='min'), Model()
        rule.set_model(model), rule.on_train_begin()
        for epoch, loss in enumerate(val):
            rule.on_epoch_end(epoch, {'val_loss': loss})
            if model.stop_training: break
        return rule.best_epoch, epoch
    print([stop([0.7, 0.5, 0.6, 0.4], p) for p in (0, 1, 2)], stop([0.6, 0.5, 0.5, 0.5, 0.4], 2))"

prints [(1, 2), (1, 2), (3, 3)] (1, 3). On 15 000 random curves with ties it agreed with `follow` below.
"""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from grader import expect

# --- early_stop --------------------------------------------------------------------------------------------------

# (val, patience) -> (best_epoch, stop_epoch), worked out by hand.
STOPS = [
    ([0.9, 0.7, 0.6, 0.65, 0.64, 0.66, 0.7], 3, (2, 5)),
    ([0.9, 0.7, 0.75, 0.6, 0.62, 0.61, 0.5, 0.4], 2, (3, 5)),
    ([0.9, 0.5, 0.8, 0.7, 0.6, 0.45], 2, (1, 3)),
    ([0.8, 0.7, 0.6, 0.5, 0.4], 2, (4, 4)),
    ([0.5, 0.6, 0.7, 0.8, 0.9], 3, (0, 3)),
    ([0.9, 0.8, 0.85, 0.86], 3, (1, 3)),
    ([0.5, 0.5, 0.4, 0.6, 0.7], 2, (2, 4)),
]
EDGES = [
    ([0.6, 0.5, 0.5, 0.5, 0.4], 2, (1, 3)),
    ([0.7, 0.5, 0.6, 0.4], 1, (1, 2)),
    ([0.7, 0.5, 0.6, 0.4], 0, (1, 2)),
    ([0.4], 3, (0, 0)),
]


def follow(val, patience, *, ties=False, resets=True, previous=False, uncounted=False):
    """The rule step by step, or with one known mistake built in."""
    best, waited = 0, 0
    for epoch, loss in list(enumerate(val))[1:]:
        mark = val[epoch - 1] if previous else val[best]
        if uncounted and loss == mark:
            continue
        if loss < mark or (ties and loss == mark):
            waited = 0 if resets else waited
        else:
            waited += 1
        if loss < val[best] or (ties and loss == val[best]):
            best = epoch
        elif waited >= max(patience, 1):
            return best, epoch
    return best, len(val) - 1


def take_falls(val, patience):
    """As `follow`, but whatever is below the loss just before becomes the best."""
    best = 0
    for epoch, (before, loss) in enumerate(pairwise(val), 1):
        if loss < before:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return best, epoch
    return best, len(val) - 1


def first_rise(val, _patience):
    return next(((e - 1, e) for e in range(1, len(val)) if val[e] > val[e - 1]), None)


def lowest(val):
    return min(range(len(val)), key=lambda epoch: val[epoch])


MISTAKES = {
    "stops_at_first_rise": first_rise,
    "returns_stop_as_best": lambda val, p: (follow(val, p)[1],) * 2,
    "swapped": lambda val, p: follow(val, p)[::-1],
    "counts_from_one": lambda val, p: tuple(epoch + 1 for epoch in follow(val, p)),
    "looks_past_stop": lambda val, p: (lowest(val), follow(val, p)[1]),
    "never_stops": lambda val, _: (lowest(val), len(val) - 1),
    "tie_is_best": lambda val, p: follow(val, p, ties=True),
    "tie_uncounted": lambda val, p: follow(val, p, uncounted=True),
    "never_resets": lambda val, p: follow(val, p, resets=False),
    "fall_is_best": take_falls,
    "compares_with_previous": lambda val, p: follow(val, p, previous=True),
    "waits_too_long": lambda val, p: follow(val, p + 1),
    "waits_too_short": lambda val, p: follow(val, p - 1),
    "past_the_end": lambda val, p: (follow(val, p)[0], len(val)),
}


@pytest.mark.check(points=0.6, step=1)
def test_early_stop(student):
    """early_stop finds the best epoch and the epoch where training stops"""
    check_stops(student, STOPS)


@pytest.mark.check(points=0.3, step=1, needs="early_stop")
def test_early_stop_edges(student):
    """early_stop is right for ties, for patience 1 and 0, and for a single epoch"""
    check_stops(student, EDGES)


TIE = ([0.5, 0.5, 0.6, 0.7], 2, (0, 2))


def ask_tie(student):
    try:
        return student.early_stop(*TIE[:2])
    except expect.Mismatch:
        return None


def check_stops(student, cases):
    answers = list(student.early_stop.each((val, patience) for val, patience, _ in cases))
    for (val, patience, want), answer in zip(cases, answers, strict=True):
        shown = {
            "asked": expect.call_text("early_stop", [val, patience]),
            "expected": want,
            "actual": expect.show(answer),
        }
        got = pair(answer, shown)
        if got == want:
            continue
        if patience == 0:
            expect.fail("patience_zero", **shown)
        # One more question, which tells apart what may become of a tie.
        cases, answers = [*cases, TIE], [*answers, ask_tie(student)]
        fitting = [tag for tag, rule in MISTAKES.items() if rule(val, patience) == got]
        # Of the mistakes that explain this answer, the one that explains most of the others too.
        tag = max(fitting, key=lambda tag: count_fitting(MISTAKES[tag], cases, answers), default="")
        tag = tag or ("best_differs" if got[1] == want[1] else "stop_differs")
        expect.fail(tag, **shown, e=expect.show(got[1]), p=patience, n=len(val), last=len(val) - 1)


def count_fitting(rule, cases, answers):
    return sum(
        as_pair(answer) == rule(val, patience) for (val, patience, _), answer in zip(cases, answers, strict=True)
    )


def as_pair(answer):
    """Two numbers as a tuple; None for anything else."""
    plain = answer.tolist() if hasattr(answer, "tolist") else answer
    if not isinstance(plain, (tuple, list)) or len(plain) != 2:
        return None
    return tuple(plain) if all(isinstance(epoch, (int, float)) for epoch in plain) else None


def pair(answer, shown):
    if answer is None:
        expect.fail("returned_nothing", **shown)
    found = as_pair(answer)
    if found is None:
        expect.fail("not_a_pair", **shown)
    return found


# --- diagnose ----------------------------------------------------------------------------------------------------

# Losses at twenty epochs, evenly spread, of real trainings with grader.training: noisy clouds of points around the four
# rows of XOR, some labels flipped for 'overfit'; 200 fresh points for val. The recipe is in the authors' NOTE.md.
CURVES = [
    # 257 parameters, tanh
    (
        "overfit",
        "0.72 0.65 0.51 0.34 0.23 0.19 0.17 0.16 0.14 0.12 0.10 0.08 0.07 0.05 0.04 0.04 0.03 0.03 0.03 0.03",
        "0.71 0.68 0.54 0.46 0.56 0.74 0.86 0.92 0.92 0.92 1.00 1.12 1.23 1.32 1.39 1.45 1.51 1.56 1.61 1.67",
    ),
    # 257 parameters, relu
    (
        "overfit",
        "0.69 0.45 0.32 0.24 0.18 0.15 0.12 0.10 0.09 0.08 0.07 0.06 0.05 0.05 0.04 0.04 0.03 0.03 0.03 0.02",
        "0.68 0.48 0.45 0.52 0.66 0.79 0.91 1.04 1.14 1.22 1.32 1.41 1.47 1.55 1.62 1.69 1.76 1.81 1.88 1.92",
    ),
    # 17 parameters, tanh
    (
        "fine",
        "0.69 0.55 0.32 0.22 0.19 0.18 0.17 0.17 0.17 0.16 0.16 0.16 0.16 0.16 0.16 0.16 0.16 0.16 0.16 0.16",
        "0.69 0.56 0.35 0.24 0.20 0.19 0.19 0.19 0.18 0.18 0.18 0.18 0.18 0.18 0.18 0.18 0.18 0.18 0.18 0.18",
    ),
    # 257 parameters, relu
    (
        "fine",
        "0.70 0.64 0.58 0.52 0.45 0.38 0.32 0.28 0.25 0.22 0.20 0.19 0.18 0.17 0.17 0.16 0.16 0.15 0.15 0.15",
        "0.70 0.64 0.59 0.53 0.46 0.40 0.34 0.29 0.26 0.23 0.21 0.20 0.19 0.18 0.17 0.17 0.16 0.16 0.16 0.15",
    ),
    # 17 parameters, sigmoid
    (
        "underfit",
        "0.69 0.69 0.69 0.67 0.62 0.56 0.53 0.52 0.51 0.50 0.50 0.49 0.49 0.49 0.49 0.49 0.49 0.48 0.48 0.48",
        "0.69 0.69 0.69 0.67 0.61 0.55 0.52 0.50 0.49 0.49 0.48 0.48 0.48 0.48 0.47 0.47 0.47 0.47 0.47 0.47",
    ),
    # 257 parameters, sigmoid
    (
        "underfit",
        "0.73 0.70 0.69 0.69 0.69 0.69 0.69 0.69 0.69 0.69 0.69 0.68 0.67 0.66 0.65 0.63 0.61 0.58 0.54 0.50",
        "0.70 0.69 0.71 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.69 0.69 0.68 0.67 0.66 0.64 0.61 0.58 0.55 0.51",
    ),
    # 257 parameters, relu
    (
        "stuck",
        "0.69 0.69 0.69 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68",
        "0.69 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70",
    ),
    # 17 parameters, tanh
    (
        "stuck",
        "0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70",
        "0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.71 0.70 0.70 0.70 0.70 0.70 0.70",
    ),
]
WORDS = ("stuck", "underfit", "overfit", "fine")


@pytest.mark.check(points=0.2, step=2)
@pytest.mark.parametrize("word", WORDS)
def test_diagnose(student, word):
    """For curves that are '{word}', diagnose says so"""
    for kind, train, val in CURVES:
        if kind == word:
            train_losses, val_losses = ([float(loss) for loss in text.split()] for text in (train, val))
            answer = student.diagnose(train_losses, val_losses)
            asked = expect.call_text("diagnose", [train_losses, val_losses])
            judge_word(answer, word, train_losses, val_losses, asked)


def judge_word(answer, word, train, val, asked):
    shown = {"asked": asked, "expected": expect.show(word), "actual": expect.show(answer)}
    if answer is None:
        expect.fail("returned_nothing", **shown)
    said = answer.strip().lower() if isinstance(answer, str) else ""
    if said not in WORDS:
        expect.fail("unknown_word", **shown)
    if said == word:
        return
    ends = {
        "t": expect.show(train[-1]),
        "a": expect.show(train[0]),
        "v": expect.show(val[-1]),
        "m": expect.show(min(val)),
    }
    if said == "stuck" or (word == "stuck" and said == "underfit"):
        expect.fail("did_it_move", **shown, **ends)
    if said == "underfit":
        expect.fail("train_is_low", **shown, **ends)
    if said == "overfit":
        expect.fail("wobble" if word == "fine" else "low_train_acc", **shown, **ends)
    expect.fail("uses_train_curve" if word == "overfit" else "fine_but_high", **shown, **ends)


# --- labels ------------------------------------------------------------------------------------------------------

LABELS = {
    "[0] * 190 + [1] * 10": [0] * 190 + [1] * 10,
    "[1, 1, 2]": [1, 1, 2],
    "[3, 0, 3, 7, 3, 0]": [3, 0, 3, 7, 3, 0],
    "[4]": [4],
    "[2] * 5 + [6] * 3": [2] * 5 + [6] * 3,
}


def counts(labels):
    return {label: labels.count(label) for label in sorted(set(labels))}


def most(labels):
    return max(counts(labels).values())


def commonest(labels):
    return max(counts(labels), key=labels.count)


# What each known mistake answers.
BASELINES = {
    "returns_count": most,
    "as_percent": lambda labels: 100 * most(labels) / len(labels),
    "returns_label": commonest,
    "whole_division": lambda labels: most(labels) // len(labels),
}


def count_baselines(student, rule):
    """How many of the lists get the answer of a known mistake."""
    found = 0
    for labels in LABELS.values():
        try:
            answer = student.majority_baseline(labels)
        except expect.Mismatch:
            continue
        found += expect.is_number(answer) and abs(expect.number(answer, asked="") - rule(labels)) <= 1e-6
    return found


@pytest.mark.check(points=0.3, step=3)
def test_majority_baseline(student):
    """majority_baseline is the accuracy of always giving the commonest label"""
    for text, labels in LABELS.items():
        asked, n = f"majority_baseline({text})", len(labels)
        often = max(counts(labels).values())
        answer = student.majority_baseline(labels)
        got = expect.number(answer, asked=asked)
        # 1e-6 leaves room for float32, whose digits end at 1e-7.
        if abs(got - often / n) <= 1e-6:
            continue
        label = next(label for label, count in counts(labels).items() if count == often)
        shown = {"asked": asked, "expected": expect.show(often / n), "actual": expect.show(answer)}
        fitting = [tag for tag, rule in BASELINES.items() if abs(got - rule(labels)) <= 1e-6]
        if fitting:
            # Of those that explain this answer, the one that explains most of the others too.
            expect.fail(max(fitting, key=lambda tag: count_baselines(student, BASELINES[tag])), **shown)
        if n == 200:
            expect.fail("accuracy_95", **shown, label=label)
        expect.fail_value(got, often / n, **shown)


# Rows n, kinds of labels k, rows with this label: what each known mistake makes of them.
SCALES = {
    "whole_division": (lambda n, k, count: n // (k * count), lambda n, k, count: n // k // count),
    "upside_down": (lambda n, k, count: k * count / n, lambda n, _, count: count / n, lambda _, __, count: count),
    "k_missing": (lambda n, _, count: n / count,),
    "not_scaled": (lambda _, __, count: 1 / count, lambda _, k, count: 1 / (k * count)),
}


@pytest.mark.check(points=0.4, step=3)
def test_class_weights(student):
    """class_weights gives rare labels the larger weight"""
    for text, labels in LABELS.items():
        found = counts(labels)
        n, k = len(labels), len(found)
        want = {label: float(Fraction(n, k * count)) for label, count in found.items()}
        answer = student.class_weights(labels)
        shown = {"asked": f"class_weights({text})", "expected": want, "actual": expect.show(answer)}
        compare_weights(answer, want, n, found, shown)


def compare_weights(answer, want, n, found, shown):
    if answer is None:
        expect.fail("returned_nothing", **shown)
    if not isinstance(answer, dict) or not all(isinstance(weight, (int, float)) for weight in answer.values()):
        expect.fail("not_weights", **shown)
    if set(answer) != set(want):
        expect.fail("labels_differ", **shown)
    if same_weights(answer, want):
        return
    k = len(found)
    for other in (max(found) + 1, 2):
        if other != k and same_weights(answer, {label: weight * k / other for label, weight in want.items()}):
            expect.fail("k_from_largest", **shown, k=other)
    if k > 1 and is_largest_above(answer, found):
        expect.fail("largest_above", **shown)
    for tag, rules in SCALES.items():
        if any(same_weights(answer, {label: rule(n, k, c) for label, c in found.items()}) for rule in rules):
            expect.fail(tag, **shown)
    expect.fail_value([float(answer[label]) for label in want], [*want.values()], **shown)


def is_largest_above(answer, found):
    """True if these are the largest count over each count, rounded or not."""
    largest = max(found.values())
    ratios = {label: largest / count for label, count in found.items()}
    return any(same_weights(answer, {label: cut(r) for label, r in ratios.items()}) for cut in (float, round, int))


def same_weights(answer, want):
    # 1e-6 as above; the weights differ in size, so it is relative.
    return all(np.isclose(float(answer[label]), want[label], rtol=1e-6, atol=0) for label in want)
