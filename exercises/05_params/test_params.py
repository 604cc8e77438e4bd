"""Public checks of kata 05: one layer, a stack, the lecture's six models, and all stacks of nine."""

from itertools import pairwise

import pytest

from grader import expect
from perceptron.shared import again

MODELS = {3: [2, 1], 5: [2, 1, 1], 9: [2, 2, 1], 17: [2, 4, 1], 11: [2, 2, 1, 1], 25: [2, 4, 2, 1]}

# What each known mistake counts for one layer of u units that reads n numbers.
MISCOUNTS = {
    "no_bias": lambda n, u: n * u,
    "one_bias_per_layer": lambda n, u: n * u + 1,
    "bias_per_input": lambda n, u: n * u + n,
    "one_unit_only": lambda n, _: n + 1,
}


def right(n, u):
    return (n + 1) * u


@pytest.mark.check(points=0.8, step=1)
def test_dense(student):
    """dense_params counts one layer"""
    cases = [(2, 1), (2, 2), (2, 4), (4, 2), (3, 5)]
    answers = [student.dense_params(*case) for case in cases]
    for case, answer in zip(cases, answers, strict=True):
        n, u = case
        asked = expect.call_text("dense_params", case)
        got = expect.number(answer, asked=asked)
        if got == right(n, u):
            continue
        shown = {"asked": asked, "expected": right(n, u), "actual": expect.show(answer)}
        rules = {**MISCOUNTS, "n_in_is_samples": lambda _, u: 5 * u}
        fitting = [tag for tag, rule in rules.items() if rule(n, u) == got]
        # Of the mistakes that explain this answer, the one that explains all the others too.
        tag = max(fitting, key=lambda tag: count_fitting(rules[tag], cases, answers), default="wrong_value")
        expect.fail(tag, **shown, got=expect.count_text(got), units=u)


@pytest.mark.check(points=0.9, step=2)
def test_stack(student):
    """stack_params counts each layer of a stack"""
    again.check_begins_anew(lambda: student.stack_params([2, 1]), asked=expect.call_text("stack_params", [[2, 1]]))
    for widths in ([2, 1], [2, 2, 1], [2, 4, 1], [2, 1, 1], [2, 4, 2, 1]):
        asked = expect.call_text("stack_params", [widths])
        want = [right(n, u) for n, u in pairwise(widths)]
        answer = student.stack_params(widths)
        if isinstance(answer, (int, float)) and answer == sum(want):
            expect.fail("total_only", asked=asked, expected=want, actual=expect.show(answer))
        numbers = counts(answer, asked=asked, expected=expect.show(want))
        if numbers != want:
            name_mistake(numbers, widths, asked=asked, expected=expect.show(want), actual=expect.show(answer))


@pytest.mark.check(points=0.2, step=3)
@pytest.mark.parametrize("total", MODELS)
def test_layers(student, total):
    """LAYERS[{total}] has the number of each layer"""
    widths = MODELS[total]
    want = [right(n, u) for n, u in pairwise(widths)]
    asked = f"LAYERS[{total}] ({' -> '.join(map(str, widths))})"
    table = student.entry("LAYERS", total)
    if not isinstance(table, dict) or total not in table:
        expect.fail("model_missing", asked=f"LAYERS[{total}]", expected="[...]", actual=expect.show(table), total=total)
    # The numbers are the student's to find, so the message shows the form and the sum only.
    expected = f"{' + '.join('?' * len(want))} = {total}"
    numbers = counts(table[total], asked=asked, expected=expected)
    if numbers != want:
        actual = " + ".join(map(expect.count_text, numbers)) or "[]"
        actual += f" = {expect.count_text(sum(numbers))}" if len(numbers) > 1 else ""
        name_mistake(numbers, widths, asked=asked, expected=expected, actual=actual)


def counts(value, *, asked, expected):
    """The numbers of a list, tuple or flat array."""
    plain = value.tolist() if hasattr(value, "tolist") else value
    if plain is None:
        expect.fail("returned_nothing", asked=asked, expected=expected, actual="None")
    if not isinstance(plain, (list, tuple)) or not all(isinstance(number, (bool, int, float)) for number in plain):
        expect.fail("not_a_list", asked=asked, expected=expected, actual=expect.show(value))
    return list(plain)


