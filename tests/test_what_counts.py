"""What counts, and what is next: one rule for the terminal, the class page, a student's page and her picture."""

import dataclasses
import io
import re

import pytest
from rich.console import Console

from grader.cli.pages import open_class
from grader.cli.shared import cli_texts
from grader.pages.class_page import mean
from grader.pages.feedback import open_katas, wanted_pictures
from grader.pages.results import as_judged
from grader.pages.survey import take_survey
from grader.pages.write import write_pages
from grader.report.book import open_book
from grader.report.table import list_mistakes, render_marks, render_notes
from grader.result import Outcome, Status
from grader.students import Student
from grader.words.catalogue import load_catalogue
from grader.words.languages import TEXTS
from tests.page_reports import read_page
from tests.results_folder import ALL, report, write_results

DROP = '[[drop]]\nkata = "02"\ncheck = "and_rows"\nreason = "its text was wrong"\n'
EXEMPT = '[[exempt]]\nstudent = "d"\nkata = "03"\nreason = "ill"\n'


def with_tags(made):
    """Name every mistake of a report after its check, and let nand_rows wait for and_rows."""
    katas = []
    for result in made.katas:
        failed = {check.id for check in result.checks if check.outcome is not Outcome.PASSED}
        checks = []
        for check in result.checks:
            waits = check.id == "nand_rows" and {"and_rows", "nand_rows"} <= failed
            outcome = Outcome.BLOCKED if waits else check.outcome
            words = {"en": f"{check.id}: what went wrong", "ko": f"{check.id}: 틀린 곳"} if check.id in failed else {}
            checks.append(
                dataclasses.replace(check, outcome=outcome, tag=f"t_{check.id}" if words else "", message=words)
            )
        katas.append(dataclasses.replace(result, checks=tuple(checks)))
    return dataclasses.replace(made, katas=tuple(katas))


def the_class():
    return [
        with_tags(report("a", *ALL)),
        with_tags(report("b", "nand_rows", "secret", "xor_rows", "hidden")),
        with_tags(report("c", "and_rows", "xor_rows")),
        with_tags(report("d", "and_rows", "nand_rows")),
        with_tags(report("e")),
        report("f", status=Status.UNREADABLE),
    ]


@pytest.fixture
def folder(tmp_path):
    students = [Student("b", "Ben"), Student("d", "Dora, Ph.D."), Student("g", "Gil")]
    return write_results(tmp_path / "out", the_class(), students, DROP + EXEMPT)


def table_of(folder):
    console = Console(width=120, file=io.StringIO())
    console.print(render_marks(open_book(folder, {}), cli_texts(), "en", width=120))
    return console.file.getvalue()


def page_words(folder, name):
    return read_page(folder / "feedback" / f"{name}.html").words


def rows_by_id(folder):
    shown = open_class(folder, ())
    return {row.id: row for row in shown.rows()}, shown.dropped


def test_the_terminal_and_the_class_page_name_the_same_mistakes(folder):
    shown = open_class(folder, ())
    survey = take_survey(shown.rows(), shown.dropped, shown.given)
    on_page = [(one.kata, one.tag, one.count, one.message) for one in survey.common]
    listed = [one for one in list_mistakes(open_book(folder, {})) if one.kata]
    assert [(one.kata, one.tag, len(one.submissions), one.message) for one in listed] == on_page
    # b failed only what was dropped; d is exempt from 03; e's nand_rows waited, and secret is what she did wrong.
    assert {(one.tag, *one.submissions) for one in listed} == {
        ("t_nand_rows", "c"),
        ("t_secret", "d Dora, Ph.D.", "e"),
        ("t_hidden", "c"),
        ("t_xor_rows", "e"),
    }


def test_the_first_mistake_beside_the_marks_is_one_that_counts(folder):
    lines = {line.split()[0]: line.split()[-1] for line in table_of(folder).splitlines() if line.strip()}
    assert {name: lines[name] for name in "bcde"} == {"b": "9", "c": "t_nand_rows", "d": "t_secret", "e": "t_secret"}


