"""Kata 05: the lecture's six stacks with every parameter numbered, beside what the student counted."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader import expect
from grader.pictures.axes import say_instead
from grader.pictures.layout import Words, columns, num
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader, numbers
from perceptron.shared.graph import draw_graph, number_layers

if TYPE_CHECKING:
    from grader.pictures.svg import SubFigure

STACKS = {
    3: (2, 1),
    5: (2, 1, 1),
    9: (2, 2, 1),
    17: (2, 4, 1),
    11: (2, 2, 1, 1),
    25: (2, 4, 2, 1),
}
Counts = tuple[float, ...]


@dataclass(frozen=True)
class Counted:
    """One stack, as the student counted it."""

    total: int
    predicted: Counts | None
    """The entry of LAYERS."""
    computed: Counts | None
    """What stack_params returned."""

    @property
    def widths(self) -> tuple[int, ...]:
        """Of the stack, the inputs first."""
        return STACKS[self.total]

    @property
    def is_shown(self) -> bool:
        """True if the student has counted, so that the numbers may be shown."""
        return self.predicted is not None or self.computed is not None

    @property
    def drawn(self) -> tuple[int, ...]:
        """How many numbers the graph has in each layer."""
        return tuple(last - first + 1 for first, last in number_layers(self.widths))


@dataclass(frozen=True)
class ParamsPicture(Picture):
    """The six stacks."""

    stacks: tuple[Counted, ...]
    size = (11.0, 7.0)

    def lines(self, words: Words) -> list[str]:
        """Return a table of counts for each stack."""
        found = [words.text("params", "rule"), ""]
        for stack in self.stacks:
            found.append(_name(stack))
            if not stack.is_shown:
                found += ["  " + words.text("params", "not_counted"), ""]
                continue
            head = (words.text("params", "layer"), words.text("params", "drawn"), "LAYERS", "stack_params")
            rows = [
                (f"{index + 1}: {n_in} -> {units}", f"{first} ... {last}", *_entries(stack, index))
                for index, (n_in, units, (first, last)) in enumerate(
                    zip(stack.widths, stack.widths[1:], number_layers(stack.widths), strict=False)
                )
            ]
            found += [*columns([head, *rows]), *("  " + line for line in _differences(stack, words)), ""]
        return found[:-1]

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw one graph for each stack that was counted."""
        parts: Any = figure.subplots(2, 3)
        for axes, stack in zip(parts.flat, self.stacks, strict=True):
            if stack.is_shown:
                draw_graph(axes, stack.widths)
                said = [f"{name} = {_list_text(counts)}" for name, counts in _said(stack)]
                title = "\n".join([_name(stack), *said, *_differences(stack, words)])
            else:
                say_instead(axes, words.text("params", "not_counted"))
                title = _name(stack)
            axes.set_title(title, fontsize=9.5, linespacing=1.3)

    def below(self, words: Words) -> list[str]:
        """Return how to read the graphs."""
        return [words.text("params", "key")] if any(stack.is_shown for stack in self.stacks) else []


def read(reader: Reader) -> ParamsPicture:
    """Ask for the predicted table and the computed counts."""
    table = reader.value("LAYERS", _table) or {}
    found = []
    for total, widths in STACKS.items():
        predicted = None
        if total in table and table[total] is not None:
            name = f"LAYERS[{total}]"
            predicted = reader.attempt(name, lambda name=name, entry=table[total]: numbers()(entry, name))  # type: ignore[misc]
        computed = reader.call("stack_params", (list(widths),), numbers())
        found.append(Counted(total, predicted, computed))
    return ParamsPicture(tuple(found))


def _table(answer: Any, asked: str) -> dict[Any, Any]:
    if not isinstance(answer, dict):
        expect.fail("not_a_count", asked=asked, actual=expect.show(answer))
    return answer


def _name(stack: Counted) -> str:
    return f"{' -> '.join(map(str, stack.widths))}: {stack.total}"


def _said(stack: Counted) -> list[tuple[str, Counts]]:
    pairs = ((f"LAYERS[{stack.total}]", stack.predicted), (f"stack_params({list(stack.widths)})", stack.computed))
    return [(name, counts) for name, counts in pairs if counts is not None]


def _list_text(counts: Counts) -> str:
    shown = ", ".join(map(num, counts[:6]))
    return f"[{shown}, ...]" if len(counts) > 6 else f"[{shown}]"


def _entries(stack: Counted, index: int) -> tuple[str, str]:
    first, second = (
        num(counts[index]) if counts is not None and index < len(counts) else "?"
        for counts in (stack.predicted, stack.computed)
    )
    return first, second


def _differences(stack: Counted, words: Words) -> list[str]:
    parted = [name.split("[")[0].split("(")[0] for name, counts in _said(stack) if counts != stack.drawn]
    return [words.text("params", "differs", name=name) for name in parted]
