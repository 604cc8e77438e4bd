"""What every command shares: its texts, options that several have, and how it speaks and fails."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click

from grader.console import speak_everywhere
from grader.errors import IsolationError, KitError, UnreadableInput, UsageError
from grader.expect import clean
from grader.home import home_language, near
from grader.kata import Kata, find_bank, load_katas, select_katas
from grader.messages import LANGUAGES, TEXTS, Catalogue, in_language, load_catalogue
from grader.progress import load_progress


@cache
def cli_texts() -> Catalogue:
    """The command line's own catalogue, read once."""
    common, student, site = (load_catalogue(TEXTS / name) for name in ("cli.toml", "student.toml", "site.toml"))
    return Catalogue(common.path, {**site.tables, **student.tables, **common.tables})


def user_language(option: str | None, bank: Path | None = None) -> str:
    """Return the language to speak; `bank` is where a saved choice is looked for (default: the nearest upwards)."""
    return home_language(option, bank or Path.cwd())


def help_text(table: str, name: str, /, **values: object) -> str:
    """Return a text for --help, which click wants before it has read --lang."""
    return Speaker(user_language(None)).text(table, name, **values)


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
        click.echo(self.text(table, name, **values))

    def warn(self, table: str, name: str, /, **values: object) -> None:
        """Print one text on stderr."""
        click.echo(self.text(table, name, **values), err=True)


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


def _inherited_bank(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    """`kata --bank DIR check` means the same as `kata check --bank DIR`."""
    del parameter
    return value or context.find_root().params.get("bank")


def _settled_language(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Give every command the language to speak; only `kata` itself sees whether one was asked for, and saves it."""
    del parameter
    if context.parent is None:
        return value
    language = user_language(value or context.find_root().params.get("lang"), context.params.get("bank"))
    speak_everywhere(language)
    return language


lang_option = click.option(
    "--lang",
    type=click.Choice([*LANGUAGES, "both"]),
    default=None,
    callback=_settled_language,
    help=help_text("options", "lang"),
)
bank_option = click.option(
    "--bank",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=None,
    callback=_inherited_bank,
    help=help_text("options", "bank"),
)


def open_bank(bank: Path | None, wanted: tuple[str, ...] = ()) -> tuple[Kata, ...]:
    """Return the katas of the bank (default: the nearest upwards) that are wanted; all if none is named."""
    return select_katas(load_katas(bank or find_bank(Path.cwd())), wanted)


kata_argument = click.argument("wanted", metavar="KATA")


def open_kata(bank: Path | None, wanted: str) -> Kata:
    """Return the one kata that is named."""
    (kata,) = open_bank(bank, (wanted,))
    return kata


def title_of(kata: Kata, language: str) -> str:
    """Return the kata's title, for "both" in both languages."""
    return " / ".join(kata.title.values()) if language == "both" else kata.title[language]


def next_kata(katas: tuple[Kata, ...], *, after: Kata | None = None) -> Kata | None:
    """Return the first kata whose public checks do not all pass, those behind `after` first; None if there is none."""
    open_ones = [kata for kata in katas if (progress := load_progress(kata)) is None or not progress.done]
    later = [kata for kata in open_ones if after is not None and kata.name > after.name]
    return next(iter([*later, *open_ones]), None)


def say_next(speaker: Speaker, kata: Kata) -> None:
    """Print what to do for a kata: read, predict, fill, check."""
    readme = kata.exercise / ("README.ko.md" if speaker.language == "ko" else "README.md")
    values = {"readme": near(readme), "file": near(kata.student_file), "number": kata.number}
    speaker.say("kata", "next", title=title_of(kata, speaker.language), **values)


def pytest_arguments(katas: tuple[Kata, ...], language: str) -> list[str]:
    """Return the arguments with which pytest runs the public checks of some katas of one bank."""
    exercises = katas[0].exercise.parent
    arguments = ["-c", str(exercises / "pytest.ini"), "--rootdir", str(exercises), "--kata-lang", language]
    # The plugin is part of a package that this very command has imported already; pytest warns of that.
    arguments += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return arguments + [str(kata.public_checks) for kata in katas]


def with_solutions(katas: tuple[Kata, ...]) -> tuple[Kata, ...]:
    """Return the katas.

    Raises:
        UsageError: this is a student's copy.
    """
    if all(kata.solution is None for kata in katas):
        raise UsageError("no_solutions", folder=katas[0].exercise.parent.parent)
    return katas
