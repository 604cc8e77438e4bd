"""One zygote, many children: what a child starts with, and what a zygote's death costs."""

import json
import os
import threading

import pytest

from grader.intake import Submission
from grader.judge.judge import Judge
from grader.result import Status
from grader.sandbox import host
from grader.sandbox.client import Sandbox
from grader.sandbox.tier import Tier
from tests.processes import children, wait_for, zygotes
from tests.tiers import TIERS, need

RIGHT = b"def double(x):\n    return 2 * x\n"


# --- death ---------------------------------------------------------------------------------------------------------

SLOW = {
    "at import": b"import time\ntime.sleep(0.8)\ndef double(x):\n    return 2 * x\n",
    "in a call": b"import time\ndef double(x):\n    time.sleep(0.4)\n    return x + 2\n",
    # What an answer is depends on all questions before it: half a kata asked again would show here.
    "with a memory": b"import time\nasked = []\ndef double(x):\n    time.sleep(0.3)\n    asked.append(x)\n"
    b"    return 2 * x if len(asked) < 4 else len(asked)\n",
}


def plain(report):
    return json.dumps({**report.to_json(), "seconds": 0}, sort_keys=True)


def when_a_child_is_old(kill, *, times=1):
    """Start a thread that calls `kill(zygote, child)` each time a child has lived for a quarter of a second."""

    def wait_and_kill():
        killed = []
        for _ in range(times):
            child = wait_for(children, os.getpid(), age_s=0.25, but_not=killed)
            killed.append(child)
            kill(child.parent(), child)

    thread = threading.Thread(target=wait_and_kill)
    thread.start()
    return thread


def end_zygote(zygote, _child):
    zygote.kill()


def end_bubblewrap(zygote, _child):
    while "bwrap" not in zygote.name():
        zygote = zygote.parent()
    zygote.kill()


def end_child(_zygote, child):
    child.kill()


@pytest.mark.parametrize("moment", SLOW)
@pytest.mark.parametrize(
    ("name", "kill"),
    [("kernel-rules", end_zygote), ("full", end_zygote), ("full", end_bubblewrap)],
    ids=["kernel-rules", "full", "full, bubblewrap"],
)
def test_a_zygote_killed_in_mid_run_costs_nobody_a_mark(tiny_katas, name, kill, moment):
    need(name)
    class_ = [
        Submission(f"s{number}", {"01_double": source}) for number, source in enumerate([RIGHT, SLOW[moment], RIGHT])
    ]
    with Judge(tiny_katas, isolation=name) as judge:
        undisturbed = [plain(judge.grade(submission)) for submission in class_]
        killer = when_a_child_is_old(kill, times=2)
        disturbed = [plain(judge.grade(submission)) for submission in class_]
        killer.join()
        assert judge._sandbox.deaths == 2
    assert disturbed == undisturbed


@pytest.mark.parametrize("name", TIERS)
def test_a_zygote_killed_between_two_submissions_is_replaced(tiny_katas, name):
    need(name)
    with Judge(tiny_katas, isolation=name) as judge:
        first = plain(judge.grade(Submission("s", {"01_double": RIGHT})))
        for zygote in judge._sandbox._zygotes.values():
            zygote._process.kill()
        assert plain(judge.grade(Submission("s", {"01_double": RIGHT}))) == first


def test_a_zygote_killed_while_it_starts_is_replaced(tiny_katas):
    need("kernel-rules")
    with Judge(tiny_katas, isolation="kernel-rules") as judge:
        wait_for(zygotes, os.getpid()).kill()
        assert judge.grade(Submission("s", {"01_double": RIGHT})).score == 2


def test_a_sandbox_that_dies_again_and_again_is_the_kits_fault_and_ends_no_run(tiny_katas):
    need("kernel-rules")
    with Judge(tiny_katas, isolation="kernel-rules") as judge:
        killer = when_a_child_is_old(end_zygote, times=host.MOST_DEATHS)
        report = judge.grade(Submission("s", {"01_double": SLOW["at import"]}))
        killer.join()
        assert report.status is Status.INTERNAL_ERROR
        assert report.score is None
        assert "killed 3 times while 01_double was judged" in report.reason["en"]
        assert judge.grade(Submission("s", {"01_double": RIGHT})).score == 2


@pytest.mark.parametrize("name", TIERS)
def test_a_killed_child_is_a_program_that_ended_and_nobody_elses_matter(tiny_katas, name):
    """From outside it looks like a program that ended itself; the next check of the same kata gets a fresh child."""
    need(name)
    with Judge(tiny_katas, isolation=name) as judge:
        before = plain(judge.grade(Submission("n", {"01_double": RIGHT})))
        killer = when_a_child_is_old(end_child)
        report = judge.grade(Submission("s", {"01_double": SLOW["in a call"]}))
        killer.join()
        assert report.status is Status.GRADED
        assert [check.tag for check in report.katas[0].checks] == ["died", "blocked", "adds_two"]
        assert judge._sandbox.deaths == 0
        assert plain(judge.grade(Submission("n", {"01_double": RIGHT}))) == before


def test_a_zygote_that_was_stopped_is_given_up_and_replaced(tiny_katas, monkeypatch):
    need("kernel-rules")
    monkeypatch.setattr(host, "START_WALL_S", 8.0)
    with Judge(tiny_katas, isolation="kernel-rules") as judge:
        killer = when_a_child_is_old(lambda zygote, _: zygote.suspend())
        assert judge.grade(Submission("s", {"01_double": SLOW["at import"]})).score == 2
        killer.join()
        assert judge._sandbox.deaths == 1


# --- what a child starts with --------------------------------------------------------------------------------------


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
