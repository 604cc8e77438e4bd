"""What judging costs: per kata, against one cold pytest process per submission, by its parts, and as a class grows.

Run it with: make bench, or python -m benchmarks.judge [--parts steps katas start pytest growth] [--most 10000]
All rows of a table come from one run on the same submissions; those of "pytest" and "steps" are interleaved, so that
a busy machine disturbs them alike. Read the ratios; the seconds belong to the machine. CPU counts every process that
took part: judge, zygotes, children (meter.py).
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from benchmarks.meter import cpu_meter
from benchmarks.sandbox import one_job
from grader.bank.kata import Kata, load_katas, select_katas
from grader.intake import Submission, find_submissions, read_submission
from grader.judge.judge import Judge
from grader.judge.processes import grade_class
from grader.sandbox.client import Child, Sandbox
from grader.sandbox.host import ENVIRONMENT
from grader.sandbox.tier import Tier, find_isolation
from grader.sandbox.workbench import Workbench

ROOT = Path(__file__).parent.parent
TARGET_CPU_S = 0.6
ROUNDS = 10


def full_marks(katas: tuple[Kata, ...]) -> Submission:
    """The sample class's best submission."""
    found = find_submissions([ROOT / "examples" / "class" / "s01_full_marks"], katas)
    return read_submission(found[0], katas)


def memory_mb() -> float:
    """Memory of this process and everything below it; what processes share counts once."""
    total = 0
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        # A child of a zygote may end while we look.
        with suppress(psutil.Error):
            total += process.memory_full_info().pss
    return total / 1e6


def show_katas(katas: tuple[Kata, ...]) -> None:
    """Print the CPU of one right submission by kata, with a warm judge, and how much of it the student's file takes."""
    print(f"\nCPU of one right submission, warm judge, ms (target for all: {1000 * TARGET_CPU_S:g})")
    print(f"  {'':20}{'needs':8}{'judge':>8}{'children':>10}{'both':>8}{'of it the file itself':>24}")
    sums = [0.0, 0.0, 0.0]
    for kata in katas:
        submission = full_marks((kata,))
        with cpu_meter() as cpu_s, Judge((kata,)) as judge:
            judge.grade(submission)
            with recording() as questions:
                judge.grade(submission)
            own_before, all_before = time.process_time(), cpu_s()
            for _ in range(ROUNDS):
                judge.grade(submission)
            own = 1000 * (time.process_time() - own_before) / ROUNDS
            below = 1000 * (cpu_s() - all_before) / ROUNDS - own
        row = [own, below, 1000 * replay_s(questions, submission.files[kata.name], kata.file_name)]
        sums = [total + part for total, part in zip(sums, row, strict=True)]
        print(f"  {kata.name:20}{kata.needs:8}{own:8.0f}{below:10.0f}{own + below:8.0f}{row[2]:24.0f}")
    print(f"  {'all':28}{sums[0]:8.0f}{sums[1]:10.0f}{sums[0] + sums[1]:8.0f}{sums[2]:24.0f}")


@contextmanager
def recording() -> Iterator[list[list[dict[str, Any]]]]:
    """Gather what every child is asked meanwhile, a list of requests for each."""
    children: dict[Child, list[dict[str, Any]]] = {}
    questions: list[list[dict[str, Any]]] = []
    send = Child._send

    def recorded(child: Child, request: dict[str, Any], count: int) -> None:
        if child not in children:
            children[child] = []
            questions.append(children[child])
        one = {key: value for key, value in request.items() if key != "each"}
        children[child] += [{**one, **fields} for fields in request.get("each", [{}])]
        send(child, request, count)

    Child._send = recorded  # type: ignore[method-assign]
    try:
        yield questions
    finally:
        Child._send = send  # type: ignore[method-assign]


def replay_s(children: list[list[dict[str, Any]]], source: bytes, path: str) -> float:
    """CPU seconds of the same requests in this process, without walls, wire or checks: the student's file at work.

    What a library sets up at its first call counts only if nothing has called it before in this process.
    """
    # TensorFlow as a child has it: one thread, no greeting.
    os.environ |= {key: value for key, value in ENVIRONMENT.items() if key.startswith(("TF_", "OMP_", "CUDA_"))}
    spent = []
    for _ in range(3):
        start = time.process_time()
        for requests in children:
            bench = Workbench(source, path, file=path)
            for request in requests:
                bench.answer(request)
        spent.append(time.process_time() - start)
    return statistics.median(spent)


