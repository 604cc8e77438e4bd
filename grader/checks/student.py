"""The `student` of a check: values and functions of the student's module, near or far.

    check  ->  Student  ->  session.ask(op, ...)  ->  the module, here (local.py) or in a sandbox child (remote.py)

All sessions pass every value through the same flattening (sandbox/values.py), so a check sees the same thing under
plain pytest and in the judge. What cannot be had (a crash, a hole, a time-out) is raised as `StudentFault`.
"""

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from grader import expect
from grader.checks.crash import StudentFault, read_fault
from grader.checks.session import Session
from grader.result import RECORDED
from grader.sandbox import values
from grader.sandbox.fault import Fault
from grader.sandbox.values import CallableName, ModelHandle, Opaque, Reference, StandInPart

if TYPE_CHECKING:
    import numpy as np


_PREPARED = ("generator", "coroutine", "async_generator")
"""Types of what a function gives in place of a value, before any of its lines have run."""
Asked = Callable[[], str]
"""What was asked, as code, for a message's first line; put into words only if something is wrong with the answer."""


@dataclass(frozen=True)
class Fact:
    """One syntax node of the student's file; gathered before any of it ran."""

    kind: str
    """The node's class in Python's `ast`: "Compare", "BoolOp", "FunctionDef", ..."""
    line: int
    last_line: int
    detail: str
    """The operator's class, the name called, the function's name, or the module imported."""


