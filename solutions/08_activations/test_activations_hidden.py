"""Hidden checks of kata 08: any shape, far from 0, slopes against differences, softmax and chains at random."""

import math

import numpy as np
import pytest

from grader import expect

CURVES = {
    "sigmoid": lambda z: (1 + math.tanh(z / 2)) / 2,
    "relu": lambda z: max(z, 0.0),
    "d_sigmoid": lambda z: math.exp(-abs(z)) / (1 + math.exp(-abs(z))) ** 2,
    "d_relu": lambda z: float(z > 0),
}


def on_array(name, z):
    return np.array([CURVES[name](number) for number in z.ravel().tolist()]).reshape(z.shape)


@pytest.mark.check(points=0.15, step=4, needs="{name}_values")
@pytest.mark.parametrize("name", CURVES)
def test_any_shape(student, name):
    """{name} takes arrays of any shape, also of whole numbers"""
    rng = student.rng
    cases = [(rng.uniform(-5, 5, size=shape), "shape_lost") for shape in ((7,), (2, 3), (3, 1), (2, 1, 2))]
    cases += [(np.array(z), "whole_numbers") for z in ([-2, 1, 3], [[4, -1], [-3, 2]])]
    answers = getattr(student, name).each([z] for z, _ in cases)
    for z, tag in cases:
        compare(answers, name, z, tag=tag)


def compare(answers, name, z, *, tag):
    try:
        got = expect.array(next(answers), shape=z.shape, asked=name)
    except expect.Mismatch as fault:
        if fault.outcome != "timeout":
            expect.fail(tag)
        raise
    # The tolerance of the public checks, for slopes that are measured.
    if not np.allclose(got, on_array(name, z), rtol=0, atol=1e-5):
        expect.fail(tag)


@pytest.mark.check(points=0.2, step=2, needs="{name}_values")
@pytest.mark.parametrize("name", ["sigmoid", "d_sigmoid"])
def test_far_from_zero(student, name):
    """{name} gives neither NaN nor a warning at z = 1000 and z = -1000"""
    for z in (1000.0, -1000.0):
        try:
            with student.strict_floats():
                answer = getattr(student, name)(z)
        except expect.Mismatch as fault:
            if fault.tag in ("crash", "not_finite"):
                expect.fail("exp_overflow")
            raise
        expect.close(answer, CURVES[name](z), rtol=0, atol=1e-6, asked=name)
    with student.strict_floats():
        check_mixed(student, name)


def check_mixed(student, name):
    """Small and large numbers in one array, which np.where meets with both of its branches."""
    z = np.array([-1000.0, -30.0, 0.0, 2.0, 1000.0])
    try:
        answer = getattr(student, name)(z)
    except expect.Mismatch as fault:
        if fault.tag == "not_finite" or fault.values.get("type") in ("FloatingPointError", "OverflowError"):
            expect.fail("exp_overflow")
        raise
    expect.close(answer, on_array(name, z), rtol=0, atol=1e-6, asked=name)


@pytest.mark.check(points=0.3, step=3, needs="{name}_values")
@pytest.mark.parametrize("name", ["d_sigmoid", "d_relu"])
def test_slope_agrees(student, name):
    """{name} agrees with slopes measured by small steps to both sides"""
    curve, h = CURVES[name.removeprefix("d_")], 1e-5
    magnitudes = student.rng.uniform(0.05, 6, size=6)
    numbers = [*magnitudes.tolist(), *(-magnitudes).tolist()]
    for z, answer in zip(numbers, getattr(student, name).each([z] for z in numbers), strict=True):
        measured = (curve(z + h) - curve(z - h)) / (2 * h)
        expect.close(answer, measured, rtol=0, atol=1e-5, asked=expect.call_text(name, [z]))


@pytest.mark.check(points=0.4, step=5, needs="softmax_values")
def test_softmax_any(student):
    """Any scores: softmax is right, and the same when every score grows by the same number"""
    rng = student.rng
    for classes in (1, 2, 3, 5, 10):
        z = rng.uniform(-4, 4, size=classes)
        want = [1 / sum(math.exp(other - own) for other in z) for own in z]
        answer, *shifted = student.softmax.each([z + shift] for shift in (0.0, 60.0, -60.0))
        # In float32 the digits end at 6e-8 of the number, and 64.1 already stands there for 64.100002.
        expect.close(answer, want, rtol=1e-5, atol=1e-7, asked="softmax")
        for other in shifted:
            moved = expect.array(other, shape=z.shape, asked="softmax")
            if not np.allclose(moved, want, rtol=1e-4, atol=1e-6):
                expect.fail("shift_changes")


@pytest.mark.check(points=0.4, step=6, needs="chain_sigmoid")
def test_chain_any(student):
    """chain_slope uses the function that it is given, for any z and any number of layers"""
    rng = student.rng
    for name in ("d_sigmoid", "d_relu", "sigmoid"):
        slope = getattr(student, name)
        numbers = rng.uniform(-3, 3, size=3).tolist()
        # What one layer gives is asked of the student, so that a wrong slope is paid for once.
        ones = [expect.number(answer, asked=name) for answer in slope.each([z] for z in numbers)]
        for z, one in zip(numbers, ones, strict=True):
            depths = (1, 2, 5, 0)
            answers = student.chain_slope.each((slope, z, layers) for layers in depths)
            for layers, answer in zip(depths, answers, strict=True):
                got = expect.number(answer, asked="chain_slope")
                if abs(got - one**layers) > 1e-12 + 1e-3 * abs(one**layers):
                    expect.fail("chain_no_layers" if layers == 0 else "chain_other_d")
