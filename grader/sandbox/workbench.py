"""Holds one student's module and answers requests about it, in plain data.

The same object serves both places: inside a sandbox child (zygote.py passes it what comes over the wire) and in the
student's own pytest process (local.py calls it directly). It knows no check and no expected value.

A request is {"op": name, ...}; the answer is {"ok": encoded value} or {"fault": {"kind": ..., ...}}. Kinds of fault:

    syntax, crash, exit     the student's code failed: type, text and line (in the student's file)
    toml                    the same for a file that is no code: text and line
    missing                 the module has no such name
    hole                    the code still has a `...` where the student's part belongs
"""

import builtins
import sys
import types
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from grader.sandbox import cause, source_text, stand_ins, toml_file, values, world
from grader.sandbox.facts import TextFacts, read_facts
from grader.sandbox.places import neutral
from grader.sandbox.standing import innermost_in, line_of
from grader.sandbox.values import CallableName, ModelHandle, StandInPart

MAX_TEXT = 300
"""Characters of an exception's text that are passed on."""
_ABSENT = object()


class OutOfTime(BaseException):
    """The student's code has used up its time; raised by a signal while it runs. No `except Exception` catches it."""


class Workbench:
    """One student's module, its models, and the stand-ins that replace parts of it."""

    def __init__(self, source: bytes, path: str, *, file: str) -> None:
        """Keep the source; nothing runs before the requests "parse" and "load".

        Args:
            source: the student's file as bytes; Python's own rules decide its encoding.
            path: the name under which tracebacks and breakpoints show the file.
            file: what the file knows as its own place, `__file__` (world.py).
        """
        self._is_toml = Path(path).suffix == ".toml"
        # What cannot be seen costs no points, here and at home alike.
        self.source = source if self._is_toml else source_text.forgive_source(source)
        self.path = path
        self.module = types.ModuleType(Path(path).stem)
        self.module.__file__ = file
        self.last_exception: BaseException | None = None
        self._facts = TextFacts()
        self._models: list[Any] = []
        self._built: dict[str, dict[str, Any]] = {}
        self._replaced: list[tuple[str, Any, Any, Any]] = []
        self._float_modes: list[dict[str, str]] = []
        self._stand_ins: list[Any] = []

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Carry out one request; whatever the student's code raises becomes a fault, never an exception here.

        KeyboardInterrupt is let through, so that Ctrl-C stops a student's own pytest run.
        """
        self.last_exception = None
        operation: Callable[..., dict[str, Any]] = getattr(self, "_op_" + request["op"])
        arguments = {key: value for key, value in request.items() if key != "op"}
        try:
            return operation(**arguments)
        except KeyboardInterrupt:
            raise
        except values.MalformedAnswer as problem:
            return {"fault": {"kind": "unusable", "text": str(problem)}}
        except BaseException as problem:  # the border to the student's code: SystemExit and all
            # Of a TOML file only the kit's own frames would be shown.
            self.last_exception = None if isinstance(problem, toml_file.UnreadableToml) else problem
            return self.fail(problem)

    def fail(self, problem: BaseException) -> dict[str, Any]:
        """Answer with the fault that an exception of the student's code, or the end of its time, amounts to."""
        kind = "syntax" if isinstance(problem, (SyntaxError, UnicodeDecodeError)) else "crash"
        if isinstance(problem, toml_file.UnreadableToml):
            kind = "toml"
        if isinstance(problem, (SystemExit, GeneratorExit)):
            kind = "exit"
        if isinstance(problem, OutOfTime):
            kind = "cpu"
        # A SyntaxError of another file (an old library) has a line there.
        own = isinstance(problem, SyntaxError) and problem.filename in (self.path, "", "<unknown>", None)
        inner = innermost_in(problem, self.path)
        line = problem.lineno if isinstance(problem, SyntaxError) and own else inner and line_of(inner)
        try:
            text = problem.msg if isinstance(problem, SyntaxError) else str(problem)
        except BaseException:  # an exception whose own __str__ raises
            text = ""
        fields = cause.fields_of(problem, self.source, self.path) if kind in ("syntax", "toml", "crash") else {}
        if "repeats" in fields:
            # Where the depth runs out is chance, often within what is called on the way.
            line = cause.line_that_repeats(problem, self.path, fields["repeats"]) or line
        fault = {
            "kind": kind,
            "type": type(problem).__name__[:60],
            "text": neutral(str(text), self.module.__file__ or "")[:MAX_TEXT],
            "line": line,
            "fields": {name: neutral(word, self.module.__file__ or "") for name, word in fields.items()},
        }
        return {"fault": fault}

    # --- requests ---------------------------------------------------------------------------------------------

    def _op_parse(self) -> dict[str, Any]:
        """Facts about the text, gathered before a line of it has run, so that the code cannot forge them."""
        if self._is_toml:
            self._facts = TextFacts(holes=toml_file.find_holes(self.source))
        else:
            self._facts = read_facts(self.source, self.path)
        return self._ok([self._facts.rows, self._facts.imports])

    def _op_load(self) -> dict[str, Any]:
        if self._is_toml:
            self.module.__dict__.update(toml_file.read_toml(self.source))
            return self._ok(None)
        code = compile(self.source, self.path, "exec", dont_inherit=True)
        world.seed(any(module == "numpy" for _, module in self._facts.imports))
        exec(code, self.module.__dict__)
        return self._ok(None)

    def _op_get(self, name: str) -> dict[str, Any]:
        if name not in self.module.__dict__:
            return {"fault": {"kind": "missing", "names": self._similar_names()}}
        value = self.module.__dict__[name]
        if callable(value) and not _is_model(value):
            return {"ok": {"callable": name}}
        return self._ok(value, name)

    def _op_entry(self, name: str, key: Any) -> dict[str, Any]:
        """A table with one entry only, so that another that is still open does not hide it."""
        table, wanted = self.module.__dict__.get(name), values.decode(key)
        if not isinstance(table, dict) or wanted not in table:
            return self._op_get(name)
        return self._ok({wanted: table[wanted]}, f"{name}[{wanted!r}]")

    def _op_call(self, name: str, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
        blank = [
            part for part in (name, *_functions_in(args), *_functions_in(kwargs.values())) if part in self._facts.blank
        ]
        if blank:
            return self._hole(blank[0])
        function = self.module.__dict__[name]
        positional = [self._argument(arg) for arg in args]
        named = {key: self._argument(arg) for key, arg in kwargs.items()}
        try:
            return self._ok(function(*positional, **named), name)
        except TypeError as problem:
            if name not in self._facts.holes or "ellipsis" not in str(problem):
                raise
            # Python stumbled over a `...` that is still in the function: that is what to look at.
            self.last_exception = problem
            return self._hole(name)

    def _op_once(self, name: str) -> dict[str, Any]:
        """Call a function without arguments, or give again the model that it gave the first time."""
        if name not in self._built:
            answer = self._op_call(name, [], {})
            if not isinstance(answer.get("ok"), dict) or "model" not in answer["ok"]:
                return answer
            self._built[name] = answer
        return self._built[name]

    def _op_replace(self, name: str, stand_in: str, options: Any) -> dict[str, Any]:
        made = stand_ins.make(stand_in, values.decode(options))
        original = self.module.__dict__.get(name, _ABSENT)
        self._replaced.append((name, original, stand_ins.lend_body(original, made.value), made))
        self.module.__dict__[name] = made.value
        return self._ok(None)

    def _op_restore(self, name: str) -> dict[str, Any]:
        """Put back what the latest stand-in of this name replaced, be that another stand-in."""
        place = max((index for index, replaced in enumerate(self._replaced) if replaced[0] == name), default=None)
        if place is None:
            return self._ok([])
        _, original, own_code, made = self._replaced.pop(place)
        if own_code is not None:
            original.__code__ = own_code
        if original is _ABSENT:
            self.module.__dict__.pop(name, None)
        else:
            self.module.__dict__[name] = original
        return self._ok(made.read())

    def _op_make(self, stand_in: str, options: Any) -> dict[str, Any]:
        self._stand_ins.append(stand_ins.make(stand_in, values.decode(options)))
        return self._ok(len(self._stand_ins) - 1)

    def _op_record(self, number: int) -> dict[str, Any]:
        return self._ok(self._stand_ins[number].read())

    def _op_floats(self, strict: bool) -> dict[str, Any]:
        """Be strict, or as before, which may be what the file itself has set."""
        numpy = sys.modules.get("numpy")
        if numpy is not None and strict:
            self._float_modes.append(numpy.seterr(over="raise", divide="raise", invalid="raise"))
        elif numpy is not None and self._float_modes:
            numpy.seterr(**self._float_modes.pop())
        return self._ok(None)

    def _op_model(self, number: int, what: str, data: Any) -> dict[str, Any]:
        model = self._models[number]
        return self._ok(_MODEL_REQUESTS[what](model, values.decode(data)))

    # --- help -------------------------------------------------------------------------------------------------

    def _ok(self, value: object, name: str = "") -> dict[str, Any]:
        try:
            return {"ok": values.encode(value, keep=self._keep)}
        except values.Unfilled:
            return self._hole(name)

    def _hole(self, name: str) -> dict[str, Any]:
        return {"fault": {"kind": "hole", "line": self._facts.holes.get(name), "name": name}}

    def _keep(self, value: object) -> ModelHandle | None:
        if not _is_model(value):
            return None
        self._models.append(value)
        return ModelHandle(len(self._models) - 1)

    def _argument(self, encoded: Any) -> Any:
        value = values.decode(encoded)
        if isinstance(value, CallableName):
            return self.module.__dict__[value.name]
        if isinstance(value, StandInPart):
            return getattr(self._stand_ins[value.number].value, value.part)
        return self._models[value.number] if isinstance(value, ModelHandle) else value

    def _similar_names(self) -> list[str]:
        names = [n for n in self.module.__dict__ if not n.startswith("_") and n.isidentifier() and len(n) <= 40]
        return names[:40]


def _functions_in(encoded: Iterable[Any]) -> list[str]:
    """The names of the module's functions among encoded arguments."""
    return [part["callable"] for part in encoded if isinstance(part, dict) and "callable" in part]


def _is_model(value: object) -> bool:
    keras = sys.modules.get("keras")
    model_class = getattr(keras, "Model", None)
    return model_class is not None and isinstance(value, model_class)


def _config(model: Any, _data: Any) -> Any:
    """The configuration as JSON text (Keras's own, parsed on the other side), None where the model has none."""
    try:
        return builtins.str(model.to_json())
    except NotImplementedError:
        return None


def _output_shape(model: Any, _data: Any) -> Any:
    """The shape that Keras worked out for a chain of layers, None where it does not know (a subclass)."""
    try:
        return model.output_shape
    except (AttributeError, ValueError):
        return None


_MODEL_REQUESTS: dict[str, Callable[[Any, Any], Any]] = {
    "weights": lambda model, _data: model.get_weights(),
    "trainable_weights": lambda model, _data: [weight.numpy() for weight in model.trainable_weights],
    "set_weights": lambda model, data: model.set_weights(data),
    "predict": lambda model, data: model(data, training=False),
    "config": _config,
    "output_shape": _output_shape,
}
