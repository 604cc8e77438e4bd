"""The judge's side of the sandbox: starts zygotes, opens a child for a job, asks, and kills.

What the far side answers is data to be checked, never an instruction. Every way in which it can fail to answer (death,
silence, nonsense) becomes a `Fault`, which is the submission's; only a zygote that cannot be started or does not obey
is an `InternalFault`, which is the kit's. A zygote that somebody has killed takes its child with it: `ZygoteDied`. The
same questions can then be asked again, because the next `open` starts a new zygote.
"""

import base64
import contextlib
import json
import math
import os
import socket
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.errors import InternalFault, IsolationError, UsageError
from grader.sandbox import cause, folder, kernel, landlock, limits, selftest, wire
from grader.sandbox.fault import Fault
from grader.sandbox.tier import HOME_IN_FULL, Tier, bubblewrap_command, python_command, require_sandbox
from grader.sandbox.values import MalformedAnswer
from grader.sandbox.view import view_of_this_python

START_WALL_S = 120.0
"""TensorFlow's first import from a cold disk takes long; a zygote that is not ready by then is broken."""

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
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
}


MOST_DEATHS = 3
"""Of zygotes in one piece of work (to get ready, to judge one part of a kata); the last one is the kit's fault."""

_BOOT = "import sys; sys.path += sys.argv[2:]; from grader.sandbox.zygote import main; main(sys.argv[1])"


class ZygoteDied(InternalFault):
    """The zygote ended, or fell silent, in the middle of its work; what a new one is asked costs nobody a mark."""


class Sandbox:
    """The zygotes of one judge, started when first needed and ended with it.

    Make it in a thread that lives as long as it does: bubblewrap ends with the thread that started it.
    """

    def __init__(self, tier: Tier, *, guarded: Sequence[Path] = ()) -> None:
        """Start nothing yet; use as a context manager, or call `close`.

        Args:
            tier: how to isolate; the strongest that works is tier.find_isolation().
            guarded: files of the bank that the self-test proves to be out of reach.

        Raises:
            IsolationError: no sandbox can run on this system at all.
        """
        require_sandbox()
        self.tier = tier
        self._guarded = tuple(guarded)
        self._zygotes: dict[str, _Zygote] = {}
        self._replaced = 0
        if tier is not Tier.NONE:
            # The judge knows every test; no other process of the same user needs to see its memory.
            kernel.hide_memory()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def warm(self, needs: set[str]) -> None:
        """Start the zygotes for these needs without waiting for them; replace those that have ended."""
        for need in needs:
            if need in self._zygotes and self._zygotes[need].has_ended:
                self._replaced += self._zygotes[need].has_died
                self._zygotes.pop(need).close()
            if need not in self._zygotes:
                self._zygotes[need] = _Zygote(need, self.tier, self._guarded)

    @property
    def deaths(self) -> int:
        """How many zygotes have died in the middle of their work."""
        return self._replaced + sum(zygote.has_died for zygote in self._zygotes.values())

    def prove(self) -> None:
        """Wait until every zygote is ready and its self-test has passed; costs nothing the second time.

        One that is killed meanwhile is replaced, MOST_DEATHS - 1 times.

        Raises:
            InternalFault: a zygote does not get ready.
            IsolationError: the self-test could do what no submission may do.
        """
        most = self.deaths + MOST_DEATHS
        while True:
            self.warm(set(self._zygotes))
            try:
                for zygote in self._zygotes.values():
                    zygote.get_ready()
                return
            except ZygoteDied:
                if self.deaths >= most:
                    raise

    def open(self, needs: str, source: bytes, path: str) -> "Child":
        """Fork a fresh child that holds `source`; nothing of it has run yet.

        Raises:
            InternalFault: there is no child (ZygoteDied: there may be one the next time).
            IsolationError: the self-test could do what no submission may do.
        """
        self.warm({needs})
        return Child(self._zygotes[needs], source, path)

    def close(self) -> None:
        """End the zygotes and whatever child they still have."""
        for zygote in self._zygotes.values():
            zygote.close()
        self._zygotes.clear()


