"""What a run has graded so far, on disk, so that a killed run loses nothing and `--resume` goes on where it ended.

One SQLite file in the results' folder, one row a submission, written by one process: the row is there whole or not at
all, whenever the run is killed. A row counts again only for the same submission (its digest) judged by the same checks
(`fingerprint`). The file is locked while a run uses it, so two runs cannot mix their results in one folder.
"""

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from grader import __version__
from grader.bank.kata import Kata, bank_files
from grader.errors import UsageError
from grader.result import Report, Status, report_from_json

FILE_NAME = ".journal.sqlite"


def fingerprint(katas: tuple[Kata, ...], isolation: str) -> str:
    """Return a digest of what a report depends on beside the submission: kit, isolation, all that a judge reads."""
    total = hashlib.sha256(f"{__version__} {isolation}\n".encode())
    for bank in dict.fromkeys(kata.bank for kata in katas):
        own = [kata for kata in katas if kata.bank == bank]
        total.update("".join(f"{kata.name} {kata.scale}\n" for kata in own).encode())
        for path in (*bank_files(bank), *(path for kata in own for path in kata.files("judge"))):
            content = path.read_bytes()
            total.update(f"{path.relative_to(bank).as_posix()} {len(content)}\n".encode() + content)
    return total.hexdigest()


class Journal:
    """The rows of one results' folder; a context manager that holds the folder's lock."""

    def __init__(self, folder: Path, checks: str, *, submissions: Collection[str], resume: bool) -> None:
        """Open the journal, and forget earlier rows unless `resume`.

        Args:
            folder: where the results go; made if it is missing.
            checks: the `fingerprint` under which reports count.
            submissions: the ids that this run grades.
            resume: keep what an earlier run has graded.

        Raises:
            UsageError: the folder cannot be written to, another run uses it, or it holds reports on other submissions
                that this run would lose (no `resume`) or mix with those of other checks.
        """
        self._folder = folder
        self.checks = checks
        named = set(submissions)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(folder / FILE_NAME, isolation_level=None, timeout=0.2)
            self._base.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._base.execute("PRAGMA synchronous = NORMAL")
            self._base.execute("BEGIN EXCLUSIVE")
            self._base.execute(
                "CREATE TABLE IF NOT EXISTS reports (submission TEXT PRIMARY KEY, digest TEXT, checks TEXT, line TEXT)"
            )
            rows = self._base.execute("SELECT submission, checks FROM reports ORDER BY submission")
            others = {submission: row_checks for submission, row_checks in rows if submission not in named}
            if others and not resume:
                raise UsageError("other_submissions", path=folder, count=len(others), name=next(iter(others)))
            if set(others.values()) - {checks, ""}:
                raise UsageError("other_checks", path=folder, count=len(others), name=next(iter(others)))
            self.others = tuple(others)
            if not resume:
                self._base.execute("DELETE FROM reports")
            self._base.execute("COMMIT")
        except UsageError:
            self._base.close()
            raise
        except OSError as problem:
            raise UsageError("cannot_write", path=folder, reason=problem.strerror or problem) from None
        except sqlite3.Error as problem:
            if "locked" in str(problem):
                raise UsageError("busy", path=folder, reason=problem) from None
            raise UsageError("cannot_write", path=folder, reason=problem) from None

    checks: str
    """The `fingerprint` under which reports count."""
    others: tuple[str, ...]
    """Ids with a report from an earlier run that this run does not grade; they stay in the results."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def has(self, submission: str, digest: str) -> bool:
        """True if this very submission has a report from these very checks."""
        query = "SELECT 1 FROM reports WHERE submission = ? AND digest = ? AND checks = ?"
        return self._base.execute(query, (submission, digest, self.checks)).fetchone() is not None

    def add(self, report: Report) -> None:
        """Keep a report. One that failed through the kit's own fault is kept for this run and tried again in the next.

        Raises:
            UsageError: the disk is full or gone.
        """
        checks = "" if report.status is Status.INTERNAL_ERROR else self.checks
        row = (report.submission, report.digest, checks, report.to_line())
        try:
            self._base.execute("INSERT OR REPLACE INTO reports VALUES (?, ?, ?, ?)", row)
        except sqlite3.Error as problem:
            raise UsageError("cannot_write", path=self._folder, reason=problem) from None

    def lines(self, submissions: Iterable[str]) -> Iterator[str]:
        """Yield the line of results.jsonl of each submission, in the order given."""
        for submission in submissions:
            found = self._base.execute("SELECT line FROM reports WHERE submission = ?", (submission,)).fetchone()
            if found is not None:
                yield found[0]

    def reports(self, submissions: Iterable[str]) -> Iterator[Report]:
        """Yield the report of each submission, in the order given; one at a time is in memory."""
        return (report_from_json(json.loads(line)) for line in self.lines(submissions))