def test_terminal_and_page_have_the_same_mean_under_the_same_name(folder):
    last = table_of(folder).splitlines()[-1].split()
    shown = open_class(folder, ())
    survey = take_survey(shown.rows(), shown.dropped, shown.given)
    # 02 without its dropped 2: 4, 4, 0, 1.5, 0; 03: 5, 5, 3, exempt, 0.
    assert last == ["mean", "4.5"]
    means = [mean(one.mean) for one in survey.katas.values()]
    assert [*means, mean(survey.mean)] == ["1.9", "3.2", "4.5"]
    write_pages(shown, (), ("en",))
    foot = (folder / "report.html").read_text("utf-8").split("<tfoot>")[1].split("</tfoot>")[0]
    cells = re.sub(r"<span lang=\"ko\">.*?</span>|<[^>]*>", " ", foot).split()
    assert cells == ["mean", *means, last[-1], "max", "4", "5", "9"]
    pages = load_catalogue(TEXTS / "pages.toml")
    for name in ("mean", "most"):
        assert pages.text("pages", f"table_{name}") == cli_texts().text("table", name)


def test_one_submission_has_no_mean(tmp_path):
    folder = write_results(tmp_path / "out", [report("a", *ALL)])
    assert "mean" not in table_of(folder)


def test_the_class_page_says_once_what_is_decided_for_everybody(folder):
    write_pages(open_class(folder, ()), (), ("en",))
    words = read_page(folder / "report.html").words
    assert words.count("the check and_rows does not count: its text was wrong") == 1
    assert words.count("exempt: ill") == 1
    for name in "abcde":
        assert page_words(folder, name).count("and_rows does not count: its text was wrong") == 1
    # Nothing of hers was judged, so nothing is left out.
    assert "and_rows" not in page_words(folder, "f")
    assert "and_rows" not in page_words(folder, "g")


def test_a_kata_whose_only_open_check_was_dropped_is_not_next_and_its_picture_is_not_wanted(folder):
    rows, dropped = rows_by_id(folder)
    katas = {"02_gates", "03_xor"}
    assert [kata.kata for kata in open_katas(rows["b"], dropped)] == []
    assert [kata.kata for kata in open_katas(rows["b"], {})] == ["02_gates"]
    # Both katas are full, so the picture is of the one with the most points.
    assert wanted_pictures(rows["b"], "next", katas, dropped) == ("02_gates",)
    assert wanted_pictures(rows["b"], "next", {"03_xor"}, dropped) == ("03_xor",)
    left = as_judged(with_tags(report("x", "nand_rows", "secret", "xor_rows")))
    assert wanted_pictures(left, "next", katas, {}) == ("02_gates",)
    assert wanted_pictures(left, "next", katas, dropped) == ("03_xor",)


def test_a_kata_that_somebody_is_exempt_from_is_not_next(folder):
    rows, dropped = rows_by_id(folder)
    assert [kata.kata for kata in open_katas(rows["d"], dropped)] == ["02_gates"]
    assert [kata.kata for kata in open_katas(rows["e"], dropped)] == ["02_gates", "03_xor"]


def test_the_class_page_marks_an_exempt_kata_as_the_terminal_does(folder):
    write_pages(open_class(folder, ()), (), ("en",))
    rows = (folder / "report.html").read_text("utf-8").split("<tbody>")[1].split("</tbody>")[0].splitlines()
    cells = {re.search(r'data-who="(.*?)"', row)[1]: re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows if row}
    assert cells["d"] == ["1.5", "=", "1.5"]
    assert cells["f"] == ["", "", ""]
    assert "d Dora, Ph.D. 1.5* = 1.5" in " ".join(table_of(folder).split())


def test_a_students_page_goes_by_what_counts(folder):
    write_pages(open_class(folder, ()), (), ("en",))
    ben, eve = page_words(folder, "b"), page_words(folder, "e")
    assert "Every check that counts passed." in ben
    assert "What to look at next" not in ben
    # The dropped check is told, and stands in no sum.
    assert "and_rows does not count" in ben
    assert "4 / 4 2/2 0/0" in ben
    # nand_rows waited for the dropped check: what failed by itself comes first.
    following = eve.split("What to look at next")[1].split("On your machine")[0]
    assert "secret: what went wrong" in following
    assert "Every check of every kata passed." in page_words(folder, "a")


