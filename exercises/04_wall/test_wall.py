"""Public checks of kata 04: four gates, the best score, the count of all tables, and the proof for XOR."""

from itertools import product

import pytest

from grader import expect
from perceptron.shared import gates

AND, OR, NAND, XOR = (0, 0, 0, 1), (0, 1, 1, 1), (1, 1, 1, 0), (0, 1, 1, 0)

# Another corner, one input alone, no input, XOR turned round: can a neuron have it, and what is missed if not?
OTHER_KINDS = (
    ((0, 0, 1, 0), True, "search_missed"),
    ((0, 0, 1, 1), True, "one_input_missed"),
    ((0, 0, 0, 0), True, "constants_missed"),
    ((1, 0, 0, 1), False, "mirror_missed"),
)

# The rows that have to fire, added up, and the rows that must not: w1 + w2 + 2*b > 0 and <= 0.
PROOF_PAIRS = {frozenset({(0, 1), (1, 0)}), frozenset({(0, 0), (1, 1)})}


# --- the functions -----------------------------------------------------------------------------------------------


@pytest.mark.check(points=1.0, step=1)
def test_separable(student):
    """is_separable says yes to AND, OR and NAND, and no to XOR"""
    for truth in (AND, OR, NAND):
        asked = expect.call_text("is_separable", [truth])
        answer = student.is_separable(truth)
        if not yes_or_no(answer, asked=asked, expected="True"):
            shown = {"asked": asked, "expected": "True", "actual": expect.show(answer)}
            name_refusal(student, truth, shown)
            expect.fail("grid_too_small", **shown, **example(truth))
    asked = expect.call_text("is_separable", [XOR])
    answer = student.is_separable(XOR)
    if yes_or_no(answer, asked=asked, expected="False"):
        expect.fail("xor_true", asked=asked, expected="False", actual=expect.show(answer))
    # One of each kind; all 16 are the student's to count, so no answer is shown for these.
    for truth, possible, tag in OTHER_KINDS:
        asked = expect.call_text("is_separable", [truth])
        if yes_or_no(student.is_separable(truth), asked=asked, expected="True / False") != possible:
            expect.fail(tag, asked=asked)


ASKED_AGAIN = 6


def name_refusal(student, truth, shown):
    """Fail if something else than the range of a search explains a no to a table that some neuron has."""
    # A search at random may find by luck what it missed before: asked again, it is not of one mind.
    for form in (truth, list(truth)):
        said = [said_yes(student, form) for _ in range(ASKED_AGAIN)]
        if any(said):
            always = form != truth and all(said)
            expect.fail("list_or_tuple" if always else "draws_decide", **shown, n=sum(said), of=len(said))
    called_possible = [table for table in product((0, 1), repeat=4) if said_yes(student, table)]
    if len(called_possible) < 2:
        scores = {table: read_score(student, table) for table in product((0, 1), repeat=4)}
        if scores[truth] is not None and called_possible == [table for table in scores if scores[table] == 4]:
            expect.fail("refused_by_best", **shown, got=expect.count_text(scores[truth]))
        expect.fail("first_try_decides" if called_possible else "all_refused", **shown)


def said_yes(student, truth):
    try:
        return yes_or_no(student.is_separable(truth), asked="is_separable", expected="True")
    except expect.Mismatch:
        return False


def read_score(student, truth):
    try:
        return expect.number(student.best_score(truth), asked="best_score")
    except expect.Mismatch:
        return None


def yes_or_no(answer, *, asked, expected):
    """The answer as a bool; True, 1 and NumPy's True are one."""
    if answer is None:
        expect.fail("returned_nothing", asked=asked, expected=expected, actual="None")
    if not expect.is_number(answer) or expect.number(answer, asked=asked) not in (0, 1):
        expect.fail("not_yes_no", asked=asked, expected=expected, actual=expect.show(answer))
    return expect.number(answer, asked=asked) == 1


def example(truth):
    """Weights that do it, and how far b may move: above `low`, up to `high`."""
    for w1, w2, b in product((1, -1), (1, -1), (-1.5, -0.5, 0.5, 1.5)):
        if gates.outputs((w1, w2, b)) == list(truth):
            sums = {row: row[0] * w1 + row[1] * w2 for row in gates.ROWS}
            low = max(-sums[row] for row, fires in zip(gates.ROWS, truth, strict=True) if fires)
            high = min(-sums[row] for row, fires in zip(gates.ROWS, truth, strict=True) if not fires)
            return {"truth": truth, "w1": w1, "w2": w2, "b": b, "low": low, "high": high}
    raise ValueError(truth)


