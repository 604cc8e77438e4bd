"""The pages of a class from the command line: what is kept while submissions are read, pictures, then the pages."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.bank.kata import Kata
from grader.cli.executors import count_cores
from grader.cli.shared import Speaker, cli_texts, deadlines_of, option, show_progress
from grader.copies.form import Form, form_of, names_in
from grader.errors import IsolationError, UsageError
from grader.intake import Found, Submission
from grader.pages.feedback import MODES, wanted_pictures
from grader.pages.keep import Drawing, Keep
from grader.pages.results import ClassResults, Row
from grader.pages.write import write_pages
from grader.report.book import open_book
from grader.report.row import Note
from grader.report.row import Row as BookRow
from grader.report.table import note_text, told_text
from grader.result import Dropped, Report, Status
from grader.sandbox.tier import require_isolation
from grader.words.catalogue import Catalogue
from grader.words.languages import Text, languages_of

if TYPE_CHECKING:
    from grader.pictures.walled import Wish

Read = Callable[[Found, tuple[Kata, ...]], Submission]

pictures_option = option("pages", "--pictures", type=click.Choice(MODES), default="next", show_default=True)


@dataclass(frozen=True)
class Job:
    """One run over a class's submissions for its pages."""

    katas: tuple[Kata, ...]
    checks: str
    """The bank's fingerprint; a picture that another bank has drawn is drawn again."""
    mode: str
    speaker: Speaker

    @property
    def languages(self) -> tuple[str, ...]:
        """Of the students' pages."""
        return languages_of(self.speaker.language)


class FormReader:
    """Takes the forms of answers, with the names that the files given out have already."""

    def __init__(self, katas: Iterable[Kata]) -> None:
        """Read the files given out."""
        self._given = {
            kata.name: names_in(kata.student_file.read_bytes()) if kata.student_file.is_file() else frozenset()
            for kata in katas
        }

    def forms(self, submission: Submission) -> dict[str, Form]:
        """Return the forms of a submission's answers, by kata."""
        return {name: form_of(source, self._given.get(name, ())) for name, source in submission.files.items()}


def look_at_submissions(
    folder: Path, found: Iterable[Found], read: Read, job: Job, *, isolation: str | None
) -> list[str]:
    """Keep what pages need of the submissions that a folder's results are about; return the ids of all others.

    Args:
        folder: of the results.
        found: where submissions lie. One that has changed since it was judged is none of these results'.
        read: reads one.
        job: katas, pictures, languages.
        isolation: the walls for students' code; None: the strongest that work here.
    """
    places = {place.id: place for place in found}
    results = open_class(folder, job.katas)
    seen: set[str] = set()
    reader = FormReader(job.katas)
    with Keep(folder, writes=True) as keep:

        def pairs() -> Iterator[tuple[Row, Submission]]:
            for row in results.rows():
                place = places.get(row.id)
                submission = None if place is None else read(place, job.katas)
                if submission is not None and submission.digest == row.report.digest:
                    seen.add(row.id)
                    keep.note_forms(row.id, submission.digest, reader.forms(submission))
                    yield row, submission

        every = pairs()
        _draw_pictures(every, len(places), keep, job, dropped=results.dropped, isolation=isolation)
        for _ in every:  # the rest, where no pictures are drawn
            pass
    return [name for name in places if name not in seen]


def _draw_pictures(
    pairs: Iterable[tuple[Row, Submission]],
    count: int,
    keep: Keep,
    job: Job,
    *,
    dropped: Dropped,
    isolation: str | None,
) -> None:
    """Draw what the pages want and nobody has drawn yet; where that cannot be done here, say it and go on."""
    if job.mode == "none" or not any(_has_picture(kata) for kata in job.katas):
        return
    # Imported here: NumPy takes half a second.
    from grader.pictures.walled import draw_class

    try:
        tier = isolation or str(require_isolation().tier)
    except IsolationError:
        job.speaker.warn("pages", "no_walls")
        return
    wanted = _Wanted(keep, job, dropped)
    with show_progress(job.speaker.text("pages", "drawing"), count) as advance:
        wishes = wanted.wishes(pairs, advance)
        for drawn in draw_class(wishes, job.katas, isolation=tier, jobs=count_cores(), languages=job.languages):
            if drawn.images:
                both = {one: Drawing(drawn.images[one], drawn.words[one]) for one in drawn.images}
                keep.note_drawing(drawn.key, both)
            wanted.note(drawn.kata, drawn.file, drawn.key)


