"""`kata lab` as a user calls it: table, JSON, pictures, both languages, and every wrong wish in one sentence."""

import importlib.util
import json
import os
import re
import subprocess
import sys

import pytest

from grader.cli import main
from grader.training import PLATEAUS
from tests.conftest import PATIENCE_S, ROOT

ENV = {key: value for key, value in os.environ.items() if key not in ("KATA_LANG", "LC_ALL", "LC_MESSAGES")}
SMALL = ("--stack", "2,2,1", "--epochs", "40", "--starts", "12", "--lr", "0.05")
KEYS = [
    "stack", "params", "epochs", "starts", "solved", "interval", "best_accuracy", "plateaus", "three_of_four",
    "dead_starts", "optimizer", "lr", "seed", "said", "found", "keras",
]  # fmt: skip
HANGUL = re.compile("[가-힣]")


def lab(*arguments, cwd, lang="en", program=("-m", "grader"), **env):
    """Run `kata lab` in a process of its own and return it finished."""
    return subprocess.run(
        [sys.executable, *program, "lab", *map(str, arguments)],
        cwd=cwd,
        env={**ENV, "KATA_LANG": lang, "COLUMNS": "100", **env},
        capture_output=True,
        text=True,
        encoding=env.get("PYTHONIOENCODING", "utf-8"),
        timeout=PATIENCE_S,
        check=False,
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The lecture's table from few starts, in both languages at once, on a narrow terminal."""
    return lab("--starts", 16, "--lang", "both", cwd=tmp_path_factory.mktemp("table"), COLUMNS="80")


# --- the table ----------------------------------------------------------------------------------------------------


def test_the_lectures_table_has_its_rows_and_says_what_was_said_beside_what_was_found(whole):
    assert whole.returncode == 0, whole.stderr
    assert whole.stderr == ""
    stacks = re.findall(r"^(2-[-\d]+(?: \w+)?) +\d+ +([\d,]+) ", whole.stdout, re.M)
    assert stacks == [
        ("2-1", "500,000"),
        ("2-1-1 sigmoid", "2,000"),
        ("2-2-1 sigmoid", "2,000"),
        ("2-2-1 sigmoid", "4,000"),
        ("2-4-1 sigmoid", "2,000"),
        ("2-4-1 sigmoid", "4,000"),
        ("2-2-1-1 relu", "500"),
        ("2-4-2-1 relu", "500"),
    ]
    for words in ("what the lecture note said", "강의 노트의 말", "overfitting", "과대적합"):
        assert words in whole.stdout


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("width", [80, 100])
def test_no_line_is_wider_than_the_terminal_and_none_is_cut(tmp_path, lang, width):
    done = lab("--stack", "2,4,2,1", "--activation", "relu", "--epochs", 3, cwd=tmp_path, lang=lang, COLUMNS=str(width))
    assert done.returncode == 0
    assert bool(HANGUL.search(done.stdout)) == (lang == "ko")
    for line in done.stdout.splitlines():
        assert sum(2 if HANGUL.match(letter) else 1 for letter in line.rstrip()) <= width
        assert "\u2026" not in line


def test_a_korean_windows_console_can_show_all_of_it(tmp_path):
    done = lab(*SMALL, cwd=tmp_path, lang="ko", PYTHONIOENCODING="cp949")
    assert done.returncode == 0
    assert "?" not in done.stdout


def test_a_diverging_run_is_reported_as_diverged_and_not_as_unsolved(tmp_path):
    wish = ("--stack", "2,4,1", "--activation", "linear", "--optimizer", "sgd", "--lr", "1e30", "--starts", 4)
    done = lab(*wish, cwd=tmp_path)
    assert done.returncode == 0
    assert "4 of 4 starts diverged" in done.stdout
    assert re.search(r"^2-4-1 linear +17 +2,000 +- +- +- ", done.stdout, re.M)
    row = json.loads(lab(*wish, "--json", cwd=tmp_path).stdout)[0]
    assert (row["plateaus"]["diverged"], row["found"]) == (4, "diverged")


# --- JSON and same bytes ------------------------------------------------------------------------------------------


def test_json_is_a_list_of_rows_with_fixed_keys_and_nothing_else(tmp_path):
    done = lab(*SMALL, "--json", "--plot", "p.svg", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert [list(row) for row in rows] == [KEYS]
    assert list(rows[0]["plateaus"]) == list(PLATEAUS)
    assert sum(rows[0]["plateaus"].values()) == rows[0]["starts"] == 12
    assert rows[0]["interval"][0] <= rows[0]["solved"] <= rows[0]["interval"][1]
    assert (rows[0]["said"], rows[0]["keras"]) == (None, [])
    assert "p.svg" in done.stderr


@pytest.mark.parametrize("form", ["--json", "--lang=en"])
def test_the_same_wish_gives_the_same_bytes_whatever_the_threads(tmp_path, form):
    wish = ("--stack", "2,4,2,1", "--activation", "relu", "--epochs", 60, "--starts", 40, form)
    one, two = (lab(*wish, cwd=tmp_path, OPENBLAS_NUM_THREADS=threads).stdout for threads in ("1", "2"))
    assert one == two
    assert lab(*wish, "--seed", 1, cwd=tmp_path).stdout != one


def test_every_setting_reaches_the_training(tmp_path):
    changed = {
        "--activation": "tanh", "--optimizer": "rmsprop", "--lr": 0.5, "--epochs": 7, "--starts": 5, "--seed": 3
    }  # fmt: skip
    row = json.loads(lab("--stack", "2-3-1", *sum(changed.items(), ()), "--json", cwd=tmp_path).stdout)[0]
    assert [row[key] for key in ("stack", "optimizer", "lr", "epochs", "starts", "seed")] == [
        "2-3-1 tanh", "rmsprop", 0.5, 7, 5, 3
    ]  # fmt: skip


# --- pictures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "begin"), [("p.png", b"\x89PNG\r\n\x1a\n"), ("p.SVG", b"<?xml"), ("p.pdf", b"%PDF")])
def test_a_picture_is_what_its_ending_says(tmp_path, name, begin):
    done = lab(*SMALL, "--plot", name, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [name]
    data = (tmp_path / name).read_bytes()
    assert data.startswith(begin)
    assert len(data) > 10_000
    assert f"picture of 2-2-1 sigmoid, 9 parameters, 40 epochs: {name}" in done.stdout


def test_without_a_korean_font_the_picture_is_english_and_the_user_is_told(tmp_path):
    program = "import sys, grader.pictures.drawing as p, grader.cli as c; p.KOREAN_FONTS = ('none',); c.main()"
    done = lab(*SMALL, "--plot", "p.png", cwd=tmp_path, lang="ko", program=("-c", program))
    assert done.returncode == 0, done.stderr
    assert "한글 글꼴" in done.stderr
    assert (tmp_path / "p.png").exists()


# --- Keras --------------------------------------------------------------------------------------------------------


@pytest.mark.tensorflow
def test_keras_confirms_a_run_start_by_start(tmp_path):
    done = lab(*SMALL, "--verify", 2, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    pairs = json.loads(done.stdout)[0]["keras"]
    assert [pair["start"] for pair in pairs] == [0, 1]
    for pair in pairs:
        assert pair["difference"] < 1e-5
        assert pair["loss"] == pytest.approx(pair["keras_loss"], rel=1e-5)
        assert pair["accuracy"] == pair["keras_accuracy"]


# --- what cannot be done ------------------------------------------------------------------------------------------

WRONG = {
    "no numbers": (["--stack", "two,1"], "whole numbers", "정수"),
    "no XOR": (["--stack", "3,2,1"], "2 inputs and 1 output", "입력이 2개"),
    "an empty layer": (["--stack", "2,0,1"], "at least 1 unit", "1개 이상"),
    "a negative layer": (["--stack", "2,-3,1"], "at least 1 unit", "1개 이상"),
    "activation": (["--stack", "2,2,1", "--activation", "swish"], "swish is not known", "swish: 모르는"),
    "optimizer": (["--stack", "2,2,1", "--optimizer", "lion"], "lion is not known", "lion: 모르는"),
    "learning rate": (["--stack", "2,2,1", "--lr", "0"], "above 0", "0보다"),
    "no epochs": (["--stack", "2,2,1", "--epochs", "0"], "at least 1", "1 이상"),
    "endless epochs": (["--stack", "2,2,1", "--epochs", "9" * 20], "at most", "이하여야"),
    "no starts": (["--starts", "0"], "at least 1", "1 이상"),
    "negative seed": (["--seed", "-1"], "at least 0", "0 이상"),
    "settings without a stack": (["--epochs", "10", "--lr", "1"], "--epochs, --lr", "--epochs, --lr"),
    "memory for starts": (["--stack", "2,2,1", "--starts", "1000000000000"], "TB of memory", "메모리가 모자라요"),
    "memory for a stack": (["--stack", "2,3000000,3000000,1"], "TB of memory", "메모리가 모자라요"),
    "a picture of no format": (["--plot", "p.gif"], ".png, .svg, .pdf", ".png, .svg, .pdf"),
    "a picture without ending": (["--plot", "p"], ".png, .svg, .pdf", ".png, .svg, .pdf"),
    "a picture in no folder": (["--plot", "no/p.png"], "cannot be written", "쓸 수 없는"),
    "a picture over a folder": (["--plot", "folder.png"], "cannot be written", "쓸 수 없는"),
    "nothing to verify": (["--verify", "0"], "1 to 256", "256개까지"),
    "too much to verify": (["--starts", "4", "--verify", "5"], "1 to 4", "4개까지"),
}


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_wish_is_one_sentence_exit_2_and_nothing_written(tmp_path, capsys, monkeypatch, case, lang):
    arguments, english, korean = WRONG[case]
    (tmp_path / "folder.png").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KATA_LANG", lang)
    # In this process: 44 of them would spend their time on imports. What is checked ends before the training.
    monkeypatch.setattr(sys, "argv", ["kata", "lab", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    assert ended.value.code == 2
    assert out == ""
    assert err.startswith("Error: " if lang == "en" else "오류: ")
    assert len(err.splitlines()) == 1
    assert (english if lang == "en" else korean) in err
    assert [path.name for path in tmp_path.iterdir()] == ["folder.png"]


@pytest.mark.parametrize(
    ("missing", "arguments", "words"),
    [
        ("matplotlib", ["--plot", "p.png"], "perceptron-kata[grade]"),
        ("tensorflow", ["--verify", "1"], "perceptron-kata[keras]"),
    ],
)
def test_a_missing_extra_is_said_before_the_training_with_what_to_install(
    tmp_path, capsys, monkeypatch, missing, arguments, words
):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == missing else find(name, *rest))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["kata", "lab", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_one_wrong_wish_in_a_process_of_its_own(tmp_path):
    done = lab("--stack", "2,0,1", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


# --- docs/lab.md --------------------------------------------------------------------------------------------------


def test_both_guides_run_the_same_commands_and_show_the_same_figures():
    """Not run again here: another processor may round `exp` differently, and move a start to another column."""
    english, korean = ((ROOT / "docs" / name).read_text("utf-8") for name in ("lab.md", "lab.ko.md"))
    for pattern in (r"^\$ .*", r"^2-[-\d]+ .*\d$", r"`kata [^`]+`", r"0\.\d{4}"):
        found = re.findall(pattern, english, re.M)
        assert found
        shown = re.findall(pattern, korean, re.M)
        assert [one.split() for one in shown] == [one.split() for one in found]
