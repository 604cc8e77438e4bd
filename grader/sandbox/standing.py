"""Where a student's own file stands in a traceback, or on the stack."""

import dis
from collections.abc import Iterator
from types import CodeType, FrameType, TracebackType


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


def line_of(step: TracebackType) -> int:
    """Return the line of a step."""
    return _line(step.tb_frame.f_code, step.tb_lasti, step.tb_lineno)


def _line(code: CodeType, instruction: int, line: int | None) -> int:
    """Return the line of an instruction; of one without a line that where it jumps to, or else the one before.

    A loop's jump back behind an `if` has none, and there Python looks for signals, so that the end of a student's time
    is there. A file's own beginning is in line 0.
    """
    if line:
        return line
    jumps = [one.argval for one in dis.get_instructions(code) if one.offset == instruction and "JUMP" in one.opname]
    known = [number for begin, _, number in code.co_lines() if number and begin <= (jumps or [instruction])[0]]
    return known[-1] if known else code.co_firstlineno


def line_in(frame: FrameType | None, path: str) -> int | None:
    """Return the innermost line of this file that a stack stands in; None if it stands in none."""
    while frame is not None:
        if frame.f_code.co_filename == path:
            return _line(frame.f_code, frame.f_lasti, frame.f_lineno)
        frame = frame.f_back
    return None
