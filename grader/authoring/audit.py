"""The content gate for kata authors: proves that each kata judges as it should.

Of every kata: its files are known and complete in both languages, with three hints; the untouched stub passes nothing
and says what to do; the reference and every file of right/ get full marks; every file of wrong/ fails with the tag in
its name, and a public check sees it, or its first line says why none does; a file full of odd values surprises no
check; points add up; every explained mutant is one; every other way to write it is right; the picture of the reference
lacks nothing. A rule broken is a sentence that names file and key.
"""

import ast
import re
import string
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from grader.authoring.audit_approaches import audit_approaches
from grader.authoring.audit_picture import audit_picture
from grader.authoring.mutate import audit_explained
from grader.authoring.stub import find_stale, given_out, strip_markers
from grader.bank.kata import APPROACHES, Kata, is_free_slug
from grader.bank.package import SHARED, SUPPORT
from grader.bank.texts import HINTS
from grader.intake import Submission
from grader.judge.judge import Judge, isolation_for_trusted_code
from grader.result import KataResult, Outcome
from grader.sandbox.cause import FIELDS
from grader.words.catalogue import Catalogue, load_catalogue
from grader.words.languages import BOTH, LANGUAGES, TEXTS

PICTURE_TEXTS = f"{SUPPORT}/picture.toml"
MIN_RIGHT = 4
"""Other right answers a kata must have."""
PUBLIC_SHARE = (0.5, 0.7)
"""About 60 % of a kata's points are public (ladder)."""
HINT_WORDS = {"en": (40, 120), "ko": (20, 120)}
"""Length of a hint: short enough to be read, long enough to lead somewhere. Korean says the same in fewer words."""

GREEN = "# Green at home:"
"""How the first line of a known mistake begins that passes all public checks; the reason follows."""

# Particles whose form depends on the last sound before them; after a placeholder they come out wrong.
_PARTICLE = re.compile(r"\}(은|는|이|가|을|를|과|와|로|으로|이에요|예요|이라|라서)(?![가-힣])")
_UNWANTED = re.compile("[\u2013\u2014\u2015\U0001f000-\U0001ffff]")

ODD_VALUES = (
    "None",
    "'x'",
    "10**60",
    "[]",
    "[[1, [2]], 3]",
    "{1: 'a', 'b': [2]}",
    "{(1, 2), 3}",
    "(None, None, None)",
    "object()",
    "-1.5",
    "True",
    "['a', 'b', 'c', 'd']",
    "__import__('numpy').ones((3, 1, 2))",
    "[__import__('numpy').zeros(0), 1, 'z']",
    "float('nan')",
)
"""What a confused student's names may hold or return."""

ODD_TOML = (
    "1",
    "-0.5",
    "nan",
    "0x" + "f" * 100,
    "true",
    "2021-02-16",
    '"x"',
    '"..."',
    '"""\nfalse\n"""',
    "[]",
    "[[1, [2]], 3]",
    '{ a = { "b c" = [1] } }',
    "[" * 60 + "]" * 60,
)
"""The same for a file in TOML."""


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
    result.problems += [*_audit_predict(kata), *_audit_name(kata), *audit_explained(kata)]
    secret = _solution(kata) / "messages.toml"
    others = (secret, kata.exercise / PICTURE_TEXTS, kata.exercise / APPROACHES)
    catalogues = [texts, *(load_catalogue(path) for path in others if path.exists())]
    result.problems += [problem for catalogue in catalogues for problem in audit_catalogue(catalogue)]
    result.notes += [note for catalogue in catalogues for note in find_untranslated(catalogue)]
    if not kata.missing("author"):
        result.problems += audit_picture(kata)
        with Judge((kata,), isolation=isolation) as judge:
            _audit_verdicts(kata, texts, judge, result)
    return result


def _solution(kata: Kata) -> Path:
    assert kata.solution is not None  # find_stale has refused a kata without one
    return kata.solution


# --- files and texts ----------------------------------------------------------------------------------------------


def _audit_files(kata: Kata) -> Iterator[str]:
    solution = _solution(kata)
    known = {path.relative_to(kata.bank) for path in kata.files("author")} | {
        (solution / folder).relative_to(kata.bank) for folder in ("right", "wrong")
    }
    needed = [
        *kata.missing("author"),
        *(path for path in (solution / "right", solution / "wrong") if not path.exists()),
    ]
    yield from (f"{path}: is missing" for path in needed)
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


# --- verdicts -----------------------------------------------------------------------------------------------------


