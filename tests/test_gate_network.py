"""What kata 07's checks compare with, held against Keras itself."""

import numpy as np
import pytest

from perceptron.gates_in_keras.gate_network import LECTURE, SHAPES, Gates, answers
from perceptron.shared.gates import ROWS

LOPSIDED = Gates((1.3, 0.9, -1.7), (-0.7, -1.1, 1.4), (0.6, 1.2, -0.4))


@pytest.mark.tensorflow
# NumPy 2 deprecates an attribute that TensorFlow's own import still reads.
@pytest.mark.filterwarnings("ignore::DeprecationWarning:tensorflow.*")
@pytest.mark.parametrize("gates", [LECTURE, LOPSIDED], ids=["lecture", "lopsided"])
@pytest.mark.parametrize("nand_first", [True, False], ids=["nand first", "or first"])
def test_the_network_answers_as_keras_does(gates, nand_first):
    import keras

    layers = [keras.layers.Dense(2, activation="sigmoid"), keras.layers.Dense(1, activation="sigmoid")]
    model = keras.Sequential([keras.Input((2,)), *layers])
    assert tuple(weights.shape for weights in model.get_weights()) == SHAPES
    for k in (1, 50):
        weights = gates.weights(k, nand_first=nand_first)
        model.set_weights(weights)
        # Keras computes in float32: z of up to 90 is off by 5e-6.
        assert np.abs(model(np.array(ROWS, "float32")).numpy()[:, 0] - answers(weights)).max() < 1e-5


def test_with_the_lectures_gates_two_rows_stay_in_the_middle():
    """By hand: AND's sum is 0 at (0, 0) and (1, 1), so the sigmoid says 0.5, whatever k is."""
    assert LECTURE.answers(200) == pytest.approx([0.5, 1, 1, 0.5], abs=1e-4)
    assert LECTURE.smallest_k(0.9) is None
