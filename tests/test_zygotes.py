"""One zygote, many children: what a child starts with, and what a zygote's death costs."""

import pytest

from grader.errors import InternalFault
from grader.intake import Submission
from grader.judge import Judge
from grader.sandbox.client import Sandbox
from grader.sandbox.tier import Tier
from tests.tiers import TIERS, need

RIGHT = b"def double(x):\n    return 2 * x\n"


@pytest.mark.parametrize("name", TIERS)
def test_a_zygote_that_was_killed_is_replaced(tiny_katas, name):
    need(name)
    with Judge(tiny_katas, isolation=name) as judge:
        first = judge.grade(Submission("s", {"01_double": RIGHT}))
        for zygote in judge._sandbox._zygotes.values():
            zygote._process.kill()
            zygote._process.wait()
        assert judge.grade(Submission("s", {"01_double": RIGHT})).score == first.score == 2


def test_a_zygote_that_dies_in_a_job_is_the_kits_fault():
    need("kernel-rules")
    with Sandbox(Tier.KERNEL_RULES) as sandbox:
        child = sandbox.open("py", RIGHT, "double.py")
        for zygote in sandbox._zygotes.values():
            zygote._process.kill()
            zygote._process.wait()
        with pytest.raises(InternalFault):
            child.close()
        with sandbox.open("py", RIGHT, "double.py") as another:
            another.ask("parse")


def test_sets_come_in_the_same_order_in_every_zygote():
    need("kernel-rules")
    source = b"order = ''.join({'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'})\n"
    orders = set()
    for _ in range(3):
        with Sandbox(Tier.KERNEL_RULES) as sandbox, sandbox.open("py", source, "x.py") as child:
            child.ask("load")
            orders.add(child.ask("get", name="order"))
    assert len(orders) == 1


def test_a_plain_kata_costs_no_numpy():
    need("kernel-rules")
    with Sandbox(Tier.KERNEL_RULES) as sandbox:
        source = b"import sys\nloaded = [name for name in ('numpy', 'keras', 'pytest') if name in sys.modules]\n"
        with sandbox.open("py", source, "x.py") as child:
            child.ask("load")
            assert child.ask("get", name="loaded") == []


KERAS = b"""
import keras
import numpy as np

def train(epochs):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, "sigmoid"), keras.layers.Dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy")
    rows, wanted = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([0, 1, 1, 0.0])
    shape = model.predict(rows, verbose=0).shape
    return [len(model.fit(rows, wanted, epochs=epochs, verbose=0).history["loss"]), *shape]
"""


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", TIERS)
def test_keras_builds_predicts_and_fits_behind_the_walls(name):
    need(name)
    with Sandbox(Tier(name)) as sandbox:
        for _ in range(2):
            with sandbox.open("keras", KERAS, "kata.py") as child:
                child.ask("parse")
                child.ask("load")
                assert child.ask("call", name="train", args=[2], kwargs={}) == [2, 4, 1]
