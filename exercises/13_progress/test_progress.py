"""Public checks of kata 13: counting updates, two predictions, and a training of seven epochs under a recording bar."""

import math

import numpy as np
import pytest

from grader import expect
from perceptron.progress.rehearsal import BATCH_SIZE, follow, rehearse
from perceptron.shared import again

INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TARGETS = np.array([0.0, 1.0, 1.0, 2.0])
EPOCHS = 7

# (samples, batch size, epochs) -> updates, counted by hand: the lecture's fits, and a last batch of one sample.
UPDATES = {"4-4-2000": (4, 4, 2000, 2000), "4-1-2000": (4, 1, 2000, 8000), "5-2-3": (5, 2, 3, 9)}


@pytest.mark.check(points=0.2, step=1)
@pytest.mark.parametrize("case", UPDATES)
def test_updates(student, case):
    """n_updates: samples, batch size and epochs {case}"""
    n, batch, epochs, want = UPDATES[case]
    asked = f"n_updates({n}, {batch}, {epochs})"
    got = expect.number(student.n_updates(n, batch, epochs), asked=asked)
    if got != want:
        name_count(got, n, batch, epochs, asked=asked, expected=want, actual=got)
    if case == "5-2-3":
        got = expect.number(student.n_updates(5, 2, 0), asked="n_updates(5, 2, 0)")
        if got != 0:
            expect.fail("last_batch_or_epochs", asked="n_updates(5, 2, 0)", expected=0, actual=got)


def name_count(got, n, batch, epochs, **shown):
    """Say which known mistake counts like this."""
    whole = n // batch
    mistakes = {
        "floor": (whole * epochs, max(whole, 1) * epochs, n / batch * epochs, round(n / batch) * epochs),
        "ceil_too_late": (math.ceil(n * epochs / batch),),
        "per_epoch": (math.ceil(n / batch),),
        "batch_ignored": (n * epochs,),
        "epochs_only": (epochs,),
    }
    # "floor" speaks of a smaller last batch, so only where there is one.
    tags = [tag for tag, counts in mistakes.items() if got in counts and (tag != "floor" or n % batch)]
    expect.fail(tags[0] if tags else "count_differs", **shown, n=n, batch=batch, epochs=epochs, got=got)


@pytest.mark.check(points=0.3, step=1)
def test_second_fit(student):
    """SECOND_FIT: what a second call of fit does"""
    # The momentum belongs to the state that a model keeps.
    _, once, _ = follow(INPUTS, TARGETS, 40)
    _, first, speed = follow(INPUTS, TARGETS, 20)
    _, further, _ = follow(INPUTS, TARGETS, 20, start=first, speed=speed)
    after = {"starts over": first, "continues": further, "averages": (first + further) / 2}
    choice = student.SECOND_FIT
    word = choice.strip().lower() if isinstance(choice, str) else ""
    if word not in after:
        expect.fail("not_a_choice", got=expect.show(choice), words=", ".join(map(repr, after)))
    if not np.allclose(after[word], once, rtol=0, atol=1e-12):
        expect.fail("starts_over")


@pytest.mark.check(points=0.3, step=1)
def test_same_updates(student):
    """SAME_UPDATES: one exam 20 times and 20 exams once"""
    answer = student.SAME_UPDATES
    if not isinstance(answer, bool):
        expect.fail("not_yes_no", got=expect.show(answer))
    questions = 5
    same = math.ceil(questions / 1) * 20 == math.ceil(20 * questions / 1) * 1
    if answer != same:
        expect.fail("count_both", got=answer)


@pytest.mark.check(points=1.0, step=2)
def test_trains(student):
    """train_with_bar trains exactly 7 epochs and hands back their losses"""
    asked = "train_with_bar(model, X, y, 1, bar)"
    again.check_begins_anew(lambda: rehearse(student, INPUTS, TARGETS, 1, fails_at=None).losses, asked=asked)
    run = rehearse(student, INPUTS, TARGETS, EPOCHS, fails_at=None)
    wanted, *_ = follow(INPUTS, TARGETS, EPOCHS)
    if run.epochs != EPOCHS:
        tag = "epochs_squared" if run.epochs == EPOCHS**2 else "epoch_count"
        expect.fail(
            tag,
            asked=run.asked,
            expected=f"epochs={EPOCHS}",
            actual=f"epochs={run.epochs}",
            got=run.epochs,
            want=EPOCHS,
        )
    if run.of("compile"):
        expect.fail("recompiles")
    if run.of("set_weights"):
        expect.fail("resets")
    sizes = [size for size, _ in run.of("fit") if size != BATCH_SIZE]
    if sizes:
        expect.fail("batch_size", asked=run.asked, expected=f"batch_size={BATCH_SIZE}", actual=f"{sizes[0]}")
    check_losses(run, wanted)


