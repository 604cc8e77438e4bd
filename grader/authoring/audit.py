"""The content gate for kata authors: proves that each kata judges as it should.

Of every kata: its files are known and complete in both languages, with three hints; the untouched stub passes nothing
and says what to do; the reference and every file of right/ get full marks; every known mistake fails with the tag in
its name, and a public check sees it, or it says why none does; a file full of odd values surprises no check; points
add up; every explained mutant is one; every other way to write it is right; the picture of the reference lacks
nothing. A rule broken is a sentence that names file and key.
"""

import ast
import re
import string
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from grader.authoring.answers import EDITS, right_answers, wrong_answers
from grader.authoring.audit_picture import audit_picture
from grader.authoring.audit_verdicts import audit_verdicts
from grader.authoring.mutate import audit_explained
from grader.authoring.stub import find_stale, given_out
from grader.bank.kata import APPROACHES, Kata, is_free_slug
from grader.bank.package import SHARED, SUPPORT
from grader.bank.texts import HINTS
from grader.judge.judge import Judge, isolation_for_trusted_code
from grader.sandbox.cause import FIELDS
from grader.words.catalogue import Catalogue, load_catalogue
from grader.words.languages import BOTH, LANGUAGES, TEXTS

PICTURE_TEXTS = f"{SUPPORT}/picture.toml"
GAP_VALUES = frozenset({"name", "asked", "actual", "expected"})
"""What a picture knows of every answer that it has to do without; a tag may have more."""
MIN_RIGHT = 4
"""Other right answers a kata must have."""
HINT_WORDS = {"en": (40, 120), "ko": (20, 120)}
"""Length of a hint: short enough to be read, long enough to lead somewhere. Korean says the same in fewer words."""

# Particles whose form depends on the last sound before them; after a placeholder they come out wrong.
_PARTICLE = re.compile(r"\}(은|는|이|가|을|를|과|와|로|으로|이에요|예요|이라|라서)(?![가-힣])")
_UNWANTED = re.compile("[\u2013\u2014\u2015\U0001f000-\U0001ffff]")


@dataclass
class AuditResult:
    """What was found, and how much was looked at."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What may stay as it is: texts that a further language lacks."""
    katas: int = 0
    points: float = 0
    right: int = 0
    wrong: int = 0


def audit_katas(katas: tuple[Kata, ...]) -> AuditResult:
    """Audit the katas; nothing is written.

    Raises:
        ContentError: a file is missing or so wrong that the kata cannot be judged at all.
    """
    result = AuditResult()
    result.problems += [f"{file.path}: is stale; run: kata build" for file in find_stale(katas)]
    ini = katas[0].exercise.parent / "pytest.ini"
    if not ini.exists():
        result.problems.append(
            f"{ini}: is missing, so a student's own pytest shows much else; a new bank's (kata new) fits"
        )
    shared = katas[0].exercise.parent / SHARED
    for path in sorted([*TEXTS.glob("*.toml"), *shared.glob("*.toml")]):
        if path.name.count(".") > 1:
            continue
        catalogue = load_catalogue(path)
        result.problems += audit_catalogue(catalogue)
        result.notes += find_untranslated(catalogue)
    audit = partial(_audit_kata, isolation=isolation_for_trusted_code())
    with ExitStack() as stack:
        # A process for each core; one kata is not worth their start.
        audits: Iterable[AuditResult] = map(audit, katas)
        if len(katas) > 1:
            audits = stack.enter_context(ProcessPoolExecutor(mp_context=get_context("spawn"))).map(audit, katas)
        for one in audits:
            result.problems += one.problems
            result.notes += one.notes
            result.katas += 1
            result.points += one.points
            result.right += one.right
            result.wrong += one.wrong
    return result


def _audit_kata(kata: Kata, isolation: str) -> AuditResult:
    texts = load_catalogue(kata.exercise / "messages.toml")
    result = AuditResult(points=kata.points)
    result.problems += [*_audit_files(kata), *_audit_titles(kata), *_audit_hints(texts)]
    result.problems += _audit_gaps(kata, texts)
    result.problems += [*_audit_predict(kata), *_audit_name(kata), *audit_explained(kata)]
    secret = kata.secrets / "messages.toml"
    others = (secret, kata.exercise / PICTURE_TEXTS, kata.exercise / APPROACHES)
    catalogues = [texts, *(load_catalogue(path) for path in others if path.exists())]
    result.problems += [problem for catalogue in catalogues for problem in audit_catalogue(catalogue)]
    result.notes += [note for catalogue in catalogues for note in find_untranslated(catalogue)]
    if not kata.missing("author"):
        result.problems += audit_picture(kata)
        with Judge((kata,), isolation=isolation) as judge:
            result.problems += audit_verdicts(kata, texts, judge)
        result.right, result.wrong = len(right_answers(kata)), len(wrong_answers(kata))
    return result


# --- files and texts ----------------------------------------------------------------------------------------------


def _audit_files(kata: Kata) -> Iterator[str]:
    solution = kata.secrets
    known = {path.relative_to(kata.bank) for path in kata.files("author")} | {
        (solution / name).relative_to(kata.bank) for name in ("right", "wrong", EDITS)
    }
    yield from (f"{path}: is missing" for path in kata.missing("author"))
    for path in _files_below(kata.exercise, solution):
        if path.relative_to(kata.bank) not in known:
            yield f"{path}: is no file of a kata"
    for name in ("README.md", "README.ko.md"):
        path = kata.exercise / name
        if path.exists() and len(path.read_text("utf-8").split()) < 50:
            yield f"{path}: has fewer than 50 words"
    rights = list((solution / "right").glob(f"*{kata.suffix}"))
    if len(rights) < MIN_RIGHT:
        yield f"{solution / 'right'}: {len(rights)} other right answers, {MIN_RIGHT} are needed"


