"""Public checks of kata 14: one-hot rows, the heads of three tasks, from probabilities to labels, the history's key.

No check needs Keras; what they know of it was tried once by hand, with Keras 3.15.1 on TensorFlow:

    python -c "
    import numpy as np, keras
    X, y = np.eye(4)[:, :2], np.array([0, 1, 1, 0])
    for units, activation, loss, labels in [(1, 'sigmoid', 'binary_crossentropy', y),
            (2, 'softmax', 'sparse_categorical_crossentropy', y),
            (2, 'softmax', 'categorical_crossentropy', np.eye(2)[y])]:
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(units, activation=activation)])
        model.compile(loss=loss, metrics=['acc'])
        print(list(model.fit(X, labels, verbose=0).history))"

prints ['acc', 'loss'] three times. With the labels of the last two exchanged Keras raises ValueError; after one unit,
categorical_crossentropy and softmax warn; 'accuracy' after five sigmoid units compares only the largest of each row.
"""

import numpy as np
import pytest

from grader import expect
from perceptron.heads import heads
from perceptron.heads.heads import LOSSES, METRICS, kind_of

CHOOSE_FORM = "(?, ?, ?, ?)"


# --- one_hot -----------------------------------------------------------------------------------------------------


@pytest.mark.check(points=0.4, step=1)
def test_one_hot(student):
    """one_hot makes a row for each label, also for label 9 with k = 10"""
    for labels, k in (([0, 2, 1], 3), ([1, 0, 0], 5), ([9, 0, 7], 10), (np.array([3, 9, 9, 0]), 10)):
        asked = expect.call_text("one_hot", [labels, k])
        want = [[int(column == label) for column in range(k)] for label in labels]
        try:
            answer = student.one_hot(labels, k)
        except expect.Mismatch as fault:
            if fault.tag == "crash" and fault.values["type"] == "IndexError":
                fell_outside(labels, k, asked=asked, expected=want, actual="IndexError")
            raise
        compare_rows(answer, want, labels, k, asked=asked)


def compare_rows(answer, want, labels, k, *, asked):
    shown = {"asked": asked, "expected": want, "actual": expect.show(answer)}
    wanted = np.array(want, dtype=float)
    got = answer_array(answer, **shown)
    if got.shape == wanted.shape and (got == wanted).all():
        return
    if got.shape == wanted.T.shape and (got == wanted.T).all():
        expect.fail("transposed", **shown)
    if got.ndim == 2 and len(got) == len(want) and got.shape[1] != k:
        if got.shape[1] == k - 1:
            fell_outside(labels, k, **shown)
        expect.fail("k_ignored", **shown, k=k, columns=got.shape[1])
    if got.shape != wanted.shape:
        expect.fail("wrong_shape", **shown, got=str(got.shape))
    shifted = [[int(column == label - 1) for column in range(k)] for label in labels]
    # Columns counted from 1: label 0 has none, or with a negative index the last one.
    wrapped = [[int(column == (label - 1) % k) for column in range(k)] for label in labels]
    if any((got == np.array(rows, dtype=float)).all() for rows in (shifted, wrapped)):
        fell_outside(labels, k, **shown)
    if any(label == k - 1 and not row.any() for label, row in zip(labels, got, strict=True)):
        fell_outside(labels, k, **shown)
    expect.fail("not_one_hot", **shown)


def fell_outside(labels, k, **shown):
    expect.fail("off_by_one", **shown, label=int(max(labels)), k=k, last=k - 1)


def answer_array(answer, **shown):
    """The answer as numbers of whatever shape."""
    if answer is None:
        expect.fail("returned_nothing", **{**shown, "actual": "None"})
    found = expect.numbers(answer)
    if found is None:
        expect.fail("not_an_array", **shown)
    return found


# --- head --------------------------------------------------------------------------------------------------------

# What a label looks like that a loss of this kind expects; shown as code, the same in both languages.
FORMS = {"binary": "0 / 1", "categorical": "[0, 0, 1]", "sparse": "0, 1, 2"}
# What can come out; leaky_relu is missing, because every price can.
RANGES = {
    "0 ... 1": "sigmoid hard_sigmoid",
    "1": "softmax",
    "-1 ... 1": "tanh softsign hard_tanh",
    ">= 0": "relu",
    "0 ... 6": "relu6",
    "> 0": "softplus exponential",
    "<= 0": "log_softmax log_sigmoid",
    ">= -1.8": "elu selu celu gelu silu swish mish hard_silu hard_swish",
}


@pytest.mark.check(points=0.4, step=2)
@pytest.mark.parametrize("task", ["xor", "digits", "house price"])
def test_head(student, task):
    """head('{task}'): units, activation, loss and metric fit together"""
    answer = student.head(task)
    # The expected head is the student's to find: the line shows only its form.
    shown = {"asked": f"head('{task}')", "expected": CHOOSE_FORM, "actual": expect.show(answer)}
    units, activation, loss, metric = heads.read_head(answer, shown)
    if task == "house price":
        judge_price(units, activation, loss, metric, shown)
    else:
        judge_classes(task, units, activation, loss, metric, shown)


@pytest.mark.check(points=0, step=2, needs="head[xor]")
def test_head_tags_form(student):
    """head('tags') is a head of names that Keras knows; a hidden check judges it"""
    answer = student.head("tags")
    heads.read_head(answer, {"asked": "head('tags')", "expected": CHOOSE_FORM, "actual": expect.show(answer)})
    student.record("head('tags')")


