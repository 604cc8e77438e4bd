"""The page judges as `kata check` does: the same JSON in both languages, for stubs, right and wrong answers.

A sample with `make test-page`; all of the bank with `make test-site` (KATA_SITE_ALL=1).
"""

import json
import os
import shutil
import subprocess
import sys

import pytest

from grader.authoring.answers import reference_of, right_answers, wrong_answers
from grader.bank.kata import load_katas
from tests.conftest import ROOT
from tests.test_two_worlds import BY_CHANCE, at_home

ALL = os.environ.get("KATA_SITE_ALL") == "1"
KATAS = [kata for kata in load_katas(ROOT) if kata.needs != "keras"]
FIRST = 1
"""Known mistakes of each kata in the sample, besides stub and reference."""


def answers(kata):
    """(name, bytes) of what is judged: the stub, the reference, right answers, known mistakes."""
    right, wrong = right_answers(kata), wrong_answers(kata)
    if not ALL:
        right, wrong = [], wrong[:FIRST]
    known = [(answer.place, answer.source.encode()) for answer in (reference_of(kata), *right, *wrong)]
    return [("stub", kata.student_file.read_bytes()), *known]


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    """A copy of the exercises in which the files can be changed."""
    folder = tmp_path_factory.mktemp("bank")
    shutil.copytree(ROOT / "exercises", folder / "exercises", ignore=shutil.ignore_patterns("__pycache__", ".kata*"))
    return folder


def said_at_home(bank, kata, sources):
    """What a student's own pytest says of each file: of the stub by the command itself, of the others in one process.

    `test_two_worlds.py` holds that this one process judges like many.
    """
    stub, *others = sources
    (bank / "exercises" / kata.name / kata.file_name).write_bytes(stub)
    command = [sys.executable, "-m", "grader", "check", kata.name, "--json", "--bank", str(bank)]
    done = subprocess.run(command, capture_output=True, cwd=bank, check=False)
    return [json.loads(done.stdout)["katas"][0]["checks"], *at_home(kata, others)]


@pytest.fixture(scope="module")
def opened(chromium, host):
    from tests.site.hosting import Page

    page = Page(chromium, host)
    page.forget()
    page.open(f"#{KATAS[0].name}")
    yield page
    page.forget()


@pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.name)
def test_the_page_says_what_kata_check_says(opened, bank, kata):
    page = opened
    page.js("location.hash = arguments[0]", kata.name)
    page.wait(f"document.getElementById('file').textContent === '{kata.file_name}'")
    # An editor writes line ends and UTF-8 in its own way.
    files = {name: source for name, source in answers(kata) if is_the_editors(source)}
    differ = []
    for (name, source), wanted in zip(files.items(), said_at_home(bank, kata, [*files.values()]), strict=True):
        kind, found = said_in_the_page(page, kata, source, wanted)
        if name.rstrip("]").endswith(BY_CHANCE):
            found, wanted = [by_chance(check) for check in found], [by_chance(check) for check in wanted]
        # No floating-point flags in WebAssembly (docs/site.md): what NumPy would have warned of is not seen there.
        unseen = {check["id"] for check in wanted if check["tag"] == "exp_overflow"}
        found, wanted = ([check for check in checks if check["id"] not in unseen] for checks in (found, wanted))
        if [judged(check) for check in found] != [judged(check) for check in wanted]:
            differ.append((name, kind, first_difference(found, wanted)))
    assert differ == []


def said_in_the_page(page, kata, source, wanted):
    """(kind of verdict, checks). The page stops by the clock: what only a busy machine stopped is asked again."""
    stopped = sum(check["outcome"] == "timeout" for check in wanted)
    page.write(source.decode("utf-8"))
    for _ in range(TRIES):
        page.run()
        verdict = page.work(kata.name)["verdict"]
        found = [{**check, "title": check["title"]["en"]} for check in verdict.get("checks", [])]
        found = [{name: value for name, value in check.items() if name not in BESIDE} for check in found]
        if sum(check["outcome"] == "timeout" for check in found) <= stopped:
            break
    return verdict["kind"], found


BESIDE = ("printed", "traceback")
TRIES = 4


def by_chance(check):
    """Of a file that draws from the system's own chance: what does not differ from run to run."""
    return {name: check[name] for name in ("id", "outcome", "tag", "points")}


def judged(check):
    """The check as it is compared: of a stopped loop its name alone, because the line it stood in is chance."""
    return by_chance(check) if check["outcome"] == "timeout" else check


def first_difference(found, wanted):
    return next(
        ((a, b) for a, b in zip(found, wanted, strict=False) if judged(a) != judged(b)), (len(found), len(wanted))
    )


def is_the_editors(source):
    """True if the browser's editor writes these very bytes."""
    try:
        source.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\r" not in source and not source.startswith(b"\xef\xbb\xbf")
