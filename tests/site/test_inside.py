"""What the page asks its Python for, asked here: the same module without a browser."""

import builtins
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from grader.authoring.answers import reference_of
from grader.bank.kata import load_katas
from grader.errors import UsageError
from grader.pictures import PICTURE
from grader.sandbox.workbench import OutOfTime
from grader.site import inside
from grader.training import Adam, Recipe, dense_stack, draw_starts, train
from tests.conftest import OTHER, ROOT

XOR = (np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float), np.array([0, 1, 1, 0], float))


@pytest.fixture
def bank(tmp_path, monkeypatch):
    """The exercises where the page's Python would have them."""
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises", ignore=shutil.ignore_patterns("__pycache__", ".kata*"))
    monkeypatch.setattr(inside, "BANK", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def asked(bank, written):
    """What the page's worker holds."""
    del bank
    return inside.Inside(written.append, number=signal.SIGUSR1)


# --- the clock ----------------------------------------------------------------------------------------------------


@pytest.fixture
def written():
    """What a clock writes into the shared memory; the signal's own handler is put back afterwards."""
    before = signal.getsignal(signal.SIGUSR1)
    yield []
    signal.signal(signal.SIGUSR1, before)


def test_the_deadline_is_written_for_the_time_of_a_question_alone(written):
    clock = inside.Clock(written.append, signal.SIGUSR1)
    (until,) = clock.run(5, written.copy)
    assert 4000 < until - time.time() * 1000 <= 5000
    assert written == [until, 0.0]


def test_the_pages_signal_stops_the_code_of_a_question(written):
    clock = inside.Clock(written.append, signal.SIGUSR1)
    with pytest.raises(OutOfTime):
        clock.run(5, lambda: signal.raise_signal(signal.SIGUSR1))
    assert written[-1] == 0.0


def test_a_signal_that_comes_after_the_answer_stops_nothing(written):
    clock = inside.Clock(written.append, signal.SIGUSR1)
    clock.run(5, lambda: None)
    signal.raise_signal(signal.SIGUSR1)


# --- a process that is not a new one ------------------------------------------------------------------------------


def test_what_a_file_did_to_the_interpreter_is_undone():
    before = (dict(vars(builtins)), list(sys.path), dict(os.environ), np.geterr(), sys.getrecursionlimit())
    with inside._as_in_a_new_process():
        builtins.abs = builtins.extra = lambda _: 7
        sys.path.insert(0, "/somewhere")
        os.environ["KATA_LANG"] = "ko"
        np.seterr(all="raise")
        sys.setrecursionlimit(5000)
    assert (dict(vars(builtins)), list(sys.path), dict(os.environ), np.geterr(), sys.getrecursionlimit()) == before


# --- checks -------------------------------------------------------------------------------------------------------


def test_a_check_gives_what_kata_check_gives_and_the_titles_in_both_languages(bank, asked, written):
    begun = []
    source = (bank / "exercises/02_gates/gates.py").read_text("utf-8").replace("(..., ..., ...)", "(1, 1, 1)", 1)
    answer = json.loads(asked.check("02_gates", f"print('seen')\n{source}", begun.append))
    command = [sys.executable, "-m", "grader", "check", "02", "--json", "--bank", str(bank)]
    at_home = json.loads(subprocess.run(command, capture_output=True, cwd=bank, check=False).stdout)
    assert answer["katas"] == at_home["katas"]
    checks = answer["katas"][0]["checks"]
    assert len(begun) == len(checks) == len(answer["beside"])
    assert [beside["title"]["en"] for beside in answer["beside"]] == [check["title"] for check in checks]
    assert "seen" in answer["beside"][0]["printed"]
    assert written[-1] == 0.0


def test_a_crash_has_the_students_own_part_of_the_traceback(asked):
    answer = json.loads(asked.check("02_gates", "AND = 1 / 0\n", lambda _: None))
    assert "gates.py" in answer["beside"][0]["traceback"]
    assert "inside.py" not in answer["beside"][0]["traceback"]


# --- pictures and training ----------------------------------------------------------------------------------------


def test_a_picture_comes_as_svg_and_in_words_in_both_languages(bank, asked):
    source = (bank / "exercises/02_gates/gates.py").read_text("utf-8").replace("(..., ..., ...)", "(1, 1, 1)", 1)
    drawn = json.loads(asked.draw("02_gates", source))
    for language, title in (("en", "Choose the weights"), ("ko", "가중치 고르기")):
        assert title in drawn[language]["text"]
        assert "<svg" in drawn[language]["svg"]
        # Letters, not outlines: the browser's fonts draw them, whatever their language.
        assert title in drawn[language]["svg"]
        assert "(1.0, 1.0, 1.0)" in drawn[language]["svg"]


def test_a_picture_of_a_file_that_does_not_run_says_so(asked):
    drawn = json.loads(asked.draw("02_gates", "AND = 1 / 0\n"))
    assert "ZeroDivisionError" in drawn["en"]["text"]


@pytest.mark.parametrize("first_line", ["", "from matplotlib.patches import Circle\n"], ids=["drawing", "import"])
def test_a_picture_that_needs_matplotlib_asks_for_it_and_is_drawn_once_it_is_there(
    tmp_path, monkeypatch, written, first_line
):
    bank = shutil.copytree(OTHER, tmp_path / "letters", ignore=shutil.ignore_patterns("__pycache__", ".kata*"))
    (kata,) = (kata for kata in load_katas(bank) if kata.name == "02_sorting")
    picture = kata.exercise / PICTURE
    picture.write_text(first_line + picture.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(inside, "BANK", bank)
    monkeypatch.chdir(bank)
    asked = inside.Inside(written.append, number=signal.SIGUSR1)
    source = reference_of(kata).source
    with monkeypatch.context() as missing:
        for name in ("matplotlib", "matplotlib.patches", "matplotlib.figure"):
            missing.setitem(sys.modules, name, None)
        assert asked.draw(kata.name, source) == ""
    drawn = json.loads(asked.draw(kata.name, source))
    assert all(drawn[language]["svg"].endswith("</svg>\n") for language in ("en", "ko"))


def test_a_kata_without_a_picture_asks_for_nothing(tmp_path, monkeypatch, written):
    bank = shutil.copytree(OTHER, tmp_path / "letters")
    monkeypatch.setattr(inside, "BANK", bank)
    monkeypatch.chdir(bank)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UsageError, match="no_picture"):
        inside.Inside(written.append, number=signal.SIGUSR1).draw("03_claims", "")


def test_training_tells_every_recorded_epoch_and_ends_where_the_lab_ends(asked):
    frames = []
    settings = {"widths": "2-2-1", "activation": "sigmoid", "optimizer": "adam", "lr": 0.01, "epochs": 200}
    answer = json.loads(asked.train(json.dumps({**settings, "starts": 6, "seed": 0}), lambda *one: frames.append(one)))
    assert [frame[0] for frame in frames] == sorted({frame[0] for frame in frames})
    assert (frames[0][0], frames[-1][0]) == (0, 200)
    assert len(np.frombuffer(frames[0][2], np.float32)) == 9 * 6
    assert sum(answer["row"]["plateaus"].values()) == len(answer["rests"]) == 6
    assert answer["layers"] == [[2, 2, "sigmoid"], [2, 1, "sigmoid"]]
    assert set(answer["found"]) >= {"en", "ko"}


def test_settings_that_make_no_stack_are_a_sentence(asked):
    settings = {
        "widths": "3-1",
        "activation": "relu",
        "optimizer": "sgd",
        "lr": 0.1,
        "epochs": 5,
        "starts": 2,
        "seed": 0,
    }
    assert json.loads(asked.train(json.dumps(settings), lambda *_: None))["problem"]["ko"]


def test_the_frames_of_a_run_are_what_its_film_shows():
    recipe = Recipe(dense_stack((2, 2, 1), "tanh", "sigmoid"), "binary_crossentropy", Adam(0.01), 40)
    begin = draw_starts(recipe.stack, 5, seed=1, dtype="float32")
    seen = {}

    def frames(epoch, first, weights, loss):
        for column in range(weights.shape[1]):
            seen[epoch, first + column] = (weights[:, column].copy(), float(loss[column]))

    options = {"weights": begin, "seed": 1, "record": [0, 10, 40], "film": range(5), "chunk": 2}
    run = train(recipe, *XOR, **options, frames=frames)
    assert set(seen) == {(epoch, start) for epoch in (0, 10, 40) for start in range(5)}
    for (epoch, start), (weights, loss) in seen.items():
        record = run.epochs.tolist().index(epoch)
        film = np.concatenate([array[record, start].ravel() for array in run.film])
        np.testing.assert_array_equal(weights, film)
        assert loss == run.loss_history[record, start]
