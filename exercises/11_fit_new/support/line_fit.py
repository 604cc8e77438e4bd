"""What a student's `fit_new` gave back, read with care, and how it steps.

Shared by the public and hidden checks of kata 11. The line is w*x + b; w and b are single numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader import expect
from grader.checks.student import Function, Student

if TYPE_CHECKING:
    import numpy as np

    from perceptron.shared.diagnosis import Step


@dataclass(frozen=True)
class Line:
    """The answer of one call, read."""

    w: float
    b: float
    losses: tuple[float, ...]


def get_function(student: Student, name: str) -> Function:
    """Return the student's function of this name.

    Raises:
        Mismatch: "not_a_function".
    """
    function = getattr(student, name)
    if not isinstance(function, Function):
        expect.fail("not_a_function", asked=name, expected=f"def {name}(...)", actual=function, name=name)
    return function


def fit(student: Student, x: Any, y: Any, *, epochs: int, lr: float, seed: int = 0) -> Line:
    """Call fit_new and read its answer.

    Raises:
        Mismatch: one of the tags of `read_line`, or what the call raises.
    """
    answer = get_function(student, "fit_new")(x, y, epochs, lr, seed)
    return read_line(answer, rows=len(x), epochs=epochs, asked=fit_text(x, y, epochs=epochs, lr=lr, seed=seed))


def fit_text(x: Any, y: Any, *, epochs: int, lr: float, seed: int = 0) -> str:
    """Return the call as code, for the first line of a message."""
    return f"fit_new({expect.show(x)}, {expect.show(y)}, epochs={epochs}, lr={lr:g}, seed={seed})"


def read_line(answer: Any, *, rows: int, epochs: int, asked: str) -> Line:
    """Read (w, b, losses) with one loss for each epoch.

    Raises:
        Mismatch: "no_return", "params_became_vectors", "losses_overwritten", "loss_is_vector", "stopped_early",
            "loss_count", or "not_a_number".
    """
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        expect.fail("no_return", asked=asked, expected="(w, b, losses)", actual=answer, got=answer)
    for part in answer[:2]:
        numbers = getattr(part, "size", 1)
        if numbers > 1:
            name = "w" if part is answer[0] else "b"
            shown = {"asked": f"{asked}: np.shape({name})", "expected": "()", "actual": _shape_text(part)}
            expect.fail("params_became_vectors", **shown, n=numbers)
        if not expect.is_number(part):
            expect.fail("no_return", asked=asked, expected="(w, b, losses)", actual=answer, got=answer)
    w, b = (expect.number(part, asked=asked) for part in answer[:2])
    return Line(w, b, _read_losses(answer[2], rows=rows, epochs=epochs, call=asked))


def _read_losses(losses: Any, *, rows: int, epochs: int, call: str) -> tuple[float, ...]:
    asked = f"{call}: len(losses)"
    if isinstance(losses, (bool, int, float)):
        expect.fail("losses_overwritten", asked=asked, expected=epochs, actual=f"losses = {expect.show(losses)}")
    items = list(losses) if hasattr(losses, "tolist") else losses
    if not isinstance(items, (list, tuple)):
        expect.fail("no_return", asked=asked, expected="(w, b, losses)", actual=losses, got=losses)
    if len(items) != epochs:
        tag = "stopped_early" if 1 < len(items) < epochs else "loss_count"
        expect.fail(tag, asked=asked, expected=epochs, actual=len(items), epochs=epochs, n=len(items))
    for item in items:
        if getattr(item, "size", 1) == rows > 1:
            shown = {"asked": f"{call}: np.shape(losses[0])", "expected": "()", "actual": _shape_text(item)}
            expect.fail("loss_is_vector", **shown, n=rows)
    return tuple(expect.number(item, asked=f"{call}: losses[{index}]") for index, item in enumerate(items))


def _shape_text(array: Any) -> str:
    return f"{array.shape}: {expect.show(array)}"


def step_from_start(student: Student, x: "np.ndarray[Any, Any]", y: "np.ndarray[Any, Any]", *, lr: float) -> "Step":
    """Return how one epoch moves w and b from where epochs = 0 leaves them."""
    from perceptron.shared.diagnosis import Step

    start = fit(student, x, y, epochs=0, lr=lr)
    end = fit(student, x, y, epochs=1, lr=lr)
    return Step(w=start.w, b=start.b, x=x, y=y, lr=lr, dw=end.w - start.w, db=end.b - start.b)


def steps_on(student: Student, data: "Sequence[tuple[Any, Any]]", *, lr: float) -> "list[Step]":
    """Return `step_from_start` for each data set (x, y)."""
    return [step_from_start(student, x, y, lr=lr) for x, y in data]


def check_rows(student: Student, x: "np.ndarray[Any, Any]", y: "np.ndarray[Any, Any]") -> None:
    """Look where the first step on this data goes.

    Raises:
        Mismatch: "number_of_samples", for a single one "not_along_slope".
    """
    from perceptron.shared import diagnosis

    step = step_from_start(student, x, y, lr=diagnosis.PROBE_LR)
    if not diagnosis.follows_gradient([step]):
        asked = f"{fit_text(x, y, epochs=1, lr=step.lr)}: (w - w0, b - b0) / lr"
        right = diagnosis.downhill(step.w, step.b, x, y)
        expect.fail(
            "number_of_samples" if len(x) > 1 else "not_along_slope",
            asked=asked,
            expected=f"k * {expect.show(right)}",
            actual=(step.dw / step.lr, step.db / step.lr),
            w=step.w,
            b=step.b,
        )


def check_whole_numbers(student: Student, x: Sequence[int], y: Sequence[int]) -> None:
    """Fit arrays of whole numbers, and the same numbers with a decimal point.

    Raises:
        Mismatch: "whole_numbers" if the two lines differ.
    """
    import numpy as np

    whole = fit(student, np.array(x), np.array(y), epochs=5, lr=0.01)
    points = fit(student, np.array(x, dtype=float), np.array(y, dtype=float), epochs=5, lr=0.01)
    if not np.allclose((whole.w, whole.b), (points.w, points.b), rtol=1e-9, atol=1e-9):
        asked = f"{fit_text(np.array(x), np.array(y), epochs=5, lr=0.01)}: (w, b)"
        expect.fail("whole_numbers", asked=asked, expected=(points.w, points.b), actual=(whole.w, whole.b))


def check_rates(student: Student, x: "np.ndarray[Any, Any]", y: "np.ndarray[Any, Any]") -> None:
    """Take one step, and one with twice the lr.

    Raises:
        Mismatch: "lr_not_in_proportion" if it is not twice as long.
    """
    import numpy as np

    one, two = (step_from_start(student, x, y, lr=lr) for lr in (1e-6, 2e-6))
    once, twice = np.array([one.dw, one.db]), np.array([two.dw, two.db])
    # Updating sample by sample is off by 1e-4; a step of 1e-6 loses as much to float64's last digits.
    if not twice.any() or not np.linalg.norm(twice - 2 * once) <= 0.01 * np.linalg.norm(twice):
        asked = f"{fit_text(x, y, epochs=1, lr=2e-6)}: (w - w0, b - b0)"
        expect.fail("lr_not_in_proportion", asked=asked, expected=2 * once, actual=twice)


def check_same_place(student: Student, x: "np.ndarray[Any, Any]", y: "np.ndarray[Any, Any]", *, lr: float) -> None:
    """Take one long step: both slopes belong to the place where it begins.

    Raises:
        Mismatch: "moved_in_turns" if the second of w and b goes by the slope at a place to which the first has moved.
    """
    from perceptron.shared import diagnosis

    step = step_from_start(student, x, y, lr=lr)
    right = diagnosis.downhill(step.w, step.b, x, y)
    moves = (step.dw, step.db)
    for first, place in ((0, (step.w + step.dw, step.b)), (1, (step.w, step.b + step.db))):
        second = 1 - first
        times = moves[first] / right[first] if right[first] else 0.0
        ahead = times * diagnosis.downhill(*place, x, y)[second]
        # Not so for a step sample by sample, which follows neither.
        if abs(moves[second] - ahead) <= 1e-6 * abs(ahead) < abs(moves[second] - times * right[second]):
            asked = f"{fit_text(x, y, epochs=1, lr=lr)}: {('w - w0', 'b - b0')[second]}"
            name = ("w", "b")[first]
            expect.fail("moved_in_turns", asked=asked, expected=times * right[second], actual=moves[second], name=name)


def check_steady(student: Student, x: "np.ndarray[Any, Any]", y: "np.ndarray[Any, Any]") -> None:
    """Take three steps so small that the slope hardly changes: they have one length, and one direction.

    Raises:
        Mismatch: "steps_change".
    """
    import numpy as np

    from perceptron.shared.diagnosis import PROBE_LR

    lines = [fit(student, x, y, epochs=epochs, lr=PROBE_LR) for epochs in range(4)]
    steps = np.diff([(line.w, line.b) for line in lines], axis=0)
    length = float(np.hypot(*steps[0]))
    for k, step in enumerate(steps[1:], 2):
        # A sum over all samples changes its slope by less than a hundredth on the way.
        if float(np.hypot(*(step - steps[0]))) > 0.02 * length:
            asked = f"{fit_text(x, y, epochs=k, lr=PROBE_LR)}: (w, b), last step"
            ratio = float(np.hypot(*step)) / length if length else 0.0
            expect.fail("steps_change", asked=asked, expected=tuple(steps[0]), actual=tuple(step), k=k, ratio=ratio)


def least_squares(x: "np.ndarray[Any, Any]", y: "np.ndarray[Any, Any]") -> tuple[float, float]:
    """Return the (w, b) with the smallest mean squared error, for x of shape (samples,) with two values or more."""
    import numpy as np

    slope = float(np.sum((x - x.mean()) * (y - y.mean())) / np.sum((x - x.mean()) ** 2))
    return slope, float(y.mean() - slope * x.mean())


def note_step(student: Student, w: float, b: float, x: float, y: float, lr: float) -> tuple[float, float]:
    """Call the student's note_step and read its answer: two numbers.

    Raises:
        Mismatch: "not_a_pair", or what the call raises.
    """
    answer = get_function(student, "note_step")(w, b, x, y, lr)
    asked = expect.call_text("note_step", (w, b, x, y, lr))
    pair = answer.tolist() if hasattr(answer, "tolist") else answer
    if not isinstance(pair, (tuple, list)) or len(pair) != 2 or not all(map(expect.is_number, pair)):
        expect.fail("not_a_pair", asked=asked, expected="(w, b)", actual=answer)
    first, second = (expect.number(number, asked=asked) for number in pair)
    return first, second
