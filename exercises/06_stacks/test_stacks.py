"""Public checks of kata 06: the data as arrays, and each model's layers by the shapes of its weights."""

import math
from collections import Counter

import numpy as np
import pytest

from grader import expect
from perceptron.shared import stacks

TABLE = {"X_xor": [[0, 0], [0, 1], [1, 0], [1, 1]], "y_xor": [0, 1, 1, 0]}


@pytest.mark.check(points=0.15, step=1)
@pytest.mark.parametrize("name", ["X_xor", "y_xor"])
def test_data(student, name):
    """{name} is an array with XOR's truth table"""
    value = getattr(student, name)
    if isinstance(value, (list, tuple)):
        expect.fail(
            "list_input", asked=f"type({name})", expected="numpy.ndarray", actual=type(value).__name__, name=name
        )
    expect.close(value, TABLE[name], rtol=0, atol=0, asked=name)


@pytest.mark.check(points=0.5, step=2)
@pytest.mark.parametrize("build", list(stacks.STACKS))
def test_stack(student, build):
    """{build} has the layers asked for, and all of them can learn"""
    model = stacks.build_model(student, build, anew=False)
    stack = stacks.STACKS[build]
    shapes = stacks.weight_shapes(model)
    # In any order: a subclass lists its layers as they were created.
    if Counter(shapes) != Counter(stack.shapes):
        name_shape_mistake(build, shapes, stack)
    trainable = model.trainable_weights
    if not isinstance(trainable, list) or len(trainable) < len(shapes):
        number = len(trainable) if isinstance(trainable, list) else 0
        asked = f"len({build}().trainable_weights)"
        expect.fail("frozen", asked=asked, expected=len(shapes), actual=number, n=len(shapes) - number, of=len(shapes))
    # What Keras says is enough here: the hidden checks look at what comes out.
    shape = model.output_shape
    if shape is not None and shape[1:] != (1,):
        expect.fail(
            "wrong_shape",
            asked=f"{build}().output_shape",
            expected="(None, 1)",
            actual=shape,
            got=expect.show(shape),
        )
    if build not in EXAMPLES:
        stacks.check_answers(student, build, anew=False)


EXAMPLES = ("build_9", "build_25")


# Of these two, what they compute is worth points of its own; of the other four it belongs to the layers. build_9 is
# built a second time, because a function that adds layers to a model outside it is right only once.
@pytest.mark.check(points=0.6, step=3, needs="stack[{build}]")
@pytest.mark.parametrize("build", EXAMPLES)
def test_example(student, build):
    """{build} answers as its layers should, with one set of weights"""
    stacks.check_answers(student, build, anew=build == "build_9")


@pytest.mark.check(points=0.3, step=4)
def test_can_solve_words(student):
    """CAN_SOLVE has a word from the list for each stack; hidden checks judge the words"""
    stacks.read_words(student.CAN_SOLVE)
    student.record("CAN_SOLVE")


def name_shape_mistake(build, shapes, stack):
    """Say which known mistake gives these weight shapes; the most telling one first."""
    total = sum(math.prod(shape) for shape in shapes)
    got, want = stacks.widths_text(shapes), stacks.widths_text(stack.shapes)
    shown = {
        "asked": f"{build}(), count_params()",
        "expected": f"{want}, {stack.params}",
        "actual": f"{got}, {total}",
    }
    widths = stacks.find_widths(shapes)
    kernels = Counter(shape for shape in stack.shapes if len(shape) == 2)

    if widths is not None and widths[0] == 4:
        expect.fail("input_is_samples", **shown)
    if not Counter(stack.shapes) - Counter(shapes):
        expect.fail("extra_weights", **shown, n=len(shapes) - len(stack.shapes), extra=extra_text(shapes, stack))
    if Counter(shape for shape in shapes if len(shape) == 2) == kernels and len(shapes) < len(stack.shapes):
        expect.fail("missing_bias", **shown, got=total, want=stack.params)
    if widths is not None and max(widths[1:]) == 1 and max(stack.widths[1:]) > 1:
        if total == stack.params:
            expect.fail("chain", **shown, total=total)
        expect.fail("deeper_not_wider", **shown, n=len(widths) - 1, units=stack.widths[1])
    if total == stack.params:
        last = widths[-1] if widths else "?"
        expect.fail("right_count_wrong_shape", **shown, total=total, got=got, want=want, k=last)
    expect.fail("wrong_widths", **shown, got=got)


def extra_text(shapes, stack):
    return ", ".join(map(str, (Counter(shapes) - Counter(stack.shapes)).elements()))
