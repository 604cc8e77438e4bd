"""Pages from results: what stands in them, what never does, and what they cost."""

import base64
import gc
import itertools
import json
import re
import weakref
import zlib
from urllib.parse import unquote

import numpy as np
import pytest

from grader.authoring.answers import wrong_answers
from grader.bank.kata import load_katas
from grader.bank.texts import load_kata_texts
from grader.copies.file_names import FileNames, folded
from grader.errors import UsageError
from grader.intake import Submission
from grader.judge.judge import Judge, isolation_for_trusted_code
from grader.pages.class_page import _PICTURES_BYTES, BLOCK
from grader.pages.feedback import MARK
from grader.pages.items import FEWEST, Item
from grader.pages.render import set_off
from grader.pages.results import ClassResults, as_judged
from grader.pages.titles import Titles
from grader.pages.write import write_pages
from grader.result import report_from_json
from tests.conftest import ROOT
from tests.page_reports import HIDDEN_INPUT, HIDDEN_TITLE, check, pages_of, read_page, report, write_results

# --- difficulty and discrimination -----------------------------------------------------------------------------


def test_discrimination_is_the_correlation_with_the_points_of_all_other_checks():
    random = np.random.default_rng(7)
    passed, rest = random.integers(0, 2, size=80), random.normal(50, 20, size=80)
    item = Item()
    for x, r in zip(passed.tolist(), rest.tolist(), strict=True):
        item.add(bool(x), r)
    assert item.discrimination == pytest.approx(np.corrcoef(passed, rest)[0, 1], abs=1e-12)
    assert item.share == passed.mean()


@pytest.mark.parametrize(
    ("passed", "rest"),
    [
        ([True] * 20, range(20)),
        ([False] * 20, range(20)),
        ([True, False] * 10, [3.0] * 20),
        ([True, False] * 2, range(4)),
    ],
    ids=["all-pass", "none-pass", "all-others-equal", "too-few"],
)
def test_discrimination_is_not_told_where_it_says_nothing(passed, rest):
    item = Item()
    for x, r in zip(passed, rest, strict=True):
        item.add(x, r)
    assert item.discrimination is None


def test_the_class_page_counts_who_passed_each_check(tmp_path):
    wrong = [check("doubles", outcome="failed", tag="adds_two", message="double(3): got 5.\nmore"), check("again")]
    folder = pages_of(tmp_path, [report(f"s{i:02}", wrong if i < 3 else None) for i in range(FEWEST + 2)])
    page = read_page(folder / "report.html")
    assert "9/12 · 75%" in page.words
    assert "3× 01 adds_two" in page.words
    assert "double(3): got 5." in page.words
    assert "more" not in page.words.split("Students and katas")[0].split("Counted once")[1]


# --- names of files ----------------------------------------------------------------------------------------------

AWKWARD = [
    *("ana", "Ana", "ANA", "나래", "Kim Minsu", "a/b", "a\\b", "..", ".", "", " ", "x" * 300, "한" * 200),
    *(
        "CON",
        "con.txt",
        "aux",
        "LPT1",
        "COM¹",
        "nul.tar.gz",
        "a.",
        "a ",
        " a",
        "a:b",
        "a*?",
        "-rf",
        "~",
        "a\nb",
        "\x00",
    ),
    *(
        "é",
        "e\u0301",
        "ﬁ",
        "fi",
        "ı",
        "I",
        "İ",
        "straße",
        "strasse",
        "<script>",
        "=cmd()",
        "a\u202eb",
        "ana-0123456789",
    ),
]


def test_every_id_gives_a_file_name_of_its_own_that_every_system_takes():
    names = FileNames(AWKWARD)
    stems = {one: names.stem(one) for one in AWKWARD}
    assert len({folded(stem) for stem in stems.values()}) == len(set(AWKWARD))
    for stem in stems.values():
        assert stem
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f\u202e]', stem)
        assert not stem.endswith((".", " "))
        assert not stem.startswith((" ", ".", "-"))
        assert not re.fullmatch(r"(?i)(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(\..*)?", stem)
        assert len(f"{stem}.html".encode()) <= 143
    assert stems["나래"] == "나래"
    assert stems["Kim Minsu"] == "Kim Minsu"


def test_a_file_name_does_not_depend_on_the_order_of_the_class():
    for some in itertools.permutations(["ana", "Ana", "ben"]):
        assert FileNames(some).stem("ben") == "ben"
        assert FileNames(some).stem("Ana") == FileNames(["Ana", "ana"]).stem("Ana")


