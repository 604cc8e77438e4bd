r"""What is forgiven in a student's text, the same at home and in grading, in a .py, a .toml and a notebook's cell.

Forgiven is what cannot be seen, or is no part of the answer:

    a byte order mark, \r\n and \r       other systems' line ends
    comments in another encoding         of a .py; Python 3.11 does not look at them
    a no-break or wide space             from web pages and Korean input; Python refuses them outside of strings
    a zero-width character               from web pages and chats
    %matplotlib inline, %%time           Jupyter's lines, also as exported to .py: get_ipython().run_line_magic(...)
    !pip install numpy, AND?, ?AND

Where such a line stands, a comment takes its place, so every line keeps its number; strings and comments keep every
character. All else that Python or TOML cannot read, a student can see and put right: it is named (texts/common.toml),
an encoding other than UTF-8 too. No parser runs here, so that the judge's process can do it: one pass over the text.
"""

import re
from collections.abc import Iterator

_SPACES = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_UNSEEN = _SPACES | dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_UNSEEN_SOMEWHERE = re.compile(f"[{''.join(map(chr, _UNSEEN))}]")

_JUPYTER = re.compile(
    r"""([ \t]*)(?:
        %{1,2}[A-Za-z_!] .*                                           # a magic: %time, %%bash
      | ! .*                                                          # a command of the shell
      | \?{1,2} [\w.*]+ [ \t]* | [\w.*\[\]'"()]+ [ \t]* \?{1,2} [ \t]*  # a question for help
      | get_ipython\(\) \. \w+ \( .* \) [ \t]*                        # how an exported notebook says all of these
    )$""",
    re.VERBOSE | re.MULTILINE,
)
_JUPYTER_SOMEWHERE = re.compile(r"^[ \t]*(?:%|!|\?|get_ipython\(\)\.)|\?[ \t]*$", re.MULTILINE)

_TOKEN = re.compile(
    r"""(?P<word>[^\s\#'"()\[\]{}\\]+)
      | (?P<string>'''(?s:\\.|[^\\])*?(?:'''|\Z) | \"""(?s:\\.|[^\\])*?(?:\"""|\Z)
                 | '(?:\\(?s:.)|[^\\'\n])*'? | "(?:\\(?s:.)|[^\\"\n])*"? | \#[^\n]*)
      | (?P<open>[(\[{]) | (?P<close>[)\]}]) | (?P<joined>\\\n) | (?P<end>\n) | (?P<other>[^\S\n]+|.)
    """,
    re.VERBOSE,
)
"""Python's and TOML's words, strings and comments, brackets and line ends: enough to know where a statement begins."""


def plain_text(source: bytes) -> str | None:
    """Return a file's text with the line ends of Unix and without a byte order mark; None if it is not UTF-8."""
    try:
        return re.sub("\r\n?", "\n", source.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None


def forgive(text: str, *, jupyter: bool = True) -> str:
    """Return a text of plain line ends as Python or TOML can read it, line for line.

    Args:
        text: the student's.
        jupyter: comment out the lines that only Jupyter knows; False for TOML.
    """
    is_jupyter = jupyter and _JUPYTER_SOMEWHERE.search(text) is not None
    if not is_jupyter and _UNSEEN_SOMEWHERE.search(text) is None:
        return text
    return "".join(_forgiven(text, is_jupyter))


def _forgiven(text: str, is_jupyter: bool) -> Iterator[str]:
    place, depth, begins = 0, 0, True
    while place < len(text):
        line = _JUPYTER.match(text, place) if begins and is_jupyter else None
        if line is not None:
            # `pass`, because the line may be all that a block holds.
            yield f"{line[1]}pass  # {line[0][len(line[1]) :]}"
            place, begins = line.end(), False
            continue
        token = _TOKEN.match(text, place)
        assert token is not None
        kind, place = token.lastgroup, token.end()
        depth = max(0, depth + {"open": 1, "close": -1}.get(kind or "", 0))
        begins = kind == "end" and depth == 0
        yield token[0] if kind == "string" else token[0].translate(_UNSEEN)


def forgive_source(source: bytes) -> bytes:
    """Return a student's .py as Python can read it; one that needs nothing forgiven, or cannot be, as it is."""
    text = plain_text(source)
    if text is None:
        return _without_foreign_comments(source)
    forgiven = forgive(text)
    return source if forgiven == text else forgiven.encode("utf-8")


def _without_foreign_comments(source: bytes) -> bytes:
    """Forgive comments in another encoding, which no answer depends on and some versions of Python do not look at.

    In a string such letters are part of the answer: Python names them.
    """
    # One letter for each byte: in cp949 no second byte is a quotation mark or ends a line.
    tokens = (token[0] for token in _TOKEN.finditer(source.decode("latin-1")))
    kept = "".join(re.sub("[^ -~\t]", "?", token) if token.startswith("#") else token for token in tokens)
    forgiven = kept.encode("latin-1")
    return source if plain_text(forgiven) is None else forgive_source(forgiven)


def split_lines(text: str) -> list[str]:
    """Return the lines as Python and TOML count them; str.splitlines also splits at form feeds and other signs."""
    return re.split("\r\n?|\n", text)
