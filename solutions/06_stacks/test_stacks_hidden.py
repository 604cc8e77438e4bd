"""Hidden checks of kata 06: loaded with random weights, each model computes what its stack should."""

import pytest

from grader import stacks


@pytest.mark.check(points=0.4, step=2, needs="stack[{build}]")
@pytest.mark.parametrize("build", ["build_3", "build_5"])
def test_answers(student, build):
    """{build} answers as its layers should, whatever the weights are"""
    stacks.check_answers(student, build)


@pytest.mark.check(points=0.6, step=2, needs="stack[{build}]")
@pytest.mark.parametrize("build", ["build_9", "build_17", "build_11", "build_25"])
def test_hidden_layers_answer(student, build):
    """{build} answers as its layers should, whatever the weights are (with a hidden layer)"""
    stacks.check_answers(student, build)