def test_every_submission_has_its_page_and_the_class_page_leads_to_it(tmp_path):
    folder = pages_of(tmp_path, [report(one) for one in AWKWARD])
    links = [attributes["href"] for tag, attributes in read_page(folder / "report.html").tags if tag == "a"]
    rows = {unquote(link) for link in links if link.startswith("feedback/")}
    assert len(rows) == len(AWKWARD)
    assert all((folder / one).is_file() for one in rows)


# --- what a student never reads -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def answers_of_the_bank():
    """Reports on known mistakes of every kata: some submissions, each with another mistake in every kata."""
    katas = load_katas(ROOT)
    wrong = {one.name: wrong_answers(one) for one in katas}
    with Judge(katas, isolation=isolation_for_trusted_code()) as judge:
        reports = []
        for number in range(2):
            files = {name: every[(7 * number) % len(every)].source.encode() for name, every in wrong.items()}
            reports.append(judge.grade(Submission(f"pupil{number}zz", files)).to_json())
    return katas, reports


def test_no_word_of_a_hidden_check_is_on_a_students_page_of_any_kata(answers_of_the_bank, tmp_path):
    katas, reports = answers_of_the_bank
    folder = pages_of(tmp_path, reports, katas=katas, languages=("en", "ko"))
    looked_at = 0
    for one in reports:
        words = read_page(folder / "feedback" / f"{one['submission']}.html").words
        for graded in one["katas"]:
            public = {c["title"] for c in graded["checks"] if not c["hidden"]}
            texts = next(load_kata_texts(k, hidden=True) for k in katas if k.name == graded["kata"])
            for c in (c for c in graded["checks"] if c["hidden"]):
                korean = texts.title(c["id"].split("[")[0], "")["ko"]
                secrets = [c["title"], korean if "{" not in korean else "", *c["message"].values()]
                secrets += [text for text in (c["expected"], c["actual"]) if len(text) > 12]
                for secret in filter(None, secrets):
                    if secret not in public:
                        looked_at += 1
                        assert " ".join(secret.split()) not in words
    assert looked_at > 100


def test_every_check_of_every_kata_has_its_korean_title(answers_of_the_bank):
    katas, reports = answers_of_the_bank
    titles = Titles(katas)
    found = {
        (graded.kata, one.id): titles.check(graded.kata, one)
        for graded in report_from_json(reports[0]).katas
        for one in graded.checks
    }
    assert len(found) > 200
    assert [key for key, title in found.items() if title["ko"] == title["en"] or "{" in title["ko"]] == []
    # A parameter with an id of its own: what stands in the id is not what stands in the title.
    assert found["11_fit_new", "note_one_step[x=1]"]["ko"].startswith("note_step(0.5, 0.2, 1, 1, 0.1)")


def test_a_hidden_input_and_its_expected_value_are_not_on_a_students_page(tmp_path):
    secret = check(
        "random", outcome="failed", hidden=True, tag="adds_two", title=HIDDEN_TITLE, message=f"{HIDDEN_INPUT}: 543656"
    )
    folder = pages_of(tmp_path, [report("ana", [check("doubles"), {**secret, "expected": "543656", "actual": "8421"}])])
    text = (folder / "feedback" / "ana.html").read_text("utf-8")
    assert not [word for word in (HIDDEN_TITLE, "271828", "543656", "8421", "adds_two") if word in text]
    assert "public 1/1, hidden 0/1" in read_page(folder / "feedback" / "ana.html").words
    assert HIDDEN_TITLE in read_page(folder / "report.html").words


def test_a_students_page_names_nobody_else(answers_of_the_bank, tmp_path):
    katas, reports = answers_of_the_bank
    folder = pages_of(tmp_path, reports, katas=katas)
    for one, other in itertools.permutations([one["submission"] for one in reports], 2):
        assert other not in (folder / "feedback" / f"{one}.html").read_text("utf-8")


def test_a_fault_of_the_kit_is_told_without_its_words(tmp_path):
    fault = check("doubles", outcome="internal", message="/home/judge/secret.py: KeyError")
    one = report("ana", [fault])
    folder = pages_of(tmp_path, [{**one, "status": "internal-error", "score": None, "reason": {"en": "/home/x"}}])
    words = read_page(folder / "feedback" / "ana.html").words
    assert "/home" not in words
    assert "no fault of yours" in words
    assert "of 3 points" not in words


