"""An author's mistake is one sentence with file, key and what to run, exit 2, whichever command meets it."""

import shutil

import pytest

from grader.authoring.new import write_kata
from tests.conftest import WHOLE
from tests.test_cli import kata

FIRST, SECOND = "01_words", "02_more"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A bank of two new katas, and a right answer to the first."""
    folder = tmp_path_factory.mktemp("letters")
    for name in (FIRST, SECOND):
        write_kata(folder, name, needs="py")
    (folder / "ana").mkdir()
    for name in ("words.py", "more.py"):
        shutil.copy(folder / "solutions" / FIRST / "right" / "adds.py", folder / "ana" / name)
    return folder


@pytest.fixture
def bank(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "letters")


def put(name, text):
    def change(bank):
        (bank / name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))

    return change


def swap(name, old, new):
    def change(bank):
        text = (bank / name).read_text("utf-8")
        assert old in text
        (bank / name).write_text(text.replace(old, new), "utf-8")

    return change


def drop(name):
    def change(bank):
        path = bank / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return change


E, S = f"exercises/{FIRST}", f"solutions/{FIRST}"
WRONG = f"{S}/wrong.toml"
EDIT = '[squared_too]\nedits = [{ was = "    return 2 * x", now = "    return x * x" }]\n'
PICTURE, MESSAGES = f"{E}/support/picture.py", f"{E}/messages.toml"
GRADE, CHECK, PLOT = "grade ana --out out --no-isolation", "check", "plot 01 --text"
AUDIT, RELEASE, NBGRADER, MUTATE = "audit", "release --to new", "nbgrader --to new", "mutate --kata 01"
EVERYWHERE = (GRADE, CHECK, AUDIT, RELEASE, NBGRADER, MUTATE)

BROKEN = {
    "kata.toml is no TOML": (put(f"{E}/kata.toml", "= 3"), f"{E}/kata.toml: TOML: ", (*EVERYWHERE, PLOT)),
    "kata.toml is no text": (put(f"{E}/kata.toml", b"\xff"), f"{E}/kata.toml: TOML: ", (GRADE, CHECK)),
    "no points in kata.toml": (swap(f"{E}/kata.toml", "points = 2", ""), f"{E}/kata.toml: points: ", (GRADE, CHECK)),
    "points below 0": (swap(f"{E}/kata.toml", "points = 2", "points = -2"), f"{E}/kata.toml: points: ", (GRADE, CHECK)),
    "bank.toml is no TOML": (put("exercises/bank.toml", "= 3"), "exercises/bank.toml: TOML: ", (*EVERYWHERE, PLOT)),
    "a package that Python has": (
        swap("exercises/bank.toml", "package = ", 'package = "random" #'),
        "exercises/bank.toml: package: 'random'",
        (GRADE, PLOT),
    ),
    "a bank for another version": (
        swap("exercises/bank.toml", ">=0.1,<0.2", ">=7"),
        "exercises/bank.toml: kit: the bank is made for perceptron-kata>=7, and here is 0.1.0",
        (*EVERYWHERE, PLOT),
    ),
    "no kata.toml": (drop(f"{E}/kata.toml"), f"{E}/kata.toml: the file: is missing", (GRADE, CHECK)),
    "no messages": (drop(MESSAGES), f"{MESSAGES}: the file: is missing", EVERYWHERE),
    "messages are no TOML": (put(MESSAGES, "= 3"), f"{MESSAGES}: TOML: ", (GRADE, CHECK, AUDIT, NBGRADER, MUTATE)),
    "no public checks": (
        drop(f"{E}/test_words.py"),
        f"{E}/test_words.py: the file: is missing",
        (GRADE, RELEASE, NBGRADER, MUTATE),
    ),
    "no hidden checks": (
        drop(f"{S}/test_words_hidden.py"),
        f"{S}/test_words_hidden.py: the file: is missing",
        (GRADE, NBGRADER, MUTATE),
    ),
    "no README": (drop(f"{E}/README.ko.md"), f"{E}/README.ko.md: the file: is missing", (RELEASE, NBGRADER)),
    "no reference": (
        drop(f"{S}/words.py"),
        f"{S}/words.py: the file: is missing",
        (AUDIT, RELEASE, NBGRADER, MUTATE, "build"),
    ),
    "no solution": (drop(S), f"{S}: the folder: is missing", (GRADE, AUDIT, NBGRADER, MUTATE, "build")),
    "points that do not add up": (
        swap(f"{E}/kata.toml", "points = 2", "points = 3"),
        f"{E}/kata.toml: points: 3, but the checks give 2",
        (GRADE, "grade ana --out out --no-isolation --jobs 2", NBGRADER),
    ),
    "a check without points": (
        swap(f"{E}/test_words.py", "points=1.2, ", ""),
        f"{E}/test_words.py: three: ",
        (GRADE, CHECK, AUDIT, NBGRADER, MUTATE),
    ),
    "a picture that cannot be imported": (
        swap(PICTURE, "from dataclasses", "import no_such_module\nfrom dataclasses"),
        f"{PICTURE}: import, line 3: ModuleNotFoundError: ",
        (PLOT, "audit --kata 01"),
    ),
    "a picture without its function": (
        swap(PICTURE, "def read(", "def look("),
        f"{PICTURE}: read: AttributeError: ",
        (PLOT, AUDIT),
    ),
    "a picture that fails": (
        swap(PICTURE, "        rows = [", "        1 / 0\n        rows = ["),
        f"{PICTURE}: lines, line 27: ZeroDivisionError: ",
        (PLOT, AUDIT),
    ),
    "a picture without a text": (
        swap(f"{E}/support/picture.toml", "[picture.answer]", "[picture.other]"),
        f"{E}/support/picture.toml: [picture.answer]: is missing",
        (PLOT, AUDIT),
    ),
    "a text with a lone brace": (
        swap(f"{E}/support/picture.toml", 'en = "double(x)"', 'en = "double(x) {"'),
        f"{E}/support/picture.toml: [picture.answer]: is no text with placeholders",
        (PLOT,),
    ),
    "known mistakes are no TOML": (put(WRONG, "= 3"), f"{WRONG}: TOML: ", (AUDIT,)),
    "a known mistake is no table": (put(WRONG, "squared_too = 3"), f"{WRONG}: squared_too: is no table", (AUDIT,)),
    "a known mistake of an answer that is not there": (
        put(WRONG, EDIT + 'of = "right/nobody.py"\n'),
        f"{WRONG}: squared_too.of: there is no ",
        (AUDIT,),
    ),
    "an edit that fits nowhere": (
        put(WRONG, EDIT.replace("2 * x", "3 * x")),
        f"{WRONG}: squared_too.edits: the lines of edit 1 stand there 0 times",
        (AUDIT,),
    ),
    "a known mistake without edits": (
        put(WRONG, "[squared_too]\nedits = []\n"),
        f"{WRONG}: squared_too.edits: is no list of edits",
        (AUDIT,),
    ),
    "an edit that lacks what it puts in": (
        put(WRONG, EDIT.replace("now", "then")),
        f"{WRONG}: squared_too.edits: edit 1 has no `was` and `now`",
        (AUDIT,),
    ),
    "a known mistake that is a file, too": (
        put(WRONG, EDIT.replace("squared_too", "squared")),
        f"{WRONG}: squared: is a file of wrong/, too",
        (AUDIT,),
    ),
}
# A sample has one command of each, in turn.
CASES = [
    pytest.param(change, words, command, id=f"{name}, {command.split()[0]}")
    for number, (name, (change, words, commands)) in enumerate(BROKEN.items())
    for command in (commands if WHOLE else (commands[number % len(commands)],))
]


@pytest.mark.parametrize(("change", "words", "command"), CASES)
def test_it_is_one_sentence_exit_2_and_nothing_written(bank, change, words, command):
    change(bank)
    done = kata(*command.split(), cwd=bank)
    assert done.returncode == 2, done.stdout + done.stderr
    (sentence,) = [line for line in done.stderr.splitlines() if line and not line.startswith("isolation:")]
    assert words in sentence
    assert "After mending it, run: kata " in sentence
    assert "Traceback" not in done.stdout + done.stderr
    assert not (bank / "new").exists()
    assert not (bank / "out" / "results.jsonl").exists()


def test_public_checks_that_a_student_has_lost_are_named_to_her(bank):
    drop(f"{E}/test_words.py")(bank)
    done = kata("check", "01", cwd=bank)
    assert done.returncode == 2
    assert f"This copy does not hold {E}/test_words.py as it was given out" in done.stderr


@pytest.mark.parametrize("name", ["kata.toml is no TOML", "no messages", "no solution", "a check without points"])
@pytest.mark.parametrize("command", ["check 02", "plot 02 --text", "grade ana --kata 02 --out out --no-isolation"])
def test_the_other_katas_stay_usable(bank, name, command):
    BROKEN[name][0](bank)
    assert kata(*command.split(), cwd=bank).returncode in (0, 1)


def test_without_a_pytest_ini_checks_and_release_work_and_the_audit_says_so(bank):
    drop("exercises/pytest.ini")(bank)
    assert "Line 9: double is still" in kata("check", "01", cwd=bank).stdout
    assert kata("release", "--to", "new", cwd=bank).returncode == 0
    done = kata("audit", cwd=bank)
    assert done.returncode == 1
    assert "exercises/pytest.ini: is missing" in done.stderr


def test_the_audit_lists_what_a_kata_lacks_instead_of_stopping_at_it(bank):
    for name in (f"{E}/test_words.py", f"{S}/test_words_hidden.py", f"{E}/README.md"):
        drop(name)(bank)
    done = kata("audit", cwd=bank)
    assert done.returncode == 1
    assert [line.endswith("is missing") for line in done.stderr.splitlines()] == [True, True, True, False]


def test_a_file_name_that_hides_a_module_is_found_by_the_audit(bank):
    for side in ("exercises", "solutions"):
        folder = (bank / side / SECOND).rename(bank / side / "02_random")
        for path in folder.glob("*more*"):
            path.rename(folder / path.name.replace("more", "random"))
    done = kata("audit", "--kata", "02", cwd=bank)
    assert done.returncode == 1
    assert "a file called random would hide something" in done.stderr