def judge_price(units, activation, loss, metric, shown):
    loss_kind = kind_of(loss, LOSSES, place="loss", shown=shown)
    metric_kind = kind_of(metric, METRICS, place="metric", shown=shown)
    if metric_kind in ("any", "binary", "categorical", "sparse"):
        expect.fail("accuracy_for_regression", **shown)
    if units != 1:
        expect.fail("units_differ", **shown)
    if activation not in ("linear", "leaky_relu"):
        bounds = kind_of(activation, RANGES, place="activation", shown=shown)
        expect.fail("price_bounded", **shown, activation=activation, range=bounds)
    if loss_kind in FORMS:
        expect.fail("loss_mismatch", **shown, loss=loss, form=FORMS[loss_kind], got="-1.3")
    if "ratio" in (loss_kind, metric_kind):
        expect.fail("needs_positive", **shown, name=loss if loss_kind == "ratio" else metric)
    if loss_kind != "distance":
        expect.fail("loss_differs", **shown, loss=loss)
    if metric_kind != "distance":
        expect.fail("metric_differs", **shown)


def judge_classes(task, units, activation, loss, metric, shown):
    loss_kind = kind_of(loss, LOSSES, place="loss", shown=shown)
    if task == "digits" and units == 1:
        expect.fail("labels_as_numbers", **shown)
    if units not in ((1, 2) if task == "xor" else (10,)):
        expect.fail("units_differ", **shown)
    if units == 1 and activation == "softmax":
        expect.fail("softmax_alone", **shown)
    if loss_kind in ("distance", "ratio"):
        expect.fail("distance_for_classes", **shown)
    # Before what a crossentropy asks of the outputs: this is none.
    if loss_kind == "other":
        expect.fail("loss_differs", **shown, loss=loss)
    if activation not in ("sigmoid", "softmax"):
        expect.fail("not_probability", **shown)
    if units > 1 and activation == "sigmoid":
        expect.fail("no_competition", **shown)
    if units == 1 and loss_kind != "binary":
        expect.fail("one_unit_per_class", **shown, loss=loss)
    if units > 1 and loss_kind == "binary":
        expect.fail("loss_mismatch", **shown, loss=loss, form=FORMS["binary"], got=f"0 ... {int(units) - 1}")
    judge_accuracy(units, loss_kind, metric, shown)


def judge_accuracy(units, loss_kind, metric, shown):
    kind = kind_of(metric, METRICS, place="metric", shown=shown)
    if kind == "any" or kind == loss_kind or (kind == "one_unit" and units == 1):
        return
    if units == 1 and kind in ("categorical", "sparse"):
        expect.fail("one_unit_per_class", **shown, loss=metric)
    if kind in FORMS:
        expect.fail("loss_mismatch", **shown, loss=metric, form=FORMS[kind], got=FORMS[loss_kind])
    expect.fail("metric_differs", **shown)


# --- predict_class and the key -----------------------------------------------------------------------------------

TABLES = (
    [[0.6, 0.4], [0.1, 0.9]],
    [[0.2, 0.5, 0.3], [0.4, 0.35, 0.25], [0.1, 0.2, 0.7], [0.3, 0.3, 0.4]],
    [[0.4, 0.4, 0.2], [0.25, 0.375, 0.375]],
    # No share above a half, and the two largest are close.
    [[0.2, 0.2, 0.201, 0.199, 0.2], [0.1, 0.15, 0.3, 0.151, 0.299]],
    [[0.333, 0.3335, 0.3335]],
)


def first_largest(row):
    return next(label for label, value in enumerate(row) if value == max(row))


@pytest.mark.check(points=0.5, step=3)
def test_predict_class(student):
    """predict_class gives each row's label, the first one if two tie"""
    tables = [np.array(table) for table in TABLES]
    for table, rows, answer in zip(TABLES, tables, student.predict_class.each([rows] for rows in tables), strict=True):
        asked = expect.call_text("predict_class", [rows])
        want = [first_largest(row) for row in table]
        shown = {"asked": asked, "expected": want, "actual": expect.show(answer)}
        got = answer_array(answer, **shown)
        if got.shape != (len(want),) or (got != want).any():
            name_prediction(got, table, want, shown)


def name_prediction(got, table, want, shown):
    """Say which known mistake gives these labels; the most telling one first."""
    rows = np.array(table)
    if got.ndim == 0:
        expect.fail("whole_table", **shown)
    if got.shape == rows.shape:
        expect.fail("row_per_class", **shown)
    guesses = {
        "returns_probability": rows.max(axis=1),
        "along_columns": rows.argmax(axis=0),
        "last_of_ties": rows.shape[1] - 1 - rows[:, ::-1].argmax(axis=1),
        "counts_from_one": np.array(want) + 1,
        "smallest": rows.argmin(axis=1),
    }
    guesses |= {f"threshold {column}": rows[:, column] > 0.5 for column in (1, -1)}
    for tag, guess in guesses.items():
        if got.shape == guess.shape and np.array_equal(got, guess):
            expect.fail(tag.split()[0], **shown)
    if got.shape != (len(want),):
        expect.fail("wrong_shape", **shown, got=str(got.shape))
    expect.fail("wrong_value", **shown)


@pytest.mark.check(points=0.3, step=4)
def test_history_key(student):
    """HISTORY_KEY is the key under which fit keeps the accuracy"""
    key = student.HISTORY_KEY
    shown = {"actual": expect.show(key)}
    if not isinstance(key, str):
        expect.fail("key_is_text", **shown)
    if key == "accuracy":
        expect.fail("key", **shown)
    if key.startswith("val_"):
        expect.fail("key_of_validation", **shown)
    if key == "loss":
        expect.fail("key_of_loss", **shown)
    if key != "acc":
        expect.fail("other_key", **shown, got=expect.show(key))
