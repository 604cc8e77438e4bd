"""The judge's side of the sandbox: starts zygotes, opens a child for a job, asks, and kills.

What the far side answers is data to be checked, never an instruction. Every way in which it can fail to answer (death,
silence, nonsense) becomes a `Fault`, which is the submission's; only a zygote that cannot be started or does not obey
is an `InternalFault`, which is the kit's.
"""

import base64
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from types import TracebackType
from typing import Any, Self

from grader.errors import InternalFault, IsolationError
from grader.sandbox import wire
from grader.sandbox.confine import KERAS, PLAIN
from grader.sandbox.fault import Fault
from grader.sandbox.values import MalformedAnswer

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
    "MPLBACKEND": "agg",
}


class Sandbox:
    """The zygotes of one judge, started when first needed and ended with it."""

    def __init__(self) -> None:
        """Start nothing yet; use as a context manager, or call `close`."""
        self._zygotes: dict[str, _Zygote] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def warm(self, needs: set[str]) -> None:
        """Start the zygotes for these needs without waiting for them."""
        for need in needs:
            if need not in self._zygotes:
                self._zygotes[need] = _Zygote(need)

    def open(self, needs: str, source: bytes, path: str) -> "Child":
        """Fork a fresh child that holds `source`; nothing of it has run yet."""
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
        self._limits = KERAS if zygote.needs == "keras" else PLAIN
        self._number = 0
        self._channel = zygote.start_job(source, path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill the child's process group and remove its folder. Calling it twice does nothing."""
        if self._channel.fileno() >= 0:
            self._channel.close()
            self._zygote.end_job()

    def ask(self, op: str, **fields: Any) -> Any:
        """Send one request and return what stands under "ok", still encoded.

        Raises:
            Fault: everything that is no usable answer.
        """
        self._number += 1
        try:
            wire.send(self._channel, {"id": self._number, "op": op, **fields})
            answer = wire.receive(self._channel, wall_s=self._limits.call_wall_s)
        except wire.TimedOut:
            raise Fault("wall", wall_s=self._limits.call_wall_s) from None
        except wire.Closed:
            raise Fault("died") from None
        except MalformedAnswer as problem:
            raise Fault("nonsense", text=str(problem)) from None
        if answer.get("id") != self._number:
            raise Fault("nonsense", text="an answer to another question")
        if "ok" in answer:
            return answer["ok"]
        raise self._read_fault(answer.get("fault"))

    def _read_fault(self, fault: Any) -> Fault:
        if type(fault) is not dict:
            return Fault("nonsense", text="neither a value nor a fault")
        line, names = fault.get("line"), fault.get("names", [])
        return Fault(
            kind=_text(fault.get("kind"), 20),
            type=_text(fault.get("type"), 60),
            text=_text(fault.get("text"), 300),
            line=line if type(line) is int and 0 < line < 1_000_000 else None,
            name=_text(fault.get("name"), 60),
            names=tuple(_text(name, 40) for name in names[:40]) if type(names) is list else (),
            wall_s=self._limits.call_cpu_s,
        )


def _text(value: object, most: int) -> str:
    return value[:most] if type(value) is str else ""


class _Zygote:
    def __init__(self, needs: str) -> None:
        if not hasattr(os, "fork"):
            raise IsolationError("Not graded: this system cannot fork a process for each kata. Use Linux or WSL2.")
        self.needs = needs
        self._ready = False
        # A folder of its own as HOME: Keras writes ~/.keras when it is imported.
        self._home = tempfile.mkdtemp(prefix="kata-")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-m", "grader.sandbox.zygote", str(theirs.fileno()), needs],
                pass_fds=[theirs.fileno()],
                env={**ENVIRONMENT, "HOME": self._home, "TMPDIR": self._home},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._control = ours

    def start_job(self, source: bytes, path: str) -> socket.socket:
        if not self._ready:
            self._receive("ready", wall_s=START_WALL_S)
            self._ready = True
        folder = tempfile.mkdtemp(prefix="job-", dir=self._home)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        job = {"source": base64.b64encode(source).decode("ascii"), "path": path, "folder": folder}
        try:
            with theirs:
                socket.send_fds(self._control, [b"j"], [theirs.fileno()])
                wire.send(self._control, job)
                self._receive("started", wall_s=START_WALL_S)
        except (OSError, wire.Closed):
            raise InternalFault(f"the sandbox process for {self.needs!r} katas ended") from None
        return ours

    def end_job(self) -> None:
        try:
            wire.send(self._control, {"end": True})
        except wire.Closed:
            raise InternalFault(f"the sandbox process for {self.needs!r} katas ended") from None
        self._receive("ended", wall_s=START_WALL_S)

    def _receive(self, expected: str, *, wall_s: float) -> None:
        try:
            message = wire.receive(self._control, wall_s=wall_s)
        except (wire.Closed, wire.TimedOut, MalformedAnswer) as problem:
            reason = f"{type(problem).__name__}, exit status {self._process.poll()}"
            raise InternalFault(f"the sandbox process for {self.needs!r} katas is not {expected}: {reason}") from None
        if expected not in message:
            raise InternalFault(f"the sandbox process for {self.needs!r} katas is not {expected}: {message}")

    def close(self) -> None:
        self._control.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._home, ignore_errors=True)
