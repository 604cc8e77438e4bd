"""Trains starts in Keras; keras_check.py runs this file in a child process, and nothing imports it.

One JSON object comes on stdin, {"x": rows, "y": labels, "tasks": [{"layers", "optimizer", "settings", "epochs",
"starts": [weights, ...]}, ...]}; for each start one goes to stdout, {"loss", "accuracy", "weights"}.
"""

import json
import os
import sys
from typing import Any

job = json.load(sys.stdin)
answers, sys.stdout = sys.stdout, sys.stderr  # what libraries print must not mix with the answers
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# Not at the top: Keras reads the two settings when it is imported.
import keras  # noqa: E402  # see above
import numpy as np  # noqa: E402  # see above
import tensorflow as tf  # noqa: E402  # see above

x, y = np.array(job["x"], "float32"), np.array(job["y"], "float32")[:, None]


def build(task: dict[str, Any], weights: list[Any]) -> Any:
    """Return a compiled model with a start's weights."""
    model = keras.Sequential([keras.Input((x.shape[1],))])
    for layer in task["layers"]:
        leaky = layer["activation"] == "leaky_relu"
        chosen = keras.layers.LeakyReLU(negative_slope=layer["slope"]) if leaky else layer["activation"]
        model.add(keras.layers.Dense(layer["units"], activation=chosen))
    rule = getattr(keras.optimizers, task["optimizer"])(**task["settings"])
    model.compile(optimizer=rule, loss="binary_crossentropy")
    model.set_weights([np.array(w, "float32") for w in weights])
    rule.build(model.trainable_variables)
    return model


def fit(model: Any, epochs: int) -> None:
    """Train on all rows at once, every epoch inside one graph."""

    def loop(rows: Any, labels: Any) -> None:
        for _ in tf.range(epochs):
            model.train_step((rows, labels))

    tf.function(loop)(tf.constant(x), tf.constant(y))


for task in job["tasks"]:
    for weights in task["starts"]:
        model = build(task, weights)
        fit(model, task["epochs"])
        p = model(x)
        found = {
            "loss": float(np.mean(keras.losses.binary_crossentropy(y, p))),
            "accuracy": float(np.mean((np.array(p) > 0.5) == y)),
            "weights": [w.tolist() for w in model.get_weights()],
        }
        print(json.dumps(found), file=answers, flush=True)
