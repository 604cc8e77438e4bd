"""The lab's second opinion: Keras in a process of its own."""

import io
import json
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from grader.errors import UsageError
from grader.lab import keras_check
from grader.lab.experiments import own_experiment
from grader.lab.keras_check import Comparison, compare_with_keras, refuse_unless_comparable
from grader.lab.tables import render_comparisons

EXPERIMENT = own_experiment("2,3,1", activation="leaky_relu", optimizer="sgd", lr=0.5, epochs=200, starts=4, seed=0)


@pytest.mark.tensorflow
def test_keras_agrees_start_by_start() -> None:
    seen: list[tuple[int, int]] = []
    pairs = compare_with_keras([EXPERIMENT, EXPERIMENT], 2, progress=lambda done, total: seen.append((done, total)))
    assert list(pairs) == [EXPERIMENT]
    rows = pairs[EXPERIMENT]
    assert [row.start for row in rows] == [0, 1]
    assert max(row.difference for row in rows) < 1e-5
    assert [row.loss for row in rows] == pytest.approx([row.keras_loss for row in rows], rel=1e-5)
    assert [row.accuracy for row in rows] == [row.keras_accuracy for row in rows]
    assert seen == [(1, 2), (2, 2)]


def test_keras_and_matplotlib_stay_out_of_this_process() -> None:
    program = "import sys, grader.cli.lab\nassert not {'keras', 'tensorflow', 'matplotlib'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("count", [0, 5, -1])
def test_only_starts_that_exist_are_compared(count: int) -> None:
    with pytest.raises(UsageError) as refused:
        compare_with_keras([EXPERIMENT], count, progress=None)
    assert (refused.value.text, refused.value.values) == ("bad_verify", {"count": str(count), "most": "4"})


def test_without_keras_nothing_is_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras_check.importlib.util, "find_spec", {}.get)
    with pytest.raises(UsageError) as refused:
        refuse_unless_comparable(1, 4)
    assert refused.value.text == "no_keras"


def put_in_place(monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> None:
    """Let another program run in the child."""
    (folder / "program.py").write_text(program, "utf-8")
    monkeypatch.setattr(keras_check, "_PROGRAM", folder / "program.py")


@pytest.mark.parametrize(
    ("program", "sentence", "values"),
    [
        ("import no_such_keras", "keras_failed", {"done": "0", "count": "1", "status": "1"}),
        ("raise SystemExit(7)", "keras_silent", {"done": "0", "count": "1", "status": "7"}),
        ("print('{\"loss\": 1', end='')", "keras_silent", {"done": "0", "count": "1", "status": "0"}),
    ],
    ids=["fails", "ends", "dies in an answer"],
)
def test_a_child_that_fails_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str, sentence: str, values: dict[str, str]
) -> None:
    put_in_place(monkeypatch, tmp_path, program)
    with pytest.raises(UsageError) as refused:
        compare_with_keras([EXPERIMENT], 1, progress=None)
    assert refused.value.text == sentence
    words = refused.value.values.pop("words", "")
    assert refused.value.values == values
    assert ("No module named 'no_such_keras'" in words) == (sentence == "keras_failed")


def test_a_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    put_in_place(monkeypatch, tmp_path, "import time; time.sleep(600)")
    monkeypatch.setattr(keras_check, "_SECONDS_TO_IMPORT", 0.2)
    monkeypatch.setattr(keras_check, "_SECONDS_PER_START", 0.1)
    with pytest.raises(UsageError, match="keras_silent"):
        compare_with_keras([replace(EXPERIMENT, epochs=1)], 1, progress=None)


def test_a_comparison_is_shown_in_both_languages_and_a_diverged_one_has_no_numbers() -> None:
    fine = Comparison("2-2-1 sigmoid", 0, 2000, 0.476212, 0.476213, 1.0, 1.0, 1.8e-6)
    gone = replace(fine, loss=math.nan, keras_loss=math.nan, accuracy=math.nan, keras_accuracy=math.nan)
    console = Console(width=80, file=io.StringIO())
    for language in ("en", "ko"):
        console.print(render_comparisons([fine, gone], language))
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO
    assert "0.476212  0.476213   100%   100%     1.8e-06" in shown
    assert "케라스" in shown
    assert "nan       nan      -      -" in shown
    assert json.loads(json.dumps(gone.to_json(), allow_nan=False))["loss"] is None
