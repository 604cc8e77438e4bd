"""The far side: a process that imports what katas need once, then forks one child for each job.

Theory of operation. The judge starts this file's `main` in a Python of its own, in bubblewrap where that works, with
one end of a socket pair as descriptor. The zygote imports NumPy or Keras, says {"ready": true}, and waits. For each
job the judge sends a byte with a new socket attached; the zygote forks, the child puts up its walls (confine.py), takes
the attached socket as its channel, says {"confined": true} there, and only then is sent the student's file: so the
zygote, whose memory every later child inherits, never holds a submission. {"end": true} makes the zygote kill the
child, reap it and remove its folder. There is one child at a time, so a number never names the wrong process. While
one runs, the zygote looks every tenth of a second at what the kernel does not limit: threads, and the folder.

Traps. TensorFlow: after one operation has run, a forked child hangs; importing runs none. So the zygote only imports,
and refuses to fork when it has more than one thread. `os.fork` (not a raw clone) is what reseeds `random`.
"""

import base64
import gc
import importlib
import json
import os
import random
import select
import signal
import site
import socket
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn

from grader.sandbox import folder, kernel, seccomp, selftest, values, wire
from grader.sandbox.confine import KERAS, PLAIN, Limits, Walls, confine
from grader.sandbox.workbench import Workbench

IMPORTS = {
    "py": (),
    "toml": (),
    # NumPy imports its random numbers only when they are first asked for: 10 ms in every child.
    "np": ("numpy", "numpy.random"),
    # `fit` imports the data modules late; in every child that would cost a third of a second.
    "keras": (
        "numpy",
        "numpy.random",
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


_LOOK_EVERY_S = 0.1
_DIES_FIRST = "500"
"""Where memory runs out, the kernel should end this process and its children before the instructor's."""


def main(boot: str) -> None:
    """Serve jobs until the judge closes its end.

    Args:
        boot: JSON of client.py: control, needs, home, landlock_abi, readable, processes.
    """
    settings = json.loads(boot)
    walls = Walls(settings["landlock_abi"], tuple(settings["readable"]), settings["processes"])
    needs, home = settings["needs"], settings["home"]
    # The folder around this package may be a repository with solutions in it; nothing else is imported from there.
    sys.path.remove(settings["package_parent"])
    if walls.landlock_abi:
        _prepare_kernel()
    os.chdir("/")
    control = socket.socket(fileno=settings["control"])
    # `exit` and `quit`, which Python adds by the module that was left out at the start.
    site.setquit()
    # `resource` is what the walls of every child need.
    for name in ("resource", *IMPORTS[needs]):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    limits = KERAS if needs == "keras" else PLAIN
    try:
        wire.send(control, {"ready": True})
        while True:
            _serve_one_job(control, limits, walls, os.path.join(home, "job"))
    except wire.Closed:
        folder.remove(os.path.join(home, "job"))


def _prepare_kernel() -> None:
    Path("/proc/self/oom_score_adj").write_text(_DIES_FIRST, "ascii")
    kernel.hide_memory()
    kernel.adopt_orphans()
    # Its common part is kept, so that no child has to build it.
    seccomp.build_program(kernel.machine(), os.getpid())


def _serve_one_job(control: socket.socket, limits: Limits, walls: Walls, place: str) -> None:
    _, (channel_fd,) = _receive_descriptor(control)
    threads = _count_threads("self")
    if threads != 1:
        os.close(channel_fd)
        wire.send(control, {"refused": f"{threads} threads"})
        return
    os.mkdir(place, 0o700)
    child = os.fork()
    if child == 0:
        control.close()
        _run_child(channel_fd, limits, walls, place)
    os.close(channel_fd)
    try:
        wire.send(control, {"started": True})
        _wait_for_the_end(control, child, limits, place)
    finally:
        _end_child(child)
        folder.remove(place)
    wire.send(control, {"ended": True})


def _wait_for_the_end(control: socket.socket, child: int, limits: Limits, place: str) -> None:
    """Return when the judge says "end"; kill a child meanwhile that takes too much."""
    while not select.select([control], [], [], _LOOK_EVERY_S)[0]:
        threads = _count_threads(str(child))
        if threads > limits.threads or folder.exceeds(
            place, most_bytes=limits.folder_bytes, most_entries=limits.folder_entries
        ):
            os.kill(child, signal.SIGKILL)
            break
    wire.receive(control, wall_s=None)


def _end_child(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    # No child can start another one. Should one have done so all the same, its orphans are ours now.
    while True:
        try:
            orphan, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if orphan == 0:
            for number in Path("/proc/thread-self/children").read_text("ascii").split():
                os.kill(int(number), signal.SIGKILL)


def _receive_descriptor(control: socket.socket) -> tuple[bytes, list[int]]:
    control.settimeout(None)
    byte, descriptors, _, _ = socket.recv_fds(control, 1, 1)
    if not byte:
        raise wire.Closed
    return byte, descriptors


def _count_threads(process: str) -> int:
    tasks = Path("/proc", process, "task")
    # Without /proc (macOS) only Python's own threads can be seen.
    try:
        return len(os.listdir(tasks))
    except OSError:
        return threading.active_count()


def _run_child(channel_fd: int, limits: Limits, walls: Walls, place: str) -> NoReturn:
    """Never returns: whatever happens, this process must not fall back into the zygote's loop."""
    try:
        os.chdir(place)
        os.environ["HOME"] = os.environ["TMPDIR"] = place
        confine(limits, walls, keep_fd=channel_fd, folder=place)
        channel = socket.socket(fileno=channel_fd)
        wire.send(channel, {"confined": True})
        job = wire.receive(channel, wall_s=None)
        if "self_test" in job:
            wire.send(channel, {"tried": selftest.try_forbidden_acts(**job["self_test"])})
        else:
            _seed()
            _answer_requests(channel, job, limits)
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
