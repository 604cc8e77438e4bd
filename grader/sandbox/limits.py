"""Every limit on a student's code, for the judge and for home alike: one table, so that the two cannot drift apart.

Nothing of a kernel is imported here, so that it can be read on any system.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Limits:
    """What the code of one kata may use."""

    call_cpu_s: float
    """CPU seconds for one request, counted where the code runs, in a sandbox child and at home; then the line that was
    running is named."""
    call_wall_s: float
    """Wall seconds for one request, counted by the judge; then the child is killed. Several times call_cpu_s: also on a
    busy machine an endless loop meets the limit that names its line, and the report does not depend on the load."""
    part_wall_s: float
    """Wall seconds for all requests of one part (a kata's public or its hidden checks), however many children."""
    picture_load_s: float
    """Wall seconds for running the file at home for a picture, a cold import of its libraries included."""
    child_cpu_s: int
    """CPU seconds for the child's whole life, held by the kernel."""
    mem_bytes: int
    file_bytes: int
    """Size of the largest file it may write."""
    folder_bytes: int
    """All files in its folder together, removed ones too; the zygote looks every tenth of a second."""
    folder_entries: int
    open_files: int
    threads: int
    """Its own; the zygote looks every tenth of a second, because the kernel does not hold root to RLIMIT_NPROC."""


PLAIN = Limits(
    call_cpu_s=5,
    call_wall_s=30,
    part_wall_s=90,
    picture_load_s=20,
    child_cpu_s=60,
    mem_bytes=1 << 30,
    file_bytes=32 << 20,
    folder_bytes=64 << 20,
    folder_entries=2000,
    open_files=128,
    threads=64,
)
KERAS = replace(
    PLAIN,
    call_cpu_s=20,
    call_wall_s=90,
    part_wall_s=180,
    picture_load_s=90,
    child_cpu_s=120,
    mem_bytes=3 << 30,
    open_files=256,
    threads=128,
)

SUBMISSION_WALL_S = 300.0
"""Wall seconds for all questions to one submission; what is left then is not tried."""
JUDGE_CPU_S = 30.0
"""CPU seconds of the judge's own for one submission, its checks' calculations included."""
ANSWERS_BYTES = 2 << 20
"""Of one child in all. The katas' right and wrong answers need 61 kB at the most; a mebibyte costs the judge up to half
a second to decode and show."""

KERAS_MODULES = frozenset({"keras", "tensorflow", "tf_keras"})

IMPORTS = {
    "py": (),
    "toml": (),
    # NumPy imports its random numbers only when they are first asked for: 10 ms in every child.
    "np": ("numpy", "numpy.random"),
    "keras": ("numpy", "numpy.random", "keras", "tensorflow"),
}
"""What is imported before a student's file runs, by what it needs (kata.toml): in a zygote, and by `kata watch`."""


def limits_for(needs: str) -> Limits:
    """Return the limits by what a file needs: "py", "np", "toml" or "keras"."""
    return KERAS if needs == "keras" else PLAIN


def needs_of(kata_needs: str, imports: Collection[tuple[str, str]], aside: Collection[str]) -> str:
    """Return what a file needs, decided by its text alone: "keras" if it imports Keras anywhere, else as its kata.

    Args:
        kata_needs: what kata.toml says.
        imports: (top-level function or "", module's first name) of every import in the text.
        aside: functions of the kata that no check calls; what they import is not needed.
    """
    if any(module in KERAS_MODULES and owner not in aside for owner, module in imports):
        return "keras"
    return kata_needs
