"""What knows nothing earns next to nothing: docs/blind.md, held for every kata.

With `make test` for one kata of each kind; for all with `make test-whole`.
"""

import ast

import pytest

from benchmarks.blind import MOST_SHARE, earn, row, strategies
from grader.bank.kata import load_katas
from tests.conftest import ROOT, WHOLE

KATAS = load_katas(ROOT)
JUDGED = KATAS if WHOLE else {kata.needs: kata for kata in KATAS}.values()
MARKS = {"keras": [pytest.mark.tensorflow]}


@pytest.mark.parametrize("kata", [pytest.param(kata, id=kata.name, marks=MARKS.get(kata.needs, [])) for kata in JUDGED])
def test_no_blind_answer_earns_more_than_a_tenth_and_the_table_says_what_it_earns(kata):
    earned = earn(kata)
    assert {name: points for name, points in earned.items() if points > MOST_SHARE * kata.points} == {}
    for path in ("docs/blind.md", "docs/blind.ko.md"):
        assert row(kata, earned) in (ROOT / path).read_text("utf-8").splitlines(), "run: make blind"


def test_the_strategies_are_many_and_all_different():
    for kata in KATAS:
        sources = list(strategies(kata).values())
        assert len(sources) >= 10, kata.name
        assert len(set(sources)) >= 0.8 * len(sources), kata.name


def test_a_constant_answer_defines_every_name_of_the_reference():
    for kata in KATAS:
        if kata.needs != "toml":
            tree = ast.parse((kata.solution / kata.file_name).read_text("utf-8"))
            wanted = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            assigned = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
            wanted |= {target.id for target in assigned if isinstance(target, ast.Name)}
            names = {}
            exec(strategies(kata)["everything 0"], names)
            assert wanted <= names.keys(), kata.name
