"""Public checks of kata 08: values, slopes, arrays, softmax, and what ten layers leave of a slope."""

import math

import numpy as np
import pytest

from grader import expect
from grader.checks.crash import StudentFault

# Slopes may be measured instead of derived: a step of 1e-3 to each side, or of 1e-5 to one side, stays within this.
SLOPE_TOLERANCE = 1e-5
ANY = {"rtol": 1e-6, "atol": 1e-9}

CASES = (0.0, 2.0, -3.0, 1.0, -0.5)
"""0 first: there the slope of sigmoid is largest."""


def sigmoid_at(z):
    # Another formula than the stub's, and one that cannot overflow.
    return 0.5 * (1 + math.tanh(z / 2))


def sigmoid_slope_at(z):
    return (0.5 / math.cosh(z / 2)) ** 2


def relu_at(z):
    return z if z > 0 else 0.0


def relu_slope_at(z):
    return 1.0 if z > 0 else 0.0


RIGHT = {"sigmoid": sigmoid_at, "relu": relu_at, "d_sigmoid": sigmoid_slope_at, "d_relu": relu_slope_at}


@pytest.mark.check(points=0.4, step=1)
def test_largest_slope(student):
    """MAX_SIGMOID_SLOPE is the slope of sigmoid where it is steepest"""
    got = expect.number(student.MAX_SIGMOID_SLOPE, asked="MAX_SIGMOID_SLOPE")
    if got in (0.5, 1):
        expect.fail("max_is_output", got=got)
    # A maximum over a grid of z misses the steepest point by a little: 1e-3 allows for steps of 0.2.
    if abs(got - sigmoid_slope_at(0)) > 1e-3:
        expect.fail("max_slope", got=got)


@pytest.mark.check(points=0.3, step=2)
def test_sigmoid_values(student):
    """Single numbers: sigmoid is right"""
    rules = {"sigmoid_falls": lambda z: sigmoid_at(-z), "sigmoid_brackets": lambda z: 1 + math.exp(-z)}
    check_values(student, "sigmoid", CASES, rules, atol=1e-6)


@pytest.mark.check(points=0.3, step=2)
def test_relu_values(student):
    """Single numbers: relu is right"""
    check_values(student, "relu", (-2.0, 3.0, 0.0, 0.70710678), {}, atol=1e-6)


@pytest.mark.check(points=0.5, step=3)
def test_d_sigmoid_values(student):
    """d_sigmoid is the slope of sigmoid"""
    rules = {"slope_is_output": sigmoid_at, "slope_of_output": lambda z: z * (1 - z)}
    check_values(student, "d_sigmoid", CASES, rules, atol=SLOPE_TOLERANCE)


@pytest.mark.check(points=0.4, step=3)
def test_d_relu_values(student):
    """d_relu is the slope of relu"""
    check_values(student, "d_relu", (3.0, -2.0, 0.5, -0.1), {"slope_is_output": relu_at}, atol=SLOPE_TOLERANCE)


def check_values(student, name, cases, rules, *, atol):
    """Compare with RIGHT; `rules` are known mistakes, tag -> what it answers."""
    answers = [expect.number(ask_number(student, name, z), asked=expect.call_text(name, [z])) for z in cases]
    for z, got in zip(cases, answers, strict=True):
        want = RIGHT[name](z)
        if abs(got - want) <= atol:
            continue
        call = expect.call_text(name, [z])
        shown = {"asked": call, "expected": want, "actual": got, "got": got, "call": call}
        if name == "d_sigmoid":
            name_built_on(student, z, got, shown)
        for tag, rule in rules.items():
            if all(abs(rule(z) - answer) <= atol for z, answer in zip(cases, answers, strict=True)):
                expect.fail(tag, **shown)
        if name in ("relu", "d_relu") and z < 0:
            expect.fail("relu_times_one", **shown)
        expect.fail_value(got, want, **shown)


def name_built_on(student, z, got, shown):
    """Fail if this is s * (1 - s) with a wrong s, which the student's own sigmoid gives."""
    try:
        own = expect.number(student.sigmoid(z), asked="sigmoid")
    except expect.Mismatch:
        return
    if abs(own - sigmoid_at(z)) > 1e-6 and abs(own * (1 - own) - got) <= 1e-9 * max(1, abs(got)):
        expect.fail("built_on_sigmoid", **shown, own=own)


def ask_number(student, name, z):
    """The answer for one number; code that works on arrays alone gets a word of its own."""
    try:
        return getattr(student, name)(z)
    except expect.Mismatch as fault:
        # It takes a number for something with parts; for an array it has to be asked, before that is said.
        kind = fault.raised.fields if isinstance(fault, StudentFault) else {}
        takes_parts = kind.get("lacks") in ("parts", "assignment") or kind.get("object") in ("float", "int", "float64")
        if takes_parts and has_answer(student, name):
            shown = {"asked": expect.call_text(name, [z]), "expected": RIGHT[name](z), "actual": fault.values["type"]}
            expect.fail("array_only", **shown, line=fault.values["line"])
        raise


