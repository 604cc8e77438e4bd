"""Hidden checks of kata 05: layers and stacks that are not in the lecture."""

from itertools import pairwise

import pytest

from grader import expect


def right(n, u):
    return n * u + u


@pytest.mark.check(points=0.6, step=1, needs="dense")
def test_dense_any(student):
    """dense_params is right for layers of any size"""
    cases = student.rng.integers(1, 40, size=(8, 2)).tolist()
    for (n, u), answer in zip(cases, student.dense_params.each(cases), strict=True):
        expect.equal(answer, right(n, u), asked=expect.call_text("dense_params", [n, u]))


@pytest.mark.check(points=0.3, step=1, needs="dense")
def test_dense_without_bias(student):
    """dense_params leaves the biases out when bias is False"""
    for n, u in student.rng.integers(2, 40, size=(4, 2)).tolist():
        asked = expect.call_text("dense_params", [n, u, False])
        for answer in (student.dense_params(n, u, bias=False), student.dense_params(n, u, False)):
            got = expect.number(answer, asked=asked)
            if got != n * u:
                expect.fail("bias_not_asked" if got == right(n, u) else "wrong_value", asked=asked)
        expect.equal(student.dense_params(n, u, bias=True), right(n, u), asked=asked)


@pytest.mark.check(points=0.6, step=2, needs="stack")
def test_stack_any(student):
    """stack_params is right for stacks of any widths"""
    rng = student.rng
    stacks = [rng.integers(1, 20, size=layers + 1).tolist() for layers in (1, 2, 3, 5, 8)]
    for widths, answer in zip(stacks, student.stack_params.each([widths] for widths in stacks), strict=True):
        plain = answer.tolist() if hasattr(answer, "tolist") else answer
        plain = list(plain) if isinstance(plain, tuple) else plain
        expect.equal(
            plain, [right(n, u) for n, u in pairwise(widths)], asked=expect.call_text("stack_params", [widths])
        )


@pytest.mark.check(points=0.7, step=4, needs="all_with_nine")
def test_all_with_any(student):
    """stacks_with finds every stack, no other, for any total and any number of layers"""
    rng = student.rng
    cases = [(25, 4), (9, 3), (9, 2), (4, 4), (3, 1), (11, 5)]
    cases += [(int(total), int(layers)) for total, layers in zip(rng.integers(12, 25, 2), (3, 4), strict=True)]
    # 4 * u + 1 in two layers takes one wide layer.
    cases.append((4 * int(rng.integers(41, 60)) + 1, 2))
    for total, layers in cases:
        asked = f"stacks_with({total}, max_layers={layers})"
        found = as_set(student.stacks_with(total, max_layers=layers), asked)
        wanted = {(2, *tail) for tail in tails(2, total, layers)}
        if found != wanted:
            expect.fail("some_differ", asked=asked)


def as_set(answer, asked):
    plain = answer.tolist() if hasattr(answer, "tolist") else answer
    if isinstance(plain, (list, tuple)):
        plain = [stack.tolist() if hasattr(stack, "tolist") else stack for stack in plain]
    if not isinstance(plain, (list, tuple, set)) or not all(isinstance(stack, (list, tuple)) for stack in plain):
        expect.fail("not_stacks", asked=asked)
    if not all(isinstance(width, (int, float)) for stack in plain for width in stack):
        expect.fail("not_stacks", asked=asked)
    return {tuple(stack) for stack in plain}


def tails(width, left, layers):
    """Widths after a layer of `width` units, down to 1, that use up exactly `left` parameters."""
    if width + 1 == left:
        yield (1,)
    if layers > 1:
        for units in range(1, left // (width + 1) + 1):
            for tail in tails(units, left - (width + 1) * units, layers - 1):
                yield (units, *tail)
