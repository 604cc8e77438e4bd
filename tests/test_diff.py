"""kata diff: whose marks changed through which check, and results that no book can be made of."""

import pytest
from click.testing import CliRunner

from grader.cli import kata as command
from grader.errors import UsageError
from grader.report.book import open_book
from grader.report.compare import compare
from grader.result import Status
from grader.students import Student
from tests.results_folder import ALL, KATAS, report, the_class, write_results
from tests.test_marks import results

__all__ = ["results"]


def test_diff_names_who_changed_by_how_much_and_through_which_check(tmp_path, results):
    reports, students = the_class()
    reports[1] = report("4712", "and_rows", "nand_rows", "xor_rows")
    reports[4] = report("4716")
    new = write_results(tmp_path / "new", reports, students[:4])
    changes = {change.student: change for change in compare(open_book(results, {}), open_book(new, {}))}
    assert set(changes) == {"4712", "4715", "4716"}
    bob = changes["4712"]
    assert (bob.before, bob.after, bob.causes) == (5.0, 6.5, ("02 nand_rows 0 -> 1.5",))
    assert (changes["4715"].is_gone, changes["4716"].is_new) == (True, True)


def test_diff_shows_a_persons_decision_and_a_check_that_changed_without_a_change_of_the_sum(tmp_path, results):
    reports, students = the_class()
    reports[3] = report("4714", "secret", "and_rows", "hidden")
    decided = '[[points]]\nstudent = "4711"\nkata = "03"\npoints = 1\ncomment = "copied"\n'
    new = write_results(tmp_path / "new", reports, students, decided)
    changes = {change.student: change.causes for change in compare(open_book(results, {}), open_book(new, {}))}
    assert changes == {"4711": ("03 5 -> 1*",), "4714": ("02 nand_rows 1.5 -> 0", "02 secret 0 -> 2.5")}


def test_diff_on_the_terminal(tmp_path, results):
    new = write_results(tmp_path / "new", [report("4711"), *the_class()[0][1:]], the_class()[1])
    done = CliRunner().invoke(command, ["diff", str(results), str(new), "--lang", "en"], catch_exceptions=False)
    assert "4711 Kim, Ana" in done.output
    assert "-11" in done.output
    assert "1 student has other marks" in done.output


# --- results that cannot be used ------------------------------------------------------------------------------------


def test_results_of_another_form_of_several_kits_or_of_none_are_one_sentence(tmp_path):
    folder = write_results(tmp_path / "a", [report("x")])
    text = (folder / "results.jsonl").read_text("utf-8")
    (folder / "results.jsonl").write_text(text.replace('"schema": 1', '"schema": 7'), "utf-8")
    with pytest.raises(UsageError, match="other_schema"):
        open_book(folder, {})
    (folder / "results.jsonl").write_text(text + "{\n", "utf-8")
    with pytest.raises(UsageError, match=r"bad_results.*'line': 2"):
        open_book(folder, {})
    mixed = write_results(tmp_path / "b", [report("x"), report("y", kit="0.0.9")])
    with pytest.raises(UsageError, match="several_kits"):
        open_book(mixed, {})
    with pytest.raises(UsageError, match="no_results"):
        open_book(tmp_path / "nothing", {})


def test_results_of_one_earlier_kit_are_used_as_they_are(tmp_path):
    folder = write_results(tmp_path / "a", [report("x", *ALL, kit="0.0.9")])
    assert [row.total for row in open_book(folder, {}).rows()] == [11.0]
    assert open_book(folder, {}).katas == {kata: sum(checks.values()) for kata, checks in KATAS.items()}


def test_nothing_that_was_not_judged_is_a_zero(tmp_path):
    reports = [report("a", status=Status.INTERNAL_ERROR), report("b", status=Status.UNREADABLE), report("c")]
    folder = write_results(tmp_path / "a", reports, [Student("z", name="Zoe")])
    rows = {row.student.id: (row.status, row.total) for row in open_book(folder, {}).rows()}
    assert rows == {
        "a": ("internal-error", None),
        "b": ("unreadable", None),
        "c": ("graded", 0.0),
        "z": ("missing", None),
    }
