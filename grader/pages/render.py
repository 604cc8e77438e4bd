"""Jinja for the pages: everything is escaped, nothing may be undefined, and what a page may do stands in its head."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import UsageError
from grader.words.catalogue import Catalogue, load_catalogue
from grader.words.languages import TEXTS, Text

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

_TEMPLATES = Path(__file__).parent / "templates"
_ONLY = 'html:has(#speak-LANG:checked) :is(span, figure)[lang]:not([lang="LANG"]) { display: none; }\n'
"""Texts stand in a page in every language; this shows the one that is chosen, without a script."""
_SET_OFF = re.compile(r"^ {4}.*|`([^`\n]+)`|(?<![\w*])\*(\w(?:[^*\n]*\w)?)\*(?![\w*])", re.MULTILINE)
"""What a text sets off as a terminal can, `code` and *words*; a student's line, set in by four, stays as it is."""


class Pages:
    """Templates, texts and style, loaded once for any number of pages in some languages."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        """Load them.

        Args:
            languages: on every page, the one it begins with first.

        Raises:
            UsageError: Jinja is not installed.
        """
        try:
            import jinja2
        except ImportError:
            raise UsageError("no_jinja") from None
        self.languages = languages
        self.words: Catalogue = load_catalogue(TEXTS / "pages.toml")
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            say=self.say, words=self.plain, both=self.both, languages=languages, kit_json=to_json
        )

    def template(self, name: str, *, script: str | None = None) -> "Template":
        """Return a template with its style, its script and the policy that lets these two work, and nothing else."""
        style = _read("pages.css") + "".join(_ONLY.replace("LANG", one) for one in self.languages)
        policy = f"default-src 'none'; img-src data:; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
        code = None if script is None else _read(script)
        if code is not None:
            policy += f"; script-src {_hash(code)}"
        own = {"style": _raw(style), "script": None if code is None else _raw(code), "policy": policy}
        return self._environment.get_template(name, globals=own)

    def say(self, name: str, /, **values: object) -> "Markup":
        """Return one text of the catalogue in every language of the page."""
        return self.both(self.words.text("pages", name, **{key: str(value) for key, value in values.items()}))

    def plain(self, name: str, language: str) -> str:
        """Return one text of the catalogue in one language, for an attribute."""
        return self.words.text("pages", name)[language]

    def both(self, text: Text) -> "Markup":
        """Return a text in every language of the page, each marked; text of students and of ours alike is escaped."""
        from markupsafe import Markup

        said = ((one, text.get(one, text.get("en", ""))) for one in self.languages)
        return Markup("").join(Markup('<span lang="{}">{}</span>').format(one, set_off(words)) for one, words in said)


def set_off(words: str) -> "Markup":
    """Return a text for a page: escaped, then its `code` and *words* in elements of their own."""
    from markupsafe import Markup, escape

    def put(found: re.Match[str]) -> str:
        code, stressed = found.groups()
        return f"<code>{code}</code>" if code else f"<em>{stressed}</em>" if stressed else found.group()

    return Markup(_SET_OFF.sub(put, str(escape(words))))


def to_json(data: Any) -> "Markup":
    """Return data as JSON that may stand within a script element: no "<" of a text can end it."""
    from markupsafe import Markup

    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)


def plain_texts(catalogue: Catalogue, table: str) -> Mapping[str, Text]:
    """Return all texts of a table, with their placeholders as they are, for a page's script."""
    return {
        name: {language: str(text) for language, text in entry.items()}
        for name, entry in catalogue.tables[table].items()
    }


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")


def _hash(text: str) -> str:
    """Return a text's digest as a content security policy has it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _raw(text: str) -> "Markup":
    from markupsafe import Markup

    return Markup(text)
