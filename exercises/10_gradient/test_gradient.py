"""Public checks of kata 10: a measured slope, the slope of the mean squared error, and the lecture's step uphill."""

import math

import numpy as np
import pytest

from grader import expect
from perceptron.shared import diagnosis

# Functions of (w, b) as lists of [factor, power of w, power of b], with the slopes worked out by hand.
SQUARE = ("w**2", [[1.0, 2, 0]], (1.2345678, 1.0), (2.4691356, 0.0))
PRODUCT = ("w*b", [[1.0, 1, 1]], (2.0, -5.0), (-5.0, 2.0))
CUBE = ("w**3 + w*b**2", [[1.0, 3, 0], [1.0, 1, 2]], (1.0, 2.0), (7.0, 4.0))

# Central differences are exact for these but for the last digits of float64, which h = 1e-5 blows up to about 1e-10.
# A one-sided difference of w**2 is 1e-5 off. Seven places, so that an answer that is rounded shows it.
EXACT = 1e-7

DATA = {
    "A": ([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 5.0, 7.0], 0.5, -0.75),
    "B": ([-2.0, 1.0, 4.0, 3.0], [3.0, -4.0, 0.0, 6.0], -1.5, 2.0),
    "C": ([5.0, -3.0, 0.5, 2.0, -1.0], [-6.0, 2.0, 1.0, 0.0, 8.0], 1.2345678, 0.5),
}

# Slopes may be measured: with h = 1e-5 and a loss of 100 the digits end near 1e-9. Ladder: relative error below 1e-6.
CLOSE = {"rtol": 1e-6, "atol": 1e-6}


# --- predictions ------------------------------------------------------------------------------------------------------


@pytest.mark.check(points=0.9, step=1)
def test_uphill(student):
    """UPHILL: there the lecture's step makes the loss larger"""
    x, y, w, b = read_case(student.UPHILL)
    case = f"x = {x:g}, y = {y:g}, w = {w:g}, b = {b:g}"
    prediction = w * x + b
    asked = f"UPHILL ({case})"
    if prediction == 0:
        expect.fail("pred_zero", asked=f"{asked}: w*x + b", expected="!= 0", actual=0)
    step = 0.01 * (y - prediction) / prediction
    before, after = (prediction - y) ** 2, ((w + step) * x + b + step - y) ** 2
    if not math.isfinite(after):
        expect.fail("pred_zero", asked=f"{asked}: (y - (w*x + b)) / (w*x + b)", expected="abs(...) < inf", actual=step)
    shown = {"asked": f"{asked}: (w*x + b - y)**2", "expected": f"> {expect.show(before)}", "actual": after}
    if before < 1e-12:
        expect.fail("already_fits", **shown)
    # The ladder's bound; a step of this length changes a loss of 1 by about 0.01.
    if not after > before + 1e-6:
        expect.fail("not_uphill", **shown, case=case, before=before, after=after)


def read_case(case):
    names = ("x", "y", "w", "b")
    if not isinstance(case, dict) or set(case) != set(names):
        expect.fail(
            "uphill_form", asked="UPHILL", expected="{'x': ?, 'y': ?, 'w': ?, 'b': ?}", actual=expect.show(case)
        )
    numbers = [expect.number(case[name], asked=f"UPHILL[{name!r}]") for name in names]
    # Their squares and products have to stay numbers.
    if not all(abs(number) <= 1e30 for number in numbers):
        expect.fail("uphill_form", asked="UPHILL", expected="abs(number) <= 1e30", actual=expect.show(case))
    return numbers


@pytest.mark.check(points=0.2, step=1)
def test_rates_form(student):
    """RATES: each word has one of the three rates (a hidden check asks whether it is the right one)"""
    rates = student.RATES
    shown = {"asked": "RATES", "expected": "{'slow': ?, 'good': ?, 'diverges': ?}", "actual": expect.show(rates)}
    if not isinstance(rates, dict) or set(rates) != {"slow", "good", "diverges"}:
        expect.fail("rates_form", **shown)
    # A dictionary's values in this order, whatever the student's was.
    found = [rates[word] for word in ("slow", "good", "diverges")]
    if not all(isinstance(rate, (int, float)) and rate in (0.001, 0.1, 0.3) for rate in found):
        expect.fail("not_a_rate", **shown)
    if len(set(found)) != 3:
        expect.fail("rate_twice", **shown)
    student.record("RATES")