class Student:
    """Attribute access gives values and functions of the student's module."""

    def __init__(self, session: Session, check: str) -> None:
        """Bind a session to one check, which seeds `rng`. Nothing is asked yet, so a file that does not load fails
        the check that asks first, not its set-up.
        """
        self._session = session
        self._check = check
        self._functions: dict[str, Function] = {}
        self.notes: list[expect.Mismatch] = []

    def record(self, *names: str) -> None:
        """Tell that these answers were only recorded: a hidden check judges them, for here it would give them away."""
        self.note(RECORDED, names=", ".join(names))

    def note(self, tag: str, **values: object) -> None:
        """Tell something beside a passed check: a tag with `note = true` in messages.toml."""
        self.notes.append(expect.Mismatch(tag, asked="", expected="", actual="", parts=(), **values))

    @property
    def rng(self) -> "np.random.Generator":
        """Random inputs: the same on every run for this file and this check, others for any other file."""
        import numpy as np

        seed = hashlib.sha256(self._session.source + self._check.encode()).digest()
        return np.random.default_rng(np.frombuffer(seed, dtype=np.uint32))

    @property
    def syntax(self) -> tuple[Fact, ...]:
        """Facts about the student's text, in the order of its lines, from before any of it ran."""
        self._open()
        return tuple(Fact(*row) for row in self._session.facts)

    def __getattr__(self, name: str) -> Any:
        """Return a value, a `Function` or a `Model`.

        Raises:
            StudentFault: the name is missing or not filled in, or the module does not load.
        """
        # Asked for once in a check: a check that calls a function a hundred times would ask two hundred questions.
        if name in self._functions:
            return self._functions[name]
        return self._value(name, self._ask("get", asked=lambda: name, name=name))

    def get_each(self, names: Sequence[str], *, finite: bool = True) -> Iterator[Any]:
        """Give what attribute access gives for each of these names in turn; all of them are asked for at once.

        Nothing else may be asked before the last one, as with `Function.each`.

        Args:
            names: of the values.
            finite: False lets NaN and infinity come back, for values that nobody calculates with.

        Raises:
            StudentFault: as attribute access, when the value is asked for.
        """
        rows = [{"name": name} for name in names]
        answers = self._ask_each("get", rows, [partial(str, name) for name in names])
        for name, value in zip(names, answers, strict=True):
            yield self._value(name, value, finite=finite)

    def _value(self, name: str, value: Any, *, finite: bool = True) -> Any:
        if isinstance(value, CallableName):
            return self._functions.setdefault(name, Function(self, name))
        return self._usable(value, asked=lambda: name, finite=finite)

    def entry(self, name: str, key: Any) -> Any:
        """Return the table `name` with the entry `key` alone; whole if it has no such entry or is no table.

        Raises:
            StudentFault: this entry is not filled in; others may still be open.
        """
        value = self._ask("entry", asked=lambda: name, name=name, key=values.encode(key, keep=lambda _: None))
        return self._usable(value, asked=lambda: name)

    @contextmanager
    def replacing(self, name: str, stand_in: str, options: Any) -> Iterator[list[Any]]:
        """Let a stand-in (sandbox/stand_ins.py) take the place of a name; gives the list of what it records."""
        record: list[Any] = []
        self._functions.pop(name, None)
        self._ask("replace", name=name, stand_in=stand_in, options=values.encode(options, keep=lambda _: None))
        opening = self._session.openings
        try:
            yield record
        finally:
            self._functions.pop(name, None)
            # A file that was loaded anew meanwhile (its process had ended) holds no stand-in.
            if self._session.openings == opening:
                record.extend(self._ask("restore", name=name))

    def stand_in(self, name: str, options: Any) -> "StandIn":
        """Make a stand-in (sandbox/stand_ins.py) on the student's side, whose parts can be arguments of a function."""
        number = self._ask("make", stand_in=name, options=values.encode(options, keep=lambda _: None))
        return StandIn(self, number)

    @contextmanager
    def strict_floats(self) -> Iterator[None]:
        """Let NumPy on the student's side raise FloatingPointError where it would warn (overflow, 0/0, 1/0)."""
        self._ask("floats", strict=True)
        opening = self._session.openings
        try:
            yield
        finally:
            if self._session.openings == opening:
                self._ask("floats", strict=False)

    def _once(self, name: str) -> Any:
        def asked() -> str:
            return f"{name}()"

        return self._usable(self._ask("once", asked=asked, name=name), asked=asked)

    def _call(self, name: str, args: Sequence[Any], kwargs: dict[str, Any], *, finite: bool) -> Any:
        asked = partial(expect.call_text, name, [*args, *kwargs.values()])
        answer = self._ask("call", asked=asked, name=name, **_encode_call(args, kwargs))
        return self._usable(_computed(name, answer, asked), asked=asked, finite=finite)

    def _call_each(self, name: str, rows: Sequence[Sequence[Any]], *, finite: bool) -> Iterator[Any]:
        texts = [partial(expect.call_text, name, row) for row in rows]
        answers = self._ask_each("call", [{"name": name, **_encode_call(row, {})} for row in rows], texts)
        for asked, answer in zip(texts, answers, strict=True):
            yield self._usable(_computed(name, answer, asked), asked=asked, finite=finite)

    def _usable(self, value: Any, *, asked: Asked, finite: bool = True) -> Any:
        if isinstance(value, ModelHandle):
            return Model(self, value, asked())
        if finite and not _is_finite(value):
            expect.fail("not_finite", asked=asked(), expected="float (not nan, not inf)", actual=value)
        return value

    def _open(self) -> None:
        """Load the file, so that what goes wrong there is not told of the first question."""
        try:
            self._session.open()
        except Fault as fault:
            raise self._fault(fault, "") from fault.__cause__

    def _ask(self, op: str, *, asked: Asked = str, **fields: Any) -> Any:
        self._open()
        return self._receive(lambda: self._session.ask(op, **fields), asked)

    def _ask_each(self, op: str, rows: Sequence[dict[str, Any]], texts: Sequence[Asked]) -> Iterator[Any]:
        answers = self._session.ask_each(op, rows)
        self._open()
        for asked in texts:
            yield self._receive(lambda: next(answers), asked)

    def _receive(self, receive: Callable[[], Any], asked: Asked) -> Any:
        try:
            return values.decode(receive())
        except values.TooCostly as problem:
            raise self._fault(Fault("unusable", text=str(problem)), asked()) from None
        except values.MalformedAnswer as problem:
            raise self._fault(Fault("nonsense", text=str(problem)), asked()) from None
        except Fault as fault:
            raise self._fault(fault, asked()) from fault.__cause__

    def _fault(self, fault: Fault, asked: str) -> StudentFault:
        return read_fault(fault, self._session.source, asked)


