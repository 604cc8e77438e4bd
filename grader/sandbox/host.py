"""Starts zygotes (zygote.py) and speaks with them: the beginning and end of a job, and the proof that its walls stand.

A zygote is a process of its own. Or it is lent: where several judges work at once, the first import of TensorFlow is
made once, in a nursery, which forks one zygote for each of them. A judge that has lost the zygote it was lent starts
one of its own.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from grader.errors import InternalFault, IsolationError, UsageError
from grader.sandbox import folder, landlock, selftest, wire
from grader.sandbox.disk import view_of_this_python
from grader.sandbox.tier import HOME_IN_FULL, Tier, bubblewrap_command, python_command, require_sandbox
from grader.sandbox.values import MalformedAnswer

START_WALL_S = 120.0
"""TensorFlow's first import from a cold disk takes long; a zygote that is not ready by then is broken."""

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    # Who asks for a user's name finds one, as at home.
    "LOGNAME": "student",
    "USER": "student",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    # One thread each, or the zygote could not fork (see zygote.py).
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "KERAS_BACKEND": "tensorflow",
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    # Its first matrix product would compile a kernel for large matrices, in every child anew: 25 ms.
    "TENSORFLOW_USE_CUSTOM_CONTRACTION_KERNEL": "0",
    "MPLBACKEND": "agg",
    # Keras saves weights with it, and the filter lets nobody lock a file.
    "HDF5_USE_FILE_LOCKING": "FALSE",
}


MOST_DEATHS = 3
"""Of zygotes in one piece of work (to get ready, to judge one part of a kata); the last one is the kit's fault."""

_BOOT = "import sys; sys.path += sys.argv[2:]; from grader.sandbox.zygote import main; main(sys.argv[1])"


class ZygoteDied(InternalFault):
    """The zygote ended, or fell silent, in the middle of its work; what a new one is asked costs nobody a mark."""


