"""What the pages of a class cost beside its grading: copies of the sample class, 500 of them and up to 10,000.

Run it with: make bench, or python -m benchmarks.pages [--students 500] [--most 10000]
Grading is measured on the sample class, with a warm judge; pages and pictures on copies of its results and files. CPU
counts every process that took part. Copies share their pictures as a real class does not, so the worst case is measured
apart: everybody in the sample class with a picture that nobody shares, beside the judging of the same files.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.meter import cpu_meter
from grader.bank.kata import load_katas
from grader.intake import find_submissions, read_submission
from grader.judge.judge import Judge
from grader.pages.feedback import wanted_pictures
from grader.pages.results import as_judged
from grader.pictures import render_image, render_text
from grader.pictures.drawing import find_korean_font
from grader.pictures.walled import Wish, ask_behind_walls, slim
from grader.result import report_from_json
from grader.sandbox.client import Sandbox
from grader.sandbox.tier import require_isolation

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


def own_pictures_cpu_s(lines: list[str]) -> tuple[int, float]:
    """Return how many pictures the sample class wants, and the CPU seconds of one that is asked for and drawn alone."""
    katas = load_katas(ROOT)
    by_name = {kata.name: kata for kata in katas}
    font = find_korean_font()
    wishes = []
    for place, line in zip(find_submissions([CLASS], katas), lines, strict=True):
        files = read_submission(place, katas).files
        row = as_judged(report_from_json(json.loads(line)))
        wanted = wanted_pictures(row, "next", files.keys(), {})
        wishes += [Wish(place.id, by_name[name], files[name]) for name in wanted]
    with cpu_meter() as cpu_s, Sandbox(require_isolation().tier) as sandbox:
        sandbox.warm({wish.kata.needs for wish in wishes})
        for is_measured in (False, True):
            before = cpu_s()
            for wish in wishes:
                plate = ask_behind_walls(sandbox, wish)
                if plate is not None:
                    slim(render_image(plate, "en", font=font, fmt="svg"))
                    render_text(plate, "en")
            if is_measured:
                return len(wishes), (cpu_s() - before) / len(wishes)
    raise AssertionError


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


def report_cost(folder: Path, *arguments: object) -> float:
    """Return the CPU seconds of a whole `kata report`, every process counted."""
    below = cpu_children_s()
    command = [sys.executable, "-m", "grader", "report", str(folder), *map(str, arguments)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return cpu_children_s() - below


def cpu_children_s() -> float:
    """CPU seconds of everything that this process has waited for."""
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=500)
    parser.add_argument("--most", type=int, default=10_000)
    options = parser.parse_args()
    one_s, lines = grading_cpu_s()
    print(f"grading one submission of the sample class: {one_s:.2f} s of CPU")
    count, picture_s = own_pictures_cpu_s(lines)
    share = count * picture_s / (len(lines) * one_s)
    print(f"one picture that nobody shares, mean of {count}: {picture_s:.2f} s, {share:.1%} of grading that class")
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
        for mode in ("none", "next"):
            spent = report_cost(room / f"out{count}", room / "class", "--pictures", mode)
            print(f"  --pictures {mode:5}{spent:9.1f} s{spent / (one_s * count):9.1%} of grading")
        with_size = (room / f"out{count}" / "report.html").stat().st_size / 1e6
        print(f"  class page with its pictures: {with_size:.2f} MB")


if __name__ == "__main__":
    main()
