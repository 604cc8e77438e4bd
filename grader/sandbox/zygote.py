"""The far side: a process that imports what katas need once, then forks one child for each job.

Theory of operation. The judge starts `python -I -m grader.sandbox.zygote FD NEEDS` with one end of a socket pair as
descriptor FD. The zygote imports NumPy or Keras, says {"ready": true}, and waits. For each job the judge sends a frame
{"job": ...} with a new socket attached; the zygote forks, the child confines itself, takes the attached socket as its
channel and answers requests there until the judge is done. {"end": ...} makes the zygote kill the child's whole
process group and reap it. There is one child at a time, so a number never names the wrong process.

Traps. TensorFlow: after one operation has run, a forked child hangs; importing runs none. So the zygote only imports,
and refuses to fork when it has more than one thread. `os.fork` (not a raw clone) is what reseeds `random`.
"""

import base64
import gc
import importlib
import os
import random
import shutil
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn

from grader.sandbox import values, wire
from grader.sandbox.confine import KERAS, PLAIN, Limits, confine
from grader.sandbox.workbench import Workbench

IMPORTS = {
    "py": (),
    "np": ("numpy",),
    # `fit` imports the data modules late; in every child that would cost a third of a second.
    "keras": (
        "numpy",
        "keras",
        "tensorflow",
        "tensorflow.python.data.ops.batch_op",
        "tensorflow.python.data.ops.map_op",
        "tensorflow.python.data.ops.prefetch_op",
        "tensorflow.python.data.ops.repeat_op",
        "tensorflow.python.data.ops.shuffle_op",
    ),
}
"""Modules that a zygote imports, by what the kata needs (kata.toml)."""


def main(control_fd: int, needs: str) -> None:
    """Serve jobs until the judge closes its end."""
    control = socket.socket(fileno=control_fd)
    for name in IMPORTS[needs]:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    wire.send(control, {"ready": True})
    limits = KERAS if needs == "keras" else PLAIN
    while True:
        try:
            _serve_one_job(control, limits)
        except wire.Closed:
            return


def _serve_one_job(control: socket.socket, limits: Limits) -> None:
    # The attached socket comes with the first byte, so it is asked for before the frame that follows.
    _, (channel_fd,) = _receive_descriptor(control)
    job = wire.receive(control, wall_s=None)
    threads = _count_threads()
    if threads != 1:
        os.close(channel_fd)
        wire.send(control, {"refused": f"{threads} threads"})
        return
    running = _count_processes()
    child = os.fork()
    if child == 0:
        control.close()
        _run_child(channel_fd, job, limits, running)
    os.close(channel_fd)
    wire.send(control, {"started": True})
    wire.receive(control, wall_s=None)  # "end", or Closed: in both cases the child has to go
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        # The child died before it had a session of its own.
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    shutil.rmtree(job["folder"], ignore_errors=True)
    wire.send(control, {"ended": True})


def _receive_descriptor(control: socket.socket) -> tuple[bytes, list[int]]:
    control.settimeout(None)
    byte, descriptors, _, _ = socket.recv_fds(control, 1, 1)
    if not byte:
        raise wire.Closed
    return byte, descriptors


def _count_threads() -> int:
    tasks = Path("/proc/self/task")
    # Without /proc (macOS) only Python's own threads can be seen.
    return len(os.listdir(tasks)) if tasks.exists() else threading.active_count()


def _count_processes() -> int:
    """Threads of all processes of this user, as RLIMIT_NPROC counts them; a large number without /proc."""
    user, count = os.getuid(), 0
    if not Path("/proc/self").exists():
        return 2000
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                if entry.stat().st_uid == user:
                    count += len(os.listdir(f"/proc/{entry.name}/task"))
            except OSError:
                continue  # it ended while we were counting
    return count


def _run_child(channel_fd: int, job: dict[str, Any], limits: Limits, running: int) -> NoReturn:
    """Never returns: whatever happens, this process must not fall back into the zygote's loop."""
    try:
        os.chdir(job["folder"])
        os.environ["HOME"] = os.environ["TMPDIR"] = job["folder"]
        confine(limits, keep_fd=channel_fd, running=running)
        _seed()
        _answer_requests(socket.socket(fileno=channel_fd), job, limits)
    finally:
        os._exit(0)


def _seed() -> None:
    """Give every child the same streams, so that code without a seed gets the same report every time."""
    random.seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)


def _answer_requests(channel: socket.socket, job: dict[str, Any], limits: Limits) -> None:
    workbench = Workbench(base64.b64decode(job["source"]), job["path"])
    while True:
        request = wire.receive(channel, wall_s=None)
        number = request["id"]

        def give_up(_signal: int, frame: Any, number: int = number) -> NoReturn:
            wire.send(channel, {"id": number, "fault": {"kind": "cpu", "line": _line_in(frame, job["path"])}})
            os._exit(0)

        signal.signal(signal.SIGPROF, give_up)
        signal.setitimer(signal.ITIMER_PROF, limits.call_cpu_s)
        answer = workbench.answer(request)
        signal.setitimer(signal.ITIMER_PROF, 0)
        try:
            wire.send(channel, {"id": number, **answer})
        except values.MalformedAnswer as problem:
            wire.send(channel, {"id": number, "fault": {"kind": "unusable", "text": str(problem)}})


def _line_in(frame: Any, path: str) -> int | None:
    while frame is not None:
        if frame.f_code.co_filename == path:
            return int(frame.f_lineno)
        frame = frame.f_back
    return None


if __name__ == "__main__":
    os.chdir(Path("/"))
    main(int(sys.argv[1]), sys.argv[2])
