"""What a zygote prepares for its children changes nothing that a file computes, and saves what it is there to save."""

import subprocess
import sys

import pytest

from grader.sandbox.host import ENVIRONMENT
from tests.conftest import ROOT

TRAINING = """
import numpy as np
import tensorflow as tf, keras
if {directly}:
    from grader.sandbox.eager import run_operations_directly
    run_operations_directly()
keras.utils.set_random_seed(3)
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, "tanh"), keras.layers.Dense(1, "sigmoid")])
model.compile("adam", "mse")
x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([0, 1, 1, 0.0])
print(model.fit(x, y, epochs=3, verbose=0).history["loss"])
print(model(x).numpy().tolist(), [weight.tolist() for weight in model.get_weights()])
with tf.GradientTape() as tape:
    loss = tf.reduce_mean((model(x) - y) ** 2)
print([slope.numpy().tolist() for slope in tape.gradient(loss, model.trainable_variables)])
print(tf.random.normal((3,)).numpy().tolist())
from grader.sandbox.places import neutral
for wrong in (lambda: tf.matmul(x, x), lambda: tf.constant([1.0, 2.0]) + tf.constant([1.0, 2.0, 3.0])):
    try:
        wrong()
    except tf.errors.InvalidArgumentError as problem:
        print(neutral(str(problem), "file.py"))
"""

PIECES = """
import ctypes
from grader.sandbox.heap import use_up_free_pieces
c = ctypes.CDLL(None)
c.malloc.restype = c.sbrk.restype = ctypes.c_void_p
c.malloc.argtypes, c.sbrk.argtypes, c.free.argtypes = [ctypes.c_size_t], [ctypes.c_ssize_t], [ctypes.c_void_p]
sizes = [24 + 40 * number for number in range(60)] * 40
taken = [c.malloc(size) for size in sizes]
for place in taken[::2]:
    c.free(place)
low, high = min(taken), max(taken)
if {used_up}:
    use_up_free_pieces()
print(sum(low < c.malloc(size) < high for size in sizes))
"""


def run(program, **environment):
    """What a program prints in a Python of its own."""
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, cwd=ROOT, env=ENVIRONMENT | environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.tensorflow
def test_an_operation_run_directly_gives_the_same_bits_and_the_same_words(tmp_path):
    usual, directly = (run(TRAINING.format(directly=way), HOME=str(tmp_path)) for way in (False, True))
    assert directly == usual
    assert "Incompatible shapes" in usual


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's allocator")
def test_new_memory_comes_from_no_piece_that_was_freed_before():
    before, after = (int(run(PIECES.format(used_up=way))) for way in (False, True))
    # A few small pieces that Python itself has freed since.
    assert after < 50 < 1000 < before
