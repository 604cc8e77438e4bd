"""Where a student's own file stands in a traceback, or on the stack."""

from collections.abc import Iterator
from types import FrameType, TracebackType


def steps_in(problem: BaseException, path: str) -> Iterator[TracebackType]:
    """Yield the steps of an exception's traceback that are in this file, the innermost last."""
    step = problem.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == path:
            yield step
        step = step.tb_next


def innermost_in(problem: BaseException, path: str) -> TracebackType | None:
    """Return the last of these steps; None if the file was never there."""
    steps = [*steps_in(problem, path)]
    return steps[-1] if steps else None


def line_in(frame: FrameType | None, path: str) -> int | None:
    """Return the innermost line of this file that a stack stands in; None if it stands in none."""
    while frame is not None:
        if frame.f_code.co_filename == path:
            return frame.f_lineno
        frame = frame.f_back
    return None
