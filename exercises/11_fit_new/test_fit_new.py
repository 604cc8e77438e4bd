"""Public checks of kata 11: the lecture's step as it is, then a fit_new that walks downhill."""

import math

import numpy as np
import pytest

from grader import expect
from grader.checks.crash import StudentFault
from perceptron.fit_new import line_fit
from perceptron.shared import again, diagnosis

X = np.array([0.0, 1.0, 2.0, 3.0])
Y = 2 * X + 1

# Chosen so that every loss up to a factor arrives: the steepest one (twice the sum of the squares) is at 5/6 of the
# rate at which it would diverge on X, the flattest (half the mean) is 0.0002 from the line after these epochs.
LR = 0.025
EPOCHS = 1200
CLOSE = 0.01


# --- the lecture's own update ---------------------------------------------------------------------------------------


@pytest.mark.check(points=0.35, step=1)
@pytest.mark.parametrize("case", [(0.5, 0.2, 1, 1, 0.1), (0.5, 0.5, 3, 4, 0.01)], ids=["x=1", "x=3"])
def test_note_one_step(student, case):
    """note_step{case} is the lecture's update"""
    w, b, x, y, lr = case
    answer = line_fit.note_step(student, *case)
    step = (y - (w * x + b)) / (w * x + b)
    expected = (w + lr * step, b + lr * step)
    # A sum in another order differs in the last digit or two.
    if np.allclose(answer, expected, rtol=1e-9, atol=1e-12):
        return
    error = y - (w * x + b)
    known = {
        "note_minus": [(w - lr * step, b - lr * step)],
        "note_without_lr": [(w + step, b + step)],
        "whole_division": [(w + lr * math.floor(step), b + lr * math.floor(step))],
        "note_with_x": [(w + lr * step * x, b + lr * step)],
        "note_without_division": [
            (w + lr * error * factor * on_w, b + lr * error * factor) for factor in (1, 2) for on_w in (1, x)
        ],
    }
    shown = {"asked": f"note_step{case}", "expected": expected, "actual": answer}
    for tag, values in known.items():
        if any(np.allclose(answer, value, rtol=1e-9, atol=1e-12) for value in values):
            expect.fail(tag, **shown)
    expect.fail_value(answer, expected, **shown)


@pytest.mark.check(points=0.5, step=1, needs="note_one_step[x=1]")
def test_note_walk(student):
    """With x = 1 and y = 1 the steps of note_step lead to 1, with a smaller lr more slowly"""
    left = {}
    for lr in (0.2, 0.02):
        w, b = 0.5, 0.2
        for _ in range(10):
            w, b = line_fit.note_step(student, w, b, 1, 1, lr)
        left[lr] = abs(w + b - 1)
    asked = "w, b = 0.5, 0.2; 10 x note_step(w, b, 1, 1, {}): abs(w + b - 1)"
    # 0.3 is left at the start; a step with lr = 0.2 takes away about 2 * lr of what is left.
    expect.close(left[0.2], 0.0, rtol=0, atol=0.01, asked=asked.format(0.2))
    if not 0.1 < left[0.02] < 0.3:
        expect.fail("wrong_value", asked=asked.format(0.02), expected="0.1 ... 0.3", actual=left[0.02])
    # From above, where the error is negative. A fifth of the way is left to go.
    w, b = 1.2, 0.5
    for _ in range(10):
        w, b = line_fit.note_step(student, w, b, 1, 1, 0.2)
    if not abs(w + b - 1) < 0.5:
        asked = "w, b = 1.2, 0.5; 10 x note_step(w, b, 1, 1, 0.2): abs(w + b - 1)"
        expect.fail("note_one_way", asked=asked, expected="< 0.5", actual=abs(w + b - 1))


# --- fit_new ----------------------------------------------------------------------------------------------------------


@pytest.mark.check(points=0.6, step=2)
def test_start(student):
    """With epochs=0 fit_new returns its start and an empty list"""
    function = line_fit.get_function(student, "fit_new")
    asked = line_fit.fit_text(X, Y, epochs=0, lr=LR)
    try:
        answer = function(X, Y, 0, LR, 0)
    except StudentFault as fault:
        # Without an epoch there is no w yet: it is made inside the loop, perhaps in every turn of it.
        if fault.raised.type in ("UnboundLocalError", "NameError") and draws_again(student):
            expect.fail("reinit", asked=asked, expected="(w, b, [])", actual=fault.raised.type)
        raise
    if answer is None:
        name_return_inside_loop(function(X, Y, 3, LR, 0))
    line_fit.read_line(answer, rows=len(X), epochs=0, asked=asked)


