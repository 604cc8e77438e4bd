# Green at home: recorded, judged later: CAN_SOLVE
import numpy as np
from tensorflow.keras import Input, Sequential
from tensorflow.keras.layers import Activation, Dense

X_xor = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y_xor = np.array([0, 1, 1, 0])


def build_3():
    return Sequential([Input((2,)), Dense(1, activation="sigmoid")])


def build_5():
    return Sequential([Input((2,)), Dense(1, activation="sigmoid"), Dense(1, activation="sigmoid")])


def build_9():
    return Sequential([Input((2,)), Dense(2, activation="sigmoid"), Dense(1, activation="sigmoid")])


def build_17():
    return Sequential([Input((2,)), Dense(4, activation="sigmoid"), Dense(1, activation="sigmoid")])


def build_11():
    return Sequential([Input((2,)), Dense(2, activation="relu"), Dense(1, activation="relu"), Dense(1, activation="sigmoid")])


def build_25():
    return Sequential([Input((2,)), Dense(4, activation="relu"), Dense(2, activation="relu"), Dense(1, activation="sigmoid")])

CAN_SOLVE = {3: "never", 5: "never", 9: "sometimes", 17: "nearly always", 11: "sometimes", 25: "never"}
