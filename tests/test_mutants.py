"""The mutants that benchmarks/mutate.py judges: what is made, and what is said about those that survive."""

import ast

import pytest

from benchmarks.mutants import make_mutants
from benchmarks.mutate import load_explained
from grader.bank.kata import load_katas
from tests.conftest import ROOT

REFERENCE = '''"""Tiny."""

OUTSIDE = 3


def f(a, b):
    """Docstring."""
    ### BEGIN SOLUTION
    c = a * b + 2
    if c > 4 and a:
        c -= 1
    return g(c, b)
    ### STUB return ...  # TODO
    ### END SOLUTION


def g(c, b):
    """Given."""
    return c - b
'''

MADE = {
    "a term dropped": (9, "c = (a * b)"),
    "a factor dropped": (9, "c = a + 2"),
    "a sign flipped": (9, "c = a * b - 2"),
    "a product turned": (9, "c = a / b + 2"),
    "a constant and one": (9, "c = a * b + 3"),
    "a constant less one": (9, "c = a * b + 1"),
    "a constant twice": (9, "c = a * b + 4"),
    "a constant negated": (9, "c = a * b + (-2)"),
    "another name of the scope": (9, "c = b * b + 2"),
    "a comparison flipped": (10, "if c < 4 and a:"),
    "the border": (10, "if c >= 4 and a:"),
    "half a condition": (10, "if (c > 4):"),
    "a condition negated": (10, "if not (c > 4 and a):"),
    "a sign in place": (11, "c += 1"),
    "arguments swapped": (12, "return g(b, c)"),
    "an argument dropped": (12, "return g(c)"),
    "another function": (12, "return f(c, b)"),
    "a statement removed": (11, "pass"),
}


@pytest.mark.parametrize(("line", "now"), MADE.values(), ids=MADE)
def test_each_kind_of_mistake_is_made(line, now):
    assert now in [mutant.now for mutant in make_mutants(REFERENCE, suffix=".py") if mutant.line == line]


def test_a_mutant_differs_in_the_students_part_alone_and_from_every_other():
    mutants = make_mutants(REFERENCE, suffix=".py")
    trees = {ast.dump(ast.parse(mutant.source)) for mutant in mutants}
    assert len(trees) == len(mutants) > 30
    assert ast.dump(ast.parse(REFERENCE)) not in trees
    for mutant in mutants:
        assert 9 <= mutant.line <= 12
        assert mutant.source.startswith(REFERENCE[: REFERENCE.index("    ### BEGIN")])
        assert mutant.source.endswith(REFERENCE[REFERENCE.index("\n\ndef g") :])
        assert "###" not in mutant.source


def test_brackets_stay_where_a_term_was_in_brackets():
    reference = "### BEGIN SOLUTION\nX = (1 + n) * m * k\n### END SOLUTION\n"
    assert "X = (1 + n) * k" in [mutant.now for mutant in make_mutants(reference, suffix=".py")]


def test_a_table_gets_every_other_value_that_its_key_has():
    one = '[s{n}]\nclaim = "true"\n### BEGIN SOLUTION\nverdict = "{word}"\n### STUB verdict = "..."\n### END SOLUTION\n'
    reference = "".join(one.format(n=n, word=word) for n, word in enumerate(("true", "false", "true", "old")))
    mutants = make_mutants(reference, suffix=".toml")
    assert [(mutant.line, mutant.now) for mutant in mutants] == [
        (line, f'verdict = "{word}"')
        for line, words in (
            (4, ("false", "old")),
            (10, ("old", "true")),
            (16, ("false", "old")),
            (22, ("false", "true")),
        )
        for word in words
    ]


def test_every_explained_mutant_is_made_from_its_kata():
    mutants = {
        (kata.name, mutant.was, mutant.now)
        for kata in load_katas(ROOT)
        for mutant in make_mutants((kata.solution / kata.file_name).read_text("utf-8"), suffix=kata.suffix)
    }
    explained = load_explained()
    assert len(explained) > 100
    assert [key for key in explained if key not in mutants] == []
    assert all(why.endswith(".") for why in explained.values())
