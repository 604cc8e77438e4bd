"""docs/tags.md is what the katas' files say."""

from tests.tags_table import NOTHING, TABLE, make_table


def test_the_table_of_tags_is_fresh():
    assert TABLE.read_text("utf-8") == make_table(), "docs/tags.md is stale; run: make tables"


def test_every_tag_is_shown_by_something():
    rows = [line.split(" | ") for line in make_table().splitlines() if line.startswith("| ")]
    assert len(rows) > 300
    assert [row[0] for row in rows if row[-1] == f"{NOTHING} |"] == []
