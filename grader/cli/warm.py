"""The waiting half of `kata watch`: a process that imports what a kata needs, waits for a line, and runs pytest once.

    kata watch  --stdin: one line-->  this process  --stdout: pytest's own output-->  the terminal

The imports (TensorFlow: seconds) are over by the time the student saves. End of input without a line means that nobody
waits any more. Ctrl-C is the parent's business: it ends this process, also in a loop that never does.
"""

import contextlib
import importlib
import os
import signal
import sys

import pytest

from grader.cli.shared import survive_any_console

IMPORTS = {"py": (), "toml": (), "np": ("numpy.random",), "keras": ("numpy.random", "tensorflow", "keras")}
"""Modules to import, by what the kata needs (kata.toml). By name, so that no other command loads TensorFlow."""


def main(needs: str, arguments: list[str]) -> int:
    """Import, wait, run; return pytest's exit status, 0 if there was nothing to run."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    survive_any_console()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    for name in IMPORTS[needs]:
        # What is missing, the student's own import says in better words.
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    return int(pytest.main(arguments)) if sys.stdin.buffer.readline() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
