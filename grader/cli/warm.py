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
from collections.abc import Iterator

import pytest

from grader.sandbox.limits import IMPORTS
from grader.words.console import speak_everywhere


def main(needs: str, arguments: list[str]) -> int:
    """Import, wait, run; return pytest's exit status, 0 if there was nothing to run."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # In Korean the plugin says it again; until then nothing is written.
    speak_everywhere("en")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _silent_stderr():
        for name in IMPORTS[needs]:
            # What is missing, the student's own import says in better words.
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    return int(pytest.main(arguments)) if sys.stdin.buffer.readline() else 0


@contextlib.contextmanager
def _silent_stderr() -> Iterator[None]:
    """Keep TensorFlow's greeting, which C++ writes whatever the log level, from the verdict that is on the screen."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


if __name__ == "__main__":
    status = main(sys.argv[1], sys.argv[2:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Without Python's own end: taking TensorFlow apart costs a second, in which the student waits.
    os._exit(status)