@pytest.mark.check(points=0.8, step=2)
def test_best(student):
    """best_score finds the most rows that one neuron gets right, for OR and for XOR"""
    asked = expect.call_text("best_score", [OR])
    got = expect.number(student.best_score(OR), asked=asked)
    if got == 1 and expect.number(student.best_score(XOR), asked=asked) == 0.75:
        expect.fail("best_is_share", asked=asked, expected=4, actual=expect.count_text(got))
    if got != 4:
        tag = "best_misses" if 0 <= got < 4 else "best_not_rows"
        values = {"got": expect.count_text(got), **(example(OR) if tag == "best_misses" else {})}
        expect.fail(tag, asked=asked, expected=4, actual=expect.count_text(got), **values)
    asked = expect.call_text("best_score", [XOR])
    got = expect.number(student.best_score(XOR), asked=asked)
    if got != 3:
        # The number is the student's to find, so these show what came out and not what is right.
        tag = {2: "best_is_2", 4: "best_is_4"}.get(got, "best_other")
        expect.fail(tag, asked=asked, **({"got": expect.count_text(got)} if tag == "best_other" else {}))
    for truth, possible, _ in OTHER_KINDS:
        asked = expect.call_text("best_score", [truth])
        got = expect.number(student.best_score(truth), asked=asked)
        if got != 3 + possible:
            expect.fail("best_too_low" if got < 3 + possible else "best_too_high", asked=asked)


# --- the count and the proof -------------------------------------------------------------------------------------


@pytest.mark.check(points=0.8, step=3)
def test_how_many(student):
    """HOW_MANY_OF_16 counts the truth tables that one neuron can have"""
    got = expect.number(student.HOW_MANY_OF_16, asked="HOW_MANY_OF_16")
    if got != 14:
        tag = {16: "counts_16", 15: "counts_xor_only"}.get(got, "counts_other")
        expect.fail(tag, asked="HOW_MANY_OF_16", **({"got": expect.count_text(got)} if tag == "counts_other" else {}))


@pytest.mark.check(points=1.0, step=4)
def test_proof(student):
    """PROOF pairs the four inequalities of XOR so that they contradict each other"""
    pairs = [[read_row(row) for row in members(pair)] for pair in members(student.PROOF)]
    if len(pairs) != 2 or any(len(pair) != 2 or None in pair for pair in pairs):
        expect.fail("proof_form", asked="PROOF", expected="[(..., ...), (..., ...)]", actual=show_proof(student.PROOF))
    rows = pairs[0] + pairs[1]
    missing = [row for row in gates.ROWS if row not in rows]
    if missing:
        expect.fail("proof_rows", asked="PROOF", row=gates.row_text(missing[0]))
    if {frozenset(pair) for pair in pairs} != PROOF_PAIRS:
        expect.fail("proof_pairs", asked="PROOF", sum=left_side(pairs[0]), other=left_side(pairs[1]))


def members(value):
    """What is in a list, tuple, set or array; nothing for anything else."""
    plain = value.tolist() if hasattr(value, "tolist") else value
    return list(plain) if isinstance(plain, (list, tuple, set, frozenset)) else []


def read_row(value):
    """A row (x1, x2) from (0, 1), [0, 1] or "01"; None if it is no row."""
    if isinstance(value, str):
        value = [int(sign) if sign in "01" else None for sign in value if sign not in "(), "]
    if not isinstance(value, (list, tuple)) or not all(isinstance(x, (bool, int, float)) for x in value):
        return None
    return tuple(map(int, value)) if tuple(value) in gates.ROWS else None


def show_proof(value):
    return expect.show(value.tolist() if hasattr(value, "tolist") else value)


def left_side(pair):
    """What stands on the left when the rows' inequalities are added: "w1 + 2*w2 + 2*b"."""
    times = {"w1": sum(row[0] for row in pair), "w2": sum(row[1] for row in pair), "b": len(pair)}
    return " + ".join(name if n == 1 else f"{n}*{name}" for name, n in times.items() if n)
