"""A student's module in a child process of its own, with a limit on the time of every question.

For a student's own machine, where `kata plot` asks many small questions and one endless loop must not end the rest.
Nothing is confined here; that is the sandbox's job, and this is her own code.

    parent: BoundedSession --one JSON line: a request, its limit--> child: `serve`, a Workbench
                           <--one JSON line: the answer-----------

In the child a timer thread looks at where the main thread stands when the limit is over, answers with that line, and
ends the process; the parent waits a little longer, for loops that let no other thread run. After an end the next
question starts a new child. What the student's code prints goes nowhere: thousands of lines would drown the picture.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Collection
from pathlib import Path
from typing import IO, Any

from grader.sandbox.asking import Asking
from grader.sandbox.fault import Fault
from grader.sandbox.standing import line_in
from grader.sandbox.workbench import Workbench
from grader.sandbox.world import World

_GRACE_S = 3.0
"""How much longer than the limit the parent waits for the child's own word about it."""


class BoundedSession(Asking):
    """A session of grader.checks.student; the child process starts with the first question."""

    def __init__(
        self,
        source: bytes,
        path: Path,
        *,
        load_s: float,
        ask_s: float,
        needs: str = "np",
        aside: Collection[str] = (),
    ) -> None:
        """Keep the source and the limits, in seconds: for running the file, and for each question after that."""
        super().__init__(source, needs=needs, aside=aside)
        self._path = path
        self._load_s = load_s
        self._ask_s = ask_s
        self._child: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def _stop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def _start(self) -> None:
        program = f"from grader.pictures.bounded import serve; serve({str(self._path)!r})"
        # -P: a file called random.py in the student's folder takes the place of no module of ours.
        command = [sys.executable, "-P", "-c", program]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self._child = subprocess.Popen(command, **pipes)  # type: ignore[call-overload]  # three fields at once
        self._answers = queue.SimpleQueue()
        threading.Thread(target=_pass_on, args=(self._child.stdout, self._answers), daemon=True).start()
        self._send({"source": self.source.decode("latin-1")})

    def _send(self, message: dict[str, Any]) -> None:
        assert self._child is not None
        assert self._child.stdin is not None
        # A broken pipe is a child that has ended; reading its answer says so.
        with contextlib.suppress(OSError):
            self._child.stdin.write(json.dumps(message).encode() + b"\n")
            self._child.stdin.flush()

    def _exchange(self, op: str, fields: dict[str, Any]) -> Any:
        limit_s = self._load_s if op in ("parse", "load") else self._ask_s
        self._send({"request": {"op": op, **fields}, "limit_s": limit_s})
        try:
            line = self._answers.get(timeout=limit_s + _GRACE_S)
        except queue.Empty:
            raise Fault("wall", wall_s=limit_s) from None
        answer: dict[str, Any] = json.loads(line) if line else {"fault": {"kind": "died"}}
        if "ok" in answer:
            return answer["ok"]
        raise Fault(**{**answer["fault"], "names": tuple(answer["fault"].get("names", ()))})


def _pass_on(pipe: IO[bytes], answers: "queue.SimpleQueue[bytes]") -> None:
    """Put every line of the child's into the queue, and an empty one at the end."""
    with contextlib.suppress(OSError, ValueError):
        for line in pipe:
            answers.put(line)
    answers.put(b"")


def serve(path: str) -> None:
    """Answer requests until the parent closes the pipe. Runs in the child."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    # TensorFlow would look for graphics cards aloud.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    for standard in (0, 1):
        os.dup2(nowhere, standard)
    source = json.loads(requests.readline())["source"].encode("latin-1")
    surroundings = World()
    surroundings.lay(Path(path).name, source)
    workbench = Workbench(source, path, file=surroundings.file)
    surroundings.add_module(workbench.module)
    surroundings.__enter__()  # and never left
    speaking = threading.Lock()

    def reply(answer: dict[str, Any]) -> None:
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()

    def give_up(limit_s: float) -> None:
        with speaking:
            line = line_in(sys._current_frames().get(threading.main_thread().ident or 0), path)
            reply({"fault": {"kind": "wall" if line is None else "cpu", "line": line, "wall_s": limit_s}})
            os._exit(1)

    for message in requests:
        todo = json.loads(message)
        timer = threading.Timer(todo["limit_s"], give_up, [todo["limit_s"]])
        timer.daemon = True
        timer.start()
        answer = workbench.answer(todo["request"])
        with speaking:
            timer.cancel()
            reply(answer)
