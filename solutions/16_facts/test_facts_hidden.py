"""Hidden checks of kata 16: the claims for which one has to look outside, and the letters of the corrections."""

import pytest

from grader import expect
from perceptron.facts import verdicts

OUTSIDE = {
    "s05": "false",
    "s07": "true",
    "s10": "unsupported",
    "s11": "unsupported",
    "s12": "false",
    "s13": "false",
    "s14": "false",
    "s15": "outdated",
    "s16": "outdated",
    "s17": "true",
    "s18": "outdated",
    "s22": "false",
    "s25": "true",
    "s26": "false",
    "s28": "false",
    "s30": "true",
    "s31": "false",
    "s32": "true",
    "s33": "true",
    "s34": "false",
}

LETTERS = {
    "s01-s06": {"s04": "G", "s05": "L", "s06": "J"},
    "s07-s12": {"s12": "C"},
    "s13-s18": {"s13": "E", "s14": "M"},
    "s19-s24": {"s19": "B", "s20": "H", "s21": "F", "s22": "A", "s24": "K"},
    "s25-s34": {"s26": "X", "s28": "V", "s29": "T", "s31": "Q", "s34": "S"},
}
"""By group, so that the title of a check does not tell which statements are false."""


# In pairs of two different words, so that one word for all earns nothing.
PAIRS = (
    "s05 s07",
    "s10 s12",
    "s13 s15",
    "s14 s16",
    "s17 s22",
    "s11 s18",
    "s25 s26",
    "s28 s30",
    "s31 s32",
    "s33 s34",
)


@pytest.mark.check(points=0.12, step=2)
@pytest.mark.parametrize("pair", PAIRS)
def test_outside(student, pair):
    """{pair}: the verdicts fit what can be found"""
    names = pair.split()
    for name, statement in zip(names, student.get_each(names, finite=False), strict=True):
        judge_outside(student, name, statement)


def judge_outside(student, name, statement):
    got, right = verdicts.read_verdict(statement, name), OUTSIDE[name]
    if got != right:
        # Dates are worth comparing only where there is something to date.
        if "outdated" in (got, right) and right != "unsupported":
            expect.fail("outdated_vs_false")
        expect.fail("unsupported" if right == "unsupported" else "look_it_up")
    student.note(f"source_{name}")


@pytest.mark.check(points=0.08, step=3)
@pytest.mark.parametrize("group", LETTERS)
def test_letters(student, group):
    """{group}: each false statement has the sentence that puts it right"""
    first, last = group.split("-")
    names = [name for name in verdicts.NAMES if first <= name <= last]
    for name, statement in zip(names, student.get_each(names, finite=False), strict=True):
        letter = LETTERS[group].get(name)
        called_false = verdicts.read_verdict(statement, name) == "false"
        if called_false != (letter is not None) or (called_false and verdicts.read_letter(statement) != letter):
            expect.fail("other_letter")
