"""The pictures of the katas: from right, untouched, wrong and broken files, as text and as images that say the same."""

import ast
import importlib.util
import itertools
import re
import shutil
import struct
import sys
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import matplotlib.image
import pytest

from grader.authoring.audit_verdicts import ODD_VALUES
from grader.authoring.stub import strip_markers
from grader.bank.kata import Kata, load_katas
from grader.checks.student import Student
from grader.cli import main
from grader.errors import UsageError
from grader.pictures import PICTURE, Plate, load_picture, render_image, render_svg, render_text, work_out
from grader.pictures.drawing import find_korean_font
from grader.pictures.layout import width
from grader.pictures.reader import Reader
from grader.sandbox.local import LocalSession
from tests.conftest import ROOT, sample

KATAS = {kata.number: kata for kata in load_katas(ROOT)}
# One import of TensorFlow for every file is too much for the odd ones; the marked tests below have it.
QUICK = [number for number, kata in KATAS.items() if kata.needs != "keras"]
EACH = [
    pytest.param(number, marks=pytest.mark.tensorflow if kata.needs == "keras" else ())
    for number, kata in KATAS.items()
]
# Every other one: a picture has fewer ways to fail than a check, and each is drawn for fifteen katas.
ODD = {value: value for value in ODD_VALUES[::2]} | {
    "huge": "[[0.0] * 100] * 300",
    "very long": "list(range(10**5))",
    "minus far": "(-1e308, 1e308, -1e308)",
    "a dictionary": "{(0, 0): (1, 'x'), 3: [float('inf')], 'x': 1e200, 'slow': -1}",
    "unprintable": "'\\x1b[31m \\u2014 \\U0001f600 $x_1$ ' * 50",
}
FONT = find_korean_font()
ONE_IN = 4
"""One of so many odd answers of each kata is in the sample."""


class Ended(NamedTuple):
    """What a command left."""

    status: int
    out: str
    err: str


def reference(number: str) -> str:
    kata = KATAS[number]
    assert kata.solution is not None
    return strip_markers((kata.solution / kata.file_name).read_text("utf-8"))


def look(folder: Path, number: str, source: str | bytes, *, ask_s: float = 5.0) -> Plate:
    """Work out a kata's picture from a file with this source."""
    file = folder / KATAS[number].file_name
    file.write_bytes(source if isinstance(source, bytes) else source.encode("utf-8"))
    return work_out(KATAS[number], file, ask_s=ask_s)


def odd_module(number: str, value: str) -> str:
    """The reference with every name that it defines bound to an odd value, or to a function that returns it."""
    if KATAS[number].needs == "toml":
        return "".join(f"s{index:02} = {{ verdict = {index}, correction = [] }}\n" for index in range(1, 25))
    lines = []
    for node in ast.parse(reference(number)).body:
        if isinstance(node, ast.FunctionDef):
            lines.append(f"def {node.name}(*args, **named):\n    return {value}\n")
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            lines.append(f"{node.targets[0].id} = {value}\n")
    return "".join(lines)


def check_text(plate: Plate) -> None:
    for language in ("en", "ko"):
        text = render_text(plate, language)
        text.encode("cp949")
        assert max(map(width, text.splitlines())) <= 80
        assert plate.kata.title[language] in text
        assert not re.search("[\x00-\x09\x0b-\x1f]", text)