def test_words_that_several_checks_share_are_said_once_in_a_row(tmp_path):
    said = ["No file.", "No file.", "Not tried.", "No file."]
    checks = [check(f"c{i}", outcome="failed", message=message) for i, message in enumerate(said)]
    words = read_page(pages_of(tmp_path, [report("ana", checks)]) / "feedback" / "ana.html").words
    assert " ".join(re.findall(r"No file\.|Not tried\.|as above", words.split("c0 holds", 2)[2])) == (
        "No file. as above Not tried. No file."
    )


# --- what a page is ------------------------------------------------------------------------------------------------


def test_pages_ask_for_nothing_and_run_only_their_own_script(tmp_path):
    folder = pages_of(tmp_path, [report("ana")], languages=("en", "ko"))
    for path in (folder / "report.html", folder / "feedback" / "ana.html"):
        page = read_page(path)
        policy = next(a["content"] for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
        assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
        assert "unsafe" not in policy
        assert ("script-src" in policy) is (path.name == "report.html")
        assert not [a for _, a in page.tags if any(name.startswith("on") or name == "style" for name in a)]
        for tag, attributes in page.tags:
            for name in ("src", "href"):
                address = attributes.get(name, "#")
                assert address.startswith(("#", "data:image/", "feedback/")), (tag, address)


def test_a_page_in_both_languages_has_both_and_one_in_korean_only_that(tmp_path):
    wrong = [check("doubles", outcome="failed", tag="x", message="got 5")]
    both = pages_of(tmp_path / "both", [report("ana", wrong)], languages=("en", "ko")) / "feedback" / "ana.html"
    assert {"en", "ko"} <= {a.get("lang") for tag, a in read_page(both).tags if tag == "span"}
    korean = pages_of(tmp_path / "ko", [report("ana", wrong)], languages=("ko",)) / "feedback" / "ana.html"
    page = read_page(korean)
    assert "got 5 (한국어)" in page.words
    assert "What to look at next" not in page.words
    assert next(a["lang"] for tag, a in page.tags if tag == "html") == "ko"


def test_what_a_click_shows_is_every_check_with_its_words(tmp_path):
    wrong = [check("doubles", outcome="failed", tag="adds_two", message="</script><b>got 5"), check("again")]
    folder = pages_of(tmp_path, [report(f"s{i:02}", wrong if i % 2 else None) for i in range(45)])
    page = read_page(folder / "report.html")
    blocks = [json.loads(zlib.decompress(base64.b64decode(page.scripts[f"b{i}"]))) for i in range(3)]
    which, verdicts = blocks[1]["katas"][0][0]
    assert len(which) == 20
    assert verdicts[which[1]][1:] == ["adds_two", {"en": "</script><b>got 5", "ko": "</script><b>got 5 (한국어)"}]
    assert verdicts[which[0]][1:] == ["", {}]
    meta = json.loads(page.scripts["meta"])
    assert [one["id"] for one in meta["katas"][0]["checks"]] == ["doubles", "again", "random"]


def test_pages_of_submissions_that_are_gone_are_removed_and_other_files_stay(tmp_path):
    folder = pages_of(tmp_path, [report("ana"), report("ben")])
    mine = folder / "feedback" / "notes.html"
    mine.write_text("<p>mine</p>", "utf-8")
    pages_of(tmp_path, [report("ana")])
    assert sorted(path.name for path in (folder / "feedback").iterdir()) == ["ana.html", "notes.html"]
    assert MARK in (folder / "feedback" / "ana.html").read_text("utf-8")


def test_the_same_results_give_the_same_bytes(tmp_path):
    wrong = [check("doubles", outcome="failed", tag="x", message="got 5")]
    folder = pages_of(tmp_path, [report("ana"), report("ben", wrong)])
    before = {path: path.read_bytes() for path in folder.rglob("*.html")}
    write_pages(ClassResults(folder), (), ("en",))
    assert {path: path.read_bytes() for path in folder.rglob("*.html")} == before


def test_a_class_of_five_hundred_with_other_words_for_everybody_stays_below_two_megabytes(tmp_path):
    random = np.random.default_rng(1)

    def everything_wrong(i):
        noise = random.integers(0, 10**9, size=(40, 50)).tolist()
        return [
            check(f"check{n:03}", outcome="failed", tag=f"t{i % 30}", message=str(row)) for n, row in enumerate(noise)
        ]

    sizes = []
    for count in (20, 40):
        reports = [report(f"student{i:04}", everything_wrong(i)) for i in range(count)]
        sizes.append((pages_of(tmp_path / str(count), reports) / "report.html").stat().st_size)
    each = (sizes[1] - sizes[0]) / 20
    assert sizes[0] + 480 * each + _PICTURES_BYTES < 2_000_000


def test_no_more_reports_are_held_than_one_block_of_students(tmp_path):
    alive, most = [0], [0]

    def end():
        alive[0] -= 1

    def describe(one):
        alive[0] += 1
        if alive[0] > 2 * BLOCK:
            # What nobody holds may lie in a ring until the collector comes by.
            gc.collect()
        most[0] = max(most[0], alive[0])
        weakref.finalize(one, end)
        return as_judged(one)

    folder = write_results(tmp_path, (report(f"s{i:05}") for i in range(150)))
    write_pages(ClassResults(folder, describe), (), ("en",))
    assert most[0] <= 2 * BLOCK + 5


# --- results that cannot be used --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "JSONDecodeError"),
        (json.dumps({**report("a"), "schema": 2}).encode(), "schema 2"),
        (json.dumps({**report("a"), "submission": 7}).encode(), "no string"),
        (json.dumps(report("a", [{**check("x"), "message": ["no"]}])).encode(), "by language"),
        (b'"text"', "TypeError"),
        (b"[" * 100_000, "Recursion"),
        (b"\xff\xfe", "Unicode"),
    ],
    ids=["cut", "schema", "id", "message", "text", "deep", "bytes"],
)
def test_a_line_that_is_no_report_is_named_with_its_number(tmp_path, line, reason):
    (tmp_path / "results.jsonl").write_bytes(json.dumps(report("a")).encode() + b"\n" + line + b"\n")
    with pytest.raises(UsageError) as problem:
        write_pages(ClassResults(tmp_path), (), ("en",))
    assert problem.value.text == "bad_results"
    assert problem.value.values["line"] == "2"
    assert reason in problem.value.values["reason"]
    assert not (tmp_path / "report.html").exists()


