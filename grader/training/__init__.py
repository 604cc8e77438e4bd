"""The training engine: one dense architecture, trained from many starts at once, step for step as Keras does.

What it covers is listed in spec.py; everything else raises Unsupported and is never approximated.
"""

from grader.training.loop import Run, train
from grader.training.spec import (
    SGD,
    Adam,
    Initializer,
    Layer,
    Optimizer,
    Recipe,
    RMSprop,
    Stack,
    dense_stack,
)
from grader.training.starts import draw_starts, shuffled_rows

__all__ = [
    "SGD",
    "Adam",
    "Initializer",
    "Layer",
    "Optimizer",
    "RMSprop",
    "Recipe",
    "Run",
    "Stack",
    "dense_stack",
    "draw_starts",
    "shuffled_rows",
    "train",
]
