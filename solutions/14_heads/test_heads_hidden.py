"""Hidden checks of kata 14: other labels and tables, and the head of the task with several answers at once."""

import numpy as np
import pytest

from grader import expect
from perceptron.heads import heads


@pytest.mark.check(points=0.4, step=1, needs="one_hot")
def test_one_hot_any(student):
    """one_hot is right for any labels and any k"""
    rng = student.rng
    for k in (2, 3, 5, 10, 12):
        labels = rng.integers(0, k, size=int(rng.integers(1, 8)))
        given = labels.tolist() if k % 2 else labels
        want = np.array([[float(column == label) for column in range(k)] for label in labels])
        found = expect.array(student.one_hot(given, k), shape=want.shape, asked="one_hot")
        if (found != want).any():
            expect.fail("not_one_hot", asked="one_hot")


@pytest.mark.check(points=0.7, step=2)
def test_head_tags(student):
    """head('tags') lets several tags be there at once"""
    units, activation, loss, metric = heads.read_head(student.head("tags"), {"asked": "head('tags')"})
    if units != 5:
        expect.fail("units_differ")
    if activation == "softmax":
        expect.fail("tags_compete")
    if activation != "sigmoid":
        expect.fail("not_probability")
    if loss not in heads.LOSSES["binary"].split():
        expect.fail("tags_loss")
    # 'accuracy' is accepted, although Keras compares only the largest of each row then: the README asks about it.
    if not any(metric in heads.METRICS[kind].split() for kind in ("any", "binary", "one_unit")):
        expect.fail("metric_differs")


@pytest.mark.check(points=0.5, step=3, needs="predict_class")
def test_predict_class_any(student):
    """predict_class is right for any table, ties included"""
    rng = student.rng
    tables = []
    for classes in (2, 3, 4, 10):
        # Few different numbers, so that many rows have ties at the top.
        parts = rng.integers(1, 4, size=(8, classes)).astype(float)
        sharp = rng.random((8, classes)) ** 3 + 1e-6
        tables += [table / table.sum(axis=1, keepdims=True) for table in (parts, sharp)]
    for p, answer in zip(tables, student.predict_class.each([p] for p in tables), strict=True):
        want = [min(label for label, part in enumerate(row) if part == max(row)) for row in p]
        found = expect.array(answer, shape=(8,), asked="predict_class")
        expect.equal(found.tolist(), want, asked="predict_class", tag="some_rows")
