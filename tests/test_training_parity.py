"""The engine against Keras: the same start, 300 steps, every combination the engine claims.

Of the largest grid a sample with `make test`; all with `make test-whole`.
"""

import itertools

import numpy as np
import pytest

from grader.training import SGD, Adam, Layer, Recipe, RMSprop, Stack, draw_starts, shuffled_rows, train
from tests.conftest import sample

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.parity,
    # NumPy 2 deprecates an attribute that TensorFlow's own import still reads.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:tensorflow.*"),
]

STEPS = 300
TOLERANCE = 1e-5
SEED = 7
OPTIMIZERS = {
    "sgd": SGD(0.1),
    "momentum": SGD(0.05, momentum=0.9),
    "nesterov": SGD(0.05, momentum=0.9, nesterov=True),
    "adam": Adam(0.01),
    # Larger steps chatter around the minimum on some ends, and rounding alone then parts two right programs.
    "rmsprop": RMSprop(0.001),
}
# Two hidden layers each, so that three stacks show all six activations on the way.
HIDDEN = (("sigmoid", "leaky_relu"), ("relu", "tanh"), ("linear", "softmax"))
ENDS = (
    *(("binary_crossentropy", name) for name in ("sigmoid", "linear", "tanh", "relu", "leaky_relu")),
    ("categorical_crossentropy", "softmax"),
    *(("mse", name) for name in ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "softmax")),
)
ROWS = 6
EACH = 4
"""One of so many in a row is in the sample: of five optimizers in turn, each pair of hidden layers and end has one."""


def data(units: int) -> tuple[np.ndarray, np.ndarray]:
    """Six points of the plane with labels no line separates."""
    x = np.random.default_rng(3).normal(size=(ROWS, 2)).astype("float32")
    label = np.array([0, 1, 1, 0, 1, 0])
    return x, np.eye(2, dtype="float32")[label][:, 2 - units :]


def orders_of(recipe: Recipe, start: int) -> np.ndarray:
    """Write out the rows of every step as the engine visits them."""
    rows = recipe.batch_size or ROWS
    steps = []
    for epoch in range(recipe.epochs):
        order = np.arange(ROWS)
        if recipe.shuffle:
            order = shuffled_rows(ROWS, np.array([start]), seed=SEED, epoch=epoch)[:, 0]
        steps += [order[first : first + rows] for first in range(0, ROWS, rows)]
    return np.array(steps)


def follow(recipe: Recipe, x: np.ndarray, y: np.ndarray) -> float:
    """Train one start in both programs and return their relative difference."""
    from tests import keras_twin

    weights = draw_starts(recipe.stack, 32, seed=SEED, dtype="float32")
    start = keras_twin.steadiest_start(recipe, x, y, weights, seed=SEED)
    ours = train(recipe, x, y, weights=weights, seed=SEED)
    theirs = keras_twin.train_in_keras(recipe, x, y, keras_twin.one_start(weights, start), orders_of(recipe, start))
    return keras_twin.difference(keras_twin.one_start(ours.weights, start), theirs)