class Function:
    """A function of the student's module: call it with plain data, get plain data; or pass it to another one."""

    def __init__(self, student: Student, name: str) -> None:
        """Name the function; nothing is called yet."""
        self._student = student
        self.name = name

    @property
    def type_name(self) -> str:
        """As a value a function shows as <function AND>, so that nobody reads "got AND" as the gate's name."""
        return f"function {self.name}"

    @property
    def name_in_call(self) -> str:
        """As an argument it shows as in code: chain_slope(d_relu, 1.0, 10)."""
        return self.name

    def __repr__(self) -> str:
        """Return its name."""
        return self.name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it on the student's side.

        Raises:
            StudentFault: it crashed, ended the process, ran too long or is not written yet.
            Mismatch: "not_finite", when NaN or an infinity is in the answer.
        """
        return self._student._call(self.name, args, kwargs, finite=True)

    def each(self, rows: Iterable[Sequence[Any]], *, finite: bool = True) -> Iterator[Any]:
        """Call it once for each row of arguments, and give the answers in turn: all questions cross at once.

            for row, answer in zip(gates.ROWS, student.xor_gate.each(gates.ROWS), strict=True):

        The file is asked in this order and up to the first fault, whatever becomes of the answers. Nothing else may be
        asked before the last one; where a question depends on an answer, ask singly.

        Args:
            rows: arguments of each call, known before the first.
            finite: False lets NaN and infinity come back, as `unchecked` does.

        Raises:
            StudentFault, Mismatch: as a single call, when the answer is asked for.
        """
        return self._student._call_each(self.name, list(rows), finite=finite)

    def once(self) -> Any:
        """Call it without arguments, or return the model that it gave at the first such call in this process.

        Building a Keras model costs 10 to 20 ms. Weights that an earlier check has set stay in it.

        Raises:
            StudentFault, Mismatch: as above.
        """
        return self._student._once(self.name)

    def unchecked(self, *args: Any, **kwargs: Any) -> Any:
        """Call it as above, but let NaN and infinity come back, for a check that names what they mean."""
        return self._student._call(self.name, args, kwargs, finite=False)


class StandIn:
    """A stand-in on the student's side: `run.bar` is its part of that name, for a call; `run.record()` what it saw."""

    def __init__(self, student: Student, number: int) -> None:
        """Bind its number."""
        self._student = student
        self._number = number

    def __getattr__(self, part: str) -> "_Part":
        """Return a part as an argument for a function of the student's."""
        return _Part(StandInPart(self._number, part))

    def record(self) -> Any:
        """Return what it has recorded so far, as the student's side tells it."""
        return self._student._ask("record", number=self._number)


@dataclass(frozen=True)
class _Part:
    handle: StandInPart

    def __repr__(self) -> str:
        """Return its name, as a message shows it: train_with_bar(model, ..., bar)."""
        return self.handle.part


class Model:
    """A Keras model that stays on the student's side."""

    def __init__(self, student: Student, handle: ModelHandle, asked: str) -> None:
        """Bind the handle; `asked` names the call it came from."""
        self.student = student
        self.handle = handle
        self.asked = asked

    @property
    def weights(self) -> list["np.ndarray[Any, Any]"]:
        """All weight arrays in get_weights() order; [] while the model is not built."""
        return self._arrays("weights")

    @property
    def trainable_weights(self) -> list["np.ndarray[Any, Any]"]:
        """The arrays that training would change."""
        return self._arrays("trainable_weights")

    @property
    def config(self) -> str | None:
        """Keras's configuration as JSON text; None for a subclass that has none."""
        text = self._request("config")
        return text if isinstance(text, str) else None

    @property
    def output_shape(self) -> tuple[int | None, ...] | None:
        """What Keras says about the output, e.g. (None, 1); None where it does not know. A claim, no proof."""
        shape = self._request("output_shape")
        return shape if isinstance(shape, tuple) else None

    def set_weights(self, weights: "Sequence[np.ndarray[Any, Any]]") -> None:
        """Load weights in get_weights() order."""
        self._request("set_weights", list(weights))

    def predict(self, inputs: "np.ndarray[Any, Any]") -> Any:
        """Return the model's output for inputs of shape (rows, features), in inference mode."""
        return self._request("predict", inputs)

    def _arrays(self, what: str) -> "list[np.ndarray[Any, Any]]":
        """A list of arrays, whatever the student's side says: weights are believed for their shapes and numbers."""
        import numpy as np

        answer = self._request(what)
        if not isinstance(answer, list) or not all(isinstance(array, np.ndarray) for array in answer):
            raise self.student._fault(Fault("nonsense"), self.asked)
        return answer

    def _request(self, what: str, data: Any = None) -> Any:
        encoded = values.encode(data, keep=_refer)
        return self.student._ask(
            "model", asked=lambda: f"{self.asked}.{what}", number=self.handle.number, what=what, data=encoded
        )


def _encode_call(args: Sequence[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    return {
        "args": [values.encode(arg, keep=_refer) for arg in args],
        "kwargs": {key: values.encode(arg, keep=_refer) for key, arg in kwargs.items()},
    }


def _refer(value: object) -> Reference | None:
    if isinstance(value, Function):
        return CallableName(value.name)
    return value.handle if isinstance(value, (Model, _Part)) else None


def _computed(name: str, answer: Any, asked: Asked) -> Any:
    if isinstance(answer, Opaque) and answer.type_name in (*_PREPARED, name):
        tag = "class_made" if answer.type_name == name else "not_run"
        expect.fail(tag, asked=asked(), expected="", actual="", call=asked(), type=answer.type_name)
    return answer


def _is_finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(_is_finite(item) for item in value)
    if isinstance(value, dict):
        return all(_is_finite(item) for pair in value.items() for item in pair)
    if value is None or isinstance(value, (bool, int, str, Opaque, Reference)):
        return True
    import numpy as np

    return bool(np.isfinite(value).all())
