"""What every command shares: its texts, options that several have, and how it speaks and fails."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from grader.bank.banks import open_katas
from grader.bank.kata import Kata
from grader.bank.package import pytest_options
from grader.errors import ContentError, IsolationError, KitError, UnreadableInput, UsageError
from grader.expect import clean
from grader.home.ladder import can_run, passed_over
from grader.home.view import home_language, near
from grader.words.catalogue import Catalogue, load_catalogue
from grader.words.console import speak_everywhere
from grader.words.languages import LANGUAGES, TEXTS, in_language, languages_of
from grader.words.lines import fit

if TYPE_CHECKING:
    from rich.console import Console


@cache
def cli_texts() -> Catalogue:
    """The command line's own catalogue, read once."""
    common, student, site = (load_catalogue(TEXTS / name) for name in ("cli.toml", "student.toml", "site.toml"))
    return Catalogue(common.path, {**site.tables, **student.tables, **common.tables})


def user_language(option: str | None, bank: Path | None = None) -> str:
    """Return the language to speak; `bank` is where a saved choice is looked for (default: the nearest upwards)."""
    return home_language(option, bank or Path.cwd())


def asked_language(arguments: list[str]) -> str | None:
    """Return what --lang says, also before click has read the command line, or where it failed to."""
    for position, argument in enumerate(arguments):
        if argument == "--lang":
            return arguments[position + 1] if position + 1 < len(arguments) else None
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return None


def help_text(table: str, name: str, /, **values: object) -> str:
    """Return a text for --help, which click wants before it has read --lang."""
    return Speaker(user_language(asked_language(sys.argv))).text(table, name, **values)


@dataclass(frozen=True)
class Speaker:
    """Prints catalogue texts in the user's language."""

    language: str

    def text(self, table: str, name: str, /, **values: object) -> str:
        """Return one text of cli.toml; each value as `one_line` gives it, because a student chose many of them."""
        shown = {key: one_line(str(value)) for key, value in values.items()}
        return in_language(cli_texts().text(table, name, **shown), self.language)

    def error(self, name: str, text: str) -> str:
        """Return a sentence that is whole already behind what it is called, "Error: ..."."""
        return in_language(cli_texts().text("error", name, text=clean(text)), self.language)

    def say(self, table: str, name: str, /, **values: object) -> None:
        """Print one text."""
        click.echo(fit(self.text(table, name, **values)))

    def warn(self, table: str, name: str, /, **values: object) -> None:
        """Print one text on stderr."""
        click.echo(fit(self.text(table, name, **values), sys.stderr), err=True)


def explain(problem: KitError, language: str) -> str:
    """Return the one sentence that a user reads about an exception of ours."""
    speaker = Speaker(language)
    if isinstance(problem, UsageError):
        reason = {"reason": _reason(problem, language)} if isinstance(problem, UnreadableInput) else {}
        return speaker.error("prefix", speaker.text("usage", problem.text, **problem.values, **reason))
    if isinstance(problem, IsolationError):
        return speaker.text("isolation", problem.text, **problem.values)
    if problem.exit_status == 2:
        return speaker.error("prefix", str(problem))
    return speaker.error("own", str(problem))


def _reason(problem: UnreadableInput, language: str) -> str:
    """What the submission would have been told in a class."""
    shown = {key: one_line(value) for key, value in problem.tag_values.items()}
    return in_language(load_catalogue(TEXTS / "common.toml").text("tags", problem.tag, **shown), language)


def one_line(text: str) -> str:
    """Return a value as it may stand within a line: nothing that ends it, steers a terminal or turns text around."""
    return clean(" ".join(re.split("[\r\n\u2028\u2029]+", text)))


Banks = tuple[Path, ...]
PATH = click.Path(path_type=Path)
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
RESULTS = click.Path(path_type=Path, file_okay=False)
"""Of an earlier run; whether it holds any is said by whoever reads them."""

_Declared = TypeVar("_Declared", bound=Callable[..., None] | click.Command)


def option(table: str, *names: str, **settings: Any) -> Callable[[_Declared], _Declared]:
    """Return an option of a command; its help is the text of that name in a table of cli.toml."""
    return click.option(*names, help=help_text(table, names[0].removeprefix("--").replace("-", "_")), **settings)


def _inherited_banks(context: click.Context, parameter: click.Parameter, value: Banks) -> Banks:
    """`kata --bank DIR check` means the same as `kata check --bank DIR`."""
    del parameter
    return value or context.find_root().params.get("banks", ())


def _speaker(context: click.Context, parameter: click.Parameter, value: str | None) -> Speaker:
    """Return who speaks the language that was asked for, of the command or of `kata` itself."""
    del parameter
    banks = context.params.get("banks", ())
    language = user_language(value or context.find_root().params.get("lang"), banks[0] if banks else None)
    speak_everywhere(language)
    return Speaker(language)


