"""Public checks of kata 01: the predictions, and the neuron with three sets of weights."""

import pytest

from grader import expect
from perceptron.shared import gates

PREDICTED_Z = [-1, 0, 0, 1]
PREDICTED_OUT = [0, 0, 0, 1]

# (w1, w2, b) and what the neuron answers on the four rows, by hand. In each set one row has a sum of exactly 0, so that
# a neuron that fires at 0 passes none.
SETS = {
    "1, 1, -1": ((1, 1, -1), [0, 0, 0, 1]),  # z: -1, 0, 0, 1
    "-1, 2, 1": ((-1, 2, 1), [1, 1, 0, 1]),  # z: 1, 3, 0, 2
    "2, -0.5, -1.5": ((2, -0.5, -1.5), [0, 0, 1, 0]),  # z: -1.5, -2, 0.5, 0
}

# Questions that tell the known mistakes apart: the sets above, and some more.
QUESTIONS = [
    (*row, *weights)
    for weights in [*(weights for weights, _ in SETS.values()), (1, 1, 5), (3, -2, 0.25), (-2, 3, -0.75), (0.5, 2, -3)]
    for row in gates.ROWS
]


def right_sum(x1, x2, w1, w2, b):
    return gates.weighted_sum((w1, w2, b), (x1, x2))


# Known mistakes: what each adds up. The border (> 0 or >= 0) is tried with all of them.
WRONG_SUMS = [
    ("no_bias", lambda x1, x2, w1, w2, _: x1 * w1 + x2 * w2),
    ("product", lambda x1, x2, w1, w2, b: x1 * w1 * x2 * w2 + b),
    ("product", lambda x1, x2, w1, w2, b: x1 * x2 * (w1 + w2) + b),
    ("product", lambda x1, x2, w1, w2, b: (x1 * w1 + b) * (x2 * w2 + b)),
    ("product", lambda x1, x2, w1, w2, b: x1 * w1 * x2 * w2 * b),
    ("input_left_out", lambda x1, _, w1, w2, b: x1 * w1 + w2 * w2 + b),
    ("input_left_out", lambda _, x2, w1, w2, b: w1 * w1 + x2 * w2 + b),
    ("input_left_out", lambda x1, _, w1, w2, b: x1 * w1 + w2 + b),
    ("input_left_out", lambda _, x2, w1, w2, b: w1 + x2 * w2 + b),
    ("input_left_out", lambda _, __, w1, w2, b: w1 + w2 + b),
    ("input_twice", lambda x1, _, w1, w2, b: x1 * w1 + x1 * w2 + b),
    ("input_twice", lambda _, x2, w1, w2, b: x2 * w1 + x2 * w2 + b),
    ("weights_swapped", lambda x1, x2, w1, w2, b: x1 * w2 + x2 * w1 + b),
    ("weights_added", lambda x1, x2, w1, w2, b: x1 + w1 + x2 + w2 + b),
    ("inputs_added_first", lambda x1, x2, w1, w2, b: (x1 + x2) * (w1 + w2) + b),
    ("b_twice", lambda x1, x2, w1, w2, b: x1 * w1 + b + x2 * w2 + b),
    ("b_subtracted", lambda x1, x2, w1, w2, b: x1 * w1 + x2 * w2 - b),
    ("b_multiplied", lambda x1, x2, w1, w2, b: (x1 * w1 + x2 * w2) * b),
    ("b_multiplied", lambda x1, x2, w1, w2, b: x1 * w1 + x2 * w2 * b),
]

# Known mistakes in the decision: from the right sum to the answer.
WRONG_DECISIONS = [
    ("flipped", {}, lambda z: z <= 0),
    ("flipped", {}, lambda z: z < 0),
    ("late_border", {"border": "0.5"}, lambda z: z > 0.5),
    ("late_border", {"border": "0.5"}, lambda z: z >= 0.5),
    ("late_border", {"border": "1"}, lambda z: z > 1),
    ("late_border", {"border": "1"}, lambda z: z >= 1),
]


# --- the predictions ---------------------------------------------------------------------------------------------


@pytest.mark.check(points=0.5, step=1)
def test_predict_z(student):
    """Z holds the sum of each row"""
    numbers = four_numbers(student.Z, "Z")
    if numbers == PREDICTED_Z:
        return
    if numbers == PREDICTED_OUT:
        expect.fail("z_is_decision", asked="Z")
    if numbers == [0, 1, 1, 2]:
        expect.fail("z_without_b", asked="Z")
    if numbers == [1, 2, 2, 3]:
        expect.fail("z_b_sign", asked="Z")
    wrong = next(i for i in range(4) if numbers[i] != PREDICTED_Z[i])
    # The sum is the student's to find, so the message shows what was written and not what is right.
    expect.fail("z_row", asked="Z", row=gates.row_text(gates.ROWS[wrong]), got=expect.count_text(numbers[wrong]))


@pytest.mark.check(points=0.4, step=1)
def test_predict_out(student):
    """OUT holds the answer on each row"""
    numbers = four_numbers(student.OUT, "OUT")
    if numbers == PREDICTED_OUT:
        return
    if numbers == PREDICTED_Z:
        expect.fail("out_is_sum", asked="OUT")
    wrong = next(i for i in range(4) if numbers[i] != PREDICTED_OUT[i])
    values = {"row": gates.row_text(gates.ROWS[wrong]), "got": expect.count_text(numbers[wrong])}
    if numbers[wrong] == 1 and PREDICTED_Z[wrong] == 0:
        expect.fail("out_at_zero", asked="OUT", **values)
    expect.fail("out_row", asked="OUT", **values)