def cold_pytest(katas: tuple[Kata, ...], submission: Submission) -> tuple[float, float, float]:
    """Run all checks in one plain pytest process, the student's code in it; returns wall s, CPU s, peak MB."""
    with tempfile.TemporaryDirectory() as folder:
        bank = Path(folder)
        for part in ("exercises", "solutions"):
            shutil.copytree(ROOT / part, bank / part, ignore=shutil.ignore_patterns("__pycache__", "right", "wrong"))
        for kata in katas:
            (bank / "exercises" / kata.name / kata.file_name).write_bytes(submission.files[kata.name])
        files = [bank / "exercises" / kata.name / kata.public_checks.name for kata in katas]
        files += [bank / "solutions" / kata.name / kata.hidden_checks.name for kata in katas if kata.hidden_checks]
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "--import-mode=importlib"]
        start = time.perf_counter()
        process = subprocess.Popen([*command, *map(str, files)], cwd=bank, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    return wall_s, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e3


def warm_judge(katas: tuple[Kata, ...], submission: Submission, jobs: int) -> tuple[float, float, float]:
    """Grade a small class; returns wall s and CPU s per submission once every judge is warm, and MB in all."""
    count, warm = 8 * jobs, 2 * jobs
    class_ = (replace(submission, id=f"s{number}") for number in range(count))
    with cpu_meter() as cpu_s:
        for number, _ in enumerate(grade_class(class_, katas, jobs=jobs), start=1):
            if number == warm:
                start, before = time.perf_counter(), cpu_s()
            if number == count:
                wall_s, spent, mb = time.perf_counter() - start, cpu_s() - before, memory_mb()
    return wall_s / (count - warm), spent / (count - warm), mb


def show_against_pytest(katas: tuple[Kata, ...]) -> None:
    """Print this judge with one and two jobs beside one cold pytest process per submission."""
    for name, part in (("all katas", katas), ("without Keras", tuple(k for k in katas if k.needs != "keras"))):
        submission = full_marks(part)
        rows: dict[str, list[tuple[float, float, float]]] = {"pytest": [], "1 job": [], "2 jobs": []}
        cold_pytest(part, submission)
        for _ in range(3):
            rows["pytest"].append(cold_pytest(part, submission))
            rows["1 job"].append(warm_judge(part, submission, 1))
            rows["2 jobs"].append(warm_judge(part, submission, 2))
        print(f"\n{name} ({len(part)}): per submission, median of 3 rounds")
        print(f"  {'':10}{'wall s':>10}{'CPU s':>10}{'MB in all':>12}{'wall, times faster':>22}{'CPU, times less':>18}")
        best = {row: [statistics.median(column) for column in zip(*runs, strict=True)] for row, runs in rows.items()}
        for row, (wall_s, spent, mb) in best.items():
            ratios = f"{best['pytest'][0] / wall_s:22.1f}{best['pytest'][1] / spent:18.1f}"
            print(f"  {row:10}{wall_s:10.3f}{spent:10.3f}{mb:12.0f}{ratios}")


def show_start(katas: tuple[Kata, ...]) -> None:
    """Print what a class costs before its first report, and each further one, in one run of `grade_class`."""
    print(f"\n{len(katas)} katas: CPU s to the first report and for each further submission, MB in all")
    print(f"  {'jobs':6}{'start':>10}{'each':>10}{'MB':>10}")
    submission, count = full_marks(katas), 10
    for jobs in (1, 2):
        reports: list[float] = []
        with cpu_meter() as cpu_s:
            before = cpu_s()
            for _ in grade_class((replace(submission, id=f"s{n}") for n in range(count)), katas, jobs=jobs):
                reports.append(cpu_s() - before)
                mb = memory_mb()
        # With two jobs the first report comes when the second one is nearly there.
        each_s = (reports[-1] - reports[jobs - 1]) / (count - jobs)
        print(f"  {jobs:<6}{reports[jobs - 1] - jobs * each_s:10.2f}{each_s:10.2f}{mb:10.0f}")


def show_steps(katas: tuple[Kata, ...]) -> None:
    """Print what fork, confinement, wire and pytest cost, each alone."""
    found = find_isolation()
    tiers = [Tier.NONE, *([found.tier] if found.tier is not Tier.NONE else [])]
    (gates,) = select_katas(katas, ("02",))
    submission = full_marks((gates,))
    with Judge((gates,)) as judge:
        sandboxes = {tier: Sandbox(tier) for tier in tiers}
        for sandbox in sandboxes.values():
            sandbox.warm({"py"})
            sandbox.prove()
        checks = len(judge.grade(submission).katas[0].checks)
        jobs: dict[Tier, list[list[float]]] = {tier: [] for tier in tiers}
        whole, own = [], []
        for _ in range(100):
            for tier in tiers:
                jobs[tier].append(one_job(sandboxes[tier], "py"))
            start, before = time.perf_counter(), time.process_time()
            judge.grade(submission)
            whole.append(1000 * (time.perf_counter() - start))
            own.append(1000 * (time.process_time() - before))
        for sandbox in sandboxes.values():
            sandbox.close()
    bare, walled = (
        [statistics.median(column) for column in zip(*jobs[tier], strict=True)] for tier in (tiers[0], tiers[-1])
    )
    print(f"\nBy parts, median of 100 (ms); kata 02, {checks} checks, isolation {tiers[-1]}")
    print(f"  fork, load, end of one child without walls   {bare[0] + bare[2]:8.2f}")
    print(f"  the walls around it                          {walled[0] + walled[2] - bare[0] - bare[2]:8.2f}")
    print(f"  one question and its answer on the wire      {walled[1]:8.2f}")
    print(f"  pytest and the judge's own code, one check   {statistics.median(own) / checks:8.2f}  (CPU)")
    print(f"  the kata as a whole, two children            {statistics.median(whole):8.2f}")


HOSTILE = (
    "import os\nos._exit(0)\n",
    "import os\nfor _ in range(50):\n    os.fork()\n",
    "import os\nfor fd in range(64):\n    try:\n        os.write(fd, b'\\xff')\n    except OSError:\n        pass\n",
    "AND = 'x' * (8 << 20)\n",
    "held = bytearray(2 << 30)\n",
    "raise SystemExit(0)\n",
    "for number in range(3000):\n    open(f'file{number}', 'w').close()\n",
)


def is_hostile(number: int) -> bool:
    """One in twenty."""
    return number % 20 == 7


def write_class(folder: Path, count: int, right: bytes) -> None:
    """Write one file for each submission, all different."""
    for number in range(count):
        source = HOSTILE[number // 20 % len(HOSTILE)].encode() if is_hostile(number) else right
        (folder / f"s{number:05}.py").write_bytes(source + f"# {number}\n".encode())


def memory_over_time(process: "subprocess.Popen[bytes]") -> Iterator[dict[str, float]]:
    """Give the memory of the judge's own processes (not the sandboxes') once a second until they end."""
    while process.poll() is None:
        try:
            family = [psutil.Process(process.pid), *psutil.Process(process.pid).children()]
            yield {str(one.pid): one.memory_info().rss / 1e6 for one in family if "python" in one.name()}
        except psutil.NoSuchProcess:
            pass
        time.sleep(1)


class Growth(NamedTuple):
    """One run of `kata grade` on a class in which one submission in twenty is hostile."""

    status: int
    reports: list[dict[str, Any]]
    wall_s: float
    cpu_s: float
    """Of the run and everything below it."""
    memory: list[dict[str, float]]
    """MB of each of the judge's own processes, once a second."""
    left: int
    """Files in its temporary folder, and new processes below us, when it was over."""


def grade_many(folder: Path, count: int, right: bytes) -> Growth:
    """Grade `count` submissions of kata 02 in an empty folder with two jobs, and look after it."""
    school, temporary, out = (folder / name for name in ("school", "tmp", "out"))
    school.mkdir()
    temporary.mkdir()
    write_class(school, count, right)
    others = set(psutil.Process().children(recursive=True))
    command = [sys.executable, "-m", "grader", "grade", school, "--kata", "02", "--jobs", "2", "--out", out]
    # Drawing loads matplotlib, once; benchmarks/pages.py looks at that.
    command += ["--pictures", "none"]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(
        [*map(str, command)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    memory = list(memory_over_time(process))
    wall_s, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Growth(
        process.returncode,
        [json.loads(line) for line in (out / "results.jsonl").read_text("utf-8").splitlines()],
        wall_s,
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        memory,
        len(list(temporary.iterdir())) + len(set(psutil.Process().children(recursive=True)) - others),
    )


def show_growth(katas: tuple[Kata, ...], most: int) -> None:
    """Print time, CPU and the judge's memory from 10 to `most` submissions through `kata grade`, and what is left."""
    (gates,) = select_katas(katas, ("02",))
    right = full_marks((gates,)).files[gates.name]
    print("\nkata grade --kata 02 --jobs 2; one submission in twenty is hostile")
    print(f"  {'submissions':>12}{'wall s':>10}{'CPU ms each':>14}{'largest judge':>15}{'all, MB':>10}{'left':>6}")
    count = 10
    while count <= most:
        with tempfile.TemporaryDirectory() as folder:
            run = grade_many(Path(folder), count, right)
        assert run.status == 0, run.status
        assert [report["score"] for report in run.reports] == [0 if is_hostile(n) else 6 for n in range(count)]
        largest = max((mb for sample in run.memory for mb in sample.values()), default=0)
        together = max((sum(sample.values()) for sample in run.memory), default=0)
        each_ms = 1000 * run.cpu_s / count
        row = f"{count:12}{run.wall_s:10.1f}{each_ms:14.1f}{largest:15.0f}{together:10.0f}{run.left:6}"
        print(f"  {row}", flush=True)
        count *= 10


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", nargs="+", default=["steps", "katas", "start", "pytest", "growth"])
    parser.add_argument("--most", type=int, default=10_000)
    arguments = parser.parse_args()
    katas = load_katas(ROOT)
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f} before the start, isolation {find_isolation().tier}")
    if "steps" in arguments.parts:
        show_steps(katas)
    if "katas" in arguments.parts:
        show_katas(katas)
    if "start" in arguments.parts:
        show_start(katas)
    if "pytest" in arguments.parts:
        show_against_pytest(katas)
    if "growth" in arguments.parts:
        show_growth(katas, arguments.most)


if __name__ == "__main__":
    main()
