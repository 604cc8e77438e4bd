import keras
import numpy as np
from keras import layers

X_xor = np.asarray([[0, 0], [0, 1], [1, 0], [1, 1]], dtype="float32")
y_xor = np.asarray([0, 1, 1, 0], dtype="float32")


def stack(*units_and_activations):
    x = inputs = keras.Input(shape=(2,), name="x1_and_x2")
    for i, (units, activation) in enumerate(units_and_activations):
        x = layers.Dense(units, activation=activation, kernel_initializer="he_normal", name=f"layer_{i}")(x)
    return keras.Model(inputs, x, name="xor")


def build_3():
    return stack((1, "sigmoid"))


def build_5():
    return stack((1, "sigmoid"), (1, "sigmoid"))


def build_9():
    return stack((2, "sigmoid"), (1, "sigmoid"))


def build_17():
    return stack((4, "sigmoid"), (1, "sigmoid"))


def build_11():
    return stack((2, "relu"), (1, "relu"), (1, "sigmoid"))


def build_25():
    return stack((4, "relu"), (2, "relu"), (1, "sigmoid"))


CAN_SOLVE = {3: "never", 5: "never", 9: "sometimes", 17: "nearly always", 11: "sometimes", 25: "sometimes"}