def name_return_inside_loop(answer):
    """None came back for no epoch; if one epoch of three left its traces, the return is in the loop."""
    if isinstance(answer, (tuple, list)) and len(answer) == 3 and getattr(answer[2], "__len__", lambda: 0)() == 1:
        asked = line_fit.fit_text(X, Y, epochs=3, lr=LR)
        expect.fail("return_inside_loop", asked=f"{asked}: len(losses)", expected=3, actual=1, epochs=3, n=1)


@pytest.mark.check(points=0.8, step=2, needs="start")
def test_form(student):
    """After 3 epochs w and b are single numbers, and there are 3 losses"""
    function = line_fit.get_function(student, "fit_new")
    again.check_begins_anew(lambda: function(X, Y, 2, LR, 0), asked=line_fit.fit_text(X, Y, epochs=2, lr=LR))
    before = line_fit.fit(student, X, Y, epochs=0, lr=LR)
    line = line_fit.fit(student, X, Y, epochs=3, lr=LR)
    start = line_fit.fit(student, X, Y, epochs=0, lr=LR)
    if parts(before) != parts(start) == parts(line):
        asked = f"{line_fit.fit_text(X, Y, epochs=3, lr=LR)}, {line_fit.fit_text(X, Y, epochs=0, lr=LR)}: (w, b)"
        expect.fail("kept_between_calls", asked=asked, expected=parts(before), actual=parts(start))
    if parts(line) == parts(start):
        asked = f"{line_fit.fit_text(X, Y, epochs=3, lr=LR)}: (w, b)"
        at_goal = np.allclose(parts(line), line_fit.least_squares(X, Y))
        tag = "closed_form" if at_goal else "nothing_moves"
        expect.fail(tag, asked=asked, expected=f"!= {expect.show(parts(start))}", actual=parts(line))


@pytest.mark.check(points=1.4, step=3, needs="form")
def test_first_step(student):
    """The first step goes down the slope of the mean squared error"""
    start = line_fit.fit(student, X, Y, epochs=0, lr=LR)
    data = diagnosis.probe_data(student.rng, start.w, start.b)
    steps = line_fit.steps_on(student, data, lr=diagnosis.PROBE_LR)
    if not diagnosis.follows_gradient(steps):
        explain_steps(student, steps)


@pytest.mark.check(points=0.8, step=3, needs="first_step")
def test_converges(student):
    """On points of the line y = 2x + 1 fit_new arrives at w = 2 and b = 1"""
    if not draws_again(student):
        line_fit.check_steady(student, X, Y)
    asked = f"{line_fit.fit_text(X, Y, epochs=EPOCHS, lr=LR)}: (w, b)"
    line = line_fit.fit(student, X, Y, epochs=EPOCHS, lr=LR)
    if abs(line.w - 2) < CLOSE and abs(line.b - 1) < CLOSE:
        return
    shown = {"asked": asked, "expected": (2.0, 1.0), "actual": (line.w, line.b)}
    expect.fail("reinit" if draws_again(student) else "not_arrived", **shown)


@pytest.mark.check(points=0.6, step=3, needs="first_step")
def test_other_data(student):
    """Another number of samples, whole numbers, a larger lr: the step of fit_new stays along the slope"""
    rng = student.rng
    for rows in (7, 2):
        # Targets above the line of any start near 0: no error cancels another.
        x, y = np.linspace(4.0, -3.0, rows), rng.integers(20, 40, rows) + 0.5
        line_fit.check_rows(student, x, y)
    line_fit.check_whole_numbers(student, [3, -1, 2, 5], [4, 1, -2, 0])
    line_fit.check_rates(student, X, Y)
    line_fit.check_same_place(student, X, Y, lr=LR)


@pytest.mark.check(points=0.6, step=3, needs="first_step")
def test_losses(student):
    """Each loss is the mean squared error of its epoch, or a fixed multiple of it"""
    rng = student.rng
    ratios = []
    for x, y in ((rng.integers(-5, 6, 4) + 0.5, rng.integers(-9, 10, 4) + 0.5) for _ in range(3)):
        # At this rate nothing moves that could be seen: before or after the step is the same.
        line = line_fit.fit(student, x, y, epochs=1, lr=1e-7)
        right = diagnosis.mean_squared_error(line.w, line.b, x, y)
        ratios.append(line.losses[0] / right if right else 0.0)
        if not ratios[-1] > 0 or abs(ratios[-1] / ratios[0] - 1) > 0.01:
            asked = f"{line_fit.fit_text(x, y, epochs=1, lr=1e-7)}: losses[0]"
            expect.fail("loss_not_mse", asked=asked, expected=f"k * {expect.show(right)}", actual=line.losses[0])
    # On points of a line even the flattest loss falls to a third of its start within these epochs.
    before, after = (line_fit.fit(student, X, Y, epochs=epochs, lr=0.002) for epochs in (119, 120))
    most, least = (ratios[0] * diagnosis.mean_squared_error(line.w, line.b, X, Y) for line in (before, after))
    # 10 % of room: a loss may be gathered sample by sample while w and b move.
    if not 0.9 * least <= after.losses[-1] <= 1.1 * most:
        asked = f"{line_fit.fit_text(X, Y, epochs=120, lr=0.002)}: losses[-1]"
        expect.fail("loss_not_mse", asked=asked, expected=most, actual=after.losses[-1])