def check_image(plate: Plate, language: str, folder: Path) -> None:
    data = render_image(plate, language, font=FONT, fmt="png")
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high = struct.unpack(">II", data[16:24])
    assert wide >= 700
    assert high >= 250
    (folder / "p.png").write_bytes(data)
    pixels = matplotlib.image.imread(folder / "p.png")[:, :, :3]
    # More than a heading and a sentence: something in colour, or a frame, in the middle of the image.
    assert (pixels[high // 6 : -high // 6] < 0.9).any(axis=2).mean() > 0.001


@pytest.mark.parametrize("number", EACH)
def test_the_reference_is_drawn_whole_in_both_languages(tmp_path: Path, number: str) -> None:
    plate = look(tmp_path, number, reference(number))
    assert plate.gaps == ()
    check_text(plate)
    assert "?" not in render_text(plate, "en").replace("Is it a slope?", "").replace("said: a line. Where?", "")
    check_image(plate, "en", tmp_path)
    if FONT:
        check_image(plate, "ko", tmp_path)


@pytest.mark.parametrize("number", EACH)
def test_an_untouched_file_says_what_is_missing_and_draws_the_rest(tmp_path: Path, number: str) -> None:
    plate = look(tmp_path, number, KATAS[number].student_file.read_bytes())
    assert plate.gaps
    check_text(plate)
    text = render_text(plate, "en")
    assert f"kata check {number}" in text
    if KATAS[number].needs != "keras":
        assert "Not filled in yet: " in text
        assert {gap.problem.tag for gap in plate.gaps} == {"not_filled"}
    check_image(plate, "ko" if FONT else "en", tmp_path)


@pytest.mark.parametrize(("number", "odd"), sample(itertools.product(QUICK, ODD), ONE_IN))
def test_no_odd_answer_stops_a_picture(tmp_path: Path, number: str, odd: str) -> None:
    # In this process, because a new one for each of 300 files would take a minute.
    session = LocalSession(odd_module(number, ODD[odd]).encode(), str(tmp_path / KATAS[number].file_name))
    session.open()
    reader = Reader(Student(session, "plot"), name_s=0.5)
    picture = load_picture(KATAS[number]).read(reader)
    plate = Plate(KATAS[number], picture, reader.gaps)
    check_text(plate)
    # Every text, and every sixth image: an image takes half a second.
    if (list(ODD).index(odd) + int(number)) % 6 == 0:
        check_image(plate, "ko" if FONT and int(number) % 2 else "en", tmp_path)


BROKEN = {
    "syntax": (b"def f(:\n", "Python cannot read line 1"),
    "encoding": (b"\xff\xfe\x00", "Python cannot read"),
    "crash": (b"x = 1\n1 / 0\n", "ZeroDivisionError in line 2"),
    "exit": (b"import sys\nsys.exit(0)\n", "line 2 ends the whole program"),
    "hard exit": (b"import os\nos._exit(0)\n", "ended before it answered"),
    "module": (b"import nowhere\n", "Line 1 imports something"),
    "input": (b"name = input()\n", "EOFError in line 1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_does_not_run_is_one_sentence(tmp_path: Path, name: str) -> None:
    source, words = BROKEN[name]
    plate = look(tmp_path, "02", source)
    check_text(plate)
    assert len(plate.gaps) == 1
    assert words in " ".join(render_text(plate, "en").split())
    check_image(plate, "en", tmp_path)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    text = render_text(work_out(KATAS["02"], tmp_path / "gates.py"), "en")
    assert "There is no file gates.py for this kata." in text
    assert "The file has no" not in text


def test_a_half_filled_file_shows_its_half(tmp_path: Path) -> None:
    plate = look(tmp_path, "02", "AND = (1, 1, -1)\nNAND = (..., 1, 2)\nOR = 'no'\nNOR = (1, 2, float('nan'))\n")
    text = render_text(plate, "en")
    assert "computes AND" in text
    assert "Not filled in yet: NAND (line 2)." in text
    assert "OR: a list of numbers is needed, got 'no'." in text
    assert "NOR: infinity or NaN" in text
    assert "The file has no A_NOT_B." in text


def test_an_endless_loop_costs_its_own_part_and_names_its_line(tmp_path: Path) -> None:
    source = "Z = [-1, 0, 0, 1]\nOUT = [0, 0, 0, 1]\ndef neuron(x1, x2, w1, w2, b):\n    while True:\n        x1 = x1\n"
    plate = look(tmp_path, "01", source, ask_s=0.4)
    assert re.search(r"neuron: stopped after 0.4 s in line [45] \(", render_text(plate, "en"))
    assert plate.picture.number_lines[0].z == (-1, 0, 0, 1)  # type: ignore[attr-defined]
    assert len(plate.gaps) == 1


def test_a_slow_function_is_not_asked_for_ever(tmp_path: Path) -> None:
    source = reference("08").replace("def relu(z):", "def relu(z):\n    import time; time.sleep(0.2)")
    plate = look(tmp_path, "08", source, ask_s=0.5)
    assert "relu: more than 0.5 s in all" in render_text(plate, "en")


def test_a_loop_that_lets_no_other_thread_run_ends_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.pictures.bounded._GRACE_S", 0.3)
    source = "Z = OUT = [0, 0, 0, 0]\ndef neuron(*_):\n    return sum(iter(int, 1))\n"
    plate = look(tmp_path, "01", source, ask_s=0.4)
    assert "neuron: no answer within 0.4 s." in render_text(plate, "en")


def test_one_function_that_ends_the_process_does_not_end_the_others(tmp_path: Path) -> None:
    source = reference("15").replace(
        "def diagnose(train, val):", "def diagnose(train, val):\n    import os; os._exit(3)"
    )
    plate = look(tmp_path, "15", source)
    assert [gap.name for gap in plate.gaps] == ["diagnose"]
    assert "best epoch 3, stop epoch 6" in render_text(plate, "en")


def test_what_a_file_prints_stays_out_of_the_picture(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    look(tmp_path, "02", "import sys\nprint('loud')\nprint('loud', file=sys.stderr)\nAND = (1, 1, -1)\n")
    assert capfd.readouterr() == ("", "")


# --- text and image say the same ----------------------------------------------------------------------------------

# kata -> words of the text, and how the image writes the same.
SAME = {
    "01": [("(0, 0)  -1     0       0", "(0, 0)  z = -1"), ("(1, 1)  -0.3     0       0", "(1, 1)  z = -0.3")],
    "02": [("AND = (0.5, 0.5, -0.75)",) * 2, ("margin 0.354",) * 2, ("computes x1 AND NOT x2",) * 2],
    "03": [("s3 = AND of s1, s2", "AND = 1"), ("(0, 1)   1   1   1       1", "xor_gate(0, 1) = 1")],
    "04": [("XOR            0 1 1 0  no line     3", "best: 3 of 4"), ("w1 + w2 + 2b > 0",) * 2],
    "05": [("23 ... 25       3", "LAYERS[25] = [12, 10, 3]"), ("4 ... 5       2", "LAYERS[5] = [3, 2]")],
    "06": [("build_25(): 25 parameters",) * 2, ("Dense 4        relu", "Dense 4 relu")],
    "08": [("10                  9.54e-07", "9.54e-07"), ("MAX_SIGMOID_SLOPE = 0.25; the largest",) * 2],
    "09": [("0.477        75 %  one corner", "0.477  one corner"), ("two tied", "2 -> 2 -> 1: two tied")],
    "07": [("AND = (1.0, 1.0, -1.5)",) * 2, ("smallest_k for the last AND: 10.",) * 2],
    "10": [("good: lr 0.1",) * 2, ("takes the loss from", "takes the loss from 0.25 up to 0.2704")],
    "11": [("0      0.637   0.27", "w 0.637, b 0.27"), ("lr 0.001",) * 2],
    "12": [("train_until_solved(2, 3), starts tried 1: solved.",) * 2, ("0.020      4", "loss 0.020, right 4 of 4")],
    "13": [("epoch 4  ################--------  4 / 6", "4 / 6"), ("1                80", "80")],
    "14": [("0.1 0.6 0.3        1    0 1 0", "class 1, one-hot"), ('head("tags") = 5, sigmoid,',) * 2],
    "15": [("best epoch 8, stop epoch 11",) * 2, ("Training 4, 257 parameters. diagnose: stuck",) * 2],
    "16": [("s13: What Hinton showed in 2006", "What Hinton showed in 2006"), ("verdict: unsupported", "unsupported")],
}


@pytest.mark.parametrize("number", [one for one in EACH if one.values[0] in SAME])
def test_text_and_image_say_the_same_numbers(tmp_path: Path, number: str) -> None:
    plate = look(tmp_path, number, reference(number))
    text = render_text(plate, "en")
    image = "\n".join(ElementTree.fromstring(render_svg(plate, "en")).itertext())
    for in_text, in_image in SAME[number]:
        # The columns of a table are as wide as need be.
        assert " ".join(in_text.split()) in " ".join(text.split())
        assert in_image in image


def test_the_same_answers_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (look(tmp_path, "02", reference("02")) for _ in range(2))
    assert render_svg(first, "en") == render_svg(second, "en")


def test_without_a_font_for_it_a_students_hangul_becomes_question_marks_and_no_boxes(tmp_path: Path) -> None:
    # matplotlib warns of a letter that its font lacks, and warnings are errors here.
    plate = look(tmp_path, "02", "AND = '가중치 $x$'\n")
    render_image(plate, "en", font=None, fmt="png")
    assert "가중치" in render_text(plate, "en")


def test_every_kata_of_the_bank_has_a_picture_and_its_readmes_name_the_command() -> None:
    for number, kata in KATAS.items():
        assert (kata.exercise / PICTURE).exists(), kata.name
        for name in ("README.md", "README.ko.md"):
            assert f"`kata plot {number}`" in (kata.exercise / name).read_text("utf-8"), f"{kata.name}: {name}"


def test_a_kata_without_a_picture_is_a_sentence(tiny_katas: tuple[Kata, ...]) -> None:
    with pytest.raises(UsageError, match="no_picture"):
        work_out(tiny_katas[0], tiny_katas[0].student_file)


# --- the command --------------------------------------------------------------------------------------------------


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """A student's copy of two katas, 02 filled, 01 untouched."""
    for folder in (KATAS["01"].exercise, KATAS["02"].exercise, ROOT / "exercises" / "shared"):
        shutil.copytree(folder, tmp_path / "exercises" / folder.name)
    shutil.copy(ROOT / "exercises" / "bank.toml", tmp_path / "exercises")
    (tmp_path / "exercises" / "02_gates" / "gates.py").write_text(reference("02"), "utf-8")
    return tmp_path


def plot(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, bank: Path, *arguments: str) -> Ended:
    monkeypatch.chdir(bank)
    monkeypatch.setattr(sys, "argv", ["kata", "plot", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return Ended(ended.value.code or 0, *capsys.readouterr())


def test_the_image_goes_to_a_place_that_is_printed(capsys, monkeypatch, bank):
    done = plot(capsys, monkeypatch, bank, "02", "--lang", "en")
    assert done == (0, f"picture of Choose the weights: {Path('build/plots/02_gates.png')}\n", "")
    assert (bank / "build" / "plots" / "02_gates.png").read_bytes().startswith(b"\x89PNG")


def test_what_is_missing_is_said_beside_the_image(capsys, monkeypatch, bank):
    done = plot(capsys, monkeypatch, bank, "neuron", "--out", "p.svg", "--lang", "ko")
    assert done.status == 0
    assert done.out.startswith("아직 채우지 않은 것: Z")
    assert (bank / "p.svg").read_text("utf-8").startswith("<svg ")
    assert not (bank / "build").exists()


def test_the_text_needs_no_matplotlib_and_writes_nothing(capsys, monkeypatch, bank):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    done = plot(capsys, monkeypatch, bank, "02", "--text", "--lang", "both")
    assert done.status == 0
    assert "computes NAND" in done.out
    assert "계산하는 것: NAND" in done.out
    assert sorted(path.name for path in bank.iterdir()) == ["exercises"]


NO_MATPLOTLIB = (
    'Error: Here a picture needs matplotlib: python -m pip install "perceptron-kata[grade]". '
    "That of a kata comes without it as .svg.\n"
)


def test_without_matplotlib_an_image_is_an_svg_and_a_png_is_refused_with_what_to_install(capsys, monkeypatch, bank):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "matplotlib" else find(name, *rest)
    )
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    done = plot(capsys, monkeypatch, bank, "02", "--lang", "en", "--out", "p.png")
    assert done == (2, "", NO_MATPLOTLIB)
    done = plot(capsys, monkeypatch, bank, "02", "--lang", "en")
    assert done == (0, f"picture of Choose the weights: {Path('build/plots/02_gates.svg')}\n", "")
    assert "AND = (0.5, 0.5, -0.75)" in (bank / "build" / "plots" / "02_gates.svg").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["77"], "There is no kata 77."),
        (["02", "--out", "p.gif"], "its name has to end in one of .png, .svg, .pdf"),
        (["02", "--out", "nowhere/p.png"], "cannot be written"),
        (["02", "--out", "folder.png"], "is a directory"),
    ],
)
def test_a_wrong_wish_is_one_sentence(capsys, monkeypatch, bank, arguments, words):
    (bank / "folder.png").mkdir()
    done = plot(capsys, monkeypatch, bank, *arguments, "--lang", "en")
    assert done.status == 2
    assert words in done.err
    assert len(done.err.splitlines()) == 1
    assert not list(bank.rglob("*.partial"))
