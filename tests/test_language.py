"""Which language a user reads, and that both are whole."""

import ast
import re

import pytest

from grader.authoring.audit import audit_catalogue, placeholders
from grader.bank.kata import load_katas
from grader.words.catalogue import load_catalogue
from grader.words.languages import TEXTS, choose_language, in_language
from tests.conftest import ROOT

STUBS = [kata.exercise / kata.file_name for kata in load_katas(ROOT) if kata.file_name.endswith(".py")]
OPTION = re.compile(r"'([a-z][a-z0-9 ]+)'")


@pytest.mark.parametrize(
    ("option", "environment", "saved", "language"),
    [
        ("ko", {"KATA_LANG": "en"}, "both", "ko"),
        (None, {"KATA_LANG": "ko", "LANG": "en_US.UTF-8"}, "en", "ko"),
        (None, {"KATA_LANG": "both"}, None, "both"),
        (None, {"KATA_LANG": "fr"}, "ko", "en"),
        (None, {"LANG": "en_GB.UTF-8"}, "ko", "ko"),
        (None, {"LANG": "ko_KR.UTF-8"}, "en", "en"),
        (None, {"LANG": "ko_KR.UTF-8"}, "fr", "en"),
        (None, {"LANG": "ko_KR.UTF-8"}, None, "ko"),
        (None, {"LC_ALL": "C", "LANG": "ko_KR.UTF-8"}, None, "en"),
        (None, {"LANG": "en_GB.UTF-8"}, None, "en"),
        (None, {}, None, "en"),
    ],
)
def test_option_then_environment_then_saved_then_locale_then_english(monkeypatch, option, environment, saved, language):
    for name in ("KATA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert choose_language(option, saved=saved) == language


def test_both_shows_english_then_korean():
    assert in_language({"en": "a", "ko": "가"}, "both") == "a\n가"


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.toml")), ids=lambda path: path.name)
def test_the_kits_own_texts_are_whole(path):
    assert list(audit_catalogue(load_catalogue(path))) == []


def test_every_sentence_of_a_usage_error_exists_and_is_used():
    """Found by reading the sources: a wrong id would show only when someone makes the mistake."""
    known = load_catalogue(TEXTS / "cli.toml").tables["usage"]
    named = set()
    for path in TEXTS.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named.add(node.value)
            if isinstance(node, ast.keyword) and node.arg:
                named.add(node.arg)
            call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "UsageError"
            if call and isinstance(node.args[0], ast.Constant):
                name = node.args[0].value
                assert name in known, f"{path}:{node.lineno}"
                assert {keyword.arg for keyword in node.keywords} == placeholders(known[name]["en"]), name
    assert known.keys() <= named


@pytest.mark.parametrize("stub", STUBS, ids=lambda path: path.parent.name)
def test_what_a_stub_says_in_english_stands_in_the_korean_readme(stub):
    """Each name to fill, and each word in quotation marks to choose from; facts.toml itself is in both languages."""
    text, korean = stub.read_text("utf-8"), (stub.parent / "README.ko.md").read_text("utf-8")
    open_parts = [part for part in ast.parse(text).body if any(map(is_hole, ast.walk(part)))]
    names = {part.name for part in open_parts if isinstance(part, ast.FunctionDef)}
    names |= {target.id for part in open_parts if isinstance(part, ast.Assign) for target in part.targets}
    assert names
    assert {name for name in names if name not in korean} == set()
    assert {option for option in OPTION.findall(text) if f"'{option}'" not in korean} == set()


def is_hole(node):
    return isinstance(node, ast.Constant) and node.value is ...


def test_a_word_agrees_with_its_number(tmp_path):
    (tmp_path / "x.toml").write_text('[a.b]\nen = "{n} {n:kata|katas}"\nko = "카타 {n}개"\n', "utf-8")
    texts = load_catalogue(tmp_path / "x.toml")
    assert [texts.text("a", "b", n=n)["en"] for n in ("0", "1", "2")] == ["0 katas", "1 kata", "2 katas"]
