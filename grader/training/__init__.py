"""The training engine: one dense architecture, trained from many starts at once, step for step as Keras does.

What it covers is listed in spec.py; everything else raises Unsupported and is never approximated.
"""

from grader.training.keras_config import read_keras_stack
from grader.training.loop import Frames, Progress, Run, train
from grader.training.memory import refuse_unless_fits
from grader.training.spec import (
    ACTIVATIONS,
    SGD,
    Adam,
    Array,
    Initializer,
    Layer,
    Optimizer,
    Recipe,
    RMSprop,
    Stack,
    dense_stack,
)
from grader.training.starts import draw_starts, shuffled_rows
from grader.training.statistics import (
    PLATEAUS,
    Share,
    count_plateaus,
    dead_units,
    false_fail_probability,
    forward,
    name_plateau,
    name_plateaus,
    share,
    solved_history,
)

__all__ = [
    "ACTIVATIONS",
    "PLATEAUS",
    "SGD",
    "Adam",
    "Array",
    "Frames",
    "Initializer",
    "Layer",
    "Optimizer",
    "Progress",
    "RMSprop",
    "Recipe",
    "Run",
    "Share",
    "Stack",
    "count_plateaus",
    "dead_units",
    "dense_stack",
    "draw_starts",
    "false_fail_probability",
    "forward",
    "name_plateau",
    "name_plateaus",
    "read_keras_stack",
    "refuse_unless_fits",
    "share",
    "shuffled_rows",
    "solved_history",
    "train",
]