def _files_below(*folders: Path) -> Iterator[Path]:
    """What lies in a kata's folders and in support/; caches of Python do not count."""
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.name == SUPPORT and path.is_dir():
                yield from _files_below(path)
            elif path.name != "__pycache__":
                yield path


def audit_catalogue(catalogue: Catalogue) -> Iterator[str]:
    """Yield what is wrong with a catalogue's texts: a language, a placeholder, a character, a Korean particle."""
    for table, entries in catalogue.tables.items():
        for name, entry in entries.items():
            where = f"{catalogue.path}: [{table}.{name}]"
            wanted = ("ko",) if table == "titles" else BOTH
            missing = [language for language in wanted if not str(entry.get(language, "")).strip()]
            if missing:
                yield f"{where}: no text in {', '.join(missing)}"
                continue
            rules = entry.get("when", [])
            known = {"type", "contains", *FIELDS}
            if not (isinstance(rules, list) and all("type" in rule and set(rule) <= known for rule in rules)):
                yield f"{where}: when: is no list of rules, [{{ type = ..., FIELD = ... }}]"
            texts = {language: entry[language] for language in LANGUAGES if language in entry}
            if len({placeholders(text) for text in texts.values()}) > 1:
                yield f"{where}: the placeholders differ between the languages"
            for language, text in texts.items():
                yield from (f"{where}: {language}: {problem}" for problem in _audit_text(text, language))


def _audit_gaps(kata: Kata, texts: Catalogue) -> Iterator[str]:
    """Yield what a picture's sentence about a missing answer has no value for."""
    path = kata.exercise / PICTURE_TEXTS
    tags = load_catalogue(TEXTS / "common.toml").tables["tags"] | texts.tables.get("tags", {})
    for tag, entry in (load_catalogue(path).tables.get("gaps", {}) if path.exists() else {}).items():
        known = GAP_VALUES | placeholders(tags.get(tag, {}).get("en", ""))
        for name in sorted(placeholders(entry.get("en", "")) - known):
            yield f"{path}: [gaps.{tag}]: {{{name}}}: neither {', '.join(sorted(GAP_VALUES))} nor in [tags.{tag}]"


def find_untranslated(catalogue: Catalogue) -> Iterator[str]:
    """Yield, for each further language, what it lacks of a catalogue; such texts are said in English."""
    entries = {f"[{table}.{name}]": entry for table, rows in catalogue.tables.items() for name, entry in rows.items()}
    for language in LANGUAGES[len(BOTH) :]:
        missing = [name for name, entry in entries.items() if language not in entry]
        if missing:
            yield f"{catalogue.path}: {language}: no text for {len(missing)} of {len(entries)}: {', '.join(missing)}"


def _audit_text(text: str, language: str) -> Iterator[str]:
    try:
        text.encode("cp949")
    except UnicodeEncodeError as problem:
        yield f"{text[problem.start]!r} is not in cp949, so a Korean Windows console cannot show it"
    if _UNWANTED.search(text):
        yield "a dash or an emoji that consoles do not show"
    if language == "ko" and (found := _PARTICLE.search(text)):
        yield f"the particle {found[1]!r} directly after a placeholder"


def placeholders(text: str) -> frozenset[str]:
    """Return the names in braces."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def _audit_titles(kata: Kata) -> Iterator[str]:
    titles = load_catalogue(kata.exercise / "messages.toml").tables.get("titles", {})
    for file in (kata.public_checks, kata.hidden_checks):
        tree = ast.parse(file.read_text("utf-8")) if file and file.exists() else ast.Module([], [])
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                name, english = node.name.removeprefix("test_"), ast.get_docstring(node) or ""
                if name not in titles:
                    yield f"{kata.exercise / 'messages.toml'}: [titles] {name}: no Korean title"
                elif placeholders(titles[name]["ko"]) != placeholders(english):
                    yield f"{kata.exercise / 'messages.toml'}: [titles] {name}: other placeholders than the docstring"


def _audit_hints(texts: Catalogue) -> Iterator[str]:
    hints = texts.tables.get("hints", {})
    levels = {str(level) for level in range(1, HINTS + 1)}
    yield from (f"{texts.path}: [hints.{level}]: is missing" for level in sorted(levels - hints.keys()))
    yield from (f"{texts.path}: [hints.{name}]: is no level" for name in sorted(hints.keys() - levels))
    for level, entry in hints.items():
        for language, (least, most) in HINT_WORDS.items():
            text = str(entry.get(language, ""))
            if not least <= len(text.split()) <= most:
                words = f"{len(text.split())} words; {least} to {most} are wanted"
                yield f"{texts.path}: [hints.{level}]: {language}: {words}"
            if "{" in text or "}" in text:
                yield f"{texts.path}: [hints.{level}]: {language}: a brace, and a hint has no placeholders"


def _audit_predict(kata: Kata) -> Iterator[str]:
    stub = (given_out(kata) or b"").decode("utf-8")
    for name in kata.predict:
        if not re.search(rf"^{re.escape(name)} = ", stub, re.M):
            yield f"{kata.exercise / 'kata.toml'}: predict: the stub has no line {name} = ..."


def _audit_name(kata: Kata) -> Iterator[str]:
    if not is_free_slug(kata.slug):
        yield f"{kata.exercise}: its name: a file called {kata.slug} would hide something of Python's, pytest's or ours"
