"""Trains the engine's recipes in Keras itself, as the parity tests' independent second opinion."""

import os
import warnings

# TensorFlow reads it when it is imported; its start-up notes are not about these tests.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

from grader.training import SGD, Adam, Optimizer, Recipe, train
from grader.training.spec import Array, Layer


def build_model(recipe: Recipe) -> keras.Sequential:
    """Build and compile the Keras model a recipe describes."""
    layers = [keras.Input((recipe.stack.n_in,)), *(_dense(layer) for layer in recipe.stack.layers)]
    model = keras.Sequential(layers)
    model.compile(optimizer=_optimizer(recipe.optimizer), loss=recipe.loss)
    return model


def _dense(layer: Layer) -> keras.layers.Dense:
    activation = layer.activation
    if activation == "leaky_relu":
        activation = keras.layers.LeakyReLU(negative_slope=layer.slope)
    return keras.layers.Dense(layer.units, activation=activation, use_bias=layer.use_bias)


def _optimizer(rule: Optimizer) -> keras.optimizers.Optimizer:
    if isinstance(rule, SGD):
        return keras.optimizers.SGD(rule.learning_rate, rule.momentum, rule.nesterov)
    if isinstance(rule, Adam):
        return keras.optimizers.Adam(rule.learning_rate, rule.beta_1, rule.beta_2, rule.epsilon)
    return keras.optimizers.RMSprop(rule.learning_rate, rule.rho, epsilon=rule.epsilon)


def train_in_keras(recipe: Recipe, x: Array, y: Array, weights: list[Array], orders: Array) -> list[Array]:
    """Train one start in Keras, with Keras's own train_step, many steps in one graph.

    Args:
        recipe: what is trained.
        x: (rows, features).
        y: (rows, units).
        weights: of one start, Keras's order, without the axis of starts.
        orders: row numbers of every step, (steps, batch).

    Returns:
        The final weights.
    """
    model = build_model(recipe)
    model.set_weights(weights)
    model.optimizer.build(model.trainable_variables)
    xs, ys, rows = (tf.constant(a) for a in (x.astype(recipe.dtype), y.astype(recipe.dtype), orders))

    @tf.function
    def steps() -> None:
        for step in tf.range(len(orders)):
            model.train_step((tf.gather(xs, rows[step]), tf.gather(ys, rows[step])))

    with warnings.catch_warnings():
        # From Python 3.13 on, at how TensorFlow reads the loop above; as an error it would not be read.
        warnings.simplefilter("ignore", DeprecationWarning)
        steps()
    return model.get_weights()


def difference(got: list[Array], want: list[Array]) -> float:
    """Return the largest difference between two sets of weights, relative to the largest weight.

    One scale for all arrays: a bias that rests near zero has no digits of its own to compare.
    """
    scale = max(float(np.abs(array).max()) for array in want)
    return max(float(np.abs(a - b).max()) for a, b in zip(got, want, strict=True)) / scale


def steadiest_start(recipe: Recipe, x: Array, y: Array, weights: list[Array], *, seed: int) -> int:
    """Return the start on which rounding matters least: where float32 and float64 end closest together.

    Where a relu unit flips or a slope is near zero, one last bit grows until two right programs part; such a
    start compares luck. The choice looks at the engine only, never at Keras.
    """
    runs = []
    for dtype in ("float32", "float64"):
        twin = Recipe(
            recipe.stack,
            recipe.loss,
            recipe.optimizer,
            recipe.epochs,
            recipe.batch_size,
            recipe.shuffle,
            dtype,
        )
        runs.append(train(twin, x, y, weights=weights, seed=seed).weights)
    starts = len(weights[0])
    apart = [difference([a[i] for a in runs[0]], [a[i] for a in runs[1]]) for i in range(starts)]
    return int(np.argmin(apart))


def one_start(weights: list[Array], start: int) -> list[Array]:
    """Take one start out of arrays that have the starts in front."""
    return [array[start] for array in weights]
