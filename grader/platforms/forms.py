"""Which platforms there are: what `kata package` writes for each, and in which form its results are told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from grader.platforms import github, gradescope, prairielearn
from grader.platforms.settings import Settings
from grader.platforms.told import Feedback


@dataclass(frozen=True)
class Results:
    """How one platform is told."""

    write: Callable[[Feedback, Settings, Mapping[str, str]], dict[str, bytes]]
    """Files for its results folder, from what a student may read, the package's settings and the environment."""
    file: str
    """Of these the one that the platform reads."""
    told: bool
    """True if what it writes without a mark tells the platform so; False: the exit status tells it."""
    staff_reads_output: bool = False
    """True if only instructors see what the judge prints."""


RESULTS = {
    "gradescope": Results(
        lambda feedback, settings, _: gradescope.results(feedback, settings),
        file="results.json",
        told=False,
        staff_reads_output=True,
    ),
    "prairielearn": Results(
        lambda feedback, settings, _: prairielearn.results(feedback, settings), file="results.json", told=True
    ),
    "github": Results(lambda feedback, settings, _: github.results(feedback, settings), file="outputs.txt", told=True),
    "classroom50": Results(github.classroom50, file="result.json", told=False),
}
