"""Kata 16: the claims as a table, with the student's verdicts and the katas that can measure them."""

import textwrap
import tomllib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader import expect
from grader.pictures.axes import GREY
from grader.pictures.drawing import BLUE, DARK, LIGHT, ORANGE
from grader.pictures.layout import Words
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader
from perceptron.facts import verdicts

if TYPE_CHECKING:
    from grader.pictures.svg import SubFigure

MEASURED = {
    "s01": "02",
    "s02": "03",
    "s03": "04",
    "s04": "05",
    "s06": "09",
    "s08": "05",
    "s09": "13",
    "s19": "08",
    "s20": "08",
    "s21": "14",
    "s23": "13",
    "s24": "10",
    "s27": "07",
    "s29": "05",
}
"""Claims that an earlier kata worked out; for the others the judge knows a source and a date."""
_LOOKS = {"true": (BLUE, "o"), "false": (ORANGE, "X"), "outdated": ("#8e44ad", "D"), "unsupported": (GREY, "s")}
_CLAIM_COLUMNS = 135


@dataclass(frozen=True)
class Claim:
    """One statement."""

    name: str
    text: dict[str, str]
    """By language; empty where the file does not say it."""
    verdict: str | None
    letter: str
    """Of the correction; "" for none."""


@dataclass(frozen=True)
class FactsPicture(Picture):
    """All claims in the order of the file."""

    claims: tuple[Claim, ...]
    size = (11.5, 11.2)

    def lines(self, words: Words) -> list[str]:
        """Return a paragraph for each claim."""
        found = []
        for claim in self.claims:
            text = claim.text.get(words.language, "?")
            found += [f"{claim.name}: {text}", "    " + self._said(claim, words)]
        return found

    def below(self, words: Words) -> list[str]:
        """Return how often each word was given."""
        counts = Counter(claim.verdict for claim in self.claims)
        shown = ", ".join(f"{word} {counts[word]}" for word in verdicts.WORDS)
        return [words.text("facts", "counts", counts=shown, open=counts[None])]

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw a line of the table for each claim, its verdict with a mark of its own."""
        axes: Any = figure.subplots()
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(len(self.claims) - 0.4, -1.2)
        # The verdict stands beside the number, where the eye begins: claims are of many lengths.
        for at, name in ((0.04, "verdict"), (0.15, "letter"), (0.2, "claim"), (0.92, "source")):
            axes.text(at, -0.85, words.text("facts", name), fontsize=9, color=GREY, va="center")
        for line, claim in enumerate(self.claims):
            if line % 2:
                axes.axhspan(line - 0.5, line + 0.5, color="#f5f6f7", linewidth=0)
            text = claim.text.get(words.language, "?")
            # A Hangul letter is nearly twice as wide.
            room = _CLAIM_COLUMNS if words.language == "en" else _CLAIM_COLUMNS * 7 // 10
            axes.text(0.0, line, claim.name, fontsize=8.5, va="center", color=DARK)
            axes.text(0.2, line, _cut(text, room), fontsize=8, va="center", color=DARK)
            axes.text(0.06, line, claim.verdict or "?", fontsize=8.5, va="center", color=DARK)
            axes.text(0.16, line, claim.letter or "-", fontsize=8.5, va="center", color=DARK)
            axes.text(0.92, line, self._source(claim, words), fontsize=8.5, va="center", color=DARK)
        for verdict, (colour, shape) in _LOOKS.items():
            own = [line for line, claim in enumerate(self.claims) if claim.verdict == verdict]
            axes.scatter([0.045] * len(own), own, s=42, marker=shape, color=colour)
        axes.axhline(-0.5, color=LIGHT, linewidth=1)

    @staticmethod
    def _source(claim: Claim, words: Words) -> str:
        kata = MEASURED.get(claim.name)
        return words.text("facts", "judge") if kata is None else words.text("facts", "kata", kata=kata)

    def _said(self, claim: Claim, words: Words) -> str:
        values = {"verdict": claim.verdict or "?", "letter": claim.letter or "-", "source": self._source(claim, words)}
        return words.text("facts", "said", **values)


def read(reader: Reader) -> FactsPicture:
    """Read every statement of the student's file."""
    tables = _read_tables(reader.source)
    return FactsPicture(tuple(_claim(reader, name, tables.get(name)) for name in verdicts.NAMES))


def _read_tables(source: bytes) -> dict[str, Any]:
    """The file's tables with their claims, which a statement that is still open has too; {} if it is no TOML."""
    try:
        return tomllib.loads(source.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}


def _claim(reader: Reader, name: str, table: Any) -> Claim:
    texts = {language: table.get(f"claim_{language}") if isinstance(table, dict) else None for language in ("en", "ko")}
    clean = {language: _one_line(text) for language, text in texts.items() if isinstance(text, str)}
    statement = reader.value(name, _table)
    if statement is None:
        return Claim(name, clean, None, "")
    verdict = reader.attempt(name, lambda: verdicts.read_verdict(statement, name))
    return Claim(name, clean, verdict, verdicts.read_letter(statement))


def _table(answer: Any, asked: str) -> dict[Any, Any]:
    if not isinstance(answer, dict):
        expect.fail("other_form", asked=asked, actual=expect.show(answer))
    return answer


def _one_line(text: str) -> str:
    return " ".join(expect.clean(text).split())[:300]


def _cut(text: str, room: int) -> str:
    return textwrap.shorten(text, room, placeholder=" ...")
