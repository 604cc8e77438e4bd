"""A session whose file lives in this very process, for plain pytest: prints, tracebacks and breakpoint() work.

The file sees the same world as in a sandbox child (world.py), and answers are held to the same sizes.
"""

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Any

from grader.sandbox import limits, wire
from grader.sandbox.asking import Asking
from grader.sandbox.fault import Fault
from grader.sandbox.time_limit import TimeLimit
from grader.sandbox.values import MalformedAnswer
from grader.sandbox.workbench import OutOfTime, Workbench
from grader.sandbox.world import World


class LocalSession(Asking):
    """The module in this process."""

    def __init__(
        self,
        source: bytes,
        path: str,
        *,
        needs: str = "np",
        aside: Collection[str] = (),
        cpu_s: float | None = None,
        limit: TimeLimit | None = None,
    ) -> None:
        """Keep the source; it runs when first asked for.

        Args:
            source: the student's file.
            path: the name under which tracebacks show it.
            needs, aside: as for `Asking`.
            cpu_s: seconds of computing for one request; None: what the judge allows. Waiting in a debugger costs none.
            limit: who keeps the time; None: one of its own, which cannot end the process.
        """
        super().__init__(source, needs=needs, aside=aside)
        self._path = path
        self._cpu_s = cpu_s
        self._limit = limit or TimeLimit()
        self._world: World | None = None
        self._workbench: Workbench | None = None
        self._allowance = wire.Allowance(limits.ANSWERS_BYTES)

    @property
    def cpu_s(self) -> float:
        """Seconds of computing for one request."""
        return limits.limits_for(self.needs).call_cpu_s if self._cpu_s is None else self._cpu_s

    def _start(self) -> None:
        self._world = World()
        self._world.lay(Path(self._path).name, self.source)
        self._workbench = Workbench(self.source, self._path, file=self._world.file)
        self._world.add_module(self._workbench.module)
        self._allowance = wire.Allowance(limits.ANSWERS_BYTES)

    def _exchange(self, op: str, fields: dict[str, Any]) -> Any:
        assert self._world is not None
        assert self._workbench is not None
        cpu_s = self.cpu_s
        # The world stands around the limit: it is ours, is left whole, and costs the student nothing.
        with self._world:
            try:
                answer = self._limit.run(cpu_s, partial(self._workbench.answer, {"op": op, **fields}))
            except OutOfTime as problem:  # raised while another fault was put into words
                answer = self._workbench.fail(problem)
        if "fault" in answer:
            said = {**answer["fault"], "names": tuple(answer["fault"].get("names", ()))}
            raise Fault(**said, wall_s=cpu_s) from self._workbench.last_exception
        try:
            self._allowance.take(len(wire.pack(answer)))
        except MalformedAnswer as problem:
            raise Fault("unusable", text=str(problem)) from None
        except wire.Flooded:
            raise Fault("flood", text=wire.FLOODED.format(limits.ANSWERS_BYTES)) from None
        return answer["ok"]

    def _stop(self) -> None:
        if self._world is not None:
            self._world.close()
        self._world = self._workbench = None
