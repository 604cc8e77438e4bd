"""Words of the pictures: catalogue, numbers as people read them, lines of at most 80 columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.bank.kata import Kata
from grader.bank.package import SHARED, SUPPORT
from grader.pictures.reader import Gap
from grader.words.catalogue import Catalogue, load_catalogue
from grader.words.languages import TEXTS
from grader.words.lines import WIDTH, width, wrap

__all__ = ["WIDTH", "Words", "columns", "fixed", "num", "width", "words_of", "wrap"]

_LONGEST = 60
"""Characters of a value of the student's inside a sentence."""


@dataclass(frozen=True)
class Words:
    """The texts of a picture in one language."""

    catalogue: Catalogue
    language: str
    """"en" or "ko"."""

    def text(self, table: str, name: str, /, **values: object) -> str:
        """Return one text; numbers are shown with `num`."""
        shown = {key: num(value) if isinstance(value, (int, float)) else str(value) for key, value in values.items()}
        return self.catalogue.text(table, name, **shown)[self.language]

    def has(self, table: str, name: str) -> bool:
        """True if there is such a text."""
        return self.catalogue.has(table, name)

    def gaps(self, gaps: Iterable[Gap]) -> list[str]:
        """Return the gaps as sentences: what is not filled in as one, then one for each other trouble."""
        holes, others = [], []
        for gap in gaps:
            if gap.problem.tag == "not_filled":
                name, line = gap.problem.values["name"], gap.problem.values["line"]
                holes.append(name if line == "?" else self.text("gaps", "hole", name=name, line=line))
            else:
                others.append(self._gap(gap))
        if holes:
            others.insert(0, self.text("gaps", "not_filled", names=", ".join(dict.fromkeys(holes))))
        return list(dict.fromkeys(others))

    def _gap(self, gap: Gap) -> str:
        problem = gap.problem
        values = {key: _short(value) for key, value in problem.values.items()}
        shown = {"asked": _short(problem.asked) or gap.name}
        shown |= {"actual": _short(problem.actual), "expected": _short(problem.expected)}
        # Where no line of the file is known, in words that name none.
        names = [f"{problem.tag}_elsewhere"] if problem.values.get("line") == "?" else []
        names += [problem.tag, "other_form" if problem.actual else "no_form"]
        name = next(name for name in names if self.has("gaps", name))
        return self.text("gaps", name, **{**values, **shown, "name": gap.name})


def words_of(kata: Kata, language: str) -> Words:
    """Return what a kata's picture says: its own texts, before those of its bank, before those of every picture.

    Raises:
        ContentError: a catalogue cannot be read.
    """
    exercises = kata.exercise.parent
    paths = (TEXTS / "pictures.toml", exercises / SHARED / "picture.toml", kata.exercise / SUPPORT / "picture.toml")
    catalogues = [load_catalogue(path) for path in paths if path.exists()]
    names = dict.fromkeys(name for catalogue in catalogues for name in catalogue.tables)
    tables = {name: {k: v for one in catalogues for k, v in one.tables.get(name, {}).items()} for name in names}
    return Words(Catalogue(catalogues[-1].path, tables), language)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."


def num(value: float) -> str:
    """Return a number with three significant digits: "0.354", "-1", "1e+36"; never "-0"."""
    if isinstance(value, int) and abs(value) < 10**6:
        return str(int(value))
    return f"{value:.3g}" if value else "0"


def fixed(value: float) -> str:
    """Return a loss or a probability with three decimals, "0.693"; a number with more digits before the point short."""
    return f"{value:.3f}" if abs(value) < 1000 else num(value)


def columns(rows: Sequence[Sequence[str]], *, indent: int = 2) -> list[str]:
    """Return rows of cells as lines, each column as wide as its widest cell; the first left, the others right."""
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [" " * (wide - width(cell)) for wide, cell in zip(widths, row, strict=True)]
        padded = [row[0] + cells[0]] + [space + cell for space, cell in zip(cells[1:], row[1:], strict=True)]
        lines.append((" " * indent + "  ".join(padded)).rstrip())
    return lines
