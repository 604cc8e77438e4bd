"""The lab: what the lecture's stacks really do on XOR, as a table, as pictures, and beside Keras itself.

Everything here is a pure function of its arguments; printing, bars and files belong to the command line.
"""

from grader.lab.data import lecture_as_data, train_as_data
from grader.lab.experiments import (
    X_XOR,
    Y_XOR,
    Experiment,
    Finding,
    Row,
    film_start,
    lecture_experiments,
    own_experiment,
    recorded_epochs,
    run_experiment,
)
from grader.lab.keras_check import MOST_EPOCHS, Comparison, compare_with_keras, refuse_unless_comparable, shorten
from grader.lab.pictures import choose_start, draw_finding
from grader.lab.table import render_comparisons, render_sentences, render_table
from grader.lab.words import found_in_words, heading, lab_text, lab_texts, said_in_words

__all__ = [
    "MOST_EPOCHS",
    "X_XOR",
    "Y_XOR",
    "Comparison",
    "Experiment",
    "Finding",
    "Row",
    "choose_start",
    "compare_with_keras",
    "draw_finding",
    "film_start",
    "found_in_words",
    "heading",
    "lab_text",
    "lab_texts",
    "lecture_as_data",
    "lecture_experiments",
    "own_experiment",
    "recorded_epochs",
    "refuse_unless_comparable",
    "render_comparisons",
    "render_sentences",
    "render_table",
    "run_experiment",
    "said_in_words",
    "shorten",
    "train_as_data",
]
