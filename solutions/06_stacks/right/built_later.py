import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

X_xor = np.array(((0, 0), (0, 1), (1, 0), (1, 1)))
y_xor = np.logical_xor(X_xor[:, 0], X_xor[:, 1])


def build_3():
    model = keras.Sequential([layers.Dense(1, activation="sigmoid")])
    model.build((None, 2))
    return model


def build_5():
    model = keras.Sequential([layers.Dense(1, "sigmoid"), layers.Dense(1, "sigmoid")])
    model.build(input_shape=(4, 2))
    return model


def build_9():
    model = keras.Sequential([layers.InputLayer(shape=(2,)), layers.Dense(2, "sigmoid"), layers.Dense(1, "sigmoid")])
    return model


def build_17():
    model = keras.Sequential(
        [keras.Input(batch_shape=(None, 2)), layers.Dense(4, "sigmoid"), layers.Dense(1, "sigmoid")]
    )
    return model


def build_11():
    model = keras.Sequential()
    model.add(keras.Input((2,)))
    model.add(layers.Dense(2))
    model.add(layers.ReLU())
    model.add(layers.Dense(1))
    model.add(layers.ReLU())
    model.add(layers.Dense(1))
    model.add(layers.Activation(keras.activations.sigmoid))
    return model


def build_25():
    model = keras.Sequential()
    model.add(keras.Input((2,)))
    for units in (4, 2):
        model.add(layers.Dense(units))
        model.add(layers.Activation("relu"))
    model.add(layers.Dense(1))
    model.add(layers.Activation("sigmoid"))
    return model


CAN_SOLVE = dict.fromkeys([9, 11, 25], "Sometimes") | {3: "never", 5: "never ", 17: "nearly always"}
