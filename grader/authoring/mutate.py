"""Which small mistakes does no check notice? Every mutant of a kata's reference, judged as a submission.

A mutant is killed when it does not get full marks, be it by running out of time. One that survives is either as right
as the reference, and solutions/NN_slug/equivalent.toml says why, or shows a gap in the checks. The same files give the
same result: a check's random inputs depend on the submission's bytes alone.
"""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from grader.authoring.mutants import Mutant, make_mutants
from grader.authoring.stub import read_reference
from grader.bank.kata import EQUIVALENT, Kata, require_files
from grader.errors import ContentError
from grader.intake import Submission
from grader.judge.judge import Judge, isolation_for_trusted_code
from grader.result import Outcome, Status
from grader.words.authored import read_toml

MOST_KERAS = 80
"""A Keras kata takes half a second for each submission; of its mutants a fixed sample is judged."""

Change = tuple[str, str]
"""The line as it was and the line that it became, each on one line."""


@dataclass(frozen=True)
class Score:
    """What became of one kata's mutants."""

    kata: str
    made: int
    judged: int
    killed: int
    timeouts: int
    """Of the killed ones, those that ran out of time."""
    explained: int
    unexplained: tuple[Mutant, ...]
    idle: tuple[Change, ...]
    """Explanations that fit no survivor."""
    faults: int
    """Reports that are the kit's own fault."""
    seconds: float

    @property
    def share(self) -> float:
        """The killed among those that are not explained, 0 to 1."""
        counted = self.judged - self.explained
        return self.killed / counted if counted else 1.0


def load_explained(kata: Kata) -> dict[Change, str]:
    """Return the reason for each mutant of a kata that is as right as its reference; {} without an equivalent.toml.

    Raises:
        ContentError: the file is no TOML, or holds something else than reasons with lists of lines.
    """
    file = equivalent_file(kata)
    if not file.exists():
        return {}
    run = f"kata mutate --kata {kata.number}"
    reasons = read_toml(file, run=run)
    for why, changes in reasons.items():
        if not (isinstance(changes, list) and all(map(_is_change, changes))):
            wanted = "is no list of lists, each a line as it was and the lines it may become"
            raise ContentError(file, why, wanted, run=run)
    return {(was, now): why for why, changes in reasons.items() for was, *others in changes for now in others}


def _is_change(change: Any) -> bool:
    return isinstance(change, list) and len(change) > 1 and all(isinstance(line, str) for line in change)


def audit_explained(kata: Kata) -> Iterator[str]:
    """Yield each explanation of a mutant that is not made any more.

    Raises:
        ContentError: as `load_explained` raises it.
    """
    explained = load_explained(kata)
    made = {(mutant.was, mutant.now) for mutant in mutants_of(kata)} if explained else set()
    for was, now in explained:
        if (was, now) not in made:
            file, run = equivalent_file(kata), f"kata mutate --kata {kata.number}"
            yield f"{file}: no small mistake turns {was!r} into {now!r}; run: {run}"


def equivalent_file(kata: Kata) -> Path:
    """Return where a kata's explained mutants stand."""
    return kata.secrets / EQUIVALENT


def mutants_of(kata: Kata) -> list[Mutant]:
    """Return every mutant of a kata's reference."""
    text, _ = read_reference(kata)
    return make_mutants(text, suffix=kata.suffix)


def judge_katas(katas: tuple[Kata, ...]) -> Iterator[Score]:
    """Yield the score of each kata, in their order.

    Raises:
        ContentError: a kata cannot be judged at all.
    """
    if len(katas) == 1:
        yield judge_mutants(katas[0])
        return
    # A process for each core, as in the audit.
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield from pool.map(judge_mutants, katas)


def judge_mutants(kata: Kata) -> Score:
    """Judge the mutants of one kata, all with one warm judge.

    Raises:
        ContentError: the kata cannot be judged at all, or its equivalent.toml is wrong.
    """
    require_files((kata,), "author")
    explained = load_explained(kata)
    made = mutants_of(kata)
    chosen = made
    if kata.needs == "keras" and len(made) > MOST_KERAS:
        chosen = random.Random(kata.name).sample(made, MOST_KERAS)
    survivors: list[Mutant] = []
    timeouts = faults = 0
    start = time.monotonic()
    with Judge((kata,), isolation=isolation_for_trusted_code()) as judge:
        for mutant in chosen:
            report = judge.grade(Submission("mutant", {kata.name: mutant.source.encode("utf-8")}))
            outcomes = [check.outcome for check in report.katas[0].checks] if report.katas else []
            faults += report.status is not Status.GRADED
            timeouts += Outcome.TIMEOUT in outcomes
            if outcomes and all(outcome is Outcome.PASSED for outcome in outcomes):
                survivors.append(mutant)
    left = {(mutant.was, mutant.now): mutant for mutant in sorted(survivors, key=lambda mutant: mutant.line)}
    # Of a sample nobody can tell whether an explanation is idle or its mutant was not drawn.
    idle = [change for change in explained if change not in left] if len(chosen) == len(made) else []
    return Score(
        kata=kata.name,
        made=len(made),
        judged=len(chosen),
        killed=len(chosen) - len(survivors),
        timeouts=timeouts,
        explained=sum((mutant.was, mutant.now) in explained for mutant in survivors),
        unexplained=tuple(mutant for change, mutant in left.items() if change not in explained),
        idle=tuple(idle),
        faults=faults,
        seconds=time.monotonic() - start,
    )