# --- numeric_grad -----------------------------------------------------------------------------------------------------


# The product comes first: of w**2 alone, several mistakes give the same two numbers.
@pytest.mark.check(points=0.6, step=2)
def test_numeric_product(student):
    """numeric_grad measures the slopes of w*b, by w and by b apart"""
    check_numeric(student, *PRODUCT, atol=EXACT)


@pytest.mark.check(points=0.5, step=2)
def test_numeric_square(student):
    """numeric_grad measures the slopes of w**2"""
    check_numeric(student, *SQUARE, atol=EXACT)


@pytest.mark.check(points=0.5, step=2, needs="numeric_square")
def test_numeric_wide_step(student):
    """With a step as wide as h = 0.1, numeric_grad is still off by only h**2"""
    # (w + h)**3 - (w - h)**3 over 2h is 3*w**2 + h**2; one side alone is off by 3*w*h = 0.3.
    check_numeric(student, *CUBE, atol=0.0101, h=0.1)
    # By powers of five even half the step shows, and so does a finer formula than asked for.
    answers = []
    for h in (0.4, 1e-4):
        with student.replacing("f", "polynomial", [[1.0, 5, 0], [1.0, 0, 5]]):
            answer = student.numeric_grad(student.f, 1.5, 1.0, h)
        answers.append(read_pair(answer, f"f = w**5 + b**5: numeric_grad(f, 1.5, 1.0, {h})"))
    if np.allclose(answers[0], answers[1], rtol=1e-3, atol=0):
        asked = "f = w**5 + b**5: numeric_grad(f, 1.5, 1.0, 0.4)"
        expect.fail("h_unused", asked=asked, expected="!= h = 1e-4", actual=answers[0])


def check_numeric(student, text, terms, point, want, *, atol, h=None):
    step = () if h is None else (h,)
    with student.replacing("f", "polynomial", terms):
        answer = student.numeric_grad(student.f, *point, *step)
    asked = f"f = {text}: {expect.call_text('numeric_grad', ['f', *point, *step])}".replace("'f'", "f")
    got = read_pair(answer, asked)
    if np.allclose(got, want, rtol=0, atol=atol):
        return

    def f(w, b):
        return sum(factor * w**i * b**j for factor, i, j in terms)

    # Eight digits: what is wrong with 6.00001 stands behind the fourth.
    shown = {"asked": asked, "expected": want, "actual": f"({got[0]:.8g}, {got[1]:.8g})"}
    values = {"h": h or 1e-5, "err": max(abs(g - w) for g, w in zip(got, want, strict=True)), "got": got[0]}
    known = mistakes(f, *point, values["h"])
    for tag, pairs in known.items():
        if any(is_pair(got, pair) for pair in pairs):
            expect.fail(tag, **shown, **values)
    # Two of them at a time: each known number with its sign turned, or in the other order.
    for tag, pairs in known.items():
        for change, other in (("ends_swapped", -np.array(pairs)), ("swapped_pair", np.array(pairs)[:, ::-1])):
            if tag in TOGETHER and any(is_pair(got, pair) for pair in other):
                expect.fail("several_in_numeric", **shown, parts=(tag, change))
    own = [s for s in OWN_STEPS if any(is_pair(got, pair, 1e-14) for pair in central_and_sided(f, *point, s))]
    if own and values["h"] not in own:
        # Very small steps may give the same digits; then none of them is said to be the one.
        expect.fail("own_step", **shown, **values, own=" / ".join(map(expect.show, own)))
    expect.fail_value(got, want, **shown)