class _Wanted:
    """The pictures that pages want and nobody has drawn yet; a file that several handed in is asked once."""

    def __init__(self, keep: Keep, job: Job, dropped: Dropped) -> None:
        self._keep, self._job, self._dropped = keep, job, dropped
        self._waiting: dict[tuple[str, str], list[tuple[str, str]]] = {}
        """By kata and file: (submission, its digest)."""
        self._keys: dict[tuple[str, str], str] = {}

    def wishes(self, pairs: Iterable[tuple[Row, Submission]], advance: Callable[[], None]) -> "Iterator[Wish]":
        """Yield a wish for each file that was not wished for before."""
        from grader.pictures.walled import Wish

        drawable = {kata.name: kata for kata in self._job.katas if _has_picture(kata)}
        for row, submission in pairs:
            digest = row.report.digest
            for name in wanted_pictures(row, self._job.mode, drawable.keys() & submission.files.keys(), self._dropped):
                if self._keep.has_picture(row.id, name, digest, self._job.checks, self._job.languages):
                    continue
                file = name, sha256(submission.files[name]).hexdigest()
                if file in self._keys:
                    self._keep.note_picture(row.id, name, digest, self._job.checks, self._keys[file])
                elif file in self._waiting:
                    self._waiting[file].append((row.id, digest))
                else:
                    self._waiting[file] = [(row.id, digest)]
                    yield Wish(file[1], drawable[name], submission.files[name])
            advance()

    def note(self, kata: str, file: str, key: str) -> None:
        """Keep a picture's key for all who handed in this file."""
        self._keys[kata, file] = key
        for submission, digest in self._waiting.pop((kata, file)):
            self._keep.note_picture(submission, kata, digest, self._job.checks, key)


def _has_picture(kata: Kata) -> bool:
    from grader.pictures.plate import PICTURE

    return (kata.exercise / PICTURE).is_file()


def open_class(folder: Path, katas: Iterable[Kata]) -> ClassResults:
    """Return a folder's results for pages: names, the marks that count and why, and those who handed nothing in."""
    book = open_book(folder, deadlines_of(katas))

    def shown(row: BookRow, report: Report) -> Row:
        marks = {mark.kata: mark.points for mark in row.marks if mark.points is not None}
        most_of = {mark.kata: mark.most for mark in row.marks if not mark.is_exempt}
        called = row.student.name or row.student.id
        notes, told = _in_words(row.own_notes, note_text), _in_words(row.own_notes, told_text)
        return Row(report, called, marks, row.total, row.most, most_of, notes, told, is_absent=row.report is None)

    def absent(seen: Collection[str], like: Report) -> Iterator[Row]:
        reason = cli_texts().text("pages", "nothing_handed_in")
        for row in book.missing(seen):
            # No report was made of nothing: this one only carries the sentence.
            nothing = replace(like, submission=row.student.id, status=Status.UNREADABLE, digest="", seconds=0.0)
            yield shown(row, replace(nothing, max_score=row.most, katas=(), reason=reason))

    def described(report: Report) -> Row:
        return shown(book.row(report), report)

    decided = {"decided": _in_words(book.decided, note_text), "told": _in_words(book.decided, told_text)}
    return ClassResults(folder, described, absent, dropped=book.dropped, given=book.given, **decided)


def _in_words(notes: Iterable[tuple[str, Note]], words: Callable[[Note, Catalogue], Text | None]) -> tuple[Text, ...]:
    said = ((katas, words(note, cli_texts())) for katas, note in notes)
    return tuple(
        {one: f"{katas}: {line}" if katas else line for one, line in text.items()}
        for katas, text in said
        if text is not None
    )


def write_and_say(folder: Path, job: Job, *, required: bool) -> None:
    """Write the pages, and say where they are.

    Args:
        folder: of the results.
        job: katas and languages.
        required: False lets a machine without Jinja have its results without pages.

    Raises:
        UsageError: as `write_pages`.
    """
    try:
        written = write_pages(open_class(folder, job.katas), job.katas, job.languages)
    except UsageError as problem:
        if required or problem.text != "no_jinja":
            raise
        job.speaker.warn("pages", "no_jinja")
        return
    job.speaker.say("pages", "written", report=written.report, feedback=written.feedback, count=written.students)
