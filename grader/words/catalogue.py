"""Texts in English and Korean: catalogues and their placeholders.

A catalogue is a TOML file of tables with `en` and `ko` side by side. Each kata has one (messages.toml); the kit's own
texts are in grader/texts/. A text's placeholders are filled with values that are text already, so that nothing a
student wrote is ever taken for a template. "{count} {count:kata|katas}" chooses a word by a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import ContentError
from grader.words.authored import read_toml
from grader.words.languages import BOTH, LANGUAGES, Text


@dataclass(frozen=True)
class Catalogue:
    """The texts of one file, by table and id."""

    path: Path
    tables: Mapping[str, Any]

    def text(self, table: str, name: str, /, **values: str) -> Text:
        """Return one text with its placeholders filled.

        Raises:
            ContentError: the text is missing in English or Korean, or a placeholder has no value. Another language
                that lacks it says it in English.
        """
        entry = self.tables.get(table, {}).get(name)
        key = f"[{table}.{name}]"
        if entry is None:
            raise ContentError(self.path, key, "is missing")
        try:
            found = {language: entry[language] for language in BOTH}
            found |= {language: entry.get(language, entry["en"]) for language in LANGUAGES[len(BOTH) :]}
            filled = {place: _Value(value) if isinstance(value, str) else value for place, value in values.items()}
            return {language: text.format_map(filled) for language, text in found.items()}
        except KeyError as problem:
            raise ContentError(self.path, key, f"{problem} has no value or no text") from None
        except (AttributeError, ValueError, IndexError) as problem:  # a number for a text; a lone brace; "{}"
            raise ContentError(self.path, key, f"is no text with placeholders ({problem})") from None

    def has(self, table: str, name: str) -> bool:
        """True if the file has this text."""
        return name in self.tables.get(table, {})


class _Value(str):
    """A value of a placeholder; "{count:kata|katas}" is the first word for "1", else the second."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        one, bar, many = form.partition("|")
        return (one if self == "1" else many) if bar else super().__format__(form)


def load_catalogue(path: Path) -> Catalogue:
    """Read a catalogue, with the files beside it that hold it in further languages.

    Raises:
        ContentError: the file is missing, no TOML, or holds something else than tables of texts.
    """
    tables = _read(path)
    for language in LANGUAGES[len(BOTH) :]:
        more = path.with_suffix(f".{language}{path.suffix}")
        for name, table in (_read(more) if more.exists() else {}).items():
            for key, entry in table.items():
                if key in tables.get(name, {}):
                    tables[name][key] = {**entry, **tables[name][key]}
    return Catalogue(path, tables)


def _read(path: Path) -> dict[str, Any]:
    tables = read_toml(path)
    for name, table in tables.items():
        if not isinstance(table, dict) or not all(isinstance(entry, dict) for entry in table.values()):
            raise ContentError(path, f"[{name}]", "is no table of texts, [table.id] with en and ko")
    return tables
