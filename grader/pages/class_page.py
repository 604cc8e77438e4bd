"""The class page: one file that needs nothing else, written as a stream.

A table row stands in the page for every student. What a click on it shows, all checks with their messages, lies in
blocks of BLOCK students, check by check, packed by zlib: messages about one check are much alike, so they take a tenth
of their room, and a browser unpacks the block that is asked for. Pictures are packed, too, each once.
"""

import base64
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from grader.copies.groups import KataCopies
from grader.expect import clean
from grader.pages.feedback import FOLDER
from grader.pages.items import FEWEST, MOST_USEFUL
from grader.pages.keep import Keep
from grader.pages.render import Pages, plain_texts
from grader.pages.results import ClassResults, Row
from grader.pages.survey import KataSums, Mistake, Survey
from grader.pages.titles import Titles
from grader.result import CheckResult, Outcome, Status
from grader.words.languages import Text

BLOCK = 20
_BLOCK_BYTES = 26_000
"""Of a packed block, so that 500 students take 0.9 MB at the most; texts of a larger one are cut."""
_CUTS = (1000, 300, 80, 0)
"""Characters to which the texts of a block are cut until it fits."""
_PICTURES_BYTES = 500_000
"""Of all packed pictures in the page. Others are on their students' own pages."""
AT_ONCE = 500
"""Rows of the table that a browser lays out at first, and with each "show more"; on paper it has all."""
MOST_ABOVE, MOST_SHOWN = 6, 12
"""Mistakes that stand above the table, and in one kata."""


@dataclass(frozen=True)
class Cell:
    """A mark in the table."""

    text: str
    heat: str
    """Class of its colour: h0 (nothing) to h5 (everything), or "no"."""


@dataclass(frozen=True)
class ShownRow:
    """A student in the table."""

    id: str
    name: str
    href: str
    cells: tuple[Cell, ...]
    total: Cell
    mistakes: str
    """Numbers of the mistakes, for the filter."""
    picture: str
    """Kata and key of the picture in this page, "02_gates 1f..."; may be empty."""
    notes: tuple[Text, ...]


def points(number: float) -> str:
    """Return points as people write them."""
    return f"{round(number, 2):g}"


def mean(number: float | None) -> str:
    """Return a mean as the terminal has it, too; a dash where there is nothing to take it of."""
    return "–" if number is None else f"{round(number, 1):g}"


def heat(score: float, most: float) -> str:
    """Return the class of a mark's colour."""
    share = score / most if most else 1.0
    if share >= 1:
        return "h5"
    return "h0" if share <= 0 else f"h{1 + min(3, int(share * 4))}"


class ClassPage:
    """Makes the page of one class."""

    def __init__(
        self, pages: Pages, titles: Titles, keep: Keep, *, results: ClassResults, copies: tuple[KataCopies, ...] | None
    ) -> None:
        """Bind what the page is made of.

        Args:
            pages: templates and texts, in every language.
            titles: of katas and checks.
            keep: pictures.
            results: the class, read once for the rows and once for the details.
            copies: what is the same, by kata; None where nobody has looked.
        """
        self._pages, self._titles, self._keep = pages, titles, keep
        self._results, self._copies = results, copies

    def write(self, path: Path, survey: Survey) -> None:
        """Write the page, a row at a time."""
        shown = self._choose_pictures(survey)
        stream = self._pages.template("report.html", script="report.js").stream(
            survey=survey,
            written=f"{self._results.written:%Y-%m-%d %H:%M %Z}",
            titles=self._titles,
            katas=list(survey.katas.values()),
            rows=self._rows(survey, shown),
            blocks=self._blocks(survey),
            pictures=self._packed(shown),
            examples=self._examples(survey, shown),
            copies=self._copies,
            decided=self._results.decided,
            meta=self._meta(survey),
            at_once=AT_ONCE,
            most_above=MOST_ABOVE,
            most_shown=MOST_SHOWN,
            useful=MOST_USEFUL,
            fewest=FEWEST,
            points=points,
            mean=mean,
            first_line=first_line,
            one_line=one_line,
            called=lambda submission: one_line(survey.called.get(submission) or submission),
            href=lambda submission: page_address(survey, submission),
            check_title=self._check_title,
        )
        stream.enable_buffering(64)
        with path.open("wb") as out:
            stream.dump(out, encoding="utf-8", errors="replace")

    def _check_title(self, kata: str, check: CheckResult) -> Text:
        return self._titles.check(kata, check)

    def _rows(self, survey: Survey, shown: Mapping[str, int]) -> Iterator[ShownRow]:
        for row in self._results.rows():
            report = row.report
            cells = tuple(_cell(row, kata) for kata in survey.katas.values())
            total = Cell("" if row.total is None else points(row.total), "no" if row.total is None else "sum")
            keys = self._keep.pictures(row.id, report.digest).items()
            picture = next((f"{kata} {key}" for kata, key in keys if key in shown), "")
            mistakes = " ".join(str(one.number) for one in self._mistakes_of(row, survey))
            href = page_address(survey, row.id)
            yield ShownRow(row.id, one_line(row.name), href, cells, total, mistakes, picture, row.notes)

    def _mistakes_of(self, row: Row, survey: Survey) -> Iterator[Mistake]:
        for kata, check in row.report.mistakes(row.most_of, self._results.dropped):
            yield survey.katas[kata].mistakes[check.tag]

    def _meta(self, survey: Survey) -> dict[str, Any]:
        """Return what the page's script needs to show a student."""
        katas = [
            {
                "name": kata.name,
                "title": self._titles.kata(kata.name),
                "checks": [
                    {
                        "id": check_id,
                        "title": self._check_title(kata.name, sums.check),
                        "hidden": sums.check.hidden,
                        "max": sums.check.max_points,
                        "dropped": sums.is_dropped,
                        "given": sums.is_given,
                    }
                    for check_id, sums in kata.checks.items()
                ],
            }
            for kata in survey.katas.values()
        ]
        shared = plain_texts(self._pages.words, "pages")
        words = {
            name: text
            for name, text in shared.items()
            if name.startswith(("state_", "outcome_", "dropped", "given", "as_above"))
        }
        words |= plain_texts(self._pages.words, "script")
        return {
            "katas": katas,
            "words": words,
            "block": BLOCK,
            "at_once": AT_ONCE,
            "outcomes": [str(one) for one in Outcome],
        }

    def _blocks(self, survey: Survey) -> Iterator[str]:
        rows = self._results.rows()
        while block := list(islice(rows, BLOCK)):
            yield base64.b64encode(pack_block(block, survey)).decode()

    def _choose_pictures(self, survey: Survey) -> dict[str, int]:
        """Return the keys of the pictures that the page has room for: each kata's example first, then as rows come."""
        chosen: dict[str, int] = {}
        spent = 0
        everybody = ((submission, digest) for submission, digest in survey.digests.items())
        wanted = [
            self._keep.pictures(one.example, survey.digests[one.example]).get(one.kata) for one in _examples(survey)
        ]
        rest = (key for submission, digest in everybody for key in self._keep.pictures(submission, digest).values())
        for key in (*filter(None, wanted), *rest):
            if key in chosen:
                continue
            size = len(self._keep.packed(key, self._pages.languages[0]) or b"") * 4 // 3
            if size and spent + size <= _PICTURES_BYTES:
                chosen[key] = size
                spent += size
        return chosen

    def _packed(self, shown: Mapping[str, int]) -> Iterator[tuple[str, str]]:
        for key in shown:
            packed = self._keep.packed(key, self._pages.languages[0])
            if packed:
                yield key, base64.b64encode(packed).decode()

    def _examples(self, survey: Survey, shown: Mapping[str, int]) -> dict[str, tuple[str, str]]:
        """Return the picture of each kata's commonest mistake that has one in the page: kata -> (key, whose)."""
        found: dict[str, tuple[str, str]] = {}
        for mistake in _examples(survey):
            key = self._keep.pictures(mistake.example, survey.digests[mistake.example]).get(mistake.kata)
            if key in shown and mistake.kata not in found:
                found[mistake.kata] = (str(key), mistake.example)
        return found