class Zygote:
    """One process that forks a child for each job, seen from the judge."""

    def __init__(self, needs: str, tier: Tier, guarded: Sequence[Path], lent: socket.socket | None = None) -> None:
        """Start it, and wait for nothing.

        Args:
            needs: what it imports, see limits.IMPORTS.
            tier: how to isolate.
            guarded: files that the self-test proves to be out of reach.
            lent: of a nursery, the end of the socket to a zygote that it forks; None: start a process.

        Raises:
            UsageError: there is no place for temporary files.
        """
        self.needs = needs
        self._tier = tier
        self._guarded = guarded
        self._ready = False
        self._broken = False
        self.has_died = False
        # On this side: HOME of the zygote where it is not in bubblewrap, and a file that no child may reach.
        self._home = _make_folder()
        self._canary = Path(self._home, "canary")
        try:
            self._canary.write_text("not for you", "ascii")
        except OSError as problem:
            raise UsageError("cannot_write", path="TMPDIR", reason=problem.strerror or problem) from None
        self._process: subprocess.Popen[bytes] | None = None
        if lent is None:
            lent, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
            with theirs:
                home = HOME_IN_FULL if tier is Tier.FULL else self._home
                self._process = _start(theirs, needs, tier, home)
        self._control = lent
        self._reader = wire.Reader(lent)

    @property
    def has_ended(self) -> bool:
        """True if it will do nothing more."""
        return self._broken or (self._process is not None and self._process.poll() is not None)

    def get_ready(self) -> None:
        """Wait until it has imported all, and prove its walls; costs nothing the second time.

        Raises:
            InternalFault: it does not get ready (ZygoteDied: another one may).
            IsolationError: the self-test could do what no submission may do.
        """
        if not self._ready:
            self._receive("ready", wall_s=START_WALL_S)
            if self._tier is not Tier.NONE:
                self._test_isolation()
            self._ready = True

    def start_job(self) -> socket.socket:
        """Return the channel to a new child whose walls stand and that holds nothing yet."""
        self.get_ready()
        return self._fork()

    def _fork(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with contextlib.ExitStack() as in_vain:
            in_vain.callback(ours.close)
            try:
                with theirs:
                    socket.send_fds(self._control, [b"j"], [theirs.fileno()])
                self._receive("started", wall_s=START_WALL_S)
                if "confined" not in wire.Reader(ours).receive(wall_s=START_WALL_S):
                    raise self._fault("a child came without its walls")
            except MalformedAnswer:
                raise self._fault("a child spoke before its walls stood") from None
            except (OSError, wire.Closed, wire.TimedOut) as problem:
                raise self._death(f"no child: {type(problem).__name__}") from None
            in_vain.pop_all()
        return ours

    def _test_isolation(self) -> None:
        """Have a child try what no submission may do.

        Raises:
            IsolationError: it could.
        """
        guarded = [str(self._canary), *map(str, self._guarded)]
        with self._fork() as channel:
            try:
                wire.send(channel, {"self_test": {"guarded": guarded, "outside": str(self._canary)}})
                tried = wire.Reader(channel).receive(wall_s=START_WALL_S).get("tried", {})
            except (wire.Closed, wire.TimedOut, MalformedAnswer) as problem:
                tried = {"self-test": type(problem).__name__}
        self.end_job()
        done = [f"{act} ({result})" for act, result in tried.items() if result]
        if done or tuple(tried) != selftest.ACTS:
            raise IsolationError("self_test", {"tier": str(self._tier), "acts": ", ".join(done) or "-"})

    def end_job(self) -> None:
        """Have the child killed and its folder removed.

        Raises:
            ZygoteDied: so the child may have died with it.
        """
        try:
            wire.send(self._control, {"end": True})
        except wire.Closed:
            raise self._death("it ended") from None
        self._receive("ended", wall_s=START_WALL_S)

    def _receive(self, expected: str, *, wall_s: float) -> None:
        try:
            message = self._reader.receive(wall_s=wall_s)
        except (wire.Closed, wire.TimedOut, MalformedAnswer) as problem:
            reason = f"not {expected}: {type(problem).__name__}, status {self._process and self._process.poll()}"
            # One that never got ready in all that time would not the next time either.
            again = isinstance(problem, wire.Closed) or (isinstance(problem, wire.TimedOut) and self._ready)
            raise (self._death(reason) if again else self._fault(reason)) from None
        if expected not in message:
            raise self._fault(f"not {expected}: {message}")

    def _fault(self, reason: str) -> InternalFault:
        self._broken = True
        return InternalFault(f"the sandbox process for {self.needs!r} katas: {reason}")

    def _death(self, reason: str) -> ZygoteDied:
        self._broken = self.has_died = True
        return ZygoteDied(f"the sandbox process for {self.needs!r} katas has ended: {reason}")

    def close(self) -> None:
        """End it, and whatever child it still has."""
        self._control.close()
        if self._process is not None:
            _end(self._process, at_once=self.has_died)
        folder.remove(self._home)


class Nursery:
    """A process that imports once and forks a zygote for each of several judges; a context manager around them."""

    def __init__(self, needs: str, tier: Tier, count: int) -> None:
        """Start it, and wait for nothing.

        Args:
            needs: what it imports.
            tier: how its zygotes isolate.
            count: of zygotes.

        Raises:
            IsolationError: no sandbox can run on this system at all.
            UsageError: there is no place for temporary files.
        """
        require_sandbox()
        self._folder = _make_folder()
        # In the full tier each zygote has this place to itself.
        homes = [HOME_IN_FULL if tier is Tier.FULL else f"{self._folder}/{number}" for number in range(count)]
        for home in homes if tier is not Tier.FULL else ():
            os.mkdir(home, 0o700)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            own = HOME_IN_FULL if tier is Tier.FULL else self._folder
            self._process = _start(theirs, needs, tier, own, zygotes=homes)
        self._lent = [self._lend() for _ in homes]

    def take(self) -> socket.socket | None:
        """Return the judge's end of the socket to a zygote that nobody has yet, for a `Zygote`; None: all are taken."""
        return self._lent.pop() if self._lent else None

    def _lend(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        # Should it have died at its start, whoever is lent this finds nobody there.
        with theirs, contextlib.suppress(OSError):
            socket.send_fds(self._control, [b"z"], [theirs.fileno()])
        return ours

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for unused in self._lent:
            unused.close()
        self._control.close()
        _end(self._process, at_once=False)
        # A zygote that somebody has stopped does not hear that it is over.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        folder.remove(self._folder)


def _start(
    control: socket.socket, needs: str, tier: Tier, home: str, zygotes: Sequence[str] = ()
) -> "subprocess.Popen[bytes]":
    """Start the far side: a zygote, or a nursery of zygotes with these homes."""
    view = view_of_this_python()
    boot = {
        "control": control.fileno(),
        "needs": needs,
        "home": home,
        "zygotes": zygotes,
        "apart": tier is Tier.FULL,
        "landlock_abi": 0 if tier is Tier.NONE else landlock.probe_abi(),
        "readable": view.readable,
        "processes": _count_processes(),
        "package_parent": view.package_parent,
    }
    arguments = ["-c", _BOOT, json.dumps(boot), view.package_parent, *view.search_path]
    around = bubblewrap_command(view, divides=bool(zygotes)) if tier is Tier.FULL else []
    return subprocess.Popen(
        [*around, *python_command(view), *arguments],
        pass_fds=[control.fileno()],
        env={**ENVIRONMENT, "HOME": home, "TMPDIR": home},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=bool(zygotes),
    )


def _end(process: "subprocess.Popen[bytes]", *, at_once: bool) -> None:
    """Wait for the end of a process whose control is closed."""
    if at_once:
        # Perhaps it is only stopped, or bubblewrap still waits for it.
        process.kill()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _make_folder() -> str:
    try:
        return tempfile.mkdtemp(prefix="kata-")
    except OSError as problem:
        raise UsageError("cannot_write", path="TMPDIR", reason=problem.strerror or problem) from None


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