# Steps that somebody may have written into the function.
OWN_STEPS = [factor * 10.0**-power for power in range(1, 17) for factor in (1, 5)]
TOGETHER = ("missing_2h", "not_divided", "only_h_apart", "one_sided", "brackets")


def is_pair(got, pair, share=1e-9):
    """True if these are the numbers, but for this share; numbers near 0 have to agree as well as large ones."""
    return np.allclose(got, pair, rtol=share, atol=share * np.abs(pair).max())


def central_and_sided(f, w, b, h):
    yield (f(w + h, b) - f(w - h, b)) / (2 * h), (f(w, b + h) - f(w, b - h)) / (2 * h)
    yield (f(w + h, b) - f(w, b)) / h, (f(w, b + h) - f(w, b)) / h


def mistakes(f, w, b, h):
    """What each known mistake measures, most telling first."""
    ahead = (f(w + h, b) - f(w, b), f(w, b + h) - f(w, b))
    behind = (f(w, b) - f(w - h, b), f(w, b) - f(w, b - h))
    apart = tuple(one + other for one, other in zip(ahead, behind, strict=True))
    slopes = tuple(part / (2 * h) for part in apart)
    # Without brackets only the second value is divided.
    here, far, near = f(w, b), (f(w + h, b), f(w, b + h)), (f(w - h, b), f(w, b - h))
    undivided = [tuple(one - other / (2 * h) for one, other in zip(far, near, strict=True))]
    undivided += [tuple(one - here / step for one in far) for step in (h, 2 * h)]
    corner = (f(w + h, b + h) - f(w - h, b - h)) / (2 * h)
    return {
        "swapped_pair": [slopes[::-1]],
        "ends_swapped": [tuple(-slope for slope in slopes)],
        "same_twice": [(slope, slope) for slope in slopes],
        "both_moved": [(corner, corner), (f(w + h, b + h) / h - f(w, b) / h,) * 2],
        "missing_2h": [tuple(part / h for part in apart)],
        "not_divided": [apart, ahead, tuple(part / 2 for part in apart)],
        "multiplied_by_h": [tuple(part / 2 * h for part in apart), tuple(part * h for part in ahead)],
        "brackets": undivided,
        "only_h_apart": [tuple(part / (2 * h) for part in side) for side in (ahead, behind)],
        "one_sided": [tuple(part / h for part in side) for side in (ahead, behind)],
    }


def read_pair(answer, asked, *, rows=0):
    """Read two numbers.

    Raises:
        Mismatch: "returned_nothing", "per_sample", "not_a_pair".
    """
    shown = {"asked": asked, "expected": "(dw, db)", "actual": expect.show(answer)}
    if answer is None:
        expect.fail("returned_nothing", **shown)
    plain = answer.tolist() if hasattr(answer, "tolist") else answer
    if not isinstance(plain, (tuple, list)) or len(plain) != 2:
        expect.fail("not_a_pair", **shown)
    if rows > 1 and any(getattr(part, "size", 0) == rows for part in answer):
        expect.fail("per_sample", **shown, n=rows)
    if not all(map(expect.is_number, plain)):
        expect.fail("not_a_pair", **shown)
    return tuple(expect.number(part, asked=asked) for part in plain)


# --- grad -------------------------------------------------------------------------------------------------------------


@pytest.mark.check(points=0.5, step=3)
@pytest.mark.parametrize("data", DATA)
def test_grad(student, data):
    """Data set {data}: grad is the slope of the mean squared error"""
    x, y, w, b = (np.array(part) if isinstance(part, list) else part for part in DATA[data])
    want = slopes_from_sums(w, b, x, y)
    asked = f"grad(w={w:g}, b={b:g}, X={expect.show(x)}, y={expect.show(y)})"
    got = read_pair(student.grad(w, b, x, y), asked, rows=len(x))
    if not np.allclose(got, want, **CLOSE):
        explain_grad(student, got, want, len(x), {"asked": asked, "expected": want, "actual": got})


