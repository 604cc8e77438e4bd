"""What pasting leaves behind in a file: prompts, line numbers, marks of a merge, another language.

Looked for only where Python could not read a line or did not know a name in it, so that the same signs in a text of the
student's stay what they are. The judge's own reading of the submission's text: nothing of it runs.
"""

import json
import keyword
import re
import sys
from dataclasses import dataclass
from itertools import pairwise

MAX_LINE = 400
"""Characters of a line that are looked at."""

_WORDS = r"[A-Za-z_][A-Za-z_0-9]*(?: +[A-Za-z_0-9]+)+"

# Words of Python's own that stand where a name gets a value; True, False and None have a sentence of Python's.
_OWN_WORDS = "|".join(word for word in keyword.kwlist if word.islower())
# One line at which Python stopped, without its indent; the first that fits counts.
_LINES = (
    ("merge", re.compile(r"(<{7}|={7}|>{7}|\|{7})(\s|$)")),
    ("prompt", re.compile(r"(>>>|\.\.\.\s+\S|(In|Out)\s*\[\d*\]\s*:)")),
    ("fence", re.compile(r"(```|~~~)")),
    ("magic", re.compile(r"(?!(if|elif|while|return|assert)\b)[\w.,\[\] ]+=\s*[!%]\s*\w")),
    ("pip", re.compile(r"[!%$]?\s*((python3?|py)\s+-m\s+)?(pip3?|conda)\s+install\b")),
    ("shell", re.compile(r"(\$\s+\S|(python3?|py|cd|git|jupyter|kata|pytest)\s+[\w./~-]+(\s|$)(?!\s*=))")),
    ("html", re.compile(r"(.*&(lt|gt|amp|quot|nbsp|#39);|</?[A-Za-z!][^<>]*>)")),
    (
        "diff",
        re.compile(r"([+-]\s*(def|class|return|import|from|if|for|while|else|elif)\b|[+-]\s*[A-Za-z_]\w*\s*=(?!=))"),
    ),
    ("python_2", re.compile(r"(print\s+[^\s(=]|raise\s+\w+\s*,|.*<>)")),
    (
        "other_language",
        re.compile(
            r"(.*(&&|\|\||\+\+|--\s*$|\?[^'\"]+:)|else?\s*if\b(?!\()|(el)?if\b.*\bthen\b|function\b"
            r"|(var|let|const|int|double)\s+\w|//|/\*|\})"
        ),
    ),
    ("own_word", re.compile(rf"({_OWN_WORDS})\s*=(?!=)|.*[(,]\s*({_OWN_WORDS})\s*[,)=](?!=)")),
    ("comparison", re.compile(r"([^'\"#]|(['\"])((?!\2).)*\2)*?[^=<>!](=<|=>|=!)(?!=)")),
)
# The same for what a newer Python reads, by the version that began to.
_NEWER = (
    ((3, 12), re.compile(r"type\s+\w+\s*(\[.*\]\s*)?=|(async\s+def|def|class)\s+\w+\s*\[[^\]]*\]\s*[(:]")),
    # A quotation mark of the f-string's own kind between its curly brackets.
    ((3, 12), re.compile(r""".*\b[rR]?[fF](['"])((?!\1)[^{}]|\{((?!\1)[^{}])*\})*\{((?!\1)[^{}])*\1.*\}.*\1""")),
    ((3, 14), re.compile(r""".*(?<![\w'"])[rR]?[tT](['"])""")),
)
_NUMBERED = re.compile(r"\s*(\d+)[.:|)]?(\s|$)")
_BARE_WORDS = re.compile(rf"(?:=|:|,|\[|\()\s*({_WORDS})\s*(?:,|\]|\)|\}}|$|#)")
_HUNK = re.compile(r"(@@ -\d|diff --git |\+\+\+ |--- )")


@dataclass(frozen=True)
class Residue:
    """What was found, and in which line."""

    kind: str
    line: int


def find(source: bytes, line: int | None) -> Residue | None:
    """Return what was left in the file by pasting; None if nothing of the kind is there.

    Args:
        source: the student's file.
        line: where Python stopped, counted from 1; None if it does not know.
    """
    text = source.decode("utf-8-sig", "replace")
    lines = text.splitlines()
    if is_notebook(text):
        return Residue("notebook", 1)
    # A mark of a merge or of a comparison of two versions stands for the whole file, wherever Python stopped.
    marks = [number for number, content in enumerate(lines, 1) if re.match(r"<{7}\s", content)]
    if marks and any(re.match(r">{7}\s", content) for content in lines):
        return Residue("merge", marks[0])
    hunks = [number for number, content in enumerate(lines, 1) if _HUNK.match(content)]
    if len(hunks) > 1 or any(lines[number - 1].startswith("@@ -") for number in hunks):
        return Residue("diff", hunks[0])
    if line is None or not 0 < line <= len(lines):
        return None
    if _is_numbered(lines):
        return Residue("line_numbers", line)
    content = lines[line - 1].strip()[:MAX_LINE]
    kind = next((kind for kind, pattern in _LINES if pattern.match(content)), None)
    if kind is None and any(sys.version_info < version and pattern.match(content) for version, pattern in _NEWER):
        kind = "newer_python"
    if kind is None and _has_bare_words(content):
        kind = "no_quotes"
    return Residue(kind, line) if kind else None


def is_notebook(text: str) -> bool:
    """True if the text is a notebook's own file (.ipynb), saved under another name."""
    if not text.lstrip().startswith("{") or '"cells"' not in text:
        return False
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError):
        return '"cell_type"' in text and '"nbformat"' in text
    return isinstance(notebook, dict) and "nbformat" in notebook


def _is_numbered(lines: list[str]) -> bool:
    """True if the lines that hold anything begin with numbers that count up, as a printed listing has them."""
    filled = [content for content in lines if content.strip()]
    numbers = [int(match[1]) for content in filled if (match := _NUMBERED.match(content)) and len(match[1]) < 7]
    rising = all(first < second for first, second in pairwise(numbers))
    return len(numbers) >= 2 and len(numbers) > 0.8 * len(filled) and rising


def _has_bare_words(content: str) -> bool:
    """True if two words that mean nothing to Python stand side by side as a value: WHY = loss optimum."""
    found = _BARE_WORDS.search(content.partition("#")[0])
    return found is not None and not any(keyword.iskeyword(word) for word in found[1].split())
