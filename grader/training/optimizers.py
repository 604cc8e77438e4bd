"""Keras's update rules, recorded on a tape over one array of all parameters, (params, starts)."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from grader.training.spec import SGD, Adam, Array, Optimizer, RMSprop
from grader.training.tape import Tape


@dataclass(frozen=True)
class Update:
    """A recorded update rule; what it keeps between steps is bound in its tape."""

    tape: Tape
    step_size: Array | None = None
    "Adam only: a number without axes that must hold step_sizes(...) of the step before the tape runs"


def record_update(rule: Optimizer, w: Array, g: Array) -> Update:
    """Record one update of the parameters w from their gradient g, in Keras's order of operations.

    Source: Keras, keras/src/optimizers/sgd.py, adam.py, rmsprop.py, update_step.
    """
    if isinstance(rule, Adam):
        return _adam(rule, w, g)
    if isinstance(rule, RMSprop):
        return _rmsprop(rule, w, g)
    return _sgd(rule, w, g)


def _sgd(rule: SGD, w: Array, g: Array) -> Update:
    lr, momentum = np.array(rule.learning_rate, w.dtype), np.array(rule.momentum, w.dtype)
    step: Tape = [partial(np.multiply, g, lr, g)]
    if not rule.momentum:
        return Update([*step, partial(np.subtract, w, g, w)])
    m = np.zeros_like(w)
    step += [partial(np.multiply, m, momentum, m), partial(np.subtract, m, g, m)]
    if not rule.nesterov:
        return Update([*step, partial(np.add, w, m, w)])
    t = np.empty_like(w)
    step += [partial(np.multiply, m, momentum, t), partial(np.subtract, t, g, t), partial(np.add, w, t, w)]
    return Update(step)


def _adam(rule: Adam, w: Array, g: Array) -> Update:
    share_1, share_2, epsilon, alpha = (
        np.array(value, w.dtype) for value in (1 - rule.beta_1, 1 - rule.beta_2, rule.epsilon, 0.0)
    )
    m, v, t = np.zeros_like(w), np.zeros_like(w), np.empty_like(w)
    tape: Tape = [
        partial(np.subtract, g, m, t),
        partial(np.multiply, t, share_1, t),
        partial(np.add, m, t, m),
        partial(np.multiply, g, g, t),
        partial(np.subtract, t, v, t),
        partial(np.multiply, t, share_2, t),
        partial(np.add, v, t, v),
        partial(np.sqrt, v, t),
        partial(np.add, t, epsilon, t),
        partial(np.multiply, m, alpha, g),
        partial(np.divide, g, t, g),
        partial(np.subtract, w, g, w),
    ]
    return Update(tape, alpha)


def step_sizes(rule: Adam, first: int, count: int, dtype: np.dtype[np.floating]) -> Array:
    """Adam's corrected learning rates of `count` steps, the first one being 0-based step `first`.

    The powers of the betas are those of the rounded betas: in float32 0.999 is 0.99900001287, and ten
    thousand steps later that is a visible difference.
    """
    number = dtype.type
    steps = np.arange(first + 1, first + count + 1, dtype=np.float64)
    power_1 = (np.float64(number(rule.beta_1)) ** steps).astype(dtype)
    power_2 = (np.float64(number(rule.beta_2)) ** steps).astype(dtype)
    one = number(1)
    sizes: Array = number(rule.learning_rate) * np.sqrt(one - power_2) / (one - power_1)
    return sizes


def _rmsprop(rule: RMSprop, w: Array, g: Array) -> Update:
    lr, rho, share, epsilon = (
        np.array(value, w.dtype) for value in (rule.learning_rate, rule.rho, 1 - rule.rho, rule.epsilon)
    )
    v, t = np.zeros_like(w), np.empty_like(w)
    tape: Tape = [
        partial(np.multiply, v, rho, v),
        partial(np.multiply, g, g, t),
        partial(np.multiply, t, share, t),
        partial(np.add, v, t, v),
        partial(np.add, v, epsilon, t),
        partial(np.sqrt, t, t),
        partial(np.multiply, g, lr, g),
        partial(np.divide, g, t, g),
        partial(np.subtract, w, g, w),
    ]
    return Update(tape)