def has_answer(student, name):
    try:
        getattr(student, name)(np.array([2.0, -1.0]))
    except expect.Mismatch:
        return False
    return True


@pytest.mark.check(points=0.1, step=4, needs="{name}_values")
@pytest.mark.parametrize("name", RIGHT)
def test_arrays(student, name):
    """{name} takes a whole array"""
    z = np.array([-2.0, 0.5, 3.0, -1.0])
    asked, want = expect.call_text(name, [z]), [RIGHT[name](number) for number in z.tolist()]
    try:
        answer = getattr(student, name)(z)
    except expect.Mismatch as fault:
        shown = {"asked": asked, "expected": want}
        if isinstance(fault, StudentFault) and fault.raised.type:
            shown |= {"actual": fault.raised.type, "line": fault.values["line"]}
            if fault.raised.fields.get("library") == "math":
                expect.fail("math_only", **shown, call=fault.values["called_as"])
            # NumPy's sentence; its ValueError has no field.
            if "truth value of an array" in fault.raised.text:
                expect.fail("scalar_only", **shown)
        raise
    expect.close(answer, want, rtol=0, atol=SLOPE_TOLERANCE, asked=asked)
    check_forms(student, name)


def check_forms(student, name):
    """Tables and whole numbers are arrays too; and where numbers are far out, nothing overflows."""
    for z, tag in ((np.array([[-2.0, 0.5], [3.0, -1.0]]), "shape_lost"), (np.array([-2, 1, 3]), "whole_numbers")):
        asked, want = expect.call_text(name, [z]), np.vectorize(RIGHT[name], otypes=[float])(z)
        try:
            answer = getattr(student, name)(z)
        except expect.Mismatch as fault:
            if fault.tag != "crash":
                raise
            expect.fail(tag, asked=asked, expected=want, actual=fault.values["type"])
        expect.close(answer, want, rtol=0, atol=SLOPE_TOLERANCE, asked=asked, tag=tag)
    if name in ("sigmoid", "d_sigmoid"):
        check_far(student, name)
    if name == "d_relu":
        check_corner(student)


def check_corner(student):
    corner, beside = (expect.number(student.d_relu(z), asked=f"d_relu({z})") for z in (0.0, 1e-12))
    # A slope that is measured across the corner lies between 0 and 1 there, and beside it too. A number written down
    # for z == 0 alone is the slope of neither side, unless it is 0 or 1.
    if corner not in (0, 1) and not (0 < corner < 1 and 0 < beside < 1):
        expect.fail("corner", asked="d_relu(0.0)", expected="0 / 1", actual=corner)


def check_far(student, name):
    far = np.array([-800.0, 2.0, 800.0])
    asked, want = expect.call_text(name, [far]), [RIGHT[name](2.0) if z == 2 else float(z > 0) for z in far]
    if name == "d_sigmoid":
        want = [0.0, want[1], 0.0]
    try:
        with student.strict_floats():
            answer = getattr(student, name)(far)
    except expect.Mismatch as fault:
        text = fault.values.get("text", "")
        if fault.tag == "not_finite" or "encountered in" in text or "range error" in text:
            expect.fail("exp_overflow", asked=asked, expected=want, actual="overflow")
        raise
    expect.close(answer, want, rtol=0, atol=1e-6, asked=asked)


@pytest.mark.check(points=0.4, step=5)
def test_softmax_values(student):
    """What softmax gives is the probability of every class"""
    for z in ([1.0, 2.0, 3.0], [0.0, 0.0], [2.0, -1.0, 0.5, 2.0]):
        asked = expect.call_text("softmax", [z])
        want = softmax_at(z)
        answer = student.softmax(np.array(z))
        shown = {"asked": asked, "expected": want, "actual": expect.show(answer)}
        if answer is not None and expect.is_number(answer):
            expect.fail("softmax_max", **shown)
        got = expect.array(answer, shape=(len(z),), asked=asked)
        if not np.allclose(got, want, **ANY):
            name_softmax(got, z, **shown)


def softmax_at(z):
    # Each entry from differences: 1 / sum of e**(z_j - z_k), which cannot overflow here.
    return [1 / math.fsum(math.exp(min(other - own, 700)) for other in z) for own in z]


def name_softmax(got, z, **shown):
    """Say which known mistake gives these entries; the most telling one first."""
    if sum(z) != 0 and np.allclose(got, np.array(z) / sum(z), **ANY):
        expect.fail("softmax_no_exp", **shown)
    if sorted(got.tolist()) == [0.0] * (len(z) - 1) + [1.0]:
        expect.fail("softmax_hard", **shown)
    if abs(got.sum() - 1) > 1e-6 and not expect.is_rounded(got, softmax_at(z)):
        expect.fail("softmax_sum", **shown, sum=float(got.sum()))
    expect.fail_value(got, softmax_at(z), **shown)


