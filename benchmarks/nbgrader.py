"""What a submission costs: `nbgrader autograde` beside `kata grade --nbgrader`, in one run on one course.

Run it with: python benchmarks/nbgrader.py [--students 30] [--sample 4] [--kata 02 --kata 03]
Both are the whole commands as an instructor types them, gradebook included, with one process at a time (nbgrader has no
other way; --jobs 1 here). What a command costs before its first submission (the import of nbgrader in both, and the
start of drawing) is taken from a class of one with a mistake, so that the cost of one more submission can be told from
it. nbgrader grades a sample of the class, because its cost per submission does not depend on the others. Half of the
submissions are the reference, half a known mistake. Read the ratios; the seconds belong to the machine.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from grader.authoring.answers import reference_of, wrong_answers
from grader.bank.kata import Kata, load_katas, select_katas
from grader.bank.package import find_bank
from grader.intake import notebook_file
from grader.intake.ipynb import answer_id, answer_mark
from grader.nbgrader.writing import write_course

ASSIGNMENT = "katas"


def run(course: Path, *arguments: str) -> float:
    """Run a Python module in the course and return its seconds."""
    scripts = sysconfig.get_path("scripts")
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=course, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(arguments)}\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start


def answers_of(kata: Kata) -> list[str]:
    """The reference and a known mistake."""
    return [reference_of(kata).source, wrong_answers(kata)[0].source]


def make_class(course: Path, katas: tuple[Kata, ...], students: list[str]) -> None:
    """Write the course, generate its assignment and hand in for everyone."""
    write_course(katas, course, one_assignment=True, language="en")
    run(course, "nbgrader", "generate_assignment", ASSIGNMENT)
    (course / "roster.csv").write_text("\n".join(["id", *students]) + "\n", "utf-8")
    run(course, "nbgrader", "db", "student", "import", "roster.csv")
    for kata in katas:
        notebook = json.loads((course / "release" / ASSIGNMENT / notebook_file(kata)).read_text("utf-8"))
        (cell,) = (
            cell for cell in notebook["cells"] if cell["metadata"]["nbgrader"].get("grade_id") == answer_id(kata)
        )
        for number, student in enumerate(students):
            cell["source"] = f"{answer_mark(kata)}\n{answers_of(kata)[number % 2]}"
            folder = course / "submitted" / student / ASSIGNMENT
            folder.mkdir(parents=True, exist_ok=True)
            (folder / notebook_file(kata)).write_text(json.dumps(notebook), "utf-8")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--sample", type=int, default=4)
    parser.add_argument("--kata", action="append", default=None)
    options = parser.parse_args()
    bank = find_bank(Path(__file__).parent)
    katas = select_katas(load_katas(bank), tuple(options.kata or ("02", "03", "05")))
    students = [f"s{number:02}" for number in range(options.students)]
    with tempfile.TemporaryDirectory() as place:
        course = Path(place) / "course"
        make_class(course, katas, students)
        alone = shutil.copytree(course, Path(place) / "alone")
        for student in [students[0], *students[2:]]:
            shutil.rmtree(alone / "submitted" / student)
        theirs_one = run(alone, "nbgrader", "autograde", ASSIGNMENT)
        sample = f"--CourseDirectory.student_id=s0[0-{options.sample - 1}]"
        theirs = (run(course, "nbgrader", "autograde", ASSIGNMENT, sample) - theirs_one) / (options.sample - 1)
        shutil.rmtree(course / "autograded")
        grade = ("grader", "grade", "--bank", str(bank), "--nbgrader", ".", "--assignment", ASSIGNMENT, "--jobs", "1")
        ours_one = run(alone, *grade, "--out", str(Path(place) / "one"))
        ours_all = run(course, *grade, "--out", str(Path(place) / "all"))
    count = len(students)
    ours = (ours_all - ours_one) / (count - 1)
    theirs_all = theirs_one + (count - 1) * theirs
    print(f"{len(katas)} katas ({', '.join(kata.name for kata in katas)}), a class of {count}; seconds")
    print(f"nbgrader's class from a sample of {options.sample}")
    print(f"{'':24}{'first':>10}{'each more':>12}{'class':>10}")
    print(f"{'nbgrader autograde':24}{theirs_one:10.2f}{theirs:12.3f}{theirs_all:10.1f}")
    print(f"{'kata grade --nbgrader':24}{ours_one:10.2f}{ours:12.3f}{ours_all:10.1f}")
    print(f"{'ratio':24}{theirs_one / ours_one:10.1f}{theirs / ours:12.1f}{theirs_all / ours_all:10.1f}")


if __name__ == "__main__":
    main()
