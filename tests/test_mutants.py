"""Mutants of a reference: what is made, and what is said about those that survive."""

import ast

import pytest

from grader.authoring.mutants import COMPARISONS, SIGNS, make_mutants
from grader.authoring.mutate import judge_mutants, load_explained, mutants_of
from grader.bank.kata import load_katas
from tests.conftest import FILES, ROOT, write_bank
from tests.test_cli import kata

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


def test_every_operator_of_python_has_another():
    """A kata of another bank may shift or mask; none of its operators may stop the run."""
    operators = {node for node in vars(ast).values() if isinstance(node, type) and issubclass(node, ast.operator)}
    assert SIGNS.keys() == operators - {ast.operator}
    # A library that somebody has imported may have made more, of its own syntax trees.
    assert COMPARISONS.keys() == {one for one in ast.cmpop.__subclasses__() if one.__module__ == "ast"}


@pytest.mark.parametrize(("was", "now"), [("x = a << 2", "x = a >> 2"), ("x &= 3", "x |= 3"), ("x = -2j", "x = 2j")])
def test_a_line_that_no_kata_here_has_gets_its_mutants(was, now):
    assert now in [one.now for one in make_mutants(f"### BEGIN SOLUTION\n{was}\n### END SOLUTION\n", suffix=".py")]


# --- what is said about those that survive ------------------------------------------------------------------------

GAP = {
    # No check looks at a negative number.
    "solutions/01_double/double.py": FILES["solutions/01_double/double.py"].replace(
        "return 2 * x", "if x < 0:\n        return x\n    return 2 * x"
    ),
}


def survivors(score):
    return [mutant.now for mutant in score.unexplained]


def test_what_no_check_notices_is_shown_and_an_explanation_of_its_own_settles_it(tmp_path):
    (double,) = load_katas(write_bank(tmp_path, GAP))
    score = judge_mutants(double)
    assert "if x <= 0:" in survivors(score)
    assert "return 3 * x" not in survivors(score)
    assert score.share < 1
    lines = [f"[{mutant.was!r}, {mutant.now!r}]" for mutant in score.unexplained]
    (double.solution / "equivalent.toml").write_text(f'"No negative number is asked for." = [{", ".join(lines)}]\n')
    again = judge_mutants(double)
    assert (again.unexplained, again.idle, again.faults) == ((), (), 0)
    assert (again.explained, again.share) == (len(lines), 1)


def test_an_explanation_of_what_a_check_does_notice_is_idle(tmp_path):
    (double,) = load_katas(write_bank(tmp_path))
    (double.solution / "equivalent.toml").write_text('"Because." = [["return 2 * x", "return 3 * x"]]\n')
    score = judge_mutants(double)
    assert score.idle == (("return 2 * x", "return 3 * x"),)


def test_the_command_shows_the_change_and_ends_with_1(tmp_path):
    bank = write_bank(tmp_path, GAP)
    done = kata("mutate", cwd=bank)
    assert done.returncode == 1
    assert (
        "solutions/01_double/double.py:7: no check notices this mistake\n  - if x < 0:\n  + if x <= 0:\n" in done.stdout
    )
    assert "equivalent.toml" in done.stderr


@pytest.mark.parametrize(
    "text", ["= 3", '"Because." = 3\n', '"Because." = [["one line"]]\n', '"Because." = [[1, 2]]\n']
)
def test_a_wrong_explanation_is_named_with_its_file_and_exit_2(tmp_path, text):
    bank = write_bank(tmp_path, {"solutions/01_double/equivalent.toml": text})
    done = kata("mutate", cwd=bank)
    assert done.returncode == 2
    assert "solutions/01_double/equivalent.toml: " in done.stderr
    assert "run: kata mutate --kata 01" in done.stderr


def test_every_explained_mutant_is_made_from_its_kata():
    """The audit asks this too, kata by kata; here for all at once, without a judge."""
    explained = [(one, load_explained(one)) for one in load_katas(ROOT)]
    assert sum(len(reasons) for _, reasons in explained) > 100
    for one, reasons in explained:
        made = {(mutant.was, mutant.now) for mutant in mutants_of(one)} if reasons else set()
        assert [change for change in reasons if change not in made] == []
        assert all(why.endswith(".") for why in reasons.values())