def four_numbers(value, name):
    """Four numbers from a list, tuple or flat array."""
    plain = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(plain, (list, tuple)) or len(plain) != 4 or not all(map(is_plain_number, plain)):
        expect.fail("not_four", asked=name, expected="[..., ..., ..., ...]", actual=expect.show(value), name=name)
    return list(plain)


def is_plain_number(value):
    return isinstance(value, (bool, int, float))


# --- the neuron --------------------------------------------------------------------------------------------------


@pytest.mark.check(points=0.5, step=2)
@pytest.mark.parametrize("weights", SETS)
def test_rows(student, weights):
    """w1, w2, b = {weights}: neuron is right on all four rows"""
    numbers, wanted = SETS[weights]
    questions = [(*row, *numbers) for row in gates.ROWS]
    for question, want, answer in zip(questions, wanted, student.neuron.each(questions), strict=True):
        if not is_answer(answer, want):
            asked = expect.call_text("neuron", question)
            name_mistake(student, question, answer, asked=asked, expected=want, actual=expect.show(answer))
    check_sizes(student, numbers, wanted)


# Powers of two, so that every sum is exactly as many times as large. The first makes sums of 1e-11, below a tolerance
# that one may write; smaller ones have more than the 28 digits of Python's decimals.
SIZES = (2.0**-36, 2.0**20)


def check_sizes(student, numbers, wanted):
    """All three numbers much smaller, then much larger: the sign of the sum is the same, and so is the answer."""
    for size in SIZES:
        questions = [(*row, *(size * number for number in numbers)) for row in gates.ROWS]
        for question, want, answer in zip(questions, wanted, student.neuron.each(questions), strict=True):
            asked = expect.call_text("neuron", question)
            if is_answer(answer, want):
                continue
            shown = {"asked": asked, "expected": want, "actual": expect.show(answer)}
            if expect.number(answer, asked=asked) not in (0, 1):
                expect.fail("not_0_or_1", **shown)
            expect.fail("border_moved" if size < 1 else "other_weights", **shown)


def is_answer(answer, want):
    return expect.is_number(answer) and expect.number(answer, asked="") == want


def name_mistake(student, question, answer, **shown):
    """Say which known mistake gives these answers; the most telling one first."""
    again = [ask(student, question) for _ in range(4)]
    if any(expect.show(other) != expect.show(answer) for other in again):
        expect.fail("changes", **shown)
    answers = [ask(student, other) for other in QUESTIONS]
    if answer is None:
        expect.fail("no_return" if all(other is None for other in answers) else "returns_none", **shown)
    got = expect.number(answer, asked=shown["asked"])
    if got not in (0, 1):
        sums = [right_sum, *(rule for _, rule in WRONG_SUMS)]
        is_sum = any(fits(answers, rule) for rule in sums)
        expect.fail("returns_z" if is_sum else "not_0_or_1", **shown, **({"z": expect.show(answer)} if is_sum else {}))
    if all(is_answer(other, got) for other in answers):
        expect.fail("always_same", **shown, got=expect.count_text(got))
    for tag, rule in WRONG_SUMS:
        if fits(answers, lambda *q, rule=rule: rule(*q) > 0) or fits(answers, lambda *q, rule=rule: rule(*q) >= 0):
            expect.fail(tag, **shown, **({"values": sorted({q[4] for q in QUESTIONS})} if tag == "no_bias" else {}))
    for tag, values, decide in WRONG_DECISIONS:
        if fits(answers, lambda *q, decide=decide: decide(right_sum(*q))):
            expect.fail(tag, **shown, **values)
    name_unused(student, shown)
    # Said of the border only where nothing else is wrong: a wrong sum may fire there, too.
    if got == 1 and right_sum(*question) == 0 and fits(answers, lambda *q: right_sum(*q) >= 0):
        expect.fail("fires_at_zero", **shown, row=gates.row_text(question[:2]))
    expect.fail("wrong_value", **shown)


def ask(student, question):
    """The answer; a word that is no answer if there is none."""
    try:
        return student.neuron(*question)
    except expect.Mismatch:
        return "nothing"


def fits(answers, rule):
    """True if the rule explains every answer."""
    return all(is_answer(answer, rule(*q)) for answer, q in zip(answers, QUESTIONS, strict=True))


TRIED = (-4, -1, 0.5, 2, 5)
"""What a weight or the bias is set to, to see whether it changes anything."""


def name_unused(student, shown):
    """Fail if the bias or a weight changes nothing."""

    def table(w1, w2, b):
        return [expect.show(ask(student, (*row, w1, w2, b))) for row in gates.ROWS]

    for pair in ((1, 1), (-2, 0.5)):
        if len({tuple(table(*pair, b)) for b in TRIED}) > 1:
            break
    else:
        expect.fail("no_bias", **shown, values=TRIED)
    # Not -4 and 4 alone: of a square they are the same.
    for name, others in {"w1": ((0, -1), (2, 1)), "w2": ((0, -1), (2, 1))}.items():
        tables = [
            {tuple(table(*((v, other) if name == "w1" else (other, v)), b)) for v in TRIED} for other, b in others
        ]
        if all(len(found) == 1 for found in tables):
            expect.fail("one_weight_unused", **shown, wname=name, values=TRIED)
