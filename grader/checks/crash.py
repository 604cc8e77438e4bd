"""What becomes of a `Fault`: the student's code gave nothing to compare, and a message has to say why.

The tag is chosen at the edge (bank/texts.py, KataTexts.fault_tag), by the exception's type and the fields kept here.
"""

from dataclasses import dataclass, field
from typing import Any

from grader import expect
from grader.checks import residue
from grader.sandbox.cause import FIELDS
from grader.sandbox.fault import Fault
from grader.sandbox.source_text import split_lines


@dataclass(frozen=True)
class Raised:
    """The exception behind a fault, as plain data: what `when` rules look at."""

    type: str = ""
    text: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    """What was found out about its cause (sandbox/cause.py), and `residue`."""


class StudentFault(expect.Mismatch):
    """The student's code gave nothing to compare: it crashed, ended, ran too long, or is not written yet."""

    def __init__(self, tag: str, outcome: str, *, raised: Raised = Raised(), **parts: Any) -> None:
        """Keep the parts of a Mismatch, the outcome ("failed", "error", "timeout") and what was raised."""
        super().__init__(tag, **parts)
        self.outcome = outcome
        self.raised = raised


def read_fault(fault: Fault, source: bytes, asked: str) -> StudentFault:
    """Return what a fault means for a check.

    Args:
        fault: from either kind of session.
        source: the student's file.
        asked: what was asked, as code; "" while the file was read.
    """
    tag, outcome = _FAULTS.get(fault.kind, ("nonsense", "error"))
    if fault.type == "ModuleNotFoundError":
        tag = "module_missing"
    if fault.kind == "missing" and not fault.names:
        tag = "no_names" if source.strip() else "empty_file"
    if fault.kind == "cpu" and not asked:
        tag = "too_slow_to_read"
    fields = {name: word for name, word in fault.fields.items() if name in FIELDS}
    line = fault.line
    if fault.kind in ("syntax", "toml") or fault.type == "NameError":
        left = residue.find(source, line)
        # Read without trouble up to this name, most marks may be the student's own: x ++ y is x + (+y).
        if left is not None and (fault.type != "NameError" or left.kind in ("notebook", "prompt", "html")):
            fields["residue"], line = left.kind, left.line
        elif (opened := fields.get("opened", "")).isdecimal():
            # Python stops where the block's first line is missing; what is to be put right begins where the block does.
            line = int(opened)
    shown = dict.fromkeys(FIELDS, "") | {name: expect.clean(word) for name, word in fields.items()}
    return StudentFault(
        tag,
        outcome,
        raised=Raised(fault.type, fault.text, fields),
        asked=asked,
        type=fault.type,
        # Messages go on after it with a full stop of their own.
        text=expect.clean(fault.text).rstrip(".?"),
        name=expect.clean(fault.name) or asked,
        names=", ".join(expect.clean(name) for name in fault.names),
        line=str(line) if line else "?",
        code=_line(source, line),
        seconds=f"{fault.wall_s:g}",
        minutes=f"{fault.wall_s / 60:g}",
        **shown,
    )


def _line(source: bytes, number: int | None) -> str:
    lines = split_lines(source.decode("utf-8-sig", "replace"))
    return expect.clean(lines[number - 1].strip())[:120] if number and number <= len(lines) else ""


_FAULTS = {
    "syntax": ("syntax", "error"),
    "toml": ("toml_syntax", "error"),
    "crash": ("crash", "error"),
    "exit": ("exits", "error"),
    "missing": ("missing_name", "error"),
    "hole": ("not_filled", "failed"),
    "cpu": ("too_slow", "timeout"),
    "wall": ("no_answer", "timeout"),
    "part_time": ("waits_too_often", "timeout"),
    "all_time": ("no_time_left", "timeout"),
    "died": ("died", "error"),
    "unusable": ("too_big", "error"),
    "flood": ("too_big", "error"),
    "nonsense": ("nonsense", "error"),
}
"""Kind of fault -> (tag in texts/common.toml, outcome)."""