def name_mistake(numbers, widths, **shown):
    """Say which known mistake gives these numbers; the most telling one first."""
    pairs = list(pairwise(widths))
    want = [right(n, u) for n, u in pairs]
    if widths == [2, 1, 1] and numbers == [2, 3]:
        expect.fail("note_2_plus_3", **shown)
    if numbers[1:] == want:
        expect.fail("input_as_layer", **shown, n=expect.count_text(numbers[0]))
    if len(numbers) != len(want):
        expect.fail("layer_count", **shown, n=len(numbers), widths=str(len(widths)), layers=len(want))
    wrong = next(i for i in range(len(want)) if numbers[i] != want[i])
    values = {"got": expect.count_text(numbers[wrong]), "units": pairs[wrong][1], "u": widths[1], "k": wrong + 1}
    guesses = {tag: [rule(n, u) for n, u in pairs] for tag, rule in MISCOUNTS.items()}
    guesses["first_input_everywhere"] = [right(widths[0], u) for _, u in pairs]
    guesses["n_in_is_samples"] = [right(4, widths[1]), *want[1:]]
    for tag, guess in guesses.items():
        if numbers == guess:
            expect.fail(tag, **shown, **values)
    if sum(numbers) == sum(want):
        expect.fail("split_differs", **shown, **values)
    expect.fail("layer_differs", **shown, **values)


@pytest.mark.check(points=0.2, step=1, needs="dense")
def test_bias(student):
    """dense_params(3, 5, bias=False) counts the weights alone"""
    asked = "dense_params(3, 5, bias=False)"
    got = expect.number(student.dense_params(3, 5, bias=False), asked=asked)
    if got != 15:
        shown = {"asked": asked, "expected": 15, "actual": expect.count_text(got)}
        expect.fail("bias_not_asked" if got == 20 else "wrong_value", **shown)


def count_fitting(rule, cases, answers):
    return sum(is_count(answer, rule(*case)) for case, answer in zip(cases, answers, strict=True))


def is_count(answer, number):
    return expect.is_number(answer) and expect.number(answer, asked="") == number


@pytest.mark.check(points=0.7, step=4)
def test_all_with_nine(student):
    """stacks_with(9) finds every stack, with up to 4 layers and with up to 3 (going beyond)"""
    short, deep = (2, 2, 1), (2, 1, 1, 1, 1)
    check_nine(student, {short, deep}, most=4, asked="stacks_with(9)")
    check_nine(student, {short}, most=3, asked="stacks_with(9, max_layers=3)")
    # Other totals: 17 in two layers is the lecture's 2 -> 4 -> 1 alone, and 49 needs a layer of 12. Who lets
    # Keras count has no time for a larger one.
    for total, wanted in ((17, {(2, 4, 1)}), (49, {(2, 12, 1)})):
        asked = f"stacks_with({total}, max_layers=2)"
        answer = student.stacks_with(total, max_layers=2)
        shown = {"asked": asked, "expected": "{(2, ...), ...}", "actual": expect.show(answer)}
        if stacks(answer, **shown) != wanted:
            expect.fail("some_differ", **shown)


def check_nine(student, wanted, *, most, asked):
    answer = student.stacks_with(9) if most == 4 else student.stacks_with(9, max_layers=most)
    # Neither which nor how many there are: they are the student's to find.
    shown = {"asked": asked, "expected": "{(2, ...), ...}", "actual": expect.show(answer)}
    found = stacks(answer, **shown)
    for stack in sorted(found - wanted):
        total = sum(right(n, u) for n, u in pairwise(stack))
        if total != 9:
            expect.fail("stack_total", **shown, stack=stack, n=total)
        expect.fail("stack_too_long", **shown, stack=stack, n=len(stack) - 1)
    missing = wanted - found
    # Who counts the inputs finds with one layer more what is missing.
    if missing and found and all(len(stack) - 1 == most for stack in missing):
        more = stacks(student.stacks_with(9, max_layers=most + 1), **shown)
        if missing <= more:
            expect.fail("inputs_counted", **shown)
    if missing:
        expect.fail("stacks_missing", **shown, n=len(found))


def stacks(answer, **shown):
    """The stacks as a set of tuples of whole numbers; list or set, tuples or lists."""
    plain = answer.tolist() if hasattr(answer, "tolist") else answer
    if plain is None:
        expect.fail("returned_nothing", **shown)
    if not isinstance(plain, (list, tuple, set)):
        expect.fail("not_stacks", **shown)
    found = set()
    for part in plain:
        stack = part.tolist() if hasattr(part, "tolist") else part
        if not isinstance(stack, (list, tuple)) or not all(is_width(width) for width in stack):
            expect.fail("not_stacks", **shown)
        if len(stack) < 2 or stack[0] != 2 or stack[-1] != 1:
            expect.fail("stack_ends", **shown, stack=expect.show(tuple(stack)))
        found.add(tuple(int(width) for width in stack))
    return found


def is_width(value):
    return isinstance(value, (int, float)) and value >= 1 and value == int(value)
