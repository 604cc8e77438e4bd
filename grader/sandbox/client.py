"""The judge's side of the sandbox: keeps zygotes (host.py), opens a child for a job, asks, and kills.

What the far side answers is data to be checked, never an instruction. Every way in which it can fail to answer (death,
silence, nonsense) becomes a `Fault`, which is the submission's; only a zygote that cannot be started or does not obey
is an `InternalFault`, which is the kit's. A zygote that somebody has killed takes its child with it: `ZygoteDied`. The
same questions can then be asked again, because the next `open` starts a new zygote.
"""

import base64
import contextlib
import math
import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from grader.sandbox import cause, kernel, limits, wire
from grader.sandbox.fault import Fault
from grader.sandbox.host import MOST_DEATHS, Zygote, ZygoteDied
from grader.sandbox.tier import Tier, require_sandbox
from grader.sandbox.values import MalformedAnswer


class Sandbox:
    """The zygotes of one judge, started when first needed and ended with it.

    Make it in a thread that lives as long as it does: bubblewrap ends with the thread that started it.
    """

    def __init__(
        self, tier: Tier, *, guarded: Sequence[Path] = (), lent: Mapping[str, socket.socket] | None = None
    ) -> None:
        """Start nothing yet; use as a context manager, or call `close`.

        Args:
            tier: how to isolate; the strongest that works is tier.find_isolation().
            guarded: files of the bank that the self-test proves to be out of reach.
            lent: by what they need, sockets to zygotes of a nursery, to begin with.

        Raises:
            IsolationError: no sandbox can run on this system at all.
        """
        require_sandbox()
        self.tier = tier
        self._guarded = tuple(guarded)
        self._lent = dict(lent or {})
        self._zygotes: dict[str, Zygote] = {}
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
                self._zygotes[need] = Zygote(need, self.tier, self._guarded, self._lent.pop(need, None))

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
        for unused in self._lent.values():
            unused.close()


class Child:
    """One confined process with one student's file: a context manager around questions."""

    def __init__(self, zygote: "Zygote", source: bytes, path: str) -> None:
        """Fork it.

        Raises:
            InternalFault: the zygote does not obey.
        """
        self._zygote = zygote
        self._limits = limits.limits_for(zygote.needs)
        self._asked = self._answered = 0
        self._channel = zygote.start_job()
        # It may answer without ever reading what it is asked, until no further question fits.
        wire.bound_sending(self._channel, self._limits.call_wall_s)
        self._reader = wire.Reader(self._channel, wire.Allowance(limits.ANSWERS_BYTES))
        # Should it have been killed from outside, the first question will say so.
        with contextlib.suppress(wire.Closed):
            wire.send(self._channel, {"source": base64.b64encode(source).decode("ascii"), "path": path})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
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
