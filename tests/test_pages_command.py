"""kata report and the pictures of a class, from results alone."""

import base64
import itertools
import shutil
import zlib

import pytest

from grader.bank.kata import load_katas
from grader.cli.pages import Job, look_at_submissions
from grader.cli.shared import Speaker
from grader.intake import Found, Submission
from grader.pages.feedback import wanted_pictures
from grader.pages.keep import Drawing, Keep
from grader.pages.results import ClassResults, as_judged
from grader.pages.write import write_pages
from grader.pictures import walled
from grader.pictures.walled import Drawn
from grader.result import report_from_json
from tests.conftest import ROOT, write_bank
from tests.page_reports import check, read_page, report, write_results
from tests.test_cli import RIGHT, kata


@pytest.fixture(scope="module")
def once_graded(tmp_path_factory):
    """A class of two, graded once: the bank and what lies beside it."""
    room = tmp_path_factory.mktemp("graded")
    bank = write_bank(room / "bank")
    for name, source in {"ana": RIGHT, "ben": "def double(x):\n    return x + 2\n"}.items():
        (room / "school" / name).mkdir(parents=True)
        (room / "school" / name / "double.py").write_text(source, "utf-8")
    done = kata("grade", room / "school", "--out", room / "out", "--lang", "ko", cwd=bank)
    assert done.returncode == 0, done.stderr
    return room


@pytest.fixture
def graded(once_graded, tmp_path):
    for name in ("school", "out"):
        shutil.copytree(once_graded / name, tmp_path / name)
    return tmp_path / "school", tmp_path / "out"


@pytest.fixture
def bank(once_graded):
    return once_graded / "bank"


def test_report_makes_the_pages_again_without_grading(bank, graded):
    school, out = graded
    before = {path.relative_to(out): path.read_bytes() for path in out.rglob("*.html")}
    assert set(map(str, before)) == {"report.html", "feedback/ana.html", "feedback/ben.html"}
    shutil.rmtree(out / "feedback")
    (out / "report.html").unlink()
    shutil.rmtree(school)
    done = kata("report", out, "--lang", "ko", cwd=bank)
    assert done.returncode == 0, done.stderr
    assert {path.relative_to(out): path.read_bytes() for path in out.rglob("*.html")} == before
    assert "두 배" in read_page(out / "report.html").words


