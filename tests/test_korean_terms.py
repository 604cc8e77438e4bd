"""One Korean term for each idea, on every screen and in every lesson that a student reads."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

TERMS = {
    "NumPy": "넘파이",
    "numpy": "넘파이",
    "Keras": "케라스",
    "TensorFlow": "텐서플로",
    "Jupyter": "주피터",
    "Python": "파이썬",
    "시그모이드": "sigmoid",
    "렐루": "relu",
    "소프트맥스": "softmax",
    "네트워크": "신경망 (컴퓨터의 것은 인터넷)",
    "매개변수": "파라미터 (함수의 것은 괄호 안의 이름)",
    "인수": "인자",
    "에폭": "에포크",
    "과적합": "과대적합",
    "사전": "딕셔너리",
    "로스": "손실",
    "바이어스": "편향",
    "노드": "유닛",
    "레이어": "층",
    "히든": "은닉",
}
"""What is not said -> what is said instead. A name in Latin letters may stand in code: in `...`, a path, a command."""
ISOLATION = "a machine's network is meant, and it is not the internet alone"
KEPT = {
    ("cli.toml:isolation.full", "네트워크"): ISOLATION,
    ("cli.toml:isolation.kernel-rules", "네트워크"): ISOLATION,
    ("students.ko.md", "numpy"): "what kata doctor prints: the name of the package",
    ("students.ko.md", "Python"): "CPython is a name",
    ("site.ko.md", "Python"): "CPython is a name",
}
"""(end of the place or a part of it, term) -> why it may stand there."""
QUOTED = "16_facts"
"""Its claims quote a lecture note and name products with their versions and sources."""
SPELT = re.compile(r"[가-힣]")


def texts() -> Iterator[tuple[str, str]]:
    """(place, text) of everything Korean that students read."""
    catalogues = [*(ROOT / "grader" / "texts").glob("*.toml"), *(ROOT / "exercises").rglob("*.toml")]
    for path in sorted([*catalogues, *(ROOT / "solutions").glob("*/messages.toml")]):
        for key, text in korean(tomllib.loads(path.read_text("utf-8")), ()):
            yield f"{path.relative_to(ROOT)}:{key}", text
    documents = [ROOT / "README.ko.md", *(ROOT / "exercises").glob("*/README.ko.md")]
    documents += [ROOT / "docs" / f"{name}.ko.md" for name in ("students", "site", "lab")]
    for path in [*documents, ROOT / "grader" / "texts" / "release_readme.ko.md"]:
        yield str(path.relative_to(ROOT)), path.read_text("utf-8")


def korean(table: dict, above: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from korean(value, (*above, key))
        elif isinstance(value, str) and key.endswith("ko"):
            yield ".".join(above), value


def bare(text: str) -> str:
    """The text without code, links' addresses, commands and paths."""
    text = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)|^    .*$", " ", text, flags=re.S | re.M)
    return re.sub(r"\S*[/_.\\]\w\S*", " ", text)


PLACES = dict(texts())


@pytest.mark.parametrize("term", TERMS)
def test_an_idea_has_one_term(term):
    # "인수" is part of no other word that is used; Latin letters end where Korean ones begin.
    pattern = re.compile(rf"(?<![가-힣A-Za-z]){re.escape(term)}(?![A-Za-z])")
    kept = [place for place, one in KEPT if one == term]
    found = [
        f"{place}: {text[max(0, at.start() - 20) : at.end() + 20]!r}"
        for place, whole in PLACES.items()
        if QUOTED not in place and not any(part in place for part in kept)
        for text in [bare(whole)]
        for at in pattern.finditer(text)
    ]
    assert not found, f"say {TERMS[term]}:\n" + "\n".join(found)


def test_there_are_texts_to_look_at():
    assert len(PLACES) > 900
    assert all(SPELT.search(text) for place, text in PLACES.items() if place.endswith(".ko.md"))


def test_every_exemption_is_needed():
    for place, term in KEPT:
        assert any(place in where and term in text for where, text in PLACES.items()), (place, term)


def test_words_in_code_are_left_alone():
    assert "numpy" not in bare("`import numpy` 그리고 exercises/numpy.py")
    assert "NumPy" in bare("NumPy의 배열")


def test_no_english_of_pytests_stands_on_a_korean_screen():
    home = tomllib.loads((ROOT / "grader" / "texts" / "home.toml").read_text("utf-8"))["pytest"]
    english = {entry["en"] for entry in home.values()}
    assert {"FAILURES", "{count} failed", "{count} open"} <= english
    assert not [name for name, entry in home.items() if not SPELT.search(entry["ko"])]


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.ko.md")), ids=lambda path: Path(path).name)
def test_no_guide_shows_pytests_english_in_a_korean_example(path):
    """Examples of the terminal in Korean guides are what a Korean terminal shows."""
    assert "FAILURES" not in path.read_text("utf-8")
    assert not re.search(r"\d+ failed, \d+ open", path.read_text("utf-8"))


CLOSED = "은이을과"
OPEN = "는가를와"
DIGITS = re.compile(rf"(?<![/*\d.])(?:\d+\.)?\d*(\d)([{CLOSED}{OPEN}])(?![가-힣])")


def test_a_particle_fits_the_reading_of_the_digit_before_it():
    """영 일 삼 육 칠 팔 end in a consonant, and so do 십 백 천; a fraction and a power are read in another order."""
    wrong = [
        (place, found[0])
        for place, text in PLACES.items()
        for found in DIGITS.finditer(text)
        if (found[1] in "013678") != (found[2] in CLOSED)
    ]
    assert wrong == []


def test_a_word_has_one_particle():
    """XOR is read 엑스오아."""
    assert [place for place, text in PLACES.items() if re.search("XOR(?:[은을과]|이[ 가])", text)] == []
