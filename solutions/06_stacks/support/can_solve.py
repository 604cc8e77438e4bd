"""How often a stack of kata 06 learns XOR, measured with the training engine from many starts.

The judge trains, not the student's process: it takes the layers and initialisers from Keras's own description of the
model. The seed is fixed, so a stack has one answer, and 256 starts of all six cost 0.1 s once in a judge's life.
"""

import json
from functools import lru_cache
from typing import Any

from grader import expect
from grader.checks.student import Student
from grader.errors import BadInput, Unsupported
from grader.training import Adam, Recipe, Stack, dense_stack, draw_starts, read_keras_stack, train
from perceptron.shared import stacks

NEVER, SOMETIMES, NEARLY_ALWAYS = stacks.WORDS
STARTS = 256
EPOCHS = 300
LEARNING_RATE = 0.1

MANY = 205
"""Solved starts from which on it is "nearly always": more than 4 of 5.

With Keras's usual initialisers 0, 0, 133, 244, 14 and 81 of 256 starts of 3, 5, 9, 17, 11 and 25 parameters solve XOR.
The seed is fixed, so a right word never fails. Were it not, the likeliest wrong verdict on a stack would be no solved
start at all for 11 parameters: 6e-7 (false_fail_probability(1, 256, 14 / 256)).
"""

_ROWS = ((0, 0), (0, 1), (1, 0), (1, 1))
_XOR = (0, 1, 1, 0)


def check_word(student: Student, params: int, word: str) -> None:
    """Compare a word with what the lecture's model does; the student's own may tell "sometimes" from "nearly always".

    A student with another initialiser may have measured one or the other. "never" is another matter: whoever lets
    every unit start alike, or so far out that nothing moves, has not asked what the stack can do.

    Raises:
        Mismatch: "can_chain", "can_one_run", "can_luck", "can_wide", or "can_start_too_large".
    """
    lecture = stacks.STACKS[f"build_{params}"]
    usual = dense_stack(lecture.widths, lecture.activations[0], lecture.activations[-1])
    measured = word_for(_count_solved(usual))
    if word == measured:
        return
    if word == NEVER:
        expect.fail("can_one_run")
    own = _read_own(student, f"build_{params}", usual)
    if own is not None:
        try:
            solved = _count_solved(own)
        except BadInput:
            expect.fail("can_start_too_large")
        if word == word_for(solved):
            return
    expect.fail({NEVER: "can_chain", NEARLY_ALWAYS: "can_wide", SOMETIMES: "can_luck"}[measured])


def word_for(solved: int) -> str:
    """Return the word for this many solved starts of STARTS."""
    if solved == 0:
        return NEVER
    return NEARLY_ALWAYS if solved >= MANY else SOMETIMES


def _read_own(student: Student, name: str, usual: Stack) -> Stack | None:
    """The student's own model as a stack; None unless it is the one asked for and the engine covers it."""
    try:
        text = stacks.build_model(student, name, anew=False).config
        description: Any = json.loads(text or "null")
        own = read_keras_stack(description["config"])
    except (expect.Mismatch, BadInput, Unsupported):
        return None
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError):
        # The text came from the student's side and may be anything.
        return None
    same = own.widths == usual.widths and [layer.activation for layer in own.layers] == [
        layer.activation for layer in usual.layers
    ]
    return own if same else None


# A pure function of its argument; a class has few stacks, and each costs 10 to 30 ms.
@lru_cache(maxsize=64)
def _count_solved(stack: Stack) -> int:
    import numpy as np

    # Raises BadInput for a student's initialiser whose numbers leave float32, e.g. RandomNormal(stddev=1e39).
    recipe = Recipe(stack, "binary_crossentropy", Adam(LEARNING_RATE), EPOCHS)
    starts = draw_starts(stack, STARTS, seed=0, dtype="float32")
    run = train(recipe, np.array(_ROWS, float), np.array(_XOR, float), weights=starts, seed=0)
    return int(run.solved.sum())