# --- diagnosis --------------------------------------------------------------------------------------------------------


def draws_again(student):
    """True if w and b are drawn anew in every epoch, so that epochs do not add up."""
    still = [line_fit.fit(student, X, Y, epochs=epochs, lr=0.0) for epochs in (1, 3)]
    other = line_fit.fit(student, X, -Y, epochs=1, lr=0.0)
    if parts(still[0]) != parts(still[1]) and parts(still[0]) == parts(other):
        return True
    moved = [line_fit.fit(student, X, Y, epochs=epochs, lr=LR) for epochs in (1, 3)]
    return parts(moved[0]) == parts(moved[1]) != parts(still[0])


def parts(line):
    return line.w, line.b


def explain_steps(student, steps):
    """Say which known mistake makes these steps; questions about lr and the start come before the matcher."""
    wrong = next((step for step in steps if not diagnosis.follows_gradient([step])), steps[0])
    x, y = wrong.x, wrong.y
    right = diagnosis.downhill(wrong.w, wrong.b, x, y)
    shown = {
        "asked": f"{line_fit.fit_text(x, y, epochs=1, lr=wrong.lr)}: (w - w0, b - b0) / lr",
        "expected": f"k * {expect.show(right)}",
        "actual": (wrong.dw / wrong.lr, wrong.db / wrong.lr),
    }
    starts = [parts(line_fit.fit(student, x, y, epochs=0, lr=LR)) for _ in range(2)]
    if starts[0] != starts[1]:
        expect.fail(
            "not_reproducible", asked=line_fit.fit_text(x, y, epochs=0, lr=LR), expected=starts[0], actual=starts[1]
        )
    if all(np.allclose((s.w + s.dw, s.b + s.db), line_fit.least_squares(s.x, s.y)) for s in steps):
        expect.fail("closed_form", **shown)
    if draws_again(student):
        expect.fail("reinit", **shown)
    still = parts(line_fit.fit(student, x, y, epochs=1, lr=0.0))
    if still != starts[0]:
        expect.fail("lr_zero_moves", asked=line_fit.fit_text(x, y, epochs=1, lr=0.0), expected=starts[0], actual=still)
    if all(step.dw == step.db == 0 for step in steps):
        expect.fail("nothing_moves", **shown)
    explain_rules(student, diagnosis.name_rules(steps), wrong, shown)
    expect.fail("not_along_slope", **shown)


def explain_rules(student, rules, step, shown):
    """Fail with the message of the rules that the matcher has named; return if it has named none."""
    if len(rules) > 1:
        expect.fail("several_rules", **shown, parts=rules)
    rule = rules[0] if rules else None
    tag = {"lr_on_one_only": "lr_zero_moves", "lr_ignored": "lr_zero_moves"}.get(rule, rule)
    if rule in ("no_x_factor", "note_error_over_pred"):
        # Where all predictions are alike the two rules are one direction; a target of -1 tells them apart.
        pred = prediction_for_minus_one(student)
        if rule == "note_error_over_pred" or not abs(pred + 1) < 1:
            expect.fail("note_error_over_pred", **shown, pred=pred)
    if rule == "sign":
        before, after = (line_fit.fit(student, step.x, step.y, epochs=epochs, lr=0.01) for epochs in (0, 1))
        losses = [diagnosis.mean_squared_error(line.w, line.b, step.x, step.y) for line in (before, after)]
        expect.fail("sign", **shown, before=losses[0], after=losses[1])
    if rule in ("first_sample_only", "last_sample_only"):
        which = step.x[0 if rule == "first_sample_only" else -1]
        expect.fail("one_sample_only", **shown, x=float(which))
    if tag is not None:
        expect.fail(tag, **shown, b=step.b, w=step.w)


def prediction_for_minus_one(student):
    """Where 200 steps with x = 1, y = -1 lead; infinity when they leave all numbers behind."""
    one = np.ones(1)
    try:
        line = line_fit.fit(student, one, -one, epochs=200, lr=0.1)
    except expect.Mismatch:
        return float("inf")
    return line.w + line.b
