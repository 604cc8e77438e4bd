"""A kata's texts: its own catalogue first, then the common one; which tag an exception has; hints and titles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.bank.kata import Kata
from grader.words.catalogue import Catalogue, load_catalogue
from grader.words.languages import BOTH, LANGUAGES, TEXTS, Text

HINTS = 3
"""Levels of hints that each kata has: where to look, a smaller question, a worked example with other numbers."""


@dataclass(frozen=True)
class KataTexts:
    """The texts for one kata: its own catalogue first, then the common one."""

    own: Catalogue
    common: Catalogue

    def tag_text(self, tag: str, values: Mapping[str, str]) -> Text:
        """Return the message of a tag; see `Catalogue.text` for what it raises."""
        return self._catalogue(tag).text("tags", tag, **values)

    def is_plain(self, tag: str) -> bool:
        """True if the tag's message has no placeholder, so that it repeats nothing of the submission."""
        return not self.asks_for(tag)

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

    def asks_for(self, tag: str, placeholder: str | None = None) -> bool:
        """True if the tag's message has this placeholder; any, if none is named."""
        wanted = "{" if placeholder is None else "{" + placeholder + "}"
        return any(wanted in self._catalogue(tag).tables["tags"][tag][language] for language in BOTH)

    def _catalogue(self, tag: str) -> Catalogue:
        return self.own if self.own.has("tags", tag) else self.common

    def hint(self, level: int) -> Text:
        """Return the hint of a level, 1 to HINTS; see `Catalogue.text` for what it raises."""
        return self.own.text("hints", str(level))

    def parameter(self, word: str, language: str) -> str:
        """Return the word for a check's parameter in a title: what [cases] says of it, else the word itself."""
        return str(self.own.tables.get("cases", {}).get(word, {}).get(language, word))

    def title(self, check: str, english: str) -> Text:
        """Return a check's title: its docstring in English, messages.toml's in other languages."""
        translated = self.own.tables.get("titles", {}).get(check, {})
        return {language: translated.get(language, english) for language in LANGUAGES} | {"en": english}


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
