"""Which small mistakes does no check notice? Every mutant of every reference, judged as a submission.

Run it with: python -m benchmarks.mutate [--kata 02]     (make mutate; about 15 minutes for all on two busy cores)
A mutant is killed when it does not get full marks, be it by running out of time. One that survives is either as right
as the reference, and benchmarks/equivalent.toml says why, or shows a gap in the checks: then the exit status is 1, and
so it is for an explanation that fits no survivor. The same files give the same result: a check's random inputs depend
on the submission's bytes alone.
"""

import argparse
import random
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mutants import Mutant, make_mutants
from grader.bank.kata import Kata, load_katas, select_katas
from grader.intake import Submission
from grader.judge.judge import Judge, isolation_for_trusted_code
from grader.result import Outcome, Status

ROOT = Path(__file__).parent.parent
EXPLAINED = ROOT / "benchmarks" / "equivalent.toml"
MOST_KERAS = 80
"""A Keras kata takes half a second for each submission; of its mutants a fixed sample is judged."""


@dataclass
class Score:
    """What became of one kata's mutants."""

    kata: Kata
    made: int
    judged: int
    survivors: list[Mutant]
    timeouts: int
    faults: int
    seconds: float


def load_explained() -> dict[tuple[str, str, str], str]:
    """Return the reason for each mutant that is as right as its reference, by kata, line before and line after."""
    tables = tomllib.loads(EXPLAINED.read_text("utf-8"))
    return {
        (kata, was, now): why
        for kata, reasons in tables.items()
        for why, changes in reasons.items()
        for was, *others in changes
        for now in others
    }


def judge_mutants(kata: Kata) -> Score:
    """Judge the mutants of one kata, all with one warm judge."""
    reference = kata.solution / kata.file_name
    made = make_mutants(reference.read_text("utf-8"), suffix=kata.suffix)
    chosen = made
    if kata.needs == "keras" and len(made) > MOST_KERAS:
        chosen = random.Random(kata.name).sample(made, MOST_KERAS)
    score = Score(kata, len(made), len(chosen), [], 0, 0, 0.0)
    start = time.monotonic()
    with Judge((kata,), isolation=isolation_for_trusted_code()) as judge:
        for mutant in chosen:
            report = judge.grade(Submission("mutant", {kata.name: mutant.source.encode("utf-8")}))
            outcomes = [check.outcome for check in report.katas[0].checks] if report.katas else []
            score.faults += report.status is not Status.GRADED
            score.timeouts += Outcome.TIMEOUT in outcomes
            if outcomes and all(outcome is Outcome.PASSED for outcome in outcomes):
                score.survivors.append(mutant)
    score.survivors.sort(key=lambda mutant: mutant.line)
    score.seconds = time.monotonic() - start
    return score


def show(score: Score, explained: dict[tuple[str, str, str], str]) -> int:
    """Print one kata's row, its unexplained survivors and idle explanations; returns how many of these there are."""
    kata = score.kata
    mutants = {(kata.name, mutant.was, mutant.now): mutant for mutant in score.survivors}
    unexplained = [mutant for key, mutant in mutants.items() if key not in explained]
    # Of a sample nobody can tell whether an explanation is idle or its mutant was not drawn.
    whole = score.judged == score.made
    idle = [key for key in explained if key[0] == kata.name and key not in mutants] if whole else []
    survived = len(score.survivors)
    killed = score.judged - survived
    same = sum((kata.name, mutant.was, mutant.now) in explained for mutant in score.survivors)
    share = killed / (score.judged - same) if score.judged > same else 1
    print(
        f"| {kata.name} | {score.made} | {score.judged} | {killed} | {score.timeouts} | {same} | {len(unexplained)} "
        f"| {share:.1%} | {score.seconds:.0f} |",
        flush=True,
    )
    for mutant in unexplained:
        print(f"{kata.solution / kata.file_name}:{mutant.line}: survives\n  - {mutant.was}\n  + {mutant.now}")
    for _, was, now in idle:
        print(f"{EXPLAINED}: {kata.name}: no survivor is\n  - {was}\n  + {now}")
    if score.faults:
        print(f"{kata.name}: {score.faults} reports are the kit's own fault")
    return len(unexplained) + len(idle) + score.faults


def main() -> int:
    """Judge the mutants of the katas that were asked for; 1 if something is left to explain."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kata", nargs="+", default=[], metavar="KATA")
    arguments = parser.parse_args()
    explained = load_explained()
    print("| kata | mutants | judged | killed | of them by time | explained | unexplained | score | seconds |")
    print("|---|---|---|---|---|---|---|---|---|")
    katas = select_katas(load_katas(ROOT), tuple(arguments.kata))
    return int(sum([show(judge_mutants(kata), explained) for kata in katas]) > 0)


if __name__ == "__main__":
    sys.exit(main())
