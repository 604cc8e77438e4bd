"""The lab's second opinion: Keras in a process of its own."""

import subprocess
import sys
from dataclasses import replace

import pytest

from grader import lab_verify
from grader.errors import UsageError
from grader.lab import own_experiment
from grader.lab_verify import verify

EXPERIMENT = own_experiment("2,3,1", activation="leaky_relu", optimizer="sgd", lr=0.5, epochs=200, starts=4, seed=0)


@pytest.mark.tensorflow
def test_keras_agrees_start_by_start() -> None:
    seen: list[tuple[int, int]] = []
    rows = verify(EXPERIMENT, 2, progress=lambda done, total: seen.append((done, total)))
    assert [row.start for row in rows] == [0, 1]
    assert max(row.difference for row in rows) < 1e-5
    assert [row.loss for row in rows] == pytest.approx([row.keras_loss for row in rows], rel=1e-5)
    assert [row.accuracy for row in rows] == [row.keras_accuracy for row in rows]
    assert seen == [(1, 2), (2, 2)]


def test_keras_stays_out_of_this_process() -> None:
    program = (
        "import sys, grader.lab, grader.lab_plots, grader.lab_verify\n"
        "assert not {'keras', 'tensorflow', 'matplotlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("count", [0, 5])
def test_only_starts_that_exist_are_compared(count: int) -> None:
    with pytest.raises(UsageError, match=f"--verify {count}"):
        verify(EXPERIMENT, count, progress=None)


def test_a_child_that_fails_is_reported_with_its_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab_verify, "_CHILD", "import no_such_keras")
    with pytest.raises(UsageError, match=r"No module named 'no_such_keras'.*perceptron-kata\[keras\]"):
        verify(EXPERIMENT, 1, progress=None)


def test_a_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab_verify, "_CHILD", "import time; time.sleep(600)")
    monkeypatch.setattr(lab_verify, "_SECONDS_TO_IMPORT", 0.2)
    monkeypatch.setattr(lab_verify, "_SECONDS_PER_START", 0.1)
    with pytest.raises(UsageError, match="0 of 1 starts"):
        verify(replace(EXPERIMENT, epochs=1), 1, progress=None)
