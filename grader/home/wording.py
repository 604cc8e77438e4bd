"""pytest's own words at the end of a run of checks, in the student's language, and lines that end where they should.

pytest knows English only, and counts every letter as one column. Its lines and headings are written by two methods;
each is put behind one of ours for the end of a run in which there were checks, and everything that we do not know
passes as it is.
"""

import re
from typing import TYPE_CHECKING, Any

from grader.words.catalogue import load_catalogue
from grader.words.languages import TEXTS, in_language
from grader.words.lines import width, wrap

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

_COUNT = re.compile(r"(\d+) (failed|passed|open|skipped|deselected|xfailed|xpassed|warnings?|errors?)\b")
_DURATION = re.compile(r" in (\d+\.\d\d)s(?: \([\d:]+\))?")
_TITLES = {"FAILURES": "failures", "ERRORS": "errors", "warnings summary": "warnings"}
_SECTIONS = {"stdout": "printed", "stderr": "printed", "traceback": "traceback"}


class Wording:
    """Says pytest's words in another language."""

    def __init__(self, language: str) -> None:
        """Speak "ko" or another language; "en" and "both" keep pytest's own words."""
        self._language = language
        self._own = language in ("en", "both")
        self._texts = load_catalogue(TEXTS / "home.toml")

    def section(self, name: str) -> str:
        """Return the heading above what was printed, or above a traceback."""
        return name if self._own or name not in _SECTIONS else self._say(_SECTIONS[name])

    def take(self, reporter: "TerminalReporter") -> None:
        """Stand between pytest's reporter and the terminal from now on."""
        writer = reporter.config.get_terminal_writer()
        write_sep, write_line = writer.sep, reporter.write_line

        def sep(sign: str, title: str | None = None, fullwidth: int | None = None, **markup: Any) -> None:
            if title is None:
                write_sep(sign, fullwidth=fullwidth, **markup)
                return
            title = title if self._own else self.said(title)
            room = writer.fullwidth if fullwidth is None else fullwidth
            if reporter.isatty and width(title) > room - 4:
                first, *others = wrap(title, room - 4)
                writer.line("\n  ".join([f"{sign} {first}", *others]) + f" {sign}", **markup)
            else:
                write_sep(sign, title, fullwidth=room - (width(title) - len(title)), **markup)

        def line(text: str | bytes, **markup: Any) -> None:
            write_line(self.said(text) if isinstance(text, str) and not self._own else text, **markup)

        # Objects of one run; pytest has no hook for its own words.
        writer.__dict__.update(sep=sep)
        reporter.__dict__.update(write_line=line)

    def said(self, text: str) -> str:
        """Return what pytest says, in the student's language as far as it is known."""
        if text in _TITLES:
            return self._say(_TITLES[text])
        if text.startswith("ERROR collecting "):
            return self._say("collecting", path=text.removeprefix("ERROR collecting "))
        if not (_DURATION.search(text) and _COUNT.search(text)):
            return text
        text = _COUNT.sub(lambda found: self._say(f"count_{found[2].removesuffix('s')}", count=found[1]), text)
        return _DURATION.sub(lambda found: self._say("duration", seconds=found[1]), text)

    def _say(self, name: str, **values: str) -> str:
        return in_language(self._texts.text("pytest", name, **values), self._language)
