"""Reads what was handed in: folders, single files, notebooks and zips become Submissions, which are bytes.

    paths --find--> Found: an id and a place --read--> Submission --> the judge

Theory of operation. A folder, a zip and a zip within a zip are one kind of thing here, a tree of nodes (`tree`), so
there is one way to look through them and one list of what is passed over. Nothing is extracted or put on an import
path. Known file names are picked out by exact name; regular files only, opened so that nothing can block. Entries,
bytes and depth are capped while reading. Reading is a border like the judge: whatever is wrong with one entry of a
class stands in its Submission, and the others are read. A student's id is the name of the folder or file and never
becomes a path.
"""

from grader.intake.find import find_submissions, list_passed_over
from grader.intake.ipynb import MAX_FILE_BYTES
from grader.intake.read import read_submission
from grader.intake.submission import NOTEBOOK, Found, Problem, Submission, notebook_file

__all__ = [
    "MAX_FILE_BYTES",
    "NOTEBOOK",
    "Found",
    "Problem",
    "Submission",
    "find_submissions",
    "list_passed_over",
    "notebook_file",
    "read_submission",
]
