"""A results' folder as kata grade leaves one, from a line of marks: for tests of what is made of results."""

from grader.report.book import RESULTS
from grader.result import CheckResult, KataResult, Outcome, Report, Status
from grader.students import FILE_NAME, Student, render_students

KATAS = {"02_gates": {"and_rows": 2.0, "nand_rows": 1.5, "secret": 2.5}, "03_xor": {"xor_rows": 3.0, "hidden": 2.0}}
"""Kata -> check -> points: 6 and 5 in all."""


def report(name, *passed, status=Status.GRADED, kit="0.1.0", katas=KATAS):
    """Return a report on which exactly the named checks passed."""
    results = tuple(
        KataResult(
            kata,
            tuple(
                CheckResult(check, check, False, 1, Outcome.PASSED if check in passed else Outcome.FAILED, points)
                for check, points in checks.items()
            ),
        )
        for kata, checks in katas.items()
    )
    shown = results if status is Status.GRADED else ()
    most = sum(points for checks in katas.values() for points in checks.values())
    return Report(name, status, "full", kit, f"sha256:{name}", 0.1, most, shown)


ALL = tuple(check for checks in KATAS.values() for check in checks)


def write_results(folder, reports, students=(), adjustments=""):
    """Write the folder; `students` are what is known beside ids."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RESULTS).write_text("".join(f"{one.to_line()}\n" for one in reports), "utf-8")
    if students:
        (folder / FILE_NAME).write_bytes(render_students(students))
    if adjustments:
        (folder / "adjustments.toml").write_text(adjustments, "utf-8")
    return folder


def the_class():
    """Return a class of five of Canvas: reports and students; the last one's zip was damaged."""
    reports = [
        report("4711", *ALL),
        report("4712", "and_rows", "xor_rows"),
        report("4713"),
        report("4714", "and_rows", "nand_rows", "hidden"),
        report("4715", status=Status.UNREADABLE),
    ]
    names = ["Kim, Ana", "O'Neil, Bob", "김민수", "van der Berg, Dora", "Li, Eve"]
    students = [
        Student(str(4711 + at), name, f"2021000{at + 1}", f"s{at}@x.kr", f"login{at}", str(4711 + at), "Canvas")
        for at, name in enumerate(names)
    ]
    return reports, students
