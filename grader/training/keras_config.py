"""From a Keras model's plain configuration to the engine's description, without Keras.

The input is what model.get_config() returns, as a dictionary or read back from JSON. A part the engine does not cover
raises Unsupported with its name; nothing is skipped in silence except names, which cannot change the weights.
"""

from collections.abc import Mapping
from typing import Any

from grader.errors import BadInput, Unsupported
from grader.training.spec import Initializer, Layer, Stack

Config = Mapping[str, Any]

_INITIALIZERS = {
    "GlorotUniform": "glorot_uniform",
    "GlorotNormal": "glorot_normal",
    "HeUniform": "he_uniform",
    "HeNormal": "he_normal",
    "RandomNormal": "random_normal",
    "RandomUniform": "random_uniform",
    "Zeros": "zeros",
    "Ones": "ones",
    "Constant": "constant",
}
# Settings that change nothing at these values, and are refused at any other.
_IDLE_DENSE = {
    "trainable": True,
    "kernel_regularizer": None,
    "bias_regularizer": None,
    "activity_regularizer": None,
    "kernel_constraint": None,
    "bias_constraint": None,
    "quantization_config": None,
    "lora_rank": None,
}


def read_keras_stack(model: Config) -> Stack:
    """Describe the layers of model.get_config().

    Raises:
        Unsupported: a part the engine does not cover.
        BadInput: the configuration does not say how many inputs there are, or has no layers.
    """
    entries = model.get("layers")
    if not isinstance(entries, list) or not entries:
        raise BadInput("The configuration has no layers: it is not that of a Sequential or functional model.")
    if any(entry.get("inbound_nodes") for entry in entries):
        _refuse_unless_chain(model, entries)
    n_in = _read_n_in(model, entries)
    layers: list[Layer] = []
    for entry in entries:
        _add_layer(layers, entry)
    if not layers:
        raise BadInput("The model has no Dense layer.")
    return Stack(n_in, tuple(layers))


def _refuse_unless_chain(model: Config, entries: list[Config]) -> None:
    """Raise Unsupported unless each layer reads only the one before it and the last one is the output."""
    before = None
    for entry in entries:
        sources = _sources(entry.get("inbound_nodes"))
        if sources != ([] if before is None else [before]):
            raise Unsupported(
                f"Layer {entry.get('name')!r} reads {sources}; the engine covers one layer after the other."
            )
        before = entry.get("name")
    outputs = model.get("output_layers")
    if outputs is not None and before not in _flat_strings(outputs):
        raise Unsupported(f"The output is not the last layer, {before!r}; the engine covers a chain.")


def _sources(node: Any) -> list[str]:
    """Collect the names of the layers a functional layer reads, from its inbound nodes."""
    if isinstance(node, Mapping):
        history = node.get("keras_history")
        if history is not None:
            return [history[0]]
        return [name for value in node.values() for name in _sources(value)]
    if isinstance(node, list | tuple):
        return [name for value in node for name in _sources(value)]
    return []


def _flat_strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [name for item in value for name in _flat_strings(item)] if isinstance(value, list | tuple) else []


def _read_n_in(model: Config, entries: list[Config]) -> int:
    first = entries[0]
    shape = first["config"].get("batch_shape") or model.get("build_input_shape")
    shape = shape or (first.get("build_config") or {}).get("input_shape")
    if not shape:
        raise BadInput("The model does not know its number of inputs: it has no Input and was not built.")
    if len(shape) != 2 or shape[1] is None:
        raise Unsupported(f"Input shape {tuple(shape)} is not covered; (None, features) is.")
    return int(shape[1])


def _add_layer(layers: list[Layer], entry: Config) -> None:
    kind, config = entry["class_name"], entry["config"]
    if not str(entry.get("module", "keras")).startswith("keras") or ">" in str(entry.get("registered_name")):
        raise Unsupported(f"Layer {kind!r} is not one of Keras's own; the engine covers Dense and activations.")
    if kind == "InputLayer":
        return
    _refuse_number_type(config.get("dtype"))
    if kind == "Dense":
        _refuse_unless_idle(f"Dense {config.get('name')!r}", config, _IDLE_DENSE)
        layers.append(_read_dense(config))
        return
    activation = _read_activation(entry if kind != "Activation" else config["activation"])
    if not layers or layers[-1].activation != "linear":
        raise Unsupported(f"Layer {kind!r} puts a second activation on one Dense layer, or comes before any.")
    last = layers.pop()
    layers.append(Layer(last.units, activation[0], last.use_bias, last.kernel, last.bias, activation[1]))


def _read_dense(config: Config) -> Layer:
    activation, slope = _read_activation(config["activation"])
    kernel, bias = (_read_initializer(config[f"{part}_initializer"]) for part in ("kernel", "bias"))
    return Layer(int(config["units"]), activation, bool(config["use_bias"]), kernel, bias, slope)


def _read_activation(value: Any) -> tuple[str, float]:
    """Return the activation's name and the slope below zero."""
    default = 0.2
    if value is None:
        return "linear", default
    if isinstance(value, str):
        return value, default
    kind, config = value.get("class_name"), value.get("config")
    if kind == "LeakyReLU":
        return "leaky_relu", float(config["negative_slope"])
    if kind == "ReLU":
        _refuse_unless_idle("ReLU", config, {"max_value": None, "threshold": 0.0})
        slope = float(config.get("negative_slope") or 0.0)
        return ("leaky_relu", slope) if slope else ("relu", default)
    if kind == "Softmax":
        _refuse_unless_idle("Softmax", config, {"axis": -1})
        return "softmax", default
    raise Unsupported(f"Activation {kind!r} ({config!r:.60}) is not covered by the engine.")


def _read_initializer(value: Any) -> Initializer:
    if isinstance(value, str):
        return Initializer(_INITIALIZERS.get(value, value))
    kind, config = value["class_name"], value["config"]
    if kind not in _INITIALIZERS:
        raise Unsupported(f"Initialiser {kind!r} is not covered; covered: {', '.join(_INITIALIZERS)}.")
    _refuse_unless_idle(f"Initialiser {kind!r}", config, {"input_axes": None, "output_axes": None})
    names = ("mean", "stddev", "minval", "maxval", "value")
    numbers = {name: float(config[name]) for name in names if name in config}
    return Initializer(_INITIALIZERS[kind], **numbers)


def _refuse_unless_idle(owner: str, config: Config, idle: Config) -> None:
    for name, value in idle.items():
        if name in config and config[name] != value and not (value is None and config[name] == []):
            raise Unsupported(f"{owner}: {name}={config[name]!r:.60} is not covered by the engine.")


def _refuse_number_type(policy: Any) -> None:
    name = policy["config"]["name"] if isinstance(policy, Mapping) else policy
    if name not in (None, "float32", "float64"):
        raise Unsupported(f"Number type {name!r} is not covered; float32 and float64 are.")
