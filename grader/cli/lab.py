"""`kata lab`: the lecture's stacks on XOR from many starts, in words, numbers and pictures."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from grader.cli.shared import PATH, Speaker, help_text, lang_option, open_console, option
from grader.errors import UsageError
from grader.lab.experiments import (
    Experiment,
    Finding,
    film_start,
    lecture_experiments,
    own_experiment,
    run_experiment,
)
from grader.lab.keras_check import MOST_EPOCHS, Comparison, compare_with_keras, refuse_unless_comparable, shorten
from grader.lab.pictures import choose_start, draw_finding
from grader.lab.tables import render_comparisons, render_sentences, render_table
from grader.lab.words import heading, lab_text
from grader.pictures.drawing import choose_format, label_language
from grader.whole_file import require_writable, write_whole
from grader.words.languages import languages_of

DEFAULTS: dict[str, Any] = {"activation": "sigmoid", "optimizer": "adam", "lr": 0.001, "epochs": 2000}
"""Of a stack of one's own; the lecture's settings."""
STARTS, SEED = 256, 0


def _own(name: str, kind: type) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(f"--{name}", type=kind, default=None, help=help_text("lab", name, default=DEFAULTS[name]))


@click.command("lab", help=help_text("lab", "help"))
@option("lab", "--stack", metavar="2,...,1", default=None)
@_own("activation", str)
@_own("optimizer", str)
@_own("lr", float)
@_own("epochs", int)
@click.option("--starts", type=int, default=STARTS, help=help_text("lab", "starts", default=STARTS))
@click.option("--seed", type=int, default=SEED, help=help_text("lab", "seed", default=SEED))
@option("lab", "--json", "as_json", is_flag=True)
@option("lab", "--plot", metavar="FILE", type=PATH, default=None)
@option("lab", "--verify", metavar="N", type=int, default=None)
@lang_option
def lab_command(
    stack: str | None,
    starts: int,
    seed: int,
    as_json: bool,
    plot: Path | None,
    verify: int | None,
    speaker: Speaker,
    **settings: Any,
) -> None:
    """Check everything that was asked for, train, show."""
    experiments = _choose_experiments(stack, settings, starts, seed)
    fmt = ""
    if plot is not None:
        fmt = choose_format(plot)
        require_writable(plot)
    if verify is not None:
        refuse_unless_comparable(verify, starts)
    findings = []
    with _bar() as part:
        total, before = sum(one.epochs for one in experiments) * starts, 0
        for one in experiments:
            step = part(speaker.text("lab", "training", stack=one.name), before=before, of=total)
            findings.append(run_experiment(one, progress=step))
            before += one.epochs * starts
    if not as_json:
        _show_table(findings, speaker)
    if plot is not None:
        _draw(plot, fmt, _choose_finding(findings), speaker, aside=as_json)
    pairs: dict[Experiment, list[Comparison]] = {}
    if verify is not None:
        with _bar() as part:
            step = part(speaker.text("lab", "comparing"))
            pairs = compare_with_keras(experiments, verify, progress=step)
    if as_json:
        _print_json(findings, pairs)
    elif pairs:
        _show_comparisons(pairs, speaker)


# --- what was asked for -------------------------------------------------------------------------------------------


def _choose_experiments(stack: str | None, settings: dict[str, Any], starts: int, seed: int) -> list[Experiment]:
    """Return the one experiment with a stack of one's own, or the lecture's.

    Raises:
        UsageError: settings without a stack. They are not applied to the lecture's rows, because then the table
            would show the lecture's words beside something the lecture never did.
    """
    given = {name: value for name, value in settings.items() if value is not None}
    if stack is not None:
        return [own_experiment(stack, **{**DEFAULTS, **given}, starts=starts, seed=seed)]
    if given:
        raise UsageError("needs_stack", options=", ".join(f"--{name}" for name in given))
    return lecture_experiments(starts=starts, seed=seed)


# --- doing it -----------------------------------------------------------------------------------------------------


class _Part(Protocol):
    def __call__(self, description: str, *, before: int = 0, of: int | None = None) -> Callable[[int, int], None]: ...


@contextmanager
def _bar() -> Iterator[_Part]:
    """Show a bar on stderr, on a terminal only; give a function that begins a part of the work.

    A part has `before` steps behind it of `of` in all (None: as many as the work itself says), and gives the
    function that takes (steps done, steps in all).
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)

        def part(description: str, *, before: int = 0, of: int | None = None) -> Callable[[int, int], None]:
            progress.update(task, description=description, total=of)
            return lambda done, total: progress.update(task, completed=before + done, total=of or total)

        yield part


def _choose_finding(findings: list[Finding]) -> Finding:
    """Return what a picture shows: one's own stack, or the row of the lecture where luck decides most."""
    return next((one for one in findings if one.row.said == "params_9_twice"), findings[0])


def _draw(path: Path, fmt: str, finding: Finding, speaker: Speaker, *, aside: bool) -> None:
    """Draw and write; say where, on stderr if stdout belongs to JSON."""
    start = choose_start(finding)
    language, font = label_language(speaker.language)
    # Latin letters are matplotlib's own, whatever fonts this machine has.
    font = font if language == "ko" else None
    if language != languages_of(speaker.language)[0]:
        speaker.warn("lab", "no_korean_font")
    with _bar() as part:
        film = film_start(finding, start, progress=part(speaker.text("lab", "drawing")))
        data = draw_finding(finding, film, start=start, language=language, font=font, fmt=fmt)
    write_whole(path, data)
    words = speaker.text("lab", "drawn", heading=heading(finding.row, speaker.language), path=path)
    click.echo(words, err=aside)


# --- showing it ---------------------------------------------------------------------------------------------------


def _show_table(findings: list[Finding], speaker: Speaker) -> None:
    console, language = open_console(), speaker.language
    rows = [finding.row for finding in findings]
    title = lab_text("table", "title", language, starts=rows[0].starts, seed=rows[0].seed)
    console.print(f"[bold]{title}[/]\n")
    console.print(render_table(rows, language, width=console.width))
    console.print(f"\n[dim]{lab_text('table', 'legend', language)}[/]\n")
    console.print(render_sentences(rows, language))


def _show_comparisons(pairs: dict[Experiment, list[Comparison]], speaker: Speaker) -> None:
    console, language = open_console(), speaker.language
    console.print(f"\n[bold]{lab_text('keras', 'title', language, most=f'{MOST_EPOCHS:,}')}[/]\n")
    console.print(render_comparisons([one for group in pairs.values() for one in group], language))
    console.print(f"\n[dim]{lab_text('keras', 'legend', language)}[/]")


def _print_json(findings: list[Finding], pairs: dict[Experiment, list[Comparison]]) -> None:
    rows = [
        {**one.row.to_json(), "keras": [pair.to_json() for pair in pairs.get(shorten(one.experiment), [])]}
        for one in findings
    ]
    click.echo(json.dumps(rows, indent=1))
