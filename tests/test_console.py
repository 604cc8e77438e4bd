"""Korean stays readable where the system has no Korean letters, under `kata` and under plain pytest."""

import io
import os
import subprocess
import sys

import pytest
from rich.cells import cell_len

from grader.words.console import encoding_for, speak
from tests.conftest import PATIENCE_S, write_bank

PLACES = {
    "a western Windows pipe": {"PYTHONIOENCODING": "cp1252"},
    "the C locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
COMMANDS = {
    "kata": (("-m", "grader"), "두 배"),
    "kata, from its option": (("-m", "grader", "--lang", "ko"), "이제부터"),
    "check": (("-m", "grader", "check"), "double 자리가 아직"),
    "pytest": (("-m", "pytest", "exercises/01_double"), "double 자리가 아직"),
    "hint": (("-m", "grader", "hint", "01"), "힌트"),
    "help": (("-m", "grader", "--help"), "카타"),
    "an error": (("-m", "grader", "hint", "77"), "오류"),
}


def run(*arguments, bank, lang, **env):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=bank,
        env={**clean, "KATA_LANG": lang, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=PATIENCE_S,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize(("arguments", "words"), COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_korean_that_was_chosen_can_be_read(tmp_path, place, arguments, words):
    said = run(*arguments, bank=write_bank(tmp_path), lang="ko", **place)
    assert words in said.decode("utf-8")
    assert b"???" not in said
    assert rb"\u" not in said


@pytest.mark.parametrize("command", [(), ("grade",), ("watch",), ("marks",)])
def test_korean_help_stays_within_the_terminal_and_is_korean(tmp_path, command):
    """Click counts a Korean letter as one column; it takes two."""
    said = run("-m", "grader", *command, "--help", bank=write_bank(tmp_path), lang="ko", COLUMNS="70", PYTHONUTF8="1")
    lines = said.decode().splitlines()
    assert max(map(cell_len, lines)) <= 70
    assert "옵션:" in lines
    assert not {"Options:", "Commands:", "Show this message and exit."} & {line.strip() for line in lines}


def test_pytest_of_other_tests_keeps_its_encoding(tmp_path):
    (tmp_path / "test_other.py").write_text("def test_one():\n    assert 'é' == 'ü'\n", "utf-8")
    said = run("-m", "pytest", "-p", "no:randomly", bank=tmp_path, lang="ko", PYTHONIOENCODING="cp1252")
    assert "assert 'é' == 'ü'".encode("cp1252") in said


@pytest.mark.parametrize(
    ("own", "language", "encoding"),
    [
        ("cp1252", "ko", "utf-8"),
        ("cp1252", "both", "utf-8"),
        ("cp1252", "en", "cp1252"),
        ("cp949", "ko", "cp949"),
        ("ascii", "ko", "utf-8"),
        ("utf-8", "ko", "utf-8"),
    ],
)
def test_the_encoding_is_the_streams_own_where_it_has_the_letters(own, language, encoding):
    assert encoding_for(io.TextIOWrapper(io.BytesIO(), own), language) == encoding


def test_what_a_console_lacks_is_a_question_mark():
    there = io.BytesIO()
    stream = io.TextIOWrapper(there, "cp949")
    speak(stream, "ko")
    stream.write("가😀")
    stream.flush()
    assert there.getvalue().decode("cp949") == "가?"
