"""Makes the static site: the page, the katas as data, zips for its Python, and a service worker that keeps them all.

A site may be written over an older one in the same folder: what belonged to the old one alone is removed, and the
service worker is written last, so that a browser sees a new site only when all of it is there.
"""

import base64
import hashlib
import json
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from grader.authoring.handout import list_release
from grader.authoring.kit import KIT
from grader.bank.kata import Kata
from grader.bank.package import load_bank
from grader.errors import UsageError
from grader.site import packs
from grader.site.lessons import approaches, hints, lesson, page_words, prose
from grader.site.pyodide import FOLDER, Pyodide
from grader.words.languages import LANGUAGES

_TEMPLATES = Path(__file__).parent / "templates"
_PAGE = ("index.html", "page.js", "page.css", "worker.js", "icon.svg", "licences.txt")
_MARK = '"@SITE@"'
"""Stands in service.js where the list of files goes."""
INDEX, SERVICE = "site.json", "service.js"


def list_site(
    katas: tuple[Kata, ...], *, pyodide: Pyodide, language: str | None, with_approaches: bool = True
) -> dict[str, bytes]:
    """Return every file of a site: path -> bytes, the service worker last.

    Args:
        katas: what is taught.
        pyodide: the page's Python.
        language: in which the page begins; None follows the browser.
        with_approaches: whether the other ways to write a kata are there, to be shown after its green check.
    """
    files = {name: (_TEMPLATES / name).read_bytes() for name in _PAGE}
    files["kit.zip"] = packs.pack_kit()
    files["later.zip"] = packs.pack_later()
    files["katas.zip"] = packs.pack_bank(katas)
    files["pyodide-lock.json"] = pyodide.lock
    data = {
        "kit": version(KIT),
        "language": language,
        "words": page_words(),
        "katas": [_kata(kata, with_approaches=with_approaches) for kata in katas],
        "after": _after(katas[0]),
        "pyodide": {"url": pyodide.url, "core": pyodide.core, "packages": pyodide.packages},
        "sizes": {name: len(files[name]) for name in ("kit.zip", "katas.zip")},
    }
    files[INDEX] = _json(data)
    kept = {name: _sha256(content) for name, content in files.items()}
    # Not matplotlib: no picture of the kit's own katas needs it, and it is larger than all that they do need.
    always = sorted({*pyodide.core, *pyodide.packages["numpy"]})
    about = {
        "version": hashlib.sha256(_json([kept, pyodide.hashes])).hexdigest()[:12],
        "files": kept,
        "pyodide": {"url": pyodide.url, "files": pyodide.hashes, "always": always},
    }
    files |= {FOLDER + name: content for name, content in pyodide.files.items()}
    files[".nojekyll"] = b""  # GitHub's pages would pass the folder through a program of theirs
    service = (_TEMPLATES / SERVICE).read_text("utf-8")
    files[SERVICE] = service.replace(_MARK, _json(about).decode()).encode()
    return files


def _after(kata: Kata) -> dict[str, str]:
    """Where to go next, as HTML by language; {} if the bank does not say it."""
    bank = load_bank(kata.bank)
    text = bank.after if bank else {}
    return {one: prose(text.get(one, text["en"])) for one in LANGUAGES} if text else {}


def _kata(kata: Kata, *, with_approaches: bool) -> dict[str, Any]:
    stub = list_release((kata,))[f"exercises/{kata.name}/{kata.file_name}"]
    return {
        "name": kata.name,
        "number": kata.number,
        "file": kata.file_name,
        "title": kata.title,
        "points": kata.points,
        "needs": kata.needs,
        "stub": stub.decode("utf-8"),
        "lesson": {language: lesson(kata, language) for language in LANGUAGES},
        "hints": hints(kata),
        "approaches": approaches(kata) if with_approaches else [],
        "learnt": kata.learnt,
    }


def write_site(files: dict[str, bytes], target: Path) -> None:
    """Write a site into a new folder, or over an older site.

    Raises:
        UsageError: the target holds something else, or cannot be written.
    """
    old = _files_of_old(target)
    try:
        for name, content in files.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f"{path.name}.partial")
            partial.write_bytes(content)
            partial.replace(path)
        for name in old - set(files):
            (target / name).unlink(missing_ok=True)
    except OSError as problem:
        raise UsageError("cannot_write", path=target, reason=problem.strerror or problem) from None


def _files_of_old(target: Path) -> set[str]:
    """Return the names that an older site in this folder consists of.

    Raises:
        UsageError: the folder has files, and no site.
    """
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return set()
    with suppress(OSError, ValueError, KeyError, TypeError, IndexError):
        text = (target / SERVICE).read_text("utf-8")
        about = json.loads(text.split("SITE = ", 1)[1].split(";\n", 1)[0])
        inside = FOLDER if about["pyodide"]["url"] == FOLDER else None
        return set(about["files"]) | {inside + name for name in about["pyodide"]["files"] if inside}
    raise UsageError("exists", path=target)


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _sha256(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()
