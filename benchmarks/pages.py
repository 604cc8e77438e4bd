"""What the pages of a class cost beside its grading: copies of the sample class, 500 of them and up to 10,000.

Run it with: make bench, or python -m benchmarks.pages [--students 500] [--most 10000]
Grading is measured on the sample class, with a warm judge; pages and pictures on copies of its results and files. CPU
counts every process that took part. Copies share their pictures as a real class does not, so a second class is graded
and drawn: everybody got to some kata, with any of the right answers before it and any of its known mistakes there.
"""

import argparse
import contextlib
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.meter import cpu_meter
from grader.authoring.answers import reference_of, right_answers, wrong_answers
from grader.bank.kata import load_katas
from grader.intake import find_submissions, read_submission
from grader.judge.judge import Judge

ROOT = Path(__file__).parent.parent
CLASS = ROOT / "examples" / "class"
_CHILD = """
import json, resource, sys, time
from pathlib import Path
from grader.bank.kata import load_katas
from grader.pages.results import ClassResults
from grader.pages.write import write_pages
katas = load_katas(Path(sys.argv[2]))
begin = time.process_time()
written = write_pages(ClassResults(Path(sys.argv[1])), katas, ("en",))
print(json.dumps([time.process_time() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
                  written.report.stat().st_size / 1e6]))
"""


def grading_cpu_s() -> tuple[float, list[str]]:
    """Return the CPU seconds of one submission of the sample class, and the class's reports as lines."""
    katas = load_katas(ROOT)
    found = find_submissions([CLASS], katas)
    with cpu_meter() as cpu_s, Judge(katas) as judge:
        judge.grade(read_submission(found[0], katas))
        before = cpu_s()
        lines = [judge.grade(read_submission(place, katas)).to_line() for place in found]
        spent = cpu_s() - before
    return spent / len(found), lines


def mistaken_class(count: int, folder: Path) -> None:
    """Write the files of a class in which everybody makes one of the known mistakes; always the same class."""
    katas = load_katas(ROOT)
    right = [[reference_of(kata), *right_answers(kata)] for kata in katas]
    wrong = [wrong_answers(kata) for kata in katas]
    draw = random.Random(1)
    for number in range(count):
        place = folder / f"m{number:05}"
        place.mkdir(parents=True)
        reached = draw.randrange(len(katas))
        for index, kata in enumerate(katas[: reached + 1]):
            source = draw.choice(wrong[index] if index == reached else right[index]).source
            (place / kata.file_name).write_text(source, "utf-8", newline="")


def drawings_in(folder: Path) -> int:
    """Return how many different pictures the pages of some results have."""
    with contextlib.closing(sqlite3.connect(folder / ".pages.sqlite")) as kept:
        return int(kept.execute("select count(distinct key) from drawings").fetchone()[0])


def copy_results(lines: list[str], count: int, folder: Path) -> None:
    """Write the results of a class of so many copies."""
    folder.mkdir(parents=True)
    with (folder / "results.jsonl").open("w", encoding="utf-8") as out:
        for number in range(count):
            report = json.loads(lines[number % len(lines)])
            report["submission"] = f"c{number:05}"
            out.write(json.dumps(report, ensure_ascii=False) + "\n")


def copy_class(count: int, folder: Path) -> None:
    """Write the files of a class of so many copies."""
    entries = sorted(entry for entry in CLASS.iterdir() if entry.is_dir() or entry.suffix == ".zip")
    folder.mkdir()
    for number in range(count):
        entry = entries[number % len(entries)]
        target = folder / f"c{number:05}{entry.suffix}"
        shutil.copytree(entry, target) if entry.is_dir() else shutil.copy(entry, target)


def pages_cost(folder: Path) -> tuple[float, float, float]:
    """Return a page writer's CPU seconds and most memory (MB), and the class page's size (MB)."""
    command = [sys.executable, "-c", _CHILD, str(folder), str(ROOT)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    cpu_s, memory_mb, size_mb = json.loads(done.stdout)
    return cpu_s, memory_mb, size_mb


def command_cost(*arguments: object) -> float:
    """Return the CPU seconds of a whole `kata` command, every process counted."""
    with cpu_meter() as cpu_s:
        before = cpu_s()
        command = [sys.executable, "-m", "grader", *map(str, arguments)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        return cpu_s() - before


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=500)
    parser.add_argument("--most", type=int, default=10_000)
    options = parser.parse_args()
    one_s, lines = grading_cpu_s()
    print(f"grading one submission of the sample class: {one_s:.2f} s of CPU")
    with tempfile.TemporaryDirectory() as scratch:
        room = Path(scratch)
        print("\nthe pages alone (kata report OUT)")
        print(
            f"  {'students':>9}{'CPU, s':>9}{'of grading':>12}{'each, ms':>10}{'memory, MB':>12}{'class page, MB':>16}"
        )
        for count in sorted({options.students, 10, 100, 1000, options.most}):
            if count > options.most:
                continue
            copy_results(lines, count, room / f"out{count}")
            cpu_s, memory_mb, size_mb = pages_cost(room / f"out{count}")
            share = f"{cpu_s / (one_s * count):.1%}"
            print(f"  {count:9}{cpu_s:9.1f}{share:>12}{1000 * cpu_s / count:10.1f}{memory_mb:12.0f}{size_mb:16.2f}")
        count = options.students
        copy_class(count, room / "class")
        print(f"\nwith pictures and forms, {count} students (kata report OUT PATH)")
        print_report_costs(room / f"out{count}", room / "class", one_s * count)
        mistaken_class(count, room / "mistaken")
        graded_s = command_cost("grade", room / "mistaken", "--out", room / "graded", "--pictures", "none")
        print(f"\n{count} students with any of the known mistakes: {graded_s:.0f} s for grading")
        print_report_costs(room / "graded", room / "mistaken", graded_s)


def print_report_costs(out: Path, submissions: Path, graded_s: float) -> None:
    """Print what pages cost with and without pictures, beside the grading of the same class."""
    for mode in ("none", "next"):
        spent = command_cost("report", out, submissions, "--pictures", mode)
        print(f"  --pictures {mode:5}{spent:9.1f} s{spent / graded_s:9.1%} of grading")
    print(f"  different pictures: {drawings_in(out)}")
    print(f"  class page with its pictures: {(out / 'report.html').stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
