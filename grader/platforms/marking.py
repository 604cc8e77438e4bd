"""Judges one submission with the checks that a package holds."""

from pathlib import Path

from grader.bank.banks import open_katas
from grader.bank.kata import Kata
from grader.intake import Found, read_submission
from grader.judge.judge import open_judge
from grader.platforms.files import BANK
from grader.platforms.settings import Settings
from grader.platforms.told import Feedback, describe
from grader.result import Report
from grader.sandbox.tier import require_isolation, require_sandbox

NAME = "submission"


def open_kata(folder: Path) -> Kata:
    """Return the kata of a package.

    Raises:
        UsageError, ContentError: the folder holds no package, or a damaged one.
    """
    bank = folder.resolve() / BANK
    (kata,) = open_katas((bank,), (), bank)
    return kata


def judge_one(kata: Kata, submission: Path, settings: Settings) -> tuple[Report, Feedback]:
    """Judge what was handed in, a folder, and return the report and what its student may read.

    Raises:
        IsolationError: nothing isolates students' code here, and the package was not made for that.
        KitError: the kit's own fault.
    """
    require_sandbox()
    isolation = str(require_isolation().tier) if settings.isolate else "none"
    with open_judge((kata,), isolation=isolation) as judge:
        report = judge.grade(read_submission(Found(NAME, submission), (kata,)))
        return report, describe(report, kata, judge.titles_of(kata), settings.language)