def test_a_check_that_waited_for_a_dropped_one_is_still_open(tmp_path):
    left = with_tags(report("x", "secret", "xor_rows", "hidden"))
    folder = write_results(tmp_path / "out", [left], (), DROP)
    rows, dropped = rows_by_id(folder)
    assert list(left.mistakes(["02_gates", "03_xor"], dropped)) == []
    assert [kata.kata for kata in open_katas(rows["x"], dropped)] == ["02_gates"]
    write_pages(open_class(folder, ()), (), ("en",))
    assert "nand_rows: what went wrong" in page_words(folder, "x").split("What to look at next")[1]


# --- what students read of decisions on checks ----------------------------------------------------------------------

SECRET = {
    "id": "s3cret[AND]",
    "title": "T1tle of it",
    "tag": "t4g_of_it",
    "message": {"en": "w0rds of it", "ko": "w0rds"},
}


def with_secret(made):
    """Make the check "secret" of a report a hidden one that can be found wherever it is told."""
    gates, xor = made.katas
    checks = tuple(
        dataclasses.replace(one, hidden=True, **SECRET) if one.id == "secret" else one for one in gates.checks
    )
    return dataclasses.replace(made, katas=(dataclasses.replace(gates, checks=checks), xor))


@pytest.mark.parametrize("give", [False, True])
def test_of_a_hidden_check_that_was_dropped_the_student_reads_no_name_and_the_instructor_does(tmp_path, give):
    drop = f'[[drop]]\nkata = "02"\ncheck = "s3cret[AND]"\nreason = "its limit"\ngive = {str(give).lower()}\n'
    decided = drop + DROP + '[[group]]\nname = "g"\nstudents = ["a", "b"]\nhands_in = "a"\n'
    reports = [
        with_secret(report("a", "xor_rows")),
        with_secret(report("b", "nand_rows")),
        with_secret(report("c", *ALL)),
    ]
    folder = write_results(tmp_path / "out", reports, (), decided)
    write_pages(open_class(folder, ()), (), ("en", "ko"))
    for name in "abc":
        page = (folder / "feedback" / f"{name}.html").read_text("utf-8")
        for leak in ("s3cret", "T1tle", "t4g", "w0rds"):
            assert leak not in page
        assert ("everybody has the points of a hidden check" if give else "a hidden check does not count") in page
        assert ("숨은 검사 하나의 점수를 모두에게 줬어요" if give else "숨은 검사 하나를 채점에서 뺐어요") in page
        assert "its limit" in page
        assert "the check and_rows does not count: its text was wrong" in page
    assert "s3cret[AND]" in (folder / "report.html").read_text("utf-8")
    assert any("s3cret[AND]" in line for line in render_notes(open_book(folder, {}), cli_texts(), "en"))


@pytest.mark.parametrize("give", [False, True])
def test_a_check_whose_points_everybody_has_is_not_said_to_count_for_nobody(tmp_path, give):
    decided = DROP + f"give = {str(give).lower()}\n"
    folder = write_results(tmp_path / "out", [report("a", "nand_rows"), report("b", "and_rows")], (), decided)
    write_pages(open_class(folder, ()), (), ("en", "ko"))
    words = {"a": page_words(folder, "a"), "b": page_words(folder, "b")}
    shown = {name: text.split("and_rows and_rows")[-1] for name, text in words.items()}
    for text in shown.values():
        assert ("2 / 2 · everybody has its points 모두에게 점수를 줌" in text) is give
        assert ("does not count 점수에서 뺌" in text) is not give
    assert "3.5 of 11 points" in words["a"] if give else "1.5 of 9 points" in words["a"]
    page = read_page(folder / "report.html").words.split("Kata by kata")[1]
    assert ("and_rows and_rows everybody has its points" in page) is give
    assert ("and_rows and_rows does not count" in page) is not give
