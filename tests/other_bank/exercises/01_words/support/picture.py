"""Kata 01's picture: the words that the student's function finds in a sentence, as bars of their lengths."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.pictures.drawing import BLUE, ORANGE
from grader.pictures.layout import Words, columns
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader, word
from letters.words import answers

if TYPE_CHECKING:
    from grader.pictures.svg import SubFigure

TEXT = "the quick brown  fox jumps over the lazy dog"


@dataclass(frozen=True)
class Sentence(Picture):
    """What came back for TEXT; None where it cannot be drawn."""

    words: tuple[str, ...] | None
    longest: str | None
    size = (8.0, 3.2)

    def lines(self, words: Words) -> list[str]:
        """Return a bar of letters for each word."""
        bars = columns([(one, "#" * len(one)) for one in self.words]) if self.words else []
        return [f'"{TEXT}"', *bars]

    def below(self, words: Words) -> list[str]:
        """Return the longest word."""
        return [] if self.longest is None else [words.text("words", "longest", word=self.longest)]

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw the bars; the word that is said to be the longest in another colour."""
        axes = figure.subplots()
        found = self.words or ()
        colours = [ORANGE if one == self.longest else BLUE for one in found]
        axes.bar(range(len(found)), [len(one) for one in found], color=colours)
        axes.set_xticks(range(len(found)), found)
        axes.set_ylabel(words.text("words", "letters"))


def read(reader: Reader) -> Sentence:
    """Ask for the words, and for the longest."""
    return Sentence(reader.call("split_words", (TEXT,), _words), reader.call("longest", (TEXT,), word))


def _words(answer: Any, asked: str) -> tuple[str, ...]:
    answers.check_words(answer, TEXT.split(), asked=asked)
    return tuple(answer)