LANGUAGE = click.Choice([*LANGUAGES, "both"])
lang_option = option("options", "--lang", "speaker", type=LANGUAGE, default=None, callback=_speaker)
bank_option = option("options", "--bank", "banks", type=FOLDER, multiple=True, callback=_inherited_banks)
katas_option = option("grade", "--kata", "wanted", multiple=True)
kata_argument = click.argument("wanted", metavar="KATA")


def command(name: str) -> Callable[[Callable[..., None]], click.Command]:
    """Make a function the command of this name, with the options that all have: its `banks` and its `speaker`."""

    def made(function: Callable[..., None]) -> click.Command:
        return lang_option(bank_option(click.command(name, help=help_text(name, "help"))(function)))

    return made


def open_banks(banks: Banks, wanted: tuple[str, ...] = ()) -> tuple[Kata, ...]:
    """Return the katas that are wanted, all if none is named; see bank/banks.py for where they come from."""
    return open_katas(banks, wanted, Path.cwd())


def open_console(*, markup: bool = True) -> "Console":
    """Return standard output for tables and long texts, in which a text stays as it is: `rows[:up:]` has no arrow."""
    # Imported here, as below: most commands print lines.
    from rich.console import Console

    return Console(highlight=False, emoji=False, markup=markup)


@contextmanager
def show_progress(words: str, total: int) -> Iterator[Callable[[], None]]:
    """Show a line with the time left, on a terminal only; give the function that counts one more."""
    # Imported here: a student's commands show none.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(words, total=total)
        yield lambda: progress.advance(task)


def results_folder(katas: tuple[Kata, ...]) -> Path:
    """Return where results go that nobody gave a place: build/ of the bank around us, else of the current folder."""
    here = Path.cwd()
    bank = katas[0].bank
    return (bank if here.is_relative_to(bank) else here) / "build"


def deadlines_of(katas: Iterable[Kata]) -> dict[str, datetime]:
    """Return until when each kata may be handed in, as far as course.toml says it."""
    return {kata.name: kata.deadline for kata in katas if kata.deadline is not None}


def katas_at_hand(banks: Banks) -> tuple[Kata, ...]:
    """Return the katas of the bank around; none where there is none and nobody has named one: results can be read."""
    try:
        return open_banks(banks)
    except UsageError:
        if banks:
            raise
        return ()


def open_kata(banks: Banks, wanted: str) -> Kata:
    """Return the one kata that is named."""
    (kata,) = open_banks(banks, (wanted,))
    return kata


def title_of(kata: Kata, language: str) -> str:
    """Return the kata's title, for "both" in both languages on one line."""
    return " / ".join(in_language(kata.title, one) for one in languages_of(language))


def say_passed_over(speaker: Speaker, katas: tuple[Kata, ...]) -> None:
    """Print which katas are passed over, and how to take them up; nothing if there are none."""
    found = list(passed_over(katas))
    for reason in ("skipped", "cannot_run"):
        numbers = [kata.number for kata, why in found if why == reason]
        if numbers:
            speaker.say("kata", f"are_{reason}", numbers=", ".join(numbers), first=numbers[0])


def say_next(speaker: Speaker, kata: Kata) -> None:
    """Print what to do for a kata: read, predict, fill, check."""
    readme = kata.lesson(speaker.language)
    values = {"readme": near(readme), "file": near(kata.student_file), "number": kata.number}
    speaker.say("kata", "next", title=title_of(kata, speaker.language), **values)


def pytest_arguments(katas: tuple[Kata, ...], language: str) -> list[str]:
    """Return the arguments with which pytest runs the public checks of some katas of one bank.

    Raises:
        UsageError: they are not in this copy.
    """
    exercises = katas[0].exercise.parent
    for kata in katas:
        if not kata.public_checks.is_file():
            raise UsageError("no_stub", file=near(kata.public_checks))
    ini = exercises / "pytest.ini"
    # A bank may come without one; then what a new bank's says.
    config = ["-c", str(ini)] if ini.exists() else ["-c", os.devnull, *pytest_options()]
    arguments = [*config, "--rootdir", str(exercises), "--kata-lang", language]
    # The plugin is part of a package that this very command has imported already; pytest warns of that.
    arguments += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return arguments + [str(kata.public_checks) for kata in katas]


def with_solutions(katas: tuple[Kata, ...]) -> tuple[Kata, ...]:
    """Return the katas.

    Raises:
        UsageError: this is a student's copy.
        ContentError: the bank has solutions, and none for one of the katas.
    """
    for kata in (one for one in katas if one.solution is None):
        solutions = kata.bank / "solutions"
        if not solutions.is_dir():
            raise UsageError("no_solutions", folder=kata.bank)
        raise ContentError(solutions / kata.name, "the folder", "is missing", run=f"kata audit --kata {kata.number}")
    return katas


def require_libraries(katas: Iterable[Kata]) -> None:
    """Look before a sandbox dies of a missing import, and a judge with it.

    Raises:
        UsageError: something that a kata's file imports is not installed here.
    """
    lacking = [kata.number for kata in katas if not can_run(kata)]
    if lacking:
        raise UsageError("no_libraries", count=len(lacking), numbers=", ".join(lacking))