def slopes_from_sums(w, b, x, y):
    # The loss written out: w**2 mean(xx) + 2wb mean(x) + b**2 - 2w mean(xy) - 2b mean(y) + mean(yy).
    by_w = 2 * w * float(np.mean(x * x)) + 2 * b * float(np.mean(x)) - 2 * float(np.mean(x * y))
    return by_w, 2 * w * float(np.mean(x)) + 2 * b - 2 * float(np.mean(y))


RULES = {
    "sign": "sign",
    "half_sign": "half_sign",
    "no_x_factor": "no_x",
    "x_on_bias_too": "x_on_b",
    "bias_never_updated": "slope_missing",
    "weight_never_updated": "slope_missing",
    "means_multiplied": "means_multiplied",
    "absolute_error": "absolute_error",
    "loss_as_slope": "loss_as_slope",
    "note_error_over_pred": "note_rule",
    "error_over_pred_x": "note_rule",
    "first_sample_only": "one_sample_only",
    "last_sample_only": "one_sample_only",
    "every_pair": "every_pair",
}
"""perceptron.shared.diagnosis's names of wrong rules, and the tags of this kata."""


def explain_grad(student, got, want, rows, shown):
    """Say which known mistake gives this answer."""
    if np.allclose(got, want[::-1], **CLOSE):
        expect.fail("swapped_pair", **shown)
    ratio = got[0] / want[0]
    if np.allclose(got, np.multiply(want, ratio), **CLOSE):
        for part, size in (("half_slope", 0.5), ("sum_not_mean", rows), ("half_sum", rows / 2)):
            # Of two samples, half the sum is the mean.
            if ratio < 0 and size != 1 and math.isclose(-ratio, size, rel_tol=1e-6):
                expect.fail("several_in_grad", **shown, parts=("sign", part))
        if math.isclose(ratio, 0.5, rel_tol=1e-6):
            expect.fail("half_slope", **shown)
        if any(math.isclose(ratio, times * rows, rel_tol=1e-6) for times in (0.5, 1)):
            expect.fail("sum_not_mean", **shown, n=rows)
        if any(math.isclose(ratio, times * rows / other, rel_tol=1e-6) for times in (0.5, 1) for other in (2, 3, 4)):
            expect.fail("number_of_samples", **shown)
    if expect.is_rounded(got, want):
        expect.fail("rounded", **shown)
    if np.allclose(got, want, rtol=1e-3, atol=1e-3):
        expect.fail("nearly", **{**shown, "actual": f"({got[0]:.8g}, {got[1]:.8g})"})
    steps = grad_steps(student)
    rule = diagnosis.name_rule(steps)
    # The lecture adds its step, a slope is subtracted: its rule may come with either sign.
    turned = diagnosis.name_rule([diagnosis.Step(**{**vars(s), "dw": -s.dw, "db": -s.db}) for s in steps])
    if turned in ("note_error_over_pred", "error_over_pred_x"):
        rule = turned
    if rule is None:
        name_half(got, want, shown)
    expect.fail(RULES.get(rule or "", "not_the_slope"), **shown)


def name_half(got, want, shown):
    """Fail if one of the two slopes is right; return otherwise."""
    right = [math.isclose(g, w, rel_tol=1e-6, abs_tol=1e-6) for g, w in zip(got, want, strict=True)]
    if any(right):
        names = ("dw", "db") if right[0] else ("db", "dw")
        expect.fail("one_right", **shown, right=names[0], wrong=names[1])


def grad_steps(student):
    """The answer of grad on probing data, as steps of a training loop that subtracts it; [] if it is no pair."""
    w, b, lr = 0.7, -0.4, diagnosis.PROBE_LR
    steps = []
    for x, y in diagnosis.probe_data(student.rng, w, b):
        try:
            dw, db = read_pair(student.grad(w, b, x, y), "grad")
        except expect.Mismatch:
            return []
        steps.append(diagnosis.Step(w=w, b=b, x=x, y=y, lr=lr, dw=-lr * dw, db=-lr * db))
    return steps
