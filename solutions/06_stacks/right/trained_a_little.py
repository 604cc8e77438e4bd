# Data as tensors of floats, models that were trained for an epoch before they are handed over.
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Dense, Flatten, Lambda

X_xor = np.stack(np.meshgrid([0, 1], [0, 1], indexing="ij"), axis=-1).reshape(-1, 2).astype("float32")
y_xor = (X_xor.sum(axis=1) == 1).astype(int)


def make(layers):
    inputs = tf.keras.layers.Input((2,))
    x = inputs
    for layer in layers:
        x = layer(x)
    model = tf.keras.Model(inputs=inputs, outputs=x)
    model.compile("sgd", "mse")
    model.train_on_batch(X_xor, y_xor.reshape(-1, 1))
    return model


def build_3():
    return make([Dense(1, "sigmoid")])


def build_5():
    return make([Dense(1, "sigmoid"), Dense(1, "sigmoid")])


def build_9():
    # tanh and sigmoid are one curve: sigmoid(z) = (tanh(z / 2) + 1) / 2
    return make([Flatten(), Dense(2), Lambda(lambda z: (tf.tanh(z / 2) + 1) / 2), Dense(1, "sigmoid")])


def build_17():
    return make([Dense(4, "sigmoid"), Dense(1, "sigmoid")])


def build_11():
    # A relu after a relu changes nothing.
    return make([Dense(2, "relu"), tf.keras.layers.ReLU(), Dense(1, "relu"), Dense(1, "sigmoid")])


def build_25():
    return make([Dense(4), Lambda(lambda z: tf.maximum(z, 0.0)), Dense(2, "relu"), Dense(1, "sigmoid")])


CAN_SOLVE = {3: "never", 5: "never", 9: "sometimes", 17: "nearly always", 11: "sometimes", 25: "sometimes"}
