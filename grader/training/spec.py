"""What is trained and how: frozen descriptions, checked when they are made.

A description that exists is one the engine covers; everything else is refused here, by name.
"""

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from grader.errors import BadInput, Unsupported

Array = npt.NDArray[Any]
DType = Literal["float32", "float64"]

ACTIVATIONS = ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "softmax")
LOSSES = ("binary_crossentropy", "categorical_crossentropy", "mse")
INITIALIZERS = (
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "random_normal",
    "random_uniform",
    "zeros",
    "ones",
    "constant",
)


def refuse_unless_covered(kind: str, name: str, covered: tuple[str, ...]) -> None:
    """Raise Unsupported, naming the part, unless name is one of the covered ones."""
    if name not in covered:
        raise Unsupported(f"{kind} {name!r} is not covered by the engine; covered: {', '.join(covered)}.")


def _refuse_unless_finite(owner: object, *names: str) -> None:
    for name in names:
        value = getattr(owner, name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise BadInput(f"{type(owner).__name__}: {name} is {value!r}; a finite number is needed.")


@dataclass(frozen=True)
class Initializer:
    """One of Keras's named rules for starting numbers, with Keras's default arguments."""

    name: str
    mean: float = 0.0
    "random_normal only"
    stddev: float = 0.05
    "random_normal only"
    minval: float = -0.05
    "random_uniform only, inclusive"
    maxval: float = 0.05
    "random_uniform only, exclusive"
    value: float = 0.0
    "constant only"

    def __post_init__(self) -> None:
        refuse_unless_covered("Initialiser", self.name, INITIALIZERS)
        _refuse_unless_finite(self, "mean", "stddev", "minval", "maxval", "value")
        if self.stddev < 0 or self.minval > self.maxval:
            raise BadInput(f"Initialiser {self.name!r}: stddev below 0, or minval above maxval.")


GLOROT_UNIFORM = Initializer("glorot_uniform")
ZEROS = Initializer("zeros")


@dataclass(frozen=True)
class Layer:
    """One dense layer and the activation behind it; the defaults are those of Keras's Dense."""

    units: int
    activation: str
    use_bias: bool = True
    kernel: Initializer = GLOROT_UNIFORM
    bias: Initializer = ZEROS
    slope: float = 0.2
    "leaky_relu only: slope below zero; 0.2 is what activation='leaky_relu' means, LeakyReLU() has 0.3"

    def __post_init__(self) -> None:
        refuse_unless_covered("Activation", self.activation, ACTIVATIONS)
        _refuse_unless_whole("units", self.units, 1)
        _refuse_unless_finite(self, "slope")
        if not 0 <= self.slope <= 1:
            raise Unsupported(f"Activation leaky_relu with slope {self.slope} is not covered; 0 to 1 is.")


def _refuse_unless_whole(name: str, value: object, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise BadInput(f"{name} is {value!r}; a whole number of at least {least} is needed.")


@dataclass(frozen=True)
class Stack:
    """Dense layers one after the other."""

    n_in: int
    "features per row of the input"
    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        _refuse_unless_whole("n_in", self.n_in, 1)
        if not self.layers:
            raise BadInput("A stack needs at least one layer.")

    @property
    def widths(self) -> tuple[int, ...]:
        """Numbers passed between layers, the input first, e.g. (2, 4, 2, 1)."""
        return (self.n_in, *(layer.units for layer in self.layers))

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Shapes of the weights of one start, in the order of Keras's get_weights()."""
        shapes: list[tuple[int, ...]] = []
        for n_in, layer in zip(self.widths, self.layers, strict=False):
            shapes.append((n_in, layer.units))
            if layer.use_bias:
                shapes.append((layer.units,))
        return shapes

    @property
    def params(self) -> int:
        """Count of trainable numbers."""
        return sum(math.prod(shape) for shape in self.shapes)


def dense_stack(widths: tuple[int, ...], hidden: str, output: str) -> Stack:
    """Describe a plain stack by its widths, e.g. (2, 4, 2, 1), which has 25 parameters."""
    if len(widths) < 2:
        raise BadInput(f"Widths {list(widths)}: at least the inputs and one layer are needed, e.g. 2,2,1.")
    names = [hidden] * (len(widths) - 2) + [output]
    return Stack(widths[0], tuple(Layer(units, name) for units, name in zip(widths[1:], names, strict=True)))


@dataclass(frozen=True)
class SGD:
    """Gradient descent with Keras's defaults."""

    learning_rate: float = 0.01
    momentum: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        _refuse_unless_finite(self, "learning_rate", "momentum")
        if not 0 <= self.momentum <= 1:
            raise BadInput(f"SGD: momentum is {self.momentum}; 0 to 1 is needed.")


@dataclass(frozen=True)
class Adam:
    """Adam with Keras's defaults; epsilon is the "epsilon hat" of the paper, outside the correction."""

    learning_rate: float = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7

    def __post_init__(self) -> None:
        _refuse_unless_finite(self, "learning_rate", "beta_1", "beta_2", "epsilon")


@dataclass(frozen=True)
class RMSprop:
    """RMSprop with Keras's defaults; not centred, and without momentum."""

    learning_rate: float = 0.001
    rho: float = 0.9
    epsilon: float = 1e-7

    def __post_init__(self) -> None:
        _refuse_unless_finite(self, "learning_rate", "rho", "epsilon")


Optimizer = SGD | Adam | RMSprop


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a training run, except the data and the start."""

    stack: Stack
    loss: str
    optimizer: Optimizer
    epochs: int
    batch_size: int | None = None
    "rows per update; None is the full batch"
    shuffle: bool = False
    "a new order of the rows in every epoch; without effect on the full batch"
    dtype: DType = "float32"
    "float32 follows Keras; in float64 the hyper-parameters keep all their digits too"

    def __post_init__(self) -> None:
        refuse_unless_covered("Loss", self.loss, LOSSES)
        refuse_unless_covered("Number type", self.dtype, ("float32", "float64"))
        _refuse_unless_whole("epochs", self.epochs, 0)
        if self.batch_size is not None:
            _refuse_unless_whole("batch_size", self.batch_size, 1)
        if not isinstance(self.optimizer, SGD | Adam | RMSprop):
            raise Unsupported(f"Optimizer {self.optimizer!r} is not covered; covered: SGD, Adam, RMSprop.")
        self._refuse_odd_ends()

    def _refuse_odd_ends(self) -> None:
        last = self.stack.layers[-1]
        if self.loss == "categorical_crossentropy":
            if last.activation != "softmax":
                raise Unsupported(
                    f"Loss 'categorical_crossentropy' after {last.activation!r} is not covered; after "
                    "softmax it is. Where outputs do not add up to 1, backends of Keras disagree."
                )
            if last.units < 2:
                raise BadInput("categorical_crossentropy over one unit compares nothing: use at least 2 units.")
        # Keras on TensorFlow takes the numbers that went into the softmax for the inputs of a sigmoid.
        if self.loss == "binary_crossentropy" and last.activation == "softmax":
            raise Unsupported("Loss 'binary_crossentropy' after 'softmax' is not covered; after sigmoid it is.")
