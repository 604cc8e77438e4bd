"""XOR and the recipe that the engine's tests vary."""

import numpy as np

from grader.training import Adam, Recipe, Stack, dense_stack

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
Y = np.array([0, 1, 1, 0], float)
NINE = dense_stack((2, 2, 1), "sigmoid", "sigmoid")


def recipe_of(stack: Stack = NINE, **changes: object) -> Recipe:
    """Nine parameters, Adam 0.05, ten epochs, unless told otherwise."""
    fields = {"loss": "binary_crossentropy", "optimizer": Adam(0.05), "epochs": 10, **changes}
    return Recipe(stack, **fields)  # type: ignore[arg-type]  # tests name the field they vary
