"""Reads a student's answers for a picture: each is a value in a form that can be drawn, or a gap that is told in words.

A picture never fails because of an answer. Every value goes through grader.expect, as in the checks; what is missing,
crashes, runs too long or has another form becomes a `Gap`, and the picture is drawn without it.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from grader import expect
from grader.checks.student import Function, Student

T = TypeVar("T")

_LOST = ("too_slow", "too_long", "no_answer", "died")
"""Tags after which a function is not asked again: each further question would cost as much."""


@dataclass(frozen=True)
class Gap:
    """An answer that a picture has to do without."""

    name: str
    """The name in the student's file."""
    problem: expect.Mismatch


class Reader:
    """Asks a student's module and collects the gaps, one for each name and kind of trouble."""

    def __init__(self, student: Student, *, name_s: float) -> None:
        """Ask this student.

        Args:
            student: whose answers.
            name_s: seconds for all questions about one name; after that it is not asked again.
        """
        self.student = student
        self._name_s = name_s
        self._spent: dict[str, float] = {}
        self._gaps: dict[tuple[str, str], Gap] = {}
        self._lost: set[str] = set()

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What could not be had, in the order of asking; the same trouble with one name once."""
        return tuple(self._gaps.values())

    @property
    def source(self) -> bytes:
        """The student's file as it is, for what stands around her answers."""
        return self.student._session.source

    def value(self, name: str, form: Callable[[Any, str], T]) -> T | None:
        """Return a value of the module in a form: a function of (what came back, what was asked); None for a gap."""
        return self.attempt(name, lambda: form(getattr(self.student, name), name))

    def call(self, name: str, args: Sequence[Any], form: Callable[[Any, str], T], *, finite: bool = True) -> T | None:
        """Call a function of the module; return the answer in a form, None for a gap.

        Args:
            name: of the function.
            args: plain data, or a `Function` from `function`.
            form: as in `value`.
            finite: False lets NaN and infinity through to the form.
        """

        def question() -> T:
            function = get_function(self.student, name)
            answer = function(*args) if finite else function.unchecked(*args)
            return form(answer, expect.call_text(name, args))

        return self.attempt(name, question)

    def function(self, name: str) -> Function | None:
        """Return a function of the module, to be an argument of another; None for a gap."""
        return self.attempt(name, lambda: get_function(self.student, name))

    def attempt(self, name: str, question: Callable[[], T]) -> T | None:
        """Return what a question about a name gives, None for a gap."""
        if name in self._lost:
            return None
        begin = time.monotonic()
        try:
            return question()
        except expect.Mismatch as problem:
            self._keep(name, problem)
        except Exception as problem:  # an answer in a form that the question's author did not foresee
            self._keep(name, expect.Mismatch("unexpected_form", type=type(problem).__name__))
        finally:
            self._spent[name] = self._spent.get(name, 0.0) + time.monotonic() - begin
            if self._spent[name] > self._name_s and name not in self._lost:
                self._keep(name, expect.Mismatch("too_long", seconds=f"{self._name_s:g}"))
        return None

    def _keep(self, name: str, problem: expect.Mismatch) -> None:
        if problem.tag in _LOST:
            self._lost.add(name)
        self._gaps.setdefault((name, problem.tag), Gap(name, problem))


def get_function(student: Student, name: str) -> Function:
    """Return the student's function of this name.

    Raises:
        Mismatch: "not_a_function".
    """
    function = getattr(student, name)
    if not isinstance(function, Function):
        expect.fail("not_a_function", asked=name, expected=f"def {name}(...)", actual=expect.show(function))
    return function


# --- forms: (what came back, what was asked) -> a value to draw, or Mismatch ---------------------------------------


def number(answer: Any, asked: str) -> float:
    """Return one finite number."""
    found = expect.number(answer, asked=asked)
    if not math.isfinite(found):
        expect.fail("not_finite", asked=asked, expected="a number", actual=expect.show(answer))
    return found


def bit(answer: Any, asked: str) -> int:
    """Return 0 or 1."""
    found = number(answer, asked)
    if found not in (0, 1):
        expect.fail("not_a_bit", asked=asked, expected="0 or 1", actual=expect.show(answer))
    return int(found)


def whole(answer: Any, asked: str) -> int:
    """Return a whole number."""
    found = number(answer, asked)
    if found != int(found):
        expect.fail("not_whole", asked=asked, expected="a whole number", actual=expect.show(answer))
    return int(found)


def word(answer: Any, asked: str) -> str:
    """Return a text of one short line."""
    if not isinstance(answer, str):
        expect.fail("not_a_word", asked=asked, expected="a text", actual=expect.show(answer))
    return expect.clean(answer.replace("\n", " "))[:40]


def numbers(count: int | None = None) -> Callable[[Any, str], tuple[float, ...]]:
    """Return the form "this many numbers in a row"; None is any number of them."""

    def form(answer: Any, asked: str) -> tuple[float, ...]:
        items = answer.tolist() if hasattr(answer, "tolist") else answer
        wanted = "numbers" if count is None else f"{count} numbers"
        if not isinstance(items, (list, tuple)) or (count is not None and len(items) != count):
            expect.fail("not_a_row", asked=asked, expected=wanted, actual=expect.show(answer))
        return tuple(number(item, f"{asked}[{index}]") for index, item in enumerate(items))

    return form


def array(*shape: int) -> Callable[[Any, str], Any]:
    """Return the form "an array of finite numbers of exactly this shape"."""

    def form(answer: Any, asked: str) -> Any:
        found = expect.array(answer, shape=shape, asked=asked)
        if not (abs(found) < math.inf).all():
            expect.fail("not_finite", asked=asked, expected=f"shape {shape}", actual=expect.show(answer))
        return found

    return form
