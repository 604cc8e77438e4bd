"""docs/coverage.md: every row of the lecture note has a kata, and a place there that exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGES = ("coverage.md", "coverage.ko.md")
ROWS = {
    *(f"S{number:02}" for number in range(1, 33)),
    *(f"E{number:02}" for number in range(1, 41)),
    *(f"Q{number:02}" for number in range(1, 19)),
}
"""Of the note: what it teaches, what it gets wrong, what it asks. Its numbers have no name of their own."""
NUMBERS = 26
_PLACE = re.compile(r"\[(\d\d)\]\(([^)#]+)#([^)]+)\)((?: `[^`]+`)*)")


def rows_of(page: str) -> Iterator[list[str]]:
    """Yield the cells of every row, without the heads."""
    lines = (ROOT / "docs" / page).read_text("utf-8").splitlines()
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("| ") and not after.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def places_of(page: str) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Yield a kata's number, the linked file, its heading and the names behind it."""
    for cells in rows_of(page):
        for number, path, heading, names in _PLACE.findall(cells[-1]):
            yield number, path, heading, tuple(re.findall(r"`([^`]+)`", names))


def headings_of(path: Path) -> set[str]:
    """The names by which GitHub links to a page's headings."""
    titles = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES)
def test_every_row_of_the_note_stands_there_once_and_has_a_place(page):
    cells = list(rows_of(page))
    named = [row[0] for row in cells if len(row) == 3]
    assert sorted(named) == sorted(ROWS)
    assert len([row for row in cells if len(row) == 2]) == NUMBERS
    assert all(_PLACE.search(row[-1]) for row in cells)


@pytest.mark.parametrize("page", PAGES)
def test_every_place_exists(page):
    for number, path, heading, names in places_of(page):
        readme = (ROOT / "docs" / path).resolve()
        assert readme.parent.name.startswith(number), path
        assert heading in headings_of(readme), (path, heading)
        texts = [readme, *readme.parent.glob("*.py"), *readme.parent.glob("facts.toml")]
        text = "\n".join(one.read_text("utf-8") for one in texts if not one.name.startswith("test_"))
        assert [name for name in names if not re.search(rf"\b{re.escape(name)}\b", text)] == [], path


def test_both_languages_name_the_same_places():
    first, second = (
        [(number, Path(path).parent, names) for number, path, _, names in places_of(page)] for page in PAGES
    )
    assert first == second


def test_every_kata_has_a_row():
    katas = {path.name[:2] for path in (ROOT / "exercises").glob("[0-9][0-9]_*")}
    assert {number for number, *_ in places_of(PAGES[0])} == katas