@pytest.mark.parametrize(
    ("hidden", "end", "optimizer"), sample(itertools.product(HIDDEN, ENDS, OPTIMIZERS), EACH), ids=str
)
def test_full_batch_follows_keras(hidden: tuple[str, str], end: tuple[str, str], optimizer: str) -> None:
    loss, activation = end
    units = 2 if activation == "softmax" else 1
    stack = Stack(2, (Layer(3, hidden[0]), Layer(3, hidden[1]), Layer(units, activation)))
    x, y = data(units)
    assert follow(Recipe(stack, loss, OPTIMIZERS[optimizer], STEPS), x, y) < TOLERANCE


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("shuffle", [False, True], ids=["in-order", "shuffled"])
@pytest.mark.parametrize(
    ("loss", "end"),
    [("binary_crossentropy", "sigmoid"), ("categorical_crossentropy", "softmax"), ("mse", "linear")],
)
def test_mini_batches_follow_keras(loss: str, end: str, shuffle: bool, optimizer: str) -> None:
    units = 2 if end == "softmax" else 1
    stack = Stack(2, (Layer(3, "tanh"), Layer(units, end)))
    x, y = data(units)
    recipe = Recipe(stack, loss, OPTIMIZERS[optimizer], STEPS // 3, batch_size=2, shuffle=shuffle)
    assert follow(recipe, x, y) < TOLERANCE


@pytest.mark.parametrize(
    ("name", "stack"),
    [
        ("no-bias", Stack(2, (Layer(3, "tanh", use_bias=False), Layer(1, "sigmoid", use_bias=False)))),
        ("slope", Stack(2, (Layer(4, "leaky_relu", slope=0.3), Layer(1, "sigmoid")))),
        ("deep", Stack(2, (*[Layer(2, "tanh")] * 5, Layer(1, "sigmoid")))),
        ("wide", Stack(2, (Layer(40, "sigmoid"), Layer(1, "sigmoid")))),
        ("one-layer", Stack(2, (Layer(1, "sigmoid"),))),
        ("tags", Stack(2, (Layer(3, "tanh"), Layer(2, "sigmoid")))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_shapes_follow_keras(name: str, stack: Stack) -> None:
    x, y = data(stack.layers[-1].units)
    assert name
    assert follow(Recipe(stack, "binary_crossentropy", Adam(0.01), STEPS), x, y) < TOLERANCE


def test_soft_targets_follow_keras() -> None:
    stack = Stack(2, (Layer(3, "tanh"), Layer(1, "sigmoid")))
    x, y = data(1)
    assert follow(Recipe(stack, "binary_crossentropy", Adam(0.01), STEPS), x, 0.1 + 0.8 * y) < TOLERANCE


@pytest.mark.parametrize(("hidden", "widths"), [("sigmoid", (2, 1)), ("sigmoid", (2, 2, 1)), ("relu", (4, 2, 1))])
@pytest.mark.parametrize("rate", [0.001, 0.05])
def test_the_lectures_stacks_follow_keras_on_xor(hidden: str, widths: tuple[int, ...], rate: float) -> None:
    x = np.array(list(itertools.product((0, 1), repeat=2)), "float32")
    y = np.array([[0], [1], [1], [0]], "float32")
    layers = [Layer(units, hidden) for units in widths[:-1]] + [Layer(1, "sigmoid")]
    from tests import keras_twin

    recipe = Recipe(Stack(2, tuple(layers)), "binary_crossentropy", Adam(rate), STEPS)
    weights = draw_starts(recipe.stack, 32, seed=SEED, dtype="float32")
    start = keras_twin.steadiest_start(recipe, x, y, weights, seed=SEED)
    ours = train(recipe, x, y, weights=weights, seed=SEED)
    order = np.tile(np.arange(4), (STEPS, 1))
    theirs = keras_twin.train_in_keras(recipe, x, y, keras_twin.one_start(weights, start), order)
    assert keras_twin.difference(keras_twin.one_start(ours.weights, start), theirs) < TOLERANCE


def test_one_long_fit_follows_too() -> None:
    """The other tests loop over Keras's train_step; this one is the fit a student calls."""
    from tests import keras_twin

    x = np.array(list(itertools.product((0, 1), repeat=2)), "float32")
    y = np.array([[0], [1], [1], [0]], "float32")
    stack = Stack(2, (Layer(4, "sigmoid"), Layer(1, "sigmoid")))
    recipe = Recipe(stack, "binary_crossentropy", Adam(0.05), 40)
    weights = draw_starts(stack, 1, seed=SEED, dtype="float32")
    ours = train(recipe, x, y, weights=weights, seed=0, record=range(40))
    model = keras_twin.build_model(recipe)
    model.compile(optimizer=model.optimizer, loss=recipe.loss, metrics=["accuracy"])
    model.set_weights(keras_twin.one_start(weights, 0))
    history = model.fit(x, y, epochs=40, batch_size=4, verbose=0).history
    assert keras_twin.difference(keras_twin.one_start(ours.weights, 0), model.get_weights()) < TOLERANCE
    # Keras reports an epoch's loss before its update, which is this engine's loss after the epoch before.
    assert ours.loss_history[:40, 0].tolist() == pytest.approx(history["loss"], rel=TOLERANCE)
    assert ours.accuracy_history[:40, 0].tolist() == history["accuracy"]
