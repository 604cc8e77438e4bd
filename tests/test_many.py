"""A class of many, one in twenty of them hostile; the benchmark does the same with 10,000."""

from benchmarks.judge import full_marks, grade_many, is_hostile
from grader.bank.kata import load_katas, select_katas
from tests.conftest import ROOT
from tests.tiers import need

COUNT = 280


def test_every_report_is_there_memory_stays_flat_and_nothing_is_left(tmp_path):
    need("kernel-rules")
    (gates,) = select_katas(load_katas(ROOT), ("02",))
    run = grade_many(tmp_path, COUNT, full_marks((gates,)).files[gates.name])
    assert run.status == 0
    assert [report["submission"] for report in run.reports] == [f"s{number:05}" for number in range(COUNT)]
    assert [report["score"] for report in run.reports] == [0 if is_hostile(number) else 6 for number in range(COUNT)]
    assert run.left == 0
    half = len(run.memory) // 2
    early, late = (max(sum(sample.values()) for sample in part) for part in (run.memory[:half], run.memory[half:]))
    assert late < 1.1 * early + 5, "MB of the judge's own processes"
