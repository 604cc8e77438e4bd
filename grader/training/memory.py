"""How many starts are trained side by side, and whether the whole run fits into the machine."""

import ctypes
import os
import sys

import numpy as np

from grader.errors import UsageError
from grader.training.spec import Recipe

# Chunks are filled up to a multiple of this, so that vector instructions never see an odd end.
LANES = 16
# A chunk's arrays should stay in a core's second-level cache; measured in docs/engine.md.
_CACHE_BYTES = 1 << 20


def bytes_per_start(recipe: Recipe, rows: int) -> int:
    """Estimate the working memory of one start inside a chunk."""
    stack = recipe.stack
    inputs = [n_in + layer.use_bias for n_in, layer in zip(stack.widths, stack.layers, strict=False)]
    products = max(n_in * layer.units for n_in, layer in zip(inputs, stack.layers, strict=True))
    per_row = sum(inputs) + products + 2 * sum(stack.widths) + 8 * stack.widths[-1]
    batches = recipe.batch_size or 0
    return np.dtype(recipe.dtype).itemsize * (per_row * (rows + 2 * min(batches, rows)) + 6 * stack.params)


def chunk_size(recipe: Recipe, rows: int, starts: int) -> int:
    """Choose how many starts to train side by side: as many as stay in the cache, in equal chunks."""
    most = max(LANES, _CACHE_BYTES // bytes_per_start(recipe, rows) // LANES * LANES)
    chunks = -(-starts // most)
    return -(-starts // chunks // LANES) * LANES


def refuse_unless_fits(
    recipe: Recipe,
    rows: int,
    starts: int,
    *,
    records: int,
    film: int = 0,
    chunk: int | None = None,
) -> None:
    """Refuse a run that needs more memory than is free, before anything is allocated.

    Args:
        recipe: what is trained.
        rows: rows of the data.
        starts: all starts of the run.
        records: epochs at which loss and accuracy are kept.
        film: starts whose weights are kept at the recorded epochs as well.
        chunk: starts trained side by side; None as the engine chooses.

    Raises:
        UsageError: the run needs more.
    """
    free = free_bytes()
    item = np.dtype(recipe.dtype).itemsize
    working = bytes_per_start(recipe, rows) * min(chunk or chunk_size(recipe, rows, starts), starts + LANES)
    # The starting weights, the final ones, and two histories of every start; the film of the chosen ones.
    kept = item * (starts * (2 * recipe.stack.params + 2 * records) + film * records * recipe.stack.params)
    if free is not None and working + kept > free:
        raise UsageError(
            "too_much_memory",
            starts=starts,
            params=recipe.stack.params,
            rows=rows,
            needed=_readable(working + kept),
            free=_readable(free),
        )


def free_bytes() -> int | None:
    """Return the memory that can be had without swapping, or None where the system does not say."""
    if sys.platform == "win32":
        return _free_bytes_windows()
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:  # noqa: PTH123 (a kernel interface, not a file)
            for line in lines:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        # macOS has no figure for free pages here; all of the memory is the honest upper bound.
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _free_bytes_windows() -> int | None:
    if sys.platform != "win32":
        return None

    class Status(ctypes.Structure):
        # MEMORYSTATUSEX, learn.microsoft.com, sysinfoapi.h
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            ("total", ctypes.c_ulonglong),
            ("available", ctypes.c_ulonglong),
            ("rest", ctypes.c_ulonglong * 5),
        )

    status = Status(length=ctypes.sizeof(Status))
    if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return None
    return int(status.available)


def _readable(size: int) -> str:
    amount = float(size)
    for unit in ("bytes", "KB", "MB", "GB"):
        if amount < 1024:
            return f"{amount:.3g} {unit}"
        amount /= 1024
    return f"{amount:.3g} TB"
