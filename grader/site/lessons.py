"""Lessons as HTML: a kata's README in each language, its hints and its other ways, and the words of the page."""

import html
import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.bank.approaches import load_approaches
from grader.bank.kata import Kata
from grader.bank.texts import HINTS, load_kata_texts
from grader.words.catalogue import load_catalogue
from grader.words.languages import LANGUAGES, TEXTS
from grader.words.lines import parts

_COMMANDS = {"plot": r"kata plot\b", "check": r"(pytest|kata check)\b", "hint": r"kata hint\b", "lab": r"kata lab\b"}
"""What a click on a command in a lesson does in the page."""


def lesson(kata: Kata, language: str) -> str:
    """Return a kata's README as HTML, without its heading; commands that the page can carry out are buttons."""
    text = kata.lesson(language).read_text("utf-8")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("code_inline", _code)
    tokens = markdown.parse(text)
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        tokens = tokens[3:]
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def _code(_renderer: Any, tokens: list[Token], index: int, _options: Any, _env: Any) -> str:
    text = tokens[index].content
    shown = f"<code>{html.escape(text)}</code>"
    for name, pattern in _COMMANDS.items():
        if re.match(pattern, text):
            return f'<button type="button" class="command" data-do="{name}">{shown}</button>'
    return shown


def hints(kata: Kata) -> dict[str, list[str]]:
    """Return the hints of a kata by language, each as HTML."""
    texts = load_kata_texts(kata, hidden=False)
    shown = [texts.hint(level) for level in range(1, HINTS + 1)]
    return {language: [prose(hint[language]) for hint in shown] for language in LANGUAGES}


def approaches(kata: Kata) -> list[dict[str, Any]]:
    """Return the other ways to write a kata: the title by language, the code, and by language what it is good at."""
    return [
        {"title": way.title, "code": way.code, "text": {one: prose(way.text[one]) for one in LANGUAGES}}
        for way in load_approaches(kata)
    ]


def prose(text: str) -> str:
    """Return a text of the terminal as HTML: lines flow together, indented ones stay as they are, `code` is code."""
    shown = []
    for kind, lines in parts(text):
        if kind == "code":
            shown.append(f"<pre>{html.escape(chr(10).join(line.rstrip() for line in lines))}</pre>")
        elif kind == "prose":
            flowing = html.escape(" ".join(line.strip() for line in lines))
            marked = re.sub("`([^`]+)`", r"<code>\1</code>", flowing)
            shown.append(f"<p>{marked}</p>")
    return "".join(shown)


def page_words() -> dict[str, dict[str, str]]:
    """Return the page's own words by language; placeholders stay, the page fills them."""
    table = load_catalogue(TEXTS / "site.toml").tables["page"]
    return {
        language: {name: entry.get(language, entry["en"]) for name, entry in table.items()} for language in LANGUAGES
    }