@pytest.mark.check(points=0.2, step=5, needs="softmax_values")
def test_softmax_large(student):
    """Large scores do softmax no harm"""
    for z in ([1000.0, 1001.0, 1002.0], [-1000.0, 0.0, 1000.0], [-1001.0, -1000.0]):
        asked, largest = expect.call_text("softmax", [z]), max(z)
        try:
            with student.strict_floats():
                answer = student.softmax(np.array(z))
        except expect.Mismatch as fault:
            too_large = fault.values.get("type") in ("FloatingPointError", "OverflowError")
            if too_large or fault.tag == "not_finite":
                expect.fail("overflow", asked=asked, expected=softmax_at(z), actual="overflow", z=largest)
            raise
        expect.close(answer, softmax_at(z), **ANY, asked=asked)


@pytest.mark.check(points=0.4, step=6, needs="d_sigmoid_values")
def test_chain_sigmoid(student):
    """chain_slope multiplies the slopes of sigmoid through the layers"""
    check_chain(student, "d_sigmoid", sigmoid_at, ((0.0, 10), (2.0, 3), (-1.0, 2), (1.0, 1), (-3.0, 4)))
    given = student.d_sigmoid
    none = expect.number(student.chain_slope(given, 2.0, 0), asked="chain_slope(d_sigmoid, 2.0, 0)")
    if none != 1:
        expect.fail("chain_no_layers", asked="chain_slope(d_sigmoid, 2.0, 0)", expected=1.0, actual=none)
    # Any function may be handed over; sigmoid is at hand, whatever it gives.
    given = student.sigmoid
    once = expect.number(given(1.0), asked="sigmoid(1.0)")
    got = expect.number(student.chain_slope(given, 1.0, 3), asked="chain_slope(sigmoid, 1.0, 3)")
    if not is_near(got, once**3):
        expect.fail("chain_other_d", asked="chain_slope(sigmoid, 1.0, 3)", expected=once**3, actual=got)


@pytest.mark.check(points=0.3, step=6, needs="d_relu_values")
def test_chain_relu(student):
    """chain_slope multiplies the slopes of relu through the layers"""
    check_chain(student, "d_relu", relu_at, ((1.0, 10), (3.0, 4), (-2.0, 5)))


def check_chain(student, name, output, cases):
    """Ask for chain_slope(name, z, layers), the function being the student's own."""
    slope = RIGHT[name]
    given = getattr(student, name)
    asked = [f"chain_slope({name}, {z}, {layers})" for z, layers in cases]
    answers = list(student.chain_slope.each((given, *case) for case in cases))
    numbers = [expect.number(answer, asked=text) for answer, text in zip(answers, asked, strict=True)]
    right = [is_near(got, slope(z) ** n) for got, (z, n) in zip(numbers, cases, strict=True)]
    if all(right):
        return
    first = right.index(False)
    z, n = cases[first]
    shown = {"asked": asked[first], "expected": slope(z) ** n, "actual": numbers[first], "got": numbers[first]}
    rules = {
        "chain_ignores_d": lambda z, n: sigmoid_slope_at(z) ** n,
        "chain_ignores_z": lambda _, n: sigmoid_slope_at(0.0) ** n,
        "forward_product": lambda z, n: output(z) ** n,
        "chain_adds": lambda z, n: n * slope(z),
        "chain_one_layer": lambda z, _: slope(z),
        "chain_off_by_one": lambda z, n: slope(z) ** (n + 1),
    }
    rules = {
        **rules,
        "chain_off_by_one ": lambda z, n: slope(z) ** (n - 1),
        "forward_product ": lambda z, n: iterate(output, z, n)[-1],
        "forward_product  ": lambda z, n: math.prod(iterate(output, z, n)),
        "chain_nested": lambda z, n: iterate(slope, z, n)[-1],
        "chain_nested ": lambda z, n: math.prod(iterate(slope, z, n)),
        "chain_all_zero": lambda *_: 0.0,
    }
    for tag, rule in rules.items():
        if all(is_near(got, rule(*case)) for got, case in zip(numbers, cases, strict=True)):
            expect.fail(tag.strip(), **shown)
    expect.fail_value(numbers[first], slope(z) ** n, **shown)


def iterate(function, z, times):
    """[f(z), f(f(z)), ...]"""
    values = []
    for _ in range(times):
        z = function(z)
        values.append(z)
    return values


def is_near(got, want):
    # Relative, because 9.5e-7 is one of the answers; ten measured slopes multiply their errors.
    return abs(got - want) <= 1e-12 + 1e-3 * abs(want)
