"""Writes a folder's pages: report.html and feedback/, each file under its name only when it is whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.bank.kata import Kata
from grader.copies.file_names import folded
from grader.copies.form import Form, form_of, names_in
from grader.copies.groups import KataCopies, find_copies
from grader.errors import UsageError
from grader.pages.class_page import ClassPage
from grader.pages.feedback import FOLDER, MARK, FeedbackPages
from grader.pages.keep import Keep
from grader.pages.render import Pages
from grader.pages.results import ClassResults
from grader.pages.survey import Survey, take_survey
from grader.pages.titles import Titles
from grader.whole_file import made_whole
from grader.words.languages import BOTH, LANGUAGES

REPORT = "report.html"


@dataclass(frozen=True)
class Written:
    """What was written."""

    report: Path
    feedback: Path
    students: int


def write_pages(results: ClassResults, katas: tuple[Kata, ...], languages: tuple[str, ...]) -> Written:
    """Write the class page and every student's page.

    Args:
        results: the class.
        katas: the bank at hand, for titles and for the files that are given out; may know other katas.
        languages: of the students' pages, and the first one is the one that the class page begins with.

    Raises:
        UsageError: there are no results, they cannot be read, the pages cannot be written, or Jinja is missing.
    """
    folder = results.folder
    titles = Titles(katas)
    begin = (languages[0], *(one for one in LANGUAGES if one != languages[0] and one in (*BOTH, languages[0])))
    class_pages, student_pages = Pages(begin), Pages(languages)
    survey = take_survey(results.rows(), results.dropped, results.given)
    with Keep(folder, writes=False) as keep:
        copies = look_for_copies(keep, survey, katas)
        feedback = FeedbackPages(student_pages, titles, keep, results)
        _write_feedback(folder / FOLDER, results, survey, feedback)
        with made_whole(folder / REPORT) as partial:
            ClassPage(class_pages, titles, keep, results=results, copies=copies).write(partial, survey)
    return Written(folder / REPORT, folder / FOLDER, survey.count)


def look_for_copies(keep: Keep, survey: Survey, katas: tuple[Kata, ...]) -> tuple[KataCopies, ...] | None:
    """Return the groups of each kata; None if no forms of these submissions are kept."""
    given = {kata.name: kata for kata in katas}
    found = []
    for name in survey.katas:
        untouched = untouched_form(given[name]) if name in given else None
        answers = list(_answers(keep, name, survey))
        if answers:
            found.append(find_copies(name, answers, untouched))
    return tuple(found) if found else None


def _answers(keep: Keep, kata: str, survey: Survey) -> Iterator[tuple[str, Form]]:
    for submission, digest, form in keep.forms(kata):
        if survey.digests.get(submission) == digest:
            yield submission, form


def untouched_form(kata: Kata) -> str | None:
    """Return the digest of the form of the file that is given out; None if it is not in this bank."""
    if not kata.student_file.is_file():
        return None
    source = kata.student_file.read_bytes()
    return form_of(source, names_in(source)).digest


def _write_feedback(folder: Path, results: ClassResults, survey: Survey, pages: FeedbackPages) -> None:
    """Write each student's page, then remove pages of submissions that are no longer in the results."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as problem:
        raise UsageError("cannot_write", path=folder, reason=problem.strerror or problem) from None
    written = set()
    partial = folder / ".page.partial"
    try:
        for row in results.rows():
            name = f"{survey.names.stem(row.id)}.html"
            partial.write_bytes(pages.render(row).encode("utf-8", "replace"))
            partial.replace(folder / name)
            written.add(folded(name))
        for path in folder.glob("*.html"):
            # Folded, because some file systems give a name back with other accents.
            if folded(path.name) not in written and _is_ours(path):
                path.unlink()
    except OSError as problem:
        raise UsageError("cannot_write", path=folder, reason=problem.strerror or problem) from None
    finally:
        partial.unlink(missing_ok=True)


def _is_ours(path: Path) -> bool:
    with path.open("rb") as stream:
        return MARK.encode() in stream.read(1000)
