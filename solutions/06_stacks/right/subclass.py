# Models as classes. Their weights come into being at the first call, and are listed as the layers were created:
# here the last layer first.
import numpy as np
import tensorflow as tf

X_xor = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
y_xor = np.array([0, 1, 1, 0], float)


class TwoLayers(tf.keras.Model):
    def __init__(self, units):
        super().__init__()
        self.out = tf.keras.layers.Dense(1, activation="sigmoid")
        self.hidden = tf.keras.layers.Dense(units, activation="sigmoid")

    def call(self, x):
        return self.out(self.hidden(x))


class ThreeLayers(tf.keras.Model):
    def __init__(self, first, second):
        super().__init__()
        self.last = tf.keras.layers.Dense(1)
        self.second = tf.keras.layers.Dense(second)
        self.first = tf.keras.layers.Dense(first)

    def call(self, x):
        h = tf.nn.relu(self.first(x))
        h = tf.nn.relu(self.second(h))
        return tf.sigmoid(self.last(h))


def build_3():
    model = tf.keras.Sequential([tf.keras.layers.Dense(1, activation=tf.nn.sigmoid)])
    model(X_xor)
    return model


def build_5():
    model = TwoLayers(1)
    model(X_xor)
    return model


def build_9():
    model = TwoLayers(2)
    model(X_xor)
    return model


def build_17():
    model = TwoLayers(4)
    model(X_xor)
    return model


def build_11():
    model = ThreeLayers(2, 1)
    model(X_xor)
    return model


def build_25():
    model = ThreeLayers(4, 2)
    model(X_xor)
    return model


CAN_SOLVE = {3: "never", 5: "never", 9: "sometimes", 17: "nearly always", 11: "sometimes", 25: "sometimes"}
