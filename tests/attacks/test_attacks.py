"""The attack corpus: no program gains a point, learns a secret, leaves a trace or changes its neighbours' reports.

Each program under programs/ names the properties it holds to account and the classes of attack it belongs to, and
what the judge must make of it ("held": it tried everything and reached nothing). All go through one judge in each
tier, one after the other, with an honest neighbour after each. A program is bounded, so that a failing defence does
not hurt the machine.
"""

import json
import os
import re
import resource
import socket
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from grader.intake import Submission
from grader.judge.judge import Judge
from grader.result import Status
from grader.sandbox import limits
from tests.attacks.classes import ELSEWHERE
from tests.conftest import ROOT
from tests.tiers import TIERS, need

HERE = Path(__file__).parent
PROGRAMS = sorted((HERE / "programs").glob("*.py"))
HEAD = re.compile(r'^"""(P\d+(?:, P\d+)*): .+\. Classes (\d+(?:, \d+)*)\.\n\nExpect: (.+)\n"""\n')
SECRET = "CANARY-" + "5c1d09"
HONEST = b"def double(x):\n    return 2 * x\n"
MOST_MEMORY_KIB = 200 << 10
HALF = b"def double(x):\n    return {3: 6, 4: 8}.get(x, 0)\n"


@dataclass(frozen=True)
class Program:
    classes: tuple[int, ...]
    expect: str
    text: str


def read(path):
    text = path.read_text("utf-8")
    head = HEAD.match(text)
    assert head, f"{path.name} does not begin with its properties, classes and expectation"
    return Program(tuple(map(int, head[2].split(", "))), head[3], text)


def plain(report):
    return json.dumps({**report.to_json(), "seconds": 0, "submission": ""}, sort_keys=True)


def footprint(*folders):
    """Every path below the folders with its mode, size and time."""
    found = {}
    for folder in folders:
        for path in [folder, *sorted(folder.rglob("*"))]:
            status = path.lstat()
            found[str(path)] = (status.st_mode, status.st_size, status.st_mtime_ns if path.is_file() else 0)
    return found


def processes(marker):
    """Live processes that carry the marker on their command line."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and marker in (entry / "cmdline").read_bytes():
                found.add(entry.name)
        except OSError:
            continue
    return found


@pytest.fixture(scope="module")
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture(scope="module", params=TIERS)
def run(request, tiny_katas, tiny_bank, tmp_path_factory, listener):
    """Every program's report in one tier, and what was found afterwards."""
    need(request.param)
    outside = tmp_path_factory.mktemp("outside")
    sandboxes = tmp_path_factory.mktemp("sandboxes")
    (outside / "canary").write_text(SECRET)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KATA_CANARY", SECRET)
        patch.setattr("tempfile.tempdir", str(sandboxes))
        # The judge's patience, as short as the suite's; three programs use all of it.
        patch.setattr(limits, "PLAIN", replace(limits.PLAIN, call_wall_s=8, part_wall_s=9))
        facts = {
            "BANK": str(tiny_bank),
            "BANK_FILES": [str(path) for path in sorted(tiny_bank.rglob("*")) if path.is_file()],
            "CANARY": str(outside / "canary"),
            "OUTSIDE": str(outside),
            "HOME": str(Path.home()),
            "REPOSITORY": str(ROOT),
            "JUDGE": os.getpid(),
            "PORT": listener,
        }
        prelude = (HERE / "prelude.txt").read_text("utf-8") + "".join(f"{k} = {v!r}\n" for k, v in facts.items())
        before = footprint(outside, tiny_bank)
        reports, neighbours, costs = {}, [], {}
        start = time.monotonic()
        with Judge(tiny_katas, isolation=request.param) as judge:
            honest = [Submission("n", {"01_double": source}) for source in (HONEST, HALF)]
            undisturbed = [plain(judge.grade(submission)) for submission in honest]
            for path in PROGRAMS:
                source = (prelude + path.read_text("utf-8")).encode()
                computed, most = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                reports[path.stem] = judge.grade(Submission(path.stem, {"01_double": source}))
                costs[path.stem] = (
                    time.process_time() - computed,
                    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most,
                )
                neighbours.append((path.stem, [plain(judge.grade(submission)) for submission in honest]))
            descriptors = len(os.listdir("/proc/self/fd"))
            left_in_home = sorted(str(path.relative_to(sandboxes)) for path in sandboxes.rglob("*"))
        seconds = time.monotonic() - start
        print(f"{request.param}: {len(PROGRAMS)} programs in {seconds:.0f} s")
        yield {
            "tier": request.param,
            "reports": reports,
            "costs": costs,
            "undisturbed": undisturbed,
            "neighbours": neighbours,
            "before": before,
            "after": footprint(outside, tiny_bank),
            "left_in_home": left_in_home,
            "left": [str(path) for path in sandboxes.rglob("*")],
            "processes": processes(str(tiny_bank).encode()) | processes(str(sandboxes).encode()),
            "descriptors": descriptors,
        }


@pytest.mark.parametrize("name", [path.stem for path in PROGRAMS])
def test_a_program_gains_nothing_and_is_judged_as_it_should_be(run, name):
    report, program = run["reports"][name], read(HERE / "programs" / f"{name}.py")
    first = report.katas[0].checks[0]
    assert report.status is Status.GRADED, report.reason
    assert report.isolation == run["tier"]
    assert report.score == 0
    assert "REACHED" not in report.to_line(), first.actual
    assert SECRET not in report.to_line()
    if program.expect == "held":
        assert re.search(r"held \d+", first.actual), (first.tag, first.message)
    else:
        outcome, tags = program.expect.split()
        assert str(first.outcome) == outcome, first.message
        assert first.tag in tags.split("|"), first.message


def test_no_program_costs_the_judge_more_than_a_submission_may(run):
    """Of the judge's own process: seconds of computing, and KiB by which its largest memory grows."""
    for name, (computed_s, memory_kib) in run["costs"].items():
        assert computed_s < limits.JUDGE_CPU_S, name
        assert memory_kib < MOST_MEMORY_KIB, name
    assert limits.SUBMISSION_WALL_S <= 300
    assert limits.JUDGE_CPU_S <= 30


def test_neighbours_reports_are_the_same_bytes(run):
    for name, reports in run["neighbours"]:
        assert reports == run["undisturbed"], f"after {name}"


def test_nothing_is_left_behind(run):
    assert run["after"] == run["before"]
    # While the judge lives: one folder with the canary for each zygote, and nothing of any job.
    assert {Path(path).name for path in run["left_in_home"]} - {"canary"} == {
        path for path in run["left_in_home"] if "/" not in path
    }
    assert run["left"] == []
    assert run["processes"] == set()
    assert not Path("/tmp/results.json").exists()


def test_every_class_of_attack_is_tried_or_its_place_is_named():
    tried = {number for path in PROGRAMS for number in read(path).classes}
    assert tried | set(ELSEWHERE) == set(range(1, 101))
