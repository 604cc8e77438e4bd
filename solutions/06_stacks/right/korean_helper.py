import numpy as np
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Sequential

X_xor = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y_xor = np.array([0, 1, 1, 0])


def 모델_만들기(유닛들, 은닉_함수):
    """유닛 개수의 리스트로 모델을 만든다. 작은 가중치에서 시작하면 17번 모델도 자주 멈춘다."""
    모델 = Sequential(name="xor")
    모델.add(Input(shape=(2,)))
    for 유닛 in 유닛들:
        모델.add(Dense(유닛, activation=은닉_함수, kernel_initializer="random_normal"))
    모델.add(Dense(1, activation="sigmoid", kernel_initializer="random_normal"))
    모델.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    print("파라미터:", 모델.count_params())
    return 모델


def build_3():
    return 모델_만들기([], "sigmoid")


def build_5():
    return 모델_만들기([1], "sigmoid")


def build_9():
    return 모델_만들기([2], "sigmoid")


def build_17():
    return 모델_만들기([4], "sigmoid")


def build_11():
    return 모델_만들기([2, 1], "relu")


def build_25():
    return 모델_만들기([4, 2], "relu")


CAN_SOLVE = {3: "never", 5: "never", 9: "sometimes", 17: "sometimes", 11: "sometimes", 25: "sometimes"}


if __name__ == "__main__":
    build_25().summary()
