"""Reading configurations: what plain dictionaries mean, and which parts are refused by name."""

import copy
import os
from typing import Any

import pytest

from grader.errors import BadInput, Unsupported
from grader.training import Initializer, Layer, Stack, read_keras_stack


def dense(units: int, activation: Any = "linear", **changes: Any) -> dict[str, Any]:
    """One Dense layer as Keras 3 writes it."""
    config = {
        "name": f"dense_{units}",
        "trainable": True,
        "dtype": {"class_name": "DTypePolicy", "config": {"name": "float32"}},
        "units": units,
        "activation": activation,
        "use_bias": True,
        "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}},
        "bias_initializer": {"class_name": "Zeros", "config": {}},
        "kernel_regularizer": None,
        "kernel_constraint": None,
    }
    return {"module": "keras.layers", "class_name": "Dense", "config": {**config, **changes}}


def layer(kind: str, **config: Any) -> dict[str, Any]:
    """Any other layer."""
    return {"module": "keras.layers", "class_name": kind, "config": config, "registered_name": None}


def model(*layers: dict[str, Any]) -> dict[str, Any]:
    """A Sequential with two inputs."""
    return {"name": "s", "layers": [layer("InputLayer", batch_shape=[None, 2], dtype="float32"), *layers]}


def test_fused_and_separate_activations_are_the_same_stack() -> None:
    fused = model(dense(4, "relu"), dense(1, "sigmoid"))
    separate = model(dense(4), layer("ReLU"), dense(1), layer("Activation", activation="sigmoid"))
    assert read_keras_stack(fused) == read_keras_stack(separate)
    assert read_keras_stack(fused) == Stack(2, (Layer(4, "relu"), Layer(1, "sigmoid")))


def test_leaky_relu_keeps_the_slope_of_its_form() -> None:
    as_layer = read_keras_stack(model(dense(3), layer("LeakyReLU", negative_slope=0.3)))
    as_name = read_keras_stack(model(dense(3, "leaky_relu")))
    assert (as_layer.layers[0].slope, as_name.layers[0].slope) == (0.3, 0.2)


def test_initialisers_bring_their_arguments() -> None:
    entry = dense(
        2,
        kernel_initializer={"class_name": "RandomNormal", "config": {"mean": 0.0, "stddev": 0.5, "seed": 1}},
        bias_initializer={"class_name": "Constant", "config": {"value": 0.1}},
    )
    read = read_keras_stack(model(entry)).layers[0]
    assert read.kernel == Initializer("random_normal", mean=0.0, stddev=0.5)
    assert read.bias == Initializer("constant", value=0.1)


def test_a_model_built_without_an_input_layer_knows_its_inputs() -> None:
    config = {"layers": [dense(1)], "build_input_shape": (None, 3)}
    assert read_keras_stack(config).n_in == 3


def test_an_unbuilt_model_is_refused() -> None:
    with pytest.raises(BadInput, match="does not know its number of inputs"):
        read_keras_stack({"layers": [dense(1)]})


REFUSED_LAYERS = {
    "Dropout": model(dense(2), layer("Dropout", rate=0.5)),
    "second activation": model(dense(2, "relu"), layer("Activation", activation="tanh")),
    "gelu": model(dense(2, "gelu")),
    "my_relu": model(dense(2, {"class_name": "function", "config": "my_relu"})),
    "trainable": model(dense(2, trainable=False)),
    "kernel_regularizer": model(dense(2, kernel_regularizer={"class_name": "L2", "config": {"l2": 0.1}})),
    "Orthogonal": model(dense(2, kernel_initializer={"class_name": "Orthogonal", "config": {}})),
    "max_value": model(dense(2), layer("ReLU", max_value=6.0)),
    "mixed_float16": model(dense(2, dtype={"class_name": "DTypePolicy", "config": {"name": "mixed_float16"}})),
    "Input shape": {"layers": [layer("InputLayer", batch_shape=[None, 28, 28]), dense(1)]},
    "MyDense": model({**dense(2), "class_name": "MyDense", "registered_name": "Custom>MyDense"}),
}


@pytest.mark.parametrize("part", REFUSED_LAYERS)
def test_layers_that_are_not_covered_are_named(part: str) -> None:
    with pytest.raises(Unsupported, match=part):
        read_keras_stack(REFUSED_LAYERS[part])


def functional(*sources: str) -> dict[str, Any]:
    """A functional model whose last layer reads the named ones."""
    head, body, tail = (copy.deepcopy(entry) for entry in model(dense(2, "tanh"), dense(1, "sigmoid"))["layers"])
    for entry, name, inputs in ((head, "in", ()), (body, "body", ("in",)), (tail, "tail", sources)):
        entry["name"] = name
        tensors = [{"class_name": "__keras_tensor__", "config": {"keras_history": [i, 0, 0]}} for i in inputs]
        entry["inbound_nodes"] = [{"args": tensors, "kwargs": {}}] if tensors else []
    return {"layers": [head, body, tail], "input_layers": ["in", 0, 0], "output_layers": ["tail", 0, 0]}


def test_a_functional_chain_is_a_stack() -> None:
    assert read_keras_stack(functional("body")).widths == (2, 2, 1)


@pytest.mark.parametrize("sources", [("in",), ("in", "body")], ids=str)
def test_a_branching_model_is_refused(sources: tuple[str, ...]) -> None:
    with pytest.raises(Unsupported, match="tail"):
        read_keras_stack(functional(*sources))


@pytest.mark.tensorflow
@pytest.mark.filterwarnings("ignore::DeprecationWarning:tensorflow.*")
def test_real_models_are_read_as_they_were_written() -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    layers = keras.layers
    sequential = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(4, activation="relu", kernel_initializer="he_normal"),
            layers.Dense(2),
            layers.LeakyReLU(),
            layers.Dense(1, activation=keras.activations.sigmoid, bias_initializer=keras.initializers.Constant(1)),
        ]
    )
    stack = read_keras_stack(sequential.get_config())
    assert stack == Stack(
        2,
        (
            Layer(4, "relu", kernel=Initializer("he_normal")),
            Layer(2, "leaky_relu", slope=0.3),
            Layer(1, "sigmoid", bias=Initializer("constant", value=1.0)),
        ),
    )
    assert stack.shapes == [weight.shape for weight in sequential.get_weights()]

    inputs = keras.Input((3,))
    chain = keras.Model(inputs, layers.Dense(2, activation="softmax")(layers.Dense(5, activation="tanh")(inputs)))
    assert read_keras_stack(chain.get_config()) == Stack(3, (Layer(5, "tanh"), Layer(2, "softmax")))
    both = layers.concatenate([layers.Dense(1)(inputs), layers.Dense(1)(inputs)])
    with pytest.raises(Unsupported):
        read_keras_stack(keras.Model(inputs, both).get_config())