def check_other_data(student):
    """Six rows, so that a batch of four is not all of them, and another number of epochs."""
    inputs, targets = np.vstack([INPUTS, [[2.0, 1.0], [0.5, 2.0]]]), np.append(TARGETS, [3.0, 2.5])
    run = rehearse(student, inputs, targets, 3, fails_at=None)
    shown = {"asked": f"{run.asked}, len(X) = {len(inputs)}"}
    if run.epochs != 3:
        expect.fail("other_epochs", **shown, expected="epochs=3", actual=f"epochs={run.epochs}")
    sizes = [size for size, _ in run.of("fit") if size != BATCH_SIZE]
    if sizes:
        tag = "batch_all_rows" if sizes[0] == len(inputs) else "batch_size"
        expect.fail(tag, **shown, expected=f"batch_size={BATCH_SIZE}", actual=f"batch_size={sizes[0]}")
    check_losses(run, follow(inputs, targets, 3)[0])


def check_losses(run, wanted):
    losses = run.losses
    shown = {"asked": run.asked, "expected": f"len = {len(wanted)}", "actual": expect.show(losses)}
    if losses is None:
        expect.fail("returned_nothing", **shown)
    if hasattr(losses, "tolist"):
        losses = losses.tolist()
    if not isinstance(losses, (list, tuple)):
        expect.fail("not_losses", **shown)
    if len(losses) == len(wanted) and all(isinstance(item, (list, tuple)) for item in losses):
        expect.fail("nested_losses", **shown)
    if len(losses) != len(wanted):
        expect.fail("loss_count", **shown, got=len(losses), want=len(wanted))
    # The same sums in another order: a rounding error, never a millionth.
    expect.close(losses, wanted, rtol=1e-6, atol=1e-9, asked=run.asked, tag="losses_differ")


@pytest.mark.check(points=0.3, step=3, needs="trains")
def test_quiet(student):
    """train_with_bar keeps fit silent and its batches at 4, whatever is trained"""
    run = rehearse(student, INPUTS, TARGETS, EPOCHS, fails_at=None)
    loud = [verbose for _, verbose in run.of("fit") if verbose != 0]
    if loud:
        expect.fail("noisy", n=EPOCHS if len(run.of("fit")) == 1 else len(loud))
    run = rehearse(student, INPUTS, TARGETS, 12, fails_at=None)
    if any(verbose != 0 for _, verbose in run.of("fit")):
        expect.fail("other_fit", asked=run.asked)
    check_other_data(student)


@pytest.mark.check(points=1.1, step=3, needs="trains")
def test_shows(student):
    """train_with_bar moves one bar from 0 to 7 of 7 while it trains"""
    run = rehearse(student, INPUTS, TARGETS, EPOCHS, fails_at=None)
    bars = run.of("bar")
    if not bars:
        notebook = any(fact.detail == "tqdm.notebook" for fact in student.syntax)
        expect.fail("notebook_bar" if notebook else "no_bar")
    shown = {"asked": run.asked, "expected": f"{EPOCHS} / {EPOCHS}", "actual": f"{run.position:g} / {bars[0][1]}"}
    if len(bars) > 1:
        expect.fail("two_bars", n=len(bars))
    if bars[0][1] is None:
        expect.fail("no_total")
    if bars[0][1] != EPOCHS:
        expect.fail("wrong_total", **shown, total=bars[0][1], want=EPOCHS)
    stands = [n for number, n in run.of("at") if number == 0]
    moves = [after - before for before, after in zip([0, *stands], stands, strict=False)]
    if run.position != EPOCHS and moves in ([*range(EPOCHS)], [*range(1, EPOCHS + 1)]):
        expect.fail("bar_moves_grow", **shown, moves=moves)
    if run.position > EPOCHS:
        expect.fail("bar_overshoots", **shown, n=run.position, total=EPOCHS)
    if run.position < EPOCHS:
        expect.fail("bar_short", **shown, n=run.position, total=EPOCHS)
    if run.farthest > 5:
        first_move = next(i for i, entry in enumerate(run.entries) if entry[0] == "at")
        trained = sum(entry[0] == "epoch" for entry in run.entries[:first_move])
        expect.fail("bar_not_live" if trained == EPOCHS else "bar_ahead", n=EPOCHS)
    check_closed(run, "not_closed")
    check_other_bars(student)


def check_other_bars(student):
    """Sixteen epochs, none at all, and a training that is stopped from outside."""
    run = rehearse(student, INPUTS, TARGETS, 16, fails_at=None)
    if run.of("bar") != [(0, 16)] or run.position != 16:
        expect.fail("other_bar", asked=run.asked)
    if run.farthest > 5:
        expect.fail("bar_far", asked=run.asked)
    run = rehearse(student, INPUTS, TARGETS, 0, fails_at=None)
    losses = run.losses.tolist() if hasattr(run.losses, "tolist") else run.losses
    empty = isinstance(losses, (list, tuple)) and len(losses) == 0
    if run.epochs or not empty or run.of("bar") != [(0, 0)] or run.position or not run.of("close"):
        expect.fail("none_is_none", asked=run.asked)
    run = rehearse(student, INPUTS, TARGETS, 6, fails_at=4)
    asked = f"{run.asked}: fit raises RuntimeError"
    if not run.failed:
        expect.fail("error_swallowed", asked=asked, expected="RuntimeError", actual=expect.show(run.losses))
    check_closed(run, "not_closed_after_error")


def check_closed(run, tag):
    if {number for number, _ in run.of("bar")} - {number for (number,) in run.of("close")}:
        expect.fail(tag, asked=run.asked)