class Child:
    """One confined process with one student's file: a context manager around questions."""

    def __init__(self, zygote: "_Zygote", source: bytes, path: str) -> None:
        """Fork it.

        Raises:
            InternalFault: the zygote does not obey.
        """
        self._zygote = zygote
        self._limits = limits.limits_for(zygote.needs)
        self._asked = self._answered = 0
        self._channel = zygote.start_job()
        self._reader = wire.Reader(self._channel, wire.Allowance(limits.ANSWERS_BYTES))
        # Should it have been killed from outside, the first question will say so.
        with contextlib.suppress(wire.Closed):
            wire.send(self._channel, {"source": base64.b64encode(source).decode("ascii"), "path": path})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill the child's process group and remove its folder. Calling it twice does nothing.

        Raises:
            ZygoteDied: so the child may have died with it, and its last answer may be none of the submission's.
        """
        if self._channel.fileno() >= 0:
            self._channel.close()
            self._zygote.end_job()

    def ask(self, op: str, *, within_s: float = math.inf, **fields: Any) -> Any:
        """Send one request and return what stands under "ok", still encoded.

        Args:
            op: the request's name.
            within_s: wall seconds that whoever asks has left, if they are fewer than one request may take.
            fields: of the request.

        Raises:
            Fault: everything that is no usable answer.
        """
        self._send({"op": op, **fields}, 1)
        return self._receive(within_s)

    def send(self, op: str, rows: Sequence[dict[str, Any]]) -> Callable[[float], Any]:
        """Send requests that differ in their fields as one; they are answered one by one, up to the first fault.

        Nothing else may be asked before all those answers have come.

        Returns:
            A function that waits so many seconds for the next answer, and returns or raises as `ask` does.

        Raises:
            Fault: nobody is there to be asked.
        """
        self._send({"op": op, "each": rows}, len(rows))
        return self._receive

    def _send(self, request: dict[str, Any], count: int) -> None:
        """Send a request that has so many answers; the first carries its id, each other one the next number."""
        first = self._asked + 1
        self._asked += count
        try:
            wire.send(self._channel, {"id": first, **request})
        except wire.Closed:
            raise Fault("died") from None

    def _receive(self, within_s: float) -> Any:
        wall_s = min(self._limits.call_wall_s, within_s)
        self._answered += 1
        try:
            answer = self._reader.receive(wall_s=wall_s)
        except wire.TimedOut:
            raise Fault("wall", wall_s=self._limits.call_wall_s) from None
        except wire.Closed:
            raise Fault("died") from None
        except wire.Flooded:
            raise Fault("flood", text=wire.FLOODED.format(limits.ANSWERS_BYTES)) from None
        except MalformedAnswer as problem:
            raise Fault("nonsense", text=str(problem)) from None
        # Exactly these keys, so that nobody ever reads a third one; the type too, because True == 1.
        if type(answer.get("id")) is not int or answer["id"] != self._answered:
            raise Fault("nonsense", text="an answer to another question")
        if answer.keys() == {"id", "ok"}:
            return answer["ok"]
        if answer.keys() == {"id", "fault"}:
            self._answered = self._asked
            raise self._read_fault(answer["fault"])
        raise Fault("nonsense", text="neither a value nor a fault")

    def _read_fault(self, fault: Any) -> Fault:
        if type(fault) is not dict:
            return Fault("nonsense", text="neither a value nor a fault")
        line, names, fields = fault.get("line"), fault.get("names", []), fault.get("fields", {})
        return Fault(
            kind=_text(fault.get("kind"), 20),
            type=_text(fault.get("type"), 60),
            text=_text(fault.get("text"), 300),
            line=line if type(line) is int and 0 < line < 1_000_000 else None,
            name=_text(fault.get("name"), 60),
            names=tuple(_text(name, 40) for name in names[:40]) if type(names) is list else (),
            wall_s=self._limits.call_cpu_s,
            fields={_text(key, 20): _text(word, cause.MAX_FIELD) for key, word in [*fields.items()][:20]}
            if type(fields) is dict
            else {},
        )


def _text(value: object, most: int) -> str:
    return value[:most] if type(value) is str else ""


class _Zygote:
    def __init__(self, needs: str, tier: Tier, guarded: Sequence[Path]) -> None:
        self.needs = needs
        self._tier = tier
        self._guarded = guarded
        self._ready = False
        self._broken = False
        self.has_died = False
        # On this side: HOME of the zygote where it is not in bubblewrap, and a file that no child may reach.
        try:
            self._home = tempfile.mkdtemp(prefix="kata-")
            self._canary = Path(self._home, "canary")
            self._canary.write_text("not for you", "ascii")
        except OSError as problem:
            raise UsageError("cannot_write", path="TMPDIR", reason=problem.strerror or problem) from None
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            self._process = self._start(theirs.fileno())
        self._control = ours
        self._reader = wire.Reader(ours)

    def _start(self, control: int) -> "subprocess.Popen[bytes]":
        view = view_of_this_python()
        home = HOME_IN_FULL if self._tier is Tier.FULL else self._home
        boot = {
            "control": control,
            "needs": self.needs,
            "home": home,
            "landlock_abi": 0 if self._tier is Tier.NONE else landlock.probe_abi(),
            "readable": view.readable,
            "processes": _count_processes(),
            "package_parent": view.package_parent,
        }
        arguments = ["-c", _BOOT, json.dumps(boot), view.package_parent, *view.search_path]
        around = bubblewrap_command(view) if self._tier is Tier.FULL else []
        return subprocess.Popen(
            [*around, *python_command(view), *arguments],
            pass_fds=[control],
            env={**ENVIRONMENT, "HOME": home, "TMPDIR": home},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def has_ended(self) -> bool:
        return self._broken or self._process.poll() is not None

    def get_ready(self) -> None:
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
        try:
            wire.send(self._control, {"end": True})
        except wire.Closed:
            raise self._death("it ended") from None
        self._receive("ended", wall_s=START_WALL_S)

    def _receive(self, expected: str, *, wall_s: float) -> None:
        try:
            message = self._reader.receive(wall_s=wall_s)
        except (wire.Closed, wire.TimedOut, MalformedAnswer) as problem:
            reason = f"not {expected}: {type(problem).__name__}, status {self._process.poll()}"
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
        self._control.close()
        if self.has_died:
            # Perhaps it is only stopped, or bubblewrap still waits for it.
            self._process.kill()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        folder.remove(self._home)


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
