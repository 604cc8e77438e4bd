"""The lab: the lecture's table, its sentences in both languages, and its pictures."""

import json
import struct

import numpy as np
import pytest

from grader.errors import UsageError
from grader.lab.experiments import (
    Finding,
    film_start,
    lecture_experiments,
    own_experiment,
    recorded_epochs,
    run_experiment,
)
from grader.lab.pictures import choose_start, draw_finding
from grader.lab.words import found_in_words, interval, percent, said_in_words
from grader.pictures.drawing import find_korean_font
from grader.training import PLATEAUS, SGD, share


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
        ({"widths": "2,1", "epochs": 3000}, "all_tied"),
        ({"widths": "2,3,1", "activation": "linear", "epochs": 3000}, "all_tied"),
        ({"widths": "2,2,2,1", "epochs": 200, "lr": 0.001}, "tied_so_far"),
        ({"widths": "2,1,1", "epochs": 1000}, "never"),
        ({"widths": "2,2,1", "epochs": 1000}, "sometimes"),
        ({"widths": "2,8,1", "epochs": 1000}, "nearly_always"),
        ({"widths": "2,8,1", "activation": "linear", "optimizer": "sgd", "lr": 1e30}, "diverged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_sentence_says_what_was_found(finding: dict[str, object], sentence: str) -> None:
    row = own(**finding).row  # type: ignore[arg-type]  # fields by name
    assert row.found == sentence
    for language in ("en", "ko", "both"):
        assert said_in_words(row, language) == ""
        assert "{" not in found_in_words(row, language)


def test_widths_are_typed_with_commas_or_dashes() -> None:
    settings = {"activation": "relu", "optimizer": "SGD", "lr": 0.5, "epochs": 1, "starts": 1, "seed": 0}
    for widths in ("2,4,2,1", "2-4-2-1"):
        experiment = own_experiment(widths, **settings)  # type: ignore[arg-type]  # fields by name
        assert (experiment.name, experiment.optimizer) == ("2-4-2-1 relu", SGD(0.5))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"widths": "two"}, "bad_stack"),
        ({"widths": ""}, "bad_stack"),
        ({"widths": "3,2,1"}, "no_xor_stack"),
        ({"widths": "2,2"}, "no_xor_stack"),
        ({"widths": "2"}, "no_xor_stack"),
        ({"widths": "2,0,1"}, "empty_layer"),
        ({"widths": "2,-3,1"}, "empty_layer"),
        ({"optimizer": "adagrad"}, "unknown_name"),
        ({"activation": "swish"}, "unknown_name"),
        ({"epochs": 0}, "too_small"),
        ({"epochs": 10**30}, "too_large"),
        ({"starts": 0}, "too_small"),
        ({"starts": 10**12}, "too_much_memory"),
        ({"widths": "2,1000000,1000000,1"}, "too_much_memory"),
        ({"seed": -1}, "too_small"),
        ({"lr": float("nan")}, "bad_lr"),
        ({"lr": 0.0}, "bad_lr"),
    ],
    ids=str,
)
def test_what_cannot_be_run_on_xor_is_wrong_usage(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(UsageError) as refused:
        own(**wrong)  # type: ignore[arg-type]  # one wrong field
    assert refused.value.text == sentence


def test_both_ends_are_recorded_even_of_short_runs() -> None:
    assert recorded_epochs(1) == [0, 1]
    assert recorded_epochs(500_000)[::20] == [0, 250_000, 500_000]


# Words ----------------------------------------------------------------------------------------------------


def test_every_row_of_the_lecture_has_its_sentences(lecture: dict[tuple[int, int], Finding]) -> None:
    for finding in lecture.values():
        for language in ("en", "ko"):
            assert said_in_words(finding.row, language)
            assert found_in_words(finding.row, language)


def test_silent_relu_layers_are_the_reason_the_note_does_not_give(lecture: dict[tuple[int, int], Finding]) -> None:
    finding = lecture[25, 500]
    assert f"In {finding.row.dead_starts} of 256 starts a whole relu layer is silent" in found_in_words(
        finding.row, "en"
    )


@pytest.mark.parametrize(
    ("count", "of", "shown"),
    [(0, 256, "0"), (1, 10_000, "0.1"), (135, 256, "53"), (4, 256, "1.6"), (9_999, 10_000, "99.9"), (5, 5, "100")],
)
def test_only_none_and_all_look_like_0_and_100(count: int, of: int, shown: str) -> None:
    assert percent(count / of) == shown


def test_an_interval_around_none_does_not_round_down_to_a_claim() -> None:
    assert interval(share(0, 256)) == "0-1.5"


# Pictures -------------------------------------------------------------------------------------------------


def draw(finding: Finding, *, start: int = 0, fmt: str = "png", language: str = "en") -> bytes:
    """Draw a finding with matplotlib's own font, which has no Korean."""
    return draw_finding(
        finding,
        film_start(finding, start, progress=None),
        start=start,
        language=language,
        font=find_korean_font() if language == "ko" else None,
        fmt=fmt,
    )


def test_a_picture_is_a_png_of_readable_size() -> None:
    data = draw(own())
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    assert (width > 1000, height > 600) == (True, True)


@pytest.mark.skipif(find_korean_font() is None, reason="no font with Korean letters is installed")
def test_a_korean_picture_has_all_its_letters() -> None:
    # matplotlib warns of a letter that its font lacks, and warnings are errors here.
    assert draw(own(), language="ko") != draw(own())


def test_the_same_finding_gives_the_same_picture() -> None:
    finding = own()
    assert len({draw(finding, start=1, fmt="svg") for _ in range(2)}) == 1


def test_a_film_goes_the_way_the_start_went() -> None:
    finding = own()
    film = film_start(finding, 7, progress=None)
    assert [len(array) for array in film] == [len(finding.run.epochs)] * 4
    for ended, shown, begun in zip(finding.run.weights, film, finding.begin, strict=True):
        assert (ended[7] == shown[-1]).all()
        assert (begun[7] == shown[0]).all()


def test_the_film_shows_the_first_solved_start_or_the_first() -> None:
    solved = own("2,8,1", epochs=1000)
    assert choose_start(solved) == solved.run.solved.tolist().index(True)
    assert choose_start(own("2,1")) == 0


def test_a_diverged_run_of_few_epochs_can_be_drawn() -> None:
    assert draw(own("2,8,1", activation="linear", optimizer="sgd", lr=1e30, epochs=2))
