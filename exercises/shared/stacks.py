"""The lecture's stacks of dense layers: widths, shapes, and what they compute, in NumPy.

A student's model is compared with these through its weights and its answers alone; how it was built does not matter.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations
from typing import TYPE_CHECKING, Any

from grader import expect
from grader.checks.crash import StudentFault
from grader.checks.student import Function, Model, Student

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Stack:
    """Dense layers with biases, one after the other."""

    widths: tuple[int, ...]
    """Numbers per example, from the inputs to the outputs: (2, 4, 1)."""
    activations: tuple[str, ...]
    """Of each layer: "sigmoid" or "relu"."""

    @property
    def shapes(self) -> list[Shape]:
        """Shapes of kernel, bias, kernel, bias, ...: the order of Keras's get_weights()."""
        return [shape for n_in, units in pairwise(self.widths) for shape in ((n_in, units), (units,))]

    @property
    def params(self) -> int:
        """How many numbers can be learned."""
        return sum((n_in + 1) * units for n_in, units in pairwise(self.widths))

    @property
    def text(self) -> str:
        """The stack in words: "4 sigmoid -> 1 sigmoid"."""
        layers = zip(self.widths[1:], self.activations, strict=True)
        return " -> ".join(f"{units} {activation}" for units, activation in layers)

    def forward(self, weights: "Sequence[Array]", inputs: "Array") -> "Array":
        """Return the outputs, (rows, units of the last layer), for inputs of shape (rows, features)."""
        values = inputs
        for index, activation in enumerate(self.activations):
            values = _ACTIVATIONS[activation](values @ weights[2 * index] + weights[2 * index + 1])
        return values

    def telling_weights(self, rng: "np.random.Generator", inputs: "Array") -> "list[Array]":
        """Return random weights with which a wrong activation shows.

        No kernel entry is near zero, and each bias puts its unit's kink or bend into the middle of the inputs: a relu
        that is silent, or a sigmoid that is saturated, on every row would hide what stands in its place.
        """
        import numpy as np

        weights: list[Array] = []
        values = inputs
        for index, activation in enumerate(self.activations):
            shape = self.shapes[2 * index]
            kernel = rng.uniform(0.8, 2.0, shape) * rng.choice([-1.0, 1.0], shape)
            sums = values @ kernel
            bias = -np.median(sums, axis=0)
            weights += [kernel, bias]
            values = _ACTIVATIONS[activation](sums + bias)
        return weights

    def orders(self, shapes: Sequence[Shape]) -> Iterator[tuple[int, ...]]:
        """Yield the ways to lay this stack's arrays into a model with these weight shapes.

        A subclass lists its weights as its layers were created, not as data flows. Each array goes where its shape
        fits; where two biases are of one shape, both ways are yielded.

        Yields:
            For each place of `shapes` the index into `self.shapes` of the array that belongs there.
        """
        for order in permutations(range(len(self.shapes))):
            if [self.shapes[index] for index in order] == list(shapes):
                yield order


def _sigmoid(z: "Array") -> "Array":
    import numpy as np

    # tanh does not overflow; 1 / (1 + exp(-z)) would.
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * z)))


def _relu(z: "Array") -> "Array":
    import numpy as np

    return np.maximum(z, 0.0)


_ACTIVATIONS = {"sigmoid": _sigmoid, "relu": _relu}

STACKS = {
    "build_3": Stack((2, 1), ("sigmoid",)),
    "build_5": Stack((2, 1, 1), ("sigmoid", "sigmoid")),
    "build_9": Stack((2, 2, 1), ("sigmoid", "sigmoid")),
    "build_17": Stack((2, 4, 1), ("sigmoid", "sigmoid")),
    "build_11": Stack((2, 2, 1, 1), ("relu", "relu", "sigmoid")),
    "build_25": Stack((2, 4, 2, 1), ("relu", "relu", "sigmoid")),
}
"""The lecture's models by the name of the function that builds them; the number counts the parameters."""


WORDS = ("never", "sometimes", "nearly always")
"""How often a stack learns XOR; the answers to choose from in CAN_SOLVE."""

PARAMS = (3, 5, 9, 17, 11, 25)
"""The keys of CAN_SOLVE."""


def find_widths(shapes: Sequence[Shape]) -> tuple[int, ...] | None:
    """Return the widths of a chain of dense layers, biases or not, read from weight shapes in data order.

    Returns:
        (2, 4, 1) for [(2, 4), (4,), (4, 1), (1,)]; None if the shapes are of no such chain.
    """
    kernels = [shape for shape in shapes if len(shape) == 2]
    if not kernels or any(left[1] != right[0] for left, right in pairwise(kernels)):
        return None
    units: Counter[Shape] = Counter((kernel[1],) for kernel in kernels)
    others = Counter(shape for shape in shapes if len(shape) != 2)
    if others - units:
        return None
    return (kernels[0][0], *(kernel[1] for kernel in kernels))


def widths_text(shapes: Sequence[Shape]) -> str:
    """Return a model's arrangement as text: "2-4-1", or its weight shapes where they are no chain."""
    widths = find_widths(shapes)
    return ", ".join(map(str, shapes)) if widths is None else "-".join(map(str, widths))


