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
import contextlib
import gc
import importlib
import json
import os
import secrets
import select
import signal
import site
import socket
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from grader.sandbox import folder, kernel, limits, selftest, values, wire, world
from grader.sandbox.apart import stand_apart
from grader.sandbox.confine import Builder, Walls
from grader.sandbox.eager import run_operations_directly
from grader.sandbox.heap import use_up_free_pieces
from grader.sandbox.limits import Limits
from grader.sandbox.removal import Removals
from grader.sandbox.standing import line_in
from grader.sandbox.workbench import Workbench

# `fit` imports the data modules late; in every child that would cost a third of a second.
_IMPORTS_OF_FIT = tuple(
    f"tensorflow.python.data.ops.{name}_op" for name in ("batch", "map", "prefetch", "repeat", "shuffle")
)

_LOOK_EVERY_S = 0.1
_DIES_FIRST = "500"
"""Where memory runs out, the kernel should end this process and its children before the instructor's."""
_FIRST_SKIPS = 500
"""Process numbers that are skipped at most at the start: so many that the first children's say nothing either."""
_SKIPS = 8
"""Before each child."""
_ROUNDS = 20
"""So often is the same code run before Python has fitted its instructions to it."""
_OWN_FILE = b"def same(value):\n    return [value, (0, 1.0), {'number': 1}]\n"


@dataclass(frozen=True)
class _Jobs:
    """What all jobs of a zygote have in common."""

    limits: Limits
    builder: Builder
    place: str
    """The folder that each of them gets anew."""
    world: world.World
    removals: Removals

    folders: tuple[str, str]
    """In it: HOME, where the student's file lies, and TMPDIR."""


def main(boot: str) -> None:
    """Serve jobs until the judge closes its end.

    Args:
        boot: JSON of host.py: control, needs, home, landlock_abi, readable, processes; zygotes, the homes of those that
            a nursery forks, each `apart` in namespaces of its own or not.
    """
    settings = json.loads(boot)
    walls = Walls(settings["landlock_abi"], tuple(settings["readable"]), settings["processes"])
    needs, home = settings["needs"], settings["home"]
    # The folder around this package may be a repository with solutions in it; nothing else is imported from there.
    sys.path.remove(settings["package_parent"])
    if walls.landlock_abi:
        Path("/proc/self/oom_score_adj").write_text(_DIES_FIRST, "ascii")
    os.chdir("/")
    control = socket.socket(fileno=settings["control"])
    removals = Removals()
    if walls.landlock_abi:
        removals.install()
    # `exit` and `quit`, which Python adds by the module that was left out at the start.
    site.setquit()
    _import_all(needs)
    if settings["zygotes"]:
        control, home = _fork_zygotes(control, settings["zygotes"], apart=settings["apart"])
    if walls.landlock_abi:
        kernel.adopt_orphans()
    _skip_process_numbers(_FIRST_SKIPS)
    place = os.path.join(home, "job")
    most = limits.limits_for(needs)
    folders = (os.path.join(place, "home"), os.path.join(place, "tmp"))
    os.environ["HOME"], os.environ["TMPDIR"] = folders
    _forget_folders(folders[0])
    job = _Jobs(most, Builder(most, walls), place, world.World(folders[0]), removals, folders)
    job.world.enter_for_ever()
    gc.collect()
    gc.freeze()
    try:
        wire.send(control, {"ready": True})
        while True:
            _serve_one_job(control, job)
    except wire.Closed:
        folder.remove(job.place)
    # Without Python's own end: taking TensorFlow apart costs a second.
    os._exit(0)


def _forget_folders(home: str) -> None:
    """Let libraries that have looked for a place to write, as TensorFlow and Keras do at their import, look again."""
    loaded: dict[str, Any] = {**sys.modules}
    if "tempfile" in loaded:
        loaded["tempfile"].tempdir = None
    if "keras.src.backend.config" in loaded:
        # Keras writes only into a folder that is there.
        loaded["keras.src.backend.config"]._KERAS_DIR = home


def _import_all(needs: str) -> None:
    # Of a hundred thousand new objects none is garbage; looking for some costs a fifth of TensorFlow's import.
    gc.disable()
    # `resource` is what the walls of every child need.
    for name in ("resource", *limits.IMPORTS[needs], *(_IMPORTS_OF_FIT if needs == "keras" else ())):
        importlib.import_module(name)
    if needs == "keras":
        run_operations_directly()
    world.is_library("")  # its answers are kept, so that no child has to work them out
    _warm_up()
    gc.enable()
    gc.collect()
    use_up_free_pieces()
    gc.freeze()