def _audit_verdicts(kata: Kata, texts: Catalogue, judge: Judge, result: AuditResult) -> None:
    solution = _solution(kata)

    def grade(source: str) -> KataResult:
        report = judge.grade(Submission("audit", {kata.name: source.encode("utf-8")}))
        return report.katas[0] if report.katas else KataResult(kata.name, ())

    reference = strip_markers((solution / kata.file_name).read_text("utf-8"))
    full = grade(reference)
    result.problems += _audit_points(kata, full)
    result.problems += _audit_full(solution / kata.file_name, full)
    result.problems += audit_approaches(kata, grade)
    result.problems += _audit_stub(kata, texts, grade(kata.student_file.read_text("utf-8")))
    for path in sorted((solution / "right").glob(f"*{kata.suffix}")):
        result.right += 1
        result.problems += _audit_full(path, grade(path.read_text("utf-8")))
    shown: set[str] = set()
    tags = texts.tables.get("tags", {})
    for path in sorted((solution / "wrong").glob(f"*{kata.suffix}")):
        result.wrong += 1
        source = path.read_text("utf-8")
        graded = grade(source)
        result.problems += [*_audit_wrong(path, tags, graded, shown), *_audit_green(path, source, graded)]
    for tag, entry in tags.items():
        if tag not in shown and not entry.get("note"):
            result.problems.append(f"{texts.path}: [tags.{tag}]: no file of wrong/ shows it")
    for value, source in _odd_files(kata, reference):
        for check in grade(source).checks:
            if check.outcome is Outcome.INTERNAL or check.tag == "unexpected_form":
                result.problems.append(f"{kata.name}: {check.id}: dies of {value}: {check.message.get('en', '')}")


def _audit_points(kata: Kata, full: KataResult) -> Iterator[str]:
    ids = [check.id for check in full.checks]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"{kata.name}: two checks are called {name}"
    if full.max_score != kata.points:
        yield f"{kata.exercise / 'kata.toml'}: points: {kata.points:g}, but the checks give {full.max_score:g}"
    public = sum(check.max_points for check in full.checks if not check.hidden)
    if full.max_score and not PUBLIC_SHARE[0] <= public / full.max_score <= PUBLIC_SHARE[1]:
        yield f"{kata.name}: {public / full.max_score:.0%} of the points are public; 60 % is the rule"


def _audit_full(path: Path, result: KataResult) -> Iterator[str]:
    for check in result.checks:
        if check.outcome is not Outcome.PASSED:
            words = check.message.get("en", "").replace("\n", " ")
            yield f"{path}: should get full marks, but {check.id} says {check.tag}: {words}"


def _audit_stub(kata: Kata, texts: Catalogue, result: KataResult) -> Iterator[str]:
    # A stub may begin with a mistake to repair; then the tag with its `when` rule is what it says.
    said = {"not_filled", "blocked"} | {tag for tag, entry in texts.tables.get("tags", {}).items() if "when" in entry}
    for check in result.checks:
        if check.outcome is Outcome.PASSED:
            yield f"{kata.student_file}: the untouched stub passes {check.id}"
        elif check.tag not in said:
            yield f"{kata.student_file}: the untouched stub gets {check.tag} from {check.id}, not what to fill"


def _audit_wrong(path: Path, tags: dict[str, Any], result: KataResult, shown: set[str]) -> Iterator[str]:
    tag = tag_of(path, tags)
    if tag is None:
        yield f"{path}: its name begins with no tag of messages.toml"
        return
    shown.add(tag)
    found = [check.tag for check in result.checks if check.outcome is not Outcome.PASSED]
    if tag not in found:
        yield f"{path}: should fail with {tag}; it got {', '.join(dict.fromkeys(found)) or 'full marks'}"


def _audit_green(path: Path, source: str, result: KataResult) -> Iterator[str]:
    """What costs points is looked at by a public check once, or the mistake's file says why not."""
    public = [check for check in result.checks if not check.hidden]
    green = bool(public) and all(check.outcome is Outcome.PASSED for check in public)
    reason = source.partition("\n")[0].removeprefix(GREEN).strip() if source.startswith(GREEN) else ""
    if green and not reason:
        yield f"{path}: all public checks pass; let one look at this mistake, or say why in the first line: {GREEN} ..."
    if reason and not green:
        yield f"{path}: is not green at home, as its first line says, but fails a public check"


def tag_of(path: Path, tags: Iterable[str]) -> str | None:
    """Return the longest tag that a file of wrong/ is named after; None if there is none."""
    fitting = [tag for tag in tags if path.stem == tag or path.stem.startswith(f"{tag}_")]
    return max(fitting, key=len, default=None)


def _odd_files(kata: Kata, reference: str) -> Iterator[tuple[str, str]]:
    """Yield each odd value with a file full of it."""
    if kata.needs != "toml":
        yield from ((value, _odd_module(reference, value)) for value in ODD_VALUES)
        return
    tables = tomllib.loads(reference)
    for value in ODD_TOML:
        yield value, "".join(f"{name} = {value}\n" for name in tables)
        fields = [f"{name}.{key} = {value}\n" for name, table in tables.items() for key in table]
        yield f"{value} in a table", "".join(fields)


def _odd_module(reference: str, value: str) -> str:
    """The reference with every name of the student's part bound to an odd value, or to a function that returns it."""
    lines = []
    for node in ast.parse(reference).body:
        if isinstance(node, ast.FunctionDef):
            lines.append(f"def {node.name}(*args, **kwargs):\n    return {value}")
        elif isinstance(node, ast.Assign):
            lines += [f"{target.id} = {value}" for target in node.targets if isinstance(target, ast.Name)]
    return "\n".join(lines) + "\n"