def test_results_of_another_bank_and_kit_have_their_pages(tmp_path):
    folder = pages_of(tmp_path, [report("ana", kata="77_glaciers", kit="9.9")], katas=load_katas(ROOT))
    words = read_page(folder / "report.html").words
    assert "9.9" in words
    assert "77 glaciers" in words


def test_what_nobody_has_begun_is_no_mistake(tmp_path):
    def failed(tag):
        return [check("doubles", outcome="failed", tag=tag, message="m")]

    tags = ["not_filled", "not_filled", "missing_file", "adds_two"]
    page = pages_of(tmp_path, [report(f"s{number}", failed(tag)) for number, tag in enumerate(tags)])
    words = read_page(page / "report.html").words
    mistakes, above, rest = words.split("Commonest mistakes")[1].split("Not begun, so no mistake:")
    assert "01 (3)" in above
    assert "adds_two" in mistakes
    assert "not_filled" not in mistakes
    assert "not filled in 빈칸 그대로 : 2" in rest
    assert "no file 파일 없음 : 1" in rest


def test_what_waited_for_a_check_that_does_not_count_is_no_mistake(tmp_path):
    checks = [
        check("doubles", outcome="failed", tag="adds_two", message="m"),
        check("margin", outcome="blocked", tag="blocked", hidden=True, message="not yet"),
    ]
    write_results(
        tmp_path, [report("ana", checks), report("ben", [*checks, check("again", outcome="failed", tag="x")])]
    )
    write_pages(ClassResults(tmp_path, dropped={"01_double": {"doubles"}}), (), ("en",))
    mistakes = read_page(tmp_path / "report.html").words.split("Commonest mistakes")[1].split("Students and katas")[0]
    assert "01 x" in mistakes
    assert "blocked" not in mistakes
    assert "adds_two" not in mistakes
    words = read_page(tmp_path / "feedback" / "ben.html").words
    assert "doubles holds does not count" in words
    assert "again holds 0 / 1" in words


def test_a_text_sets_words_off_as_a_terminal_can_and_a_students_line_stays():
    said = "b is *added*, see `neuron` <b>.\n    a *b* `c`\n2 * 3 * 4, f(*args, *more)"
    assert set_off(said) == (
        "b is <em>added</em>, see <code>neuron</code> &lt;b&gt;.\n    a *b* `c`\n2 * 3 * 4, f(*args, *more)"
    )
