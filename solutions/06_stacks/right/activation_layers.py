import numpy as np
from tensorflow.keras.layers import Activation, Dense
from tensorflow.keras.models import Sequential

X_xor = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y_xor = np.array([0, 1, 1, 0])


def build_3():
    model3 = Sequential()
    model3.add(Dense(1, input_dim=2))
    model3.add(Activation("sigmoid"))
    model3.compile(loss="binary_crossentropy", optimizer="adam", metrics=["acc"])
    model3.summary()
    return model3


def build_5():
    model = Sequential()
    model.add(Dense(1, input_dim=2))
    model.add(Activation("sigmoid"))
    model.add(Dense(1))
    model.add(Activation("sigmoid"))
    return model


def build_9():
    model = Sequential()
    model.add(Dense(units=2, input_shape=(2,)))
    model.add(Activation("sigmoid"))
    model.add(Dense(units=1))
    model.add(Activation("sigmoid"))
    return model


def build_17():
    model = Sequential()
    model.add(Dense(4, input_dim=2))
    model.add(Activation("sigmoid"))
    model.add(Dense(1))
    model.add(Activation("sigmoid"))
    return model


def build_11():
    model = Sequential()
    model.add(Dense(2, input_dim=2, activation="relu"))
    model.add(Dense(1, activation="relu"))
    model.add(Dense(1, activation="sigmoid"))
    return model


def build_25():
    model = Sequential()
    model.add(Dense(4, input_dim=2, activation="relu"))
    model.add(Dense(2, activation="relu"))
    model.add(Dense(1, activation="sigmoid"))
    return model


CAN_SOLVE = {3: "never", 5: "never", 9: "sometimes", 17: "nearly always", 11: "sometimes", 25: "sometimes"}