def page_address(survey: Survey, submission: str) -> str:
    """Return the address of a student's page, seen from the class page."""
    return f"{FOLDER}/{quote(survey.names.stem(submission))}.html"


def first_line(text: Text) -> Text:
    """Return the first line of a message, in every language."""
    return {language: words.split("\n", 1)[0] for language, words in text.items()}


def one_line(name: str) -> str:
    """Return a name as it can stand in a row."""
    return clean(name).replace("\n", " ")


def _cell(row: Row, kata: KataSums) -> Cell:
    mark = row.marks.get(kata.name)
    if row.report.status is Status.GRADED and kata.name not in row.most_of:
        # As in the terminal's table: somebody is exempt.
        return Cell("=", "no")
    return Cell("", "no") if mark is None else Cell(points(mark), heat(mark, row.most_of[kata.name]))


def _examples(survey: Survey) -> list[Mistake]:
    return [mistake for kata in survey.katas.values() for mistake in kata.common[:3]]


def pack_block(rows: Iterable[Row], survey: Survey) -> bytes:
    """Return what a click on these students shows, packed; texts are cut if there is too much of them."""
    block = [(row.state, row.report.reason, _checks_of(row)) for row in rows]
    packed = b""
    for most in _CUTS:
        data: dict[str, list[Any]] = {
            "reasons": [[state, _cut(reason, most)] for state, reason, _ in block],
            "katas": [],
        }
        for kata in survey.katas.values():
            columns = [_column([checks.get((kata.name, one)) for *_, checks in block], most) for one in kata.checks]
            data["katas"].append(columns)
        packed = zlib.compress(
            json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), 9
        )
        if len(packed) <= _BLOCK_BYTES:
            break
    return packed


def _checks_of(row: Row) -> dict[tuple[str, str], CheckResult]:
    return {(kata.kata, check.id): check for kata in row.report.katas for check in kata.checks}


def _column(checks: list[CheckResult | None], most: int) -> list[Any]:
    """Return one check of all students of a block: [which verdict each has (-1: none), the distinct verdicts]."""
    distinct: dict[str, int] = {}
    verdicts: list[Any] = []
    which = []
    for check in checks:
        if check is None:
            which.append(-1)
            continue
        verdict = [list(Outcome).index(check.outcome), check.tag, _cut(check.message, most)]
        text = json.dumps(verdict)
        if text not in distinct:
            distinct[text] = len(verdicts)
            verdicts.append(verdict)
        which.append(distinct[text])
    return [which, verdicts]


def _cut(message: Text, most: int) -> Text:
    if most == 0:
        return {}
    return {one: clean(text) if len(text) <= most else f"{clean(text[:most])} ..." for one, text in message.items()}