def test_report_needs_nothing_but_results_and_says_what_it_does_not_know(graded, tmp_path):
    _, out = graded
    lone = tmp_path / "elsewhere"
    lone.mkdir()
    shutil.copy(out / "results.jsonl", lone)
    done = kata("report", lone, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Nobody has looked" in read_page(lone / "report.html").words
    assert "There is no picture on this page" in read_page(lone / "feedback" / "ben.html").words
    assert sorted(path.name for path in lone.iterdir()) == ["feedback", "report.html", "results.jsonl"]


def test_report_says_which_submissions_are_none_of_these_results(bank, graded):
    school, out = graded
    (school / "ben" / "double.py").write_text("def double(x):\n    return 0\n", "utf-8")
    done = kata("report", out, school, cwd=bank)
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip().splitlines()[-1].endswith("changed since: ben")


def test_report_reads_submissions_for_the_katas_that_were_graded(tmp_path):
    for name in ("02_gates/gates.py", "03_xor/xor.py"):
        (tmp_path / "school" / "ana" / name).parent.mkdir(parents=True)
        shutil.copy(ROOT / "exercises" / name, tmp_path / "school" / "ana" / name)
    (tmp_path / "school" / "ben").mkdir()
    (tmp_path / "school" / "ben" / "gates.rar").write_bytes(b"Rar!")
    done = kata("grade", tmp_path / "school", "--out", tmp_path / "out", "--kata", "02", "--pictures", "none", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    done = kata("report", tmp_path / "out", tmp_path / "school", "--pictures", "none", cwd=ROOT)
    assert (done.returncode, "changed since" in done.stdout + done.stderr) == (0, False)


@pytest.mark.parametrize("content", [None, "{}\n"], ids=["nothing", "no-report"])
def test_a_folder_without_usable_results_is_one_sentence(bank, tmp_path, content):
    (tmp_path / "out").mkdir()
    if content is not None:
        (tmp_path / "out" / "results.jsonl").write_text(content, "utf-8")
    done = kata("report", tmp_path / "out", cwd=bank)
    assert done.returncode == 2
    assert "results.jsonl" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


# --- pictures ----------------------------------------------------------------------------------------------------


def test_the_picture_that_is_wanted_is_of_the_first_kata_with_something_to_do():
    wrong = check("x", outcome="failed")
    crashed = check("x", outcome="error")
    katas = [("01_a", [check("x")]), ("02_b", [crashed]), ("03_c", [wrong]), ("04_d", [wrong])]
    data = report("ana")
    data["katas"] = [{"kata": name, "checks": checks} for name, checks in katas]
    names = {name for name, _ in katas}
    one = as_judged(report_from_json(data))
    assert wanted_pictures(one, "next", names, {}) == ("03_c",)
    assert wanted_pictures(one, "next", names - {"03_c"}, {}) == ("04_d",)
    assert wanted_pictures(one, "all", names, {}) == ("01_a", "03_c", "04_d")
    assert wanted_pictures(one, "none", names, {}) == ()


def test_a_kata_that_ran_out_of_time_is_not_asked_again_for_its_picture():
    data = report("ana")
    slow = [check("x", outcome="failed"), check("y", outcome="timeout")]
    katas = {"01_a": slow, "02_b": [check("x", outcome="failed")]}
    data["katas"] = [{"kata": name, "checks": checks} for name, checks in katas.items()]
    one = as_judged(report_from_json(data))
    assert wanted_pictures(one, "next", katas, {}) == ("02_b",)
    assert wanted_pictures(one, "all", katas, {}) == ("02_b",)
    assert wanted_pictures(one, "next", {"01_a"}, {}) == ()


def test_a_picture_belongs_to_the_very_submission_that_was_judged(tmp_path):
    wrong = [check("doubles", outcome="failed", tag="x", message="got 5")]
    write_results(tmp_path, [report("ana", wrong), report("ben", wrong)])
    with Keep(tmp_path, writes=True) as keep:
        keep.note_drawing("k1", {"en": Drawing(b"<svg>one</svg>", "in words, one")})
        keep.note_picture("ana", "01_double", "sha256:ana", "", "k1")
        keep.note_picture("ben", "01_double", "sha256:older", "", "k1")
    write_pages(ClassResults(tmp_path), (), ("en",))
    ana, ben = (read_page(tmp_path / "feedback" / f"{name}.html") for name in ("ana", "ben"))
    image = next(a for tag, a in ana.tags if tag == "img")
    assert base64.b64decode(image["src"].split(",")[1]) == b"<svg>one</svg>"
    assert image["alt"]
    assert "in words, one" in ana.words
    assert not [tag for tag, _ in ben.tags if tag == "img"]
    page = read_page(tmp_path / "report.html")
    assert zlib.decompress(base64.b64decode(page.scripts["pk1"])) == b"<svg>one</svg>"


@pytest.mark.parametrize("at_once", [1, 3], ids=["one worker", "three"])
def test_a_file_that_several_handed_in_is_asked_once_for_all_of_them(tmp_path, monkeypatch, at_once):
    katas = load_katas(write_bank(tmp_path / "bank", {"exercises/01_double/support/picture.py": ""}))
    school = {
        name: Submission(name, {"01_double": body})
        for name, body in {"ana": b"0", "ben": b"0", "cho": b"1", "dan": b"0", "eve": b"1"}.items()
    }
    wrong = [check("doubles", outcome="failed", tag="x", message="got 5")]
    write_results(tmp_path, [{**report(name, wrong), "digest": one.digest} for name, one in school.items()])
    asked = []

    def draw(wishes, *_, **__):
        while some := list(itertools.islice(wishes, at_once)):
            asked.extend(wish.source for wish in some)
            for wish in some:
                key = wish.source.decode()
                yield Drawn(wish.file, wish.kata.name, key, {"en": wish.source}, {"en": key})

    monkeypatch.setattr(walled, "draw_class", draw)
    found = [Found(name, tmp_path) for name in school]
    job = Job(katas, "", "all", Speaker("en"))
    look_at_submissions(tmp_path, found, lambda place, _katas: school[place.id], job, isolation="none")
    assert sorted(asked) == [b"0", b"1"]
    with Keep(tmp_path, writes=False) as keep:
        kept = {name: keep.pictures(name, one.digest) for name, one in school.items()}
    assert kept == {name: {"01_double": one.files["01_double"].decode()} for name, one in school.items()}
