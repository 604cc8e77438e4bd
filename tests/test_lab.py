"""The lab: the lecture's table, its sentences in both languages, and its pictures."""

import json
import re
import struct
import tomllib
from pathlib import Path

import numpy as np
import pytest

import grader
from grader.errors import Unsupported, UsageError
from grader.lab import (
    Finding,
    lecture_experiments,
    own_experiment,
    recorded_epochs,
    run_experiment,
    sentences,
    text,
)
from grader.lab_plots import draw_finding
from grader.training import PLATEAUS, SGD

CATALOGUE = tomllib.loads((Path(grader.__file__).parent / "texts/lab.toml").read_text("utf-8"))
PLACEHOLDER = re.compile(r"{(\w+)}")


def own(widths: str = "2,2,1", **changes: object) -> Finding:
    """Run a small experiment."""
    settings = {
        "activation": "sigmoid",
        "optimizer": "adam",
        "lr": 0.05,
        "epochs": 50,
        "starts": 20,
        "seed": 0,
    }
    experiment = own_experiment(widths, **{**settings, **changes})  # type: ignore[arg-type]  # one field varies
    return run_experiment(experiment, progress=None)


@pytest.fixture(scope="module")
def lecture() -> dict[tuple[int, int], Finding]:
    """The lecture's table without the half million epochs, by parameters and epochs."""
    experiments = [e for e in lecture_experiments(starts=256, seed=0) if e.epochs < 10_000]
    return {(e.stack.params, e.epochs): run_experiment(e, progress=None) for e in experiments}


def test_the_table_has_the_lectures_stacks_at_the_lectures_settings() -> None:
    plan = [(e.stack.params, e.epochs) for e in lecture_experiments(starts=256, seed=0)]
    assert plan == [
        (3, 500_000), (5, 2_000), (9, 2_000), (9, 4_000), (17, 2_000), (17, 4_000), (11, 500), (25, 500)
    ]  # fmt: skip


# lesson.md section 0 and design.md section 8, measured with other starts and in another program.
@pytest.mark.parametrize(
    ("params", "epochs", "measured"),
    [(9, 2000, 0.25), (9, 4000, 0.51), (17, 2000, 0.69), (17, 4000, 0.94), (25, 500, 0.26), (5, 2000, 0.0)],
)
def test_the_table_agrees_with_the_lessons_figures(
    lecture: dict[tuple[int, int], Finding], params: int, epochs: int, measured: float
) -> None:
    solved = lecture[params, epochs].row.solved
    assert solved.low - 1e-9 <= measured <= solved.high + 1e-9


def test_the_chain_is_stuck_at_three_rows_of_four(lecture: dict[tuple[int, int], Finding]) -> None:
    row = lecture[5, 2000].row
    assert row.best_accuracy == 0.75
    assert row.three_of_four.low < 0.74 < row.three_of_four.high


def test_a_second_fit_goes_on_where_the_first_one_ended(lecture: dict[tuple[int, int], Finding]) -> None:
    once, twice = lecture[9, 2000].run, lecture[9, 4000].run
    place = twice.epochs.tolist().index(2000)
    assert (twice.loss_history[place] == once.loss).all()


def test_rows_carry_the_fixed_keys_and_survive_json(lecture: dict[tuple[int, int], Finding]) -> None:
    row = json.loads(json.dumps(lecture[25, 500].row.to_json()))
    fixed = {"stack", "params", "epochs", "starts", "solved", "interval", "best_accuracy", "plateaus"}
    assert fixed <= set(row)
    assert (row["stack"], row["params"], row["epochs"], row["starts"]) == ("2-4-2-1 relu", 25, 500, 256)
    assert list(row["plateaus"]) == list(PLATEAUS)
    assert sum(row["plateaus"].values()) == 256
    assert row["interval"][0] < row["solved"] < row["interval"][1]


def test_the_same_seed_gives_the_same_row_and_another_seed_another() -> None:
    assert own().row == own().row
    assert own().run.loss.tobytes() != own(seed=1).run.loss.tobytes()


