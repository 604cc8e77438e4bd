"""A command's --help in the user's language.

click says its own words in English, and counts every letter as one column, where a Korean one takes two.
"""

from collections.abc import Iterable, Sequence

import click

from grader.cli.shared import help_text
from grader.words.lines import width, wrap

_OWN = {
    "Options": "options",
    "Commands": "commands",
    "Show this message and exit.": "help",
    "Show the version and exit.": "version",
}
"""What click says itself -> id in [click] of cli.toml."""


class _Formatter(click.HelpFormatter):
    """Lines that end where the terminal's do."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or help_text("click", "usage") + " ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_said(heading))

    def write_text(self, text: str) -> None:
        super().write_text(_broken(text, self.width - self.current_indent))

    def write_dl(self, rows: Iterable[Sequence[str]], col_max: int = 30, col_spacing: int = 2) -> None:
        pairs = [(term, _said(text)) for term, text in rows]
        first = min(max((len(term) for term, _ in pairs), default=0), col_max) + col_spacing
        columns = max(self.width - first - 2, 10)
        super().write_dl([(term, _broken(text, columns)) for term, text in pairs], col_max, col_spacing)


class HelpContext(click.Context):
    """The context of every command."""

    formatter_class = _Formatter


def _said(text: str) -> str:
    return help_text("click", _OWN[text]) if text in _OWN else text


def _broken(text: str, columns: int) -> str:
    """The text with its lines broken; click leaves paragraphs alone that begin with a backspace."""
    if width(text) == len(text):
        return text
    paragraphs = (" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
    return "\n\n".join("\b\n" + "\n".join(wrap(paragraph, columns)) for paragraph in paragraphs)