def _fork_zygotes(control: socket.socket, homes: Sequence[str], *, apart: bool) -> tuple[socket.socket, str]:
    """Fork a zygote for each socket that comes; return its control and home in it, and never in this process."""
    with contextlib.suppress(wire.Closed):
        # Nobody waits for them.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        for home in homes:
            _, (descriptor,) = _receive_descriptor(control)
            # With more than one thread a fork would hang. Who was to have the zygote finds nobody, and starts another.
            if _count_threads("self") == 1 and os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                control.close()
                if apart:
                    stand_apart(home)
                return socket.socket(fileno=descriptor), home
            os.close(descriptor)
        while True:
            _receive_descriptor(control)
    os._exit(0)


def _warm_up() -> None:
    """Answer a few questions about a file of our own: what Python prepares at a first time, it does here, once.

    Otherwise each child would do it, and copy the memory that it writes to.
    """
    for _ in range(_ROUNDS):
        bench = Workbench(_OWN_FILE, "own.py", file="own.py")
        questions: list[dict[str, Any]] = [{"op": "parse"}, {"op": "load"}, {"op": "get", "name": "same"}]
        questions += [{"op": "call", "name": "same", "args": [[1, 0.5, True]], "kwargs": {}}] * 3
        for question in questions:
            wire.unpack(wire.pack(bench.answer(wire.unpack(wire.pack(question)))))


def _skip_process_numbers(most: int) -> None:
    """Use up some numbers, so that a child's own does not tell whether it is a kata's first child or its second."""
    if not hasattr(os, "posix_spawn"):
        return
    for _ in range(secrets.randbelow(most)):
        # A program that is not there costs a number and no copy of this process.
        with contextlib.suppress(OSError):
            os.posix_spawn("/nonexistent", ["-"], {})


def _serve_one_job(control: socket.socket, job: _Jobs) -> None:
    _, (channel_fd,) = _receive_descriptor(control)
    threads = _count_threads("self")
    if threads != 1:
        os.close(channel_fd)
        wire.send(control, {"refused": f"{threads} threads"})
        return
    for path in (job.place, *job.folders):
        os.mkdir(path, 0o700)
    _skip_process_numbers(_SKIPS)
    child = os.fork()
    if child == 0:
        control.close()
        _run_child(channel_fd, job)
    os.close(channel_fd)
    try:
        wire.send(control, {"started": True})
        _wait_for_the_end(control, child, job.limits, job.place)
    finally:
        _end_child(child)
        folder.remove(job.place)
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
    # Nothing else comes before the next job, which the judge starts when it has heard of the end of this one.
    wire.Reader(control).receive(wall_s=None)


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


def _run_child(channel_fd: int, job: _Jobs) -> NoReturn:
    """Never returns: whatever happens, this process must not fall back into the zygote's loop."""
    try:
        job.builder.confine(keep_fd=channel_fd, folder=job.place)
        job.removals.forbid(job.place)
        channel = socket.socket(fileno=channel_fd)
        wire.send(channel, {"confined": True})
        reader = wire.Reader(channel)
        order = reader.receive(wall_s=None)
        if "self_test" in order:
            wire.send(channel, {"tried": selftest.try_forbidden_acts(**order["self_test"])})
        else:
            _answer_requests(channel, reader, order, job)
    finally:
        os._exit(0)


def _answer_requests(channel: socket.socket, reader: wire.Reader, order: dict[str, Any], job: _Jobs) -> NoReturn:
    source, path = base64.b64decode(order["source"]), order["path"]
    job.world.lay(path, source)
    workbench = Workbench(source, path, file=job.world.file)
    job.world.settle(workbench.module)
    number = 0

    def give_up(_signal: int, frame: Any) -> NoReturn:
        wire.send(channel, {"id": number, "fault": {"kind": "cpu", "line": line_in(frame, path)}})
        os._exit(0)

    while True:
        request = reader.receive(wall_s=None)
        # Several questions in one request are answered one by one, as if each had come alone, up to the first fault.
        for number, fields in enumerate(request.pop("each", [{}]), start=request.pop("id")):
            signal.signal(signal.SIGPROF, give_up)
            signal.setitimer(signal.ITIMER_PROF, job.limits.call_cpu_s)
            answer = workbench.answer({**request, **fields})
            signal.setitimer(signal.ITIMER_PROF, 0)
            try:
                wire.send(channel, {"id": number, **answer})
            except values.MalformedAnswer as problem:
                answer = {"fault": {"kind": "unusable", "text": str(problem)}}
                wire.send(channel, {"id": number, **answer})
            if "fault" in answer:
                break
