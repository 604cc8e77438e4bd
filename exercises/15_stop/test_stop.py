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

prints [(1, 2), (1, 2), (3, 3)] (1, 3). On 15 000 random curves with ties it agreed with `follow`
of support/stopping.py.
"""

from fractions import Fraction

import numpy as np
import pytest

from grader import expect
from perceptron.stop.curves import CURVES
from perceptron.stop.stopping import MISTAKES

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
    # A gain is a gain, however small, and losses may be of any size.
    ([0.5, 0.4999, 0.6, 0.7], 2, (1, 3)),
    ([2.5, 2.1, 2.2, 2.15], 2, (1, 3)),
    ([250.0, 240.0, 245.0, 246.0], 2, (1, 3)),
]


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
        fitting = [name for name, rule in MISTAKES.items() if rule(val, patience) == got]
        # Of the mistakes that explain this answer, the one that explains most of the others too.
        name = max(fitting, key=lambda name: count_fitting(MISTAKES[name], cases, answers), default="")
        tag = name.partition(" ")[0] or ("best_differs" if got[1] == want[1] else "stop_differs")
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