def test_dead_starts_have_a_silent_relu_layer() -> None:
    finding = own("2,1,1", activation="relu", lr=0.001, epochs=1)
    hidden = np.maximum(
        np.einsum("ri,siu->sru", np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), finding.run.weights[0])
        + finding.run.weights[1][:, None],
        0,
    )
    assert finding.row.dead_starts == int((hidden.max(axis=(1, 2)) == 0).sum())
    assert finding.row.dead_starts > 0


@pytest.mark.parametrize(
    ("finding", "sentence"),
    [
        ({"widths": "2,1", "epochs": 3000}, "found_all_tied"),
        ({"widths": "2,1,1", "epochs": 1000}, "found_never"),
        ({"widths": "2,2,1", "epochs": 1000}, "found_sometimes"),
        ({"widths": "2,8,1", "epochs": 1000}, "found_nearly_always"),
        ({"widths": "2,8,1", "activation": "linear", "optimizer": "sgd", "lr": 1e30}, "found_diverged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_sentence_says_what_was_found(finding: dict[str, object], sentence: str) -> None:
    row = own(**finding).row  # type: ignore[arg-type]  # fields by name
    assert row.found == sentence
    for language in ("en", "ko"):
        said, found = sentences(row, language)
        assert said == ""
        assert "{" not in found


def test_one_starts_widths_are_typed_with_commas_or_dashes() -> None:
    settings = {"activation": "relu", "optimizer": "SGD", "lr": 0.5, "epochs": 1, "starts": 1, "seed": 0}
    for widths in ("2,4,2,1", "2-4-2-1"):
        experiment = own_experiment(widths, **settings)  # type: ignore[arg-type]  # fields by name
        assert (experiment.name, experiment.optimizer) == ("2-4-2-1 relu", SGD(0.5))


@pytest.mark.parametrize(
    "wrong",
    [
        {"widths": "two"},
        {"widths": "3,2,1"},
        {"widths": "2,2"},
        {"widths": "2,0,1"},
        {"widths": "2"},
        {"optimizer": "adagrad"},
        {"epochs": 0},
        {"starts": 0},
        {"seed": -1},
        {"lr": float("nan")},
    ],
    ids=str,
)
def test_what_cannot_be_run_on_xor_is_wrong_usage(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        own(**wrong)  # type: ignore[arg-type]  # one wrong field


def test_an_activation_that_is_not_covered_is_named() -> None:
    with pytest.raises(Unsupported, match="swish"):
        own(activation="swish")


def test_both_ends_are_recorded_even_of_short_runs() -> None:
    assert recorded_epochs(1) == [0, 1]
    assert recorded_epochs(500_000)[::20] == [0, 250_000, 500_000]


# Texts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", CATALOGUE)
def test_texts_are_complete_and_safe_in_both_languages(key: str) -> None:
    entry = CATALOGUE[key]
    assert set(entry) == {"en", "ko"}
    assert sorted(PLACEHOLDER.findall(entry["en"])) == sorted(PLACEHOLDER.findall(entry["ko"]))
    for value in entry.values():
        assert value.strip()
        value.encode("cp949")
    # A particle depends on the sound before it, which a placeholder does not tell.
    particle = r"}(은|는|이|가|을|를|와|과|로|으로|에서|에|의|도|만)(?![가-힣])"
    assert not re.search(particle, entry["ko"])


def test_every_sentence_of_a_row_exists(lecture: dict[tuple[int, int], Finding]) -> None:
    for finding in lecture.values():
        for language in ("en", "ko"):
            said, found = sentences(finding.row, language)
            assert said
            assert found
    assert all(text(f"plateau_{name.replace(' ', '_')}", "ko") for name in PLATEAUS)


# Pictures -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_picture_is_a_png_of_readable_size(language: str) -> None:
    data = draw_finding(own(), language=language, start=None, fmt="png")  # type: ignore[arg-type]  # a literal
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    assert (width > 1000, height > 600) == (True, True)


def test_the_same_finding_gives_the_same_picture() -> None:
    finding = own()
    assert len({draw_finding(finding, language="en", start=1, fmt="svg") for _ in range(2)}) == 1


def test_a_diverged_start_can_be_drawn() -> None:
    finding = own("2,8,1", activation="linear", optimizer="sgd", lr=1e30)
    assert draw_finding(finding, language="en", start=0, fmt="png")


def test_a_start_that_does_not_exist_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="Start 20"):
        draw_finding(own(), language="en", start=20, fmt="png")
