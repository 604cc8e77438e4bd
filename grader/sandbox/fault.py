"""Why the student's side gave no usable answer; plain data, also where no process is involved."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class Fault(Exception):
    """The student's side gave no usable answer. Holds the far side's words, checked for type and length."""

    kind: str
    """syntax, crash, exit, missing, hole, cpu, unusable (workbench.py), or wall, died, nonsense, flood (found here)."""
    type: str = ""
    text: str = ""
    line: int | None = None
    name: str = ""
    names: tuple[str, ...] = ()
    wall_s: float = 0.0
    fields: dict[str, str] = field(default_factory=dict)
    """What cause.py found out, by name."""
