"""Texts in English and Korean: catalogues, placeholders, and which language a user reads.

A catalogue is a TOML file of tables with `en` and `ko` side by side. Each kata has one (messages.toml); the kit's own
texts are in grader/texts/. A text's placeholders are filled with values that are text already, so that nothing a
student wrote is ever taken for a template.
"""

import locale
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import ContentError
from grader.kata import Kata

LANGUAGES = ("en", "ko")
Text = dict[str, str]
"""One text in every language: {"en": ..., "ko": ...}."""

HINTS = 3
"""Levels of hints that each kata has: where to look, a smaller question, a worked example with other numbers."""

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class Catalogue:
    """The texts of one file, by table and id."""

    path: Path
    tables: Mapping[str, Any]

    def text(self, table: str, name: str, /, **values: str) -> Text:
        """Return one text with its placeholders filled.

        Raises:
            ContentError: the text or a language is missing, or a placeholder has no value.
        """
        entry = self.tables.get(table, {}).get(name)
        key = f"[{table}.{name}]"
        if entry is None:
            raise ContentError(self.path, key, "is missing")
        try:
            return {language: entry[language].format_map(values) for language in LANGUAGES}
        except KeyError as problem:
            raise ContentError(self.path, key, f"{problem} has no value or no text") from None

    def has(self, table: str, name: str) -> bool:
        """True if the file has this text."""
        return name in self.tables.get(table, {})


def load_catalogue(path: Path) -> Catalogue:
    """Read a catalogue.

    Raises:
        ContentError: the file is missing, no TOML, or holds something else than tables of texts.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ContentError(path, "the file", "is missing") from None
    except tomllib.TOMLDecodeError as problem:
        raise ContentError(path, "TOML", str(problem)) from None
    for name, table in tables.items():
        if not isinstance(table, dict) or not all(isinstance(entry, dict) for entry in table.values()):
            raise ContentError(path, f"[{name}]", "is no table of texts, [table.id] with en and ko")
    return Catalogue(path, tables)


@dataclass(frozen=True)
class KataTexts:
    """The texts for one kata: its own catalogue first, then the common one."""

    own: Catalogue
    common: Catalogue

    def tag_text(self, tag: str, values: Mapping[str, str]) -> Text:
        """Return the message of a tag; see `Catalogue.text` for what it raises."""
        catalogue = self.own if self.own.has("tags", tag) else self.common
        return catalogue.text("tags", tag, **values)

    def is_plain(self, tag: str) -> bool:
        """True if the tag's message has no placeholder, so that it repeats nothing of the submission."""
        catalogue = self.own if self.own.has("tags", tag) else self.common
        return all("{" not in catalogue.tables["tags"][tag][language] for language in LANGUAGES)

    def fault_tag(self, type_name: str, text: str, fields: Mapping[str, str]) -> str | None:
        """Return the tag for an exception in the student's code, by `when` rules, the kata's own first; None: no rule.

        A rule is { type = "ImportError", top = ["keras", "tensorflow"], installed = "yes" }: the exception's type, and
        words that are to stand in fields of its cause, one of them for each field ("*": any). `contains`, a piece of
        the exception's text, is for what has no field. `when` is a list of rules.
        """
        for catalogue in (self.own, self.common):
            for tag, entry in catalogue.tables.get("tags", {}).items():
                if any(_fits(rule, type_name, text, fields) for rule in entry.get("when", [])):
                    return str(tag)
        return None

    def asks_for(self, tag: str, placeholder: str) -> bool:
        """True if the tag's message has this placeholder."""
        catalogue = self.own if self.own.has("tags", tag) else self.common
        return any("{" + placeholder + "}" in catalogue.tables["tags"][tag][language] for language in LANGUAGES)

    def hint(self, level: int) -> Text:
        """Return the hint of a level, 1 to HINTS; see `Catalogue.text` for what it raises."""
        return self.own.text("hints", str(level))

    def title(self, check: str, english: str) -> Text:
        """Return a check's title: its docstring in English, messages.toml's in Korean."""
        korean = self.own.tables.get("titles", {}).get(check, {}).get("ko")
        return {"en": english, "ko": korean if korean is not None else english}


def _fits(rule: Mapping[str, Any], type_name: str, text: str, fields: Mapping[str, str]) -> bool:
    """True if the exception's type, the words of its fields and its text are as the rule says."""
    known = {**fields, "type": type_name}
    return all(
        wanted in text if key == "contains" else _is_among(known.get(key, "").split(), wanted)
        for key, wanted in rule.items()
    )


def _is_among(words: list[str], wanted: str | list[str]) -> bool:
    """True if one of the words is wanted; "*" wants any."""
    return bool(words) if wanted == "*" else not set(words).isdisjoint([wanted] if isinstance(wanted, str) else wanted)


def load_kata_texts(kata: Kata, *, hidden: bool) -> KataTexts:
    """Read a kata's messages.toml and the common texts.

    Args:
        kata: whose texts.
        hidden: for the hidden checks, whose own texts (solutions/NN_slug/messages.toml, if there is one) would be
            answers in a student's copy.
    """
    own = load_catalogue(kata.exercise / "messages.toml")
    secret = kata.solution / "messages.toml" if hidden and kata.solution else None
    if secret and secret.exists():
        tags = {**own.tables.get("tags", {}), **load_catalogue(secret).tables.get("tags", {})}
        own = Catalogue(own.path, {**own.tables, "tags": tags})
    return KataTexts(own, load_catalogue(TEXTS / "common.toml"))


def choose_language(option: str | None, *, saved: str | None = None) -> str:
    """Return "en", "ko" or "both": the option, else KATA_LANG, else what is saved, else the locale, else English."""
    wanted = option or os.environ.get("KATA_LANG") or saved
    if wanted:
        return wanted if wanted in (*LANGUAGES, "both") else "en"
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    system = next((name for name in names if name), "") or locale.getlocale()[0] or ""
    return "ko" if system.lower().startswith(("ko", "korean")) else "en"


def in_language(text: Text, language: str) -> str:
    """Return the text in one language, or in both, English first, one under the other."""
    if not text:
        return ""
    if language == "both":
        return "\n".join(text[name] for name in LANGUAGES)
    return text[language]