def build_model(student: Student, name: str, *, anew: bool) -> Model:
    """Return the model that the student's function of this name builds.

    Args:
        student: whose function.
        name: of the function.
        anew: True calls it once more; False takes the model of an earlier check, if there is one.

    Raises:
        Mismatch: "not_a_function", "returned_none", "not_a_model".
    """
    build = getattr(student, name)
    if not isinstance(build, Function):
        expect.fail("not_a_function", asked=name, expected=f"def {name}()", actual=_kind(build), name=name)
    model = build() if anew else build.once()
    asked = f"{name}()"
    if model is None:
        expect.fail("returned_none", asked=asked, expected="keras.Model", actual="None")
    if not isinstance(model, Model):
        shown = {"asked": asked, "expected": "keras.Model", "actual": _kind(model)}
        # Models of a Keras that TensorFlow keeps for itself, or of an older one beside it, are called like Keras's own.
        named_alike = getattr(model, "type_name", "") in ("Sequential", "Functional", "Model")
        expect.fail("other_keras" if named_alike else "not_a_model", parts=(), **shown)
    return model


def _kind(value: object) -> str:
    return "<keras.Model>" if isinstance(value, Model) else expect.show(value)


def weight_shapes(model: Model) -> list[Shape]:
    """Return the shapes of a model's weight arrays, in its own order.

    Raises:
        Mismatch: "unbuilt" when there are none, "not_an_array" when the model answers with something else,
            "tensorflow_1" when the file has switched to where they cannot be read.
    """
    try:
        arrays: Any = model.weights
    except StudentFault:
        _name_tensorflow_1(model)
        raise
    if not isinstance(arrays, list) or not all(hasattr(array, "shape") for array in arrays):
        expect.fail("not_an_array", asked=f"{model.asked}.get_weights()", expected="[array, array, ...]", actual=arrays)
    if not arrays:
        expect.fail("unbuilt", asked=f"{model.asked}.get_weights()", expected="[array, array, ...]", actual="[]")
    return [tuple(array.shape) for array in arrays]


def _name_tensorflow_1(model: Model) -> None:
    """Fail if a line of the file turns TensorFlow back to version 1."""
    for fact in model.student.syntax:
        if fact.kind == "Call" and fact.detail in ("disable_v2_behavior", "disable_eager_execution"):
            expect.fail("tensorflow_1", asked=model.asked, call=fact.detail, line=fact.line)


def read_words(value: object) -> dict[int, str]:
    """Return the student's CAN_SOLVE: a word for each number of parameters.

    Raises:
        Mismatch: "can_not_a_dict", "can_no_word".
    """
    keys = ", ".join(map(str, PARAMS))
    if not isinstance(value, dict) or set(value) != set(PARAMS):
        expect.fail("can_not_a_dict", asked="CAN_SOLVE", expected=f"{{{keys}}}", actual=expect.show(value))
    words: dict[int, str] = {}
    for params in PARAMS:
        word = value[params]
        if not isinstance(word, str) or word.strip().lower() not in WORDS:
            expect.fail("can_no_word", key=str(params), got=expect.show(word), words=", ".join(map(repr, WORDS)))
        words[params] = word.strip().lower()
    return words


ROWS = 24
"""Random examples on which a model is compared."""

TOLERANCE = 1e-4
"""Largest difference of an output (between 0 and 1). Keras computes in float32 and stays below 1e-6."""

_NOISE_LAYER = re.compile(r'"class_name": "(\w*(?:Dropout|Noise))"')


def check_answers(student: Student, name: str, *, anew: bool) -> None:
    """Load random weights into the model that a function builds, and compare its answers with the stack's.

    Raises:
        Mismatch: "softmax_one", "activation", "noise_layer", or what reading the model raises.
    """
    stack, rng = STACKS[name], student.rng
    model = build_model(student, name, anew=anew)
    shapes = weight_shapes(model)
    inputs = rng.uniform(-2.0, 2.0, (ROWS, 2))
    arrays = stack.telling_weights(rng, inputs)
    expected = stack.forward(arrays, inputs)[:, 0]
    answers = []
    for order in stack.orders(shapes):
        model.set_weights([arrays[index] for index in order])
        answers.append(
            expect.array(model.predict(inputs), shape=(ROWS, 1), asked=f"{name}()(x), x.shape = ({ROWS}, 2)")[:, 0]
        )
        # "not (error > tolerance)" would let NaN pass.
        if (abs(answers[-1] - expected) <= TOLERANCE).all():
            _refuse_noise(model)
            return
    if not answers:
        asked = f"{name}().get_weights()"
        expect.fail("wrong_widths", asked=asked, expected=widths_text(stack.shapes), actual=widths_text(shapes))
    if (abs(answers[0] - 1.0) < 1e-6).all():
        expect.fail("softmax_one", asked=f"{name}()(x)", expected="0 < p < 1", actual="p = 1.0")
    row = int(abs(answers[0] - expected).argmax())
    x, got, want = inputs[row], float(answers[0][row]), float(expected[row])
    asked = f"{name}()({expect.show(x)})"
    expect.fail("activation", asked=asked, expected=want, actual=got, want=stack.text, x=x, got=got, exp=want)


def _refuse_noise(model: Model) -> None:
    """A layer that throws dice in training is invisible in the answers; Keras's own description names it."""
    found = _NOISE_LAYER.search(model.config or "")
    if found:
        expect.fail("noise_layer", asked=model.asked, expected="Dense, Activation", actual=found[1])
