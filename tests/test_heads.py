"""Kata 14's lists of names, asked of Keras itself."""

import pytest

from grader.expect import Mismatch
from perceptron.heads import heads

pytestmark = pytest.mark.tensorflow


def compile_and_fit(**changes):
    import keras
    import numpy as np

    parts = {"activation": "sigmoid", "loss": "mse", "metric": "mae"} | changes
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation=parts["activation"])])
    model.compile(loss=parts["loss"], metrics=[parts["metric"]])
    model.fit(np.zeros((4, 2)), np.zeros((4, 1)), verbose=0)


@pytest.mark.parametrize("word", heads.ACTIVATIONS.split())
def test_keras_takes_every_activation_on_the_list(word):
    import keras

    assert callable(keras.activations.get(word))


@pytest.mark.parametrize("word", " ".join(heads.LOSSES.values()).split())
def test_keras_takes_every_loss_on_the_list(word):
    import keras

    assert callable(keras.losses.get(word))


@pytest.mark.parametrize("kind", ["any", "binary", "distance", "one_unit", "ratio"])
def test_keras_takes_every_metric_that_may_be_right(kind):
    for word in heads.METRICS[kind].split():
        compile_and_fit(metric=word)


@pytest.mark.parametrize(
    ("place", "word"),
    [
        ("activation", "Sigmoid"),
        ("activation", "sigmoid "),
        ("activation", "ReLU"),
        ("activation", "leakyrelu"),
        ("loss", "binary_cross_entropy"),
        ("loss", "Binary_Crossentropy"),
        ("loss", "cce"),
        ("loss", "huber_loss"),
        ("metric", "rmse"),
        ("metric", "f1"),
        ("metric", "Binary_Accuracy"),
    ],
)
def test_what_keras_does_not_know_is_not_let_through(place, word):
    with pytest.raises((ValueError, TypeError)):
        compile_and_fit(**{place: word})
    parts = {"activation": "sigmoid", "loss": "mse", "metric": "mae", place: word}
    with pytest.raises(Mismatch) as refused:
        heads.read_head((1, *parts.values()), {"asked": "head"})
    assert refused.value.tag in ("unknown_word", "spelt_otherwise")
