"""A nursery imports once for several judges; its zygotes are as far apart as processes that started alone."""

import socket
from pathlib import Path

import psutil
import pytest

from grader.sandbox import host
from grader.sandbox.client import Sandbox
from grader.sandbox.host import Nursery, ZygoteDied
from grader.sandbox.tier import Tier
from tests.conftest import PATIENCE_S
from tests.tiers import TIERS, need

LOOKS = b"""
import os, time
def leave(): open('here', 'w').write('x'); return os.getcwd()
def seen(path): return os.path.exists(path)
def others(): return [n for n in range(1, 5000) if os.path.exists(f'/proc/{n}') and n != os.getpid()]
def pid(): return os.getpid()
"""


@pytest.fixture
def two(request):
    """Two sandboxes with a zygote each of one nursery."""
    tier = Tier(request.param)
    need(tier)
    with (
        Nursery("py", tier, 2) as nursery,
        Sandbox(tier, lent={"py": nursery.take()}) as one,
        Sandbox(tier, lent={"py": nursery.take()}) as other,
    ):
        yield one, other


def opened(sandbox, source=LOOKS):
    child = sandbox.open("py", source, "x.py")
    child.ask("parse")
    child.ask("load")
    return child


def call(child, name, *args):
    return child.ask("call", name=name, args=list(args), kwargs={})


@pytest.mark.parametrize("two", TIERS, indirect=True)
def test_two_judges_ask_at_the_same_time(two):
    one, other = two
    with opened(one) as first, opened(other) as second:
        assert [call(child, "seen", "/nowhere") for child in (first, second)] == [False, False]
    assert (one.deaths, other.deaths) == (0, 0)


@pytest.mark.parametrize("two", ["full"], indirect=True)
def test_neither_sees_the_others_files_and_processes(two):
    one, other = two
    with opened(one) as first, opened(other) as second:
        place = call(first, "leave")
        assert place == call(second, "leave")
        assert call(first, "seen", f"{place}/here")
    with opened(other) as second:
        assert not call(second, "seen", f"{place}/here")
        # Number 1 is its own zygote.
        assert call(second, "others") == [1]


@pytest.mark.parametrize("two", TIERS, indirect=True)
def test_a_lent_zygote_that_dies_is_replaced_by_one_of_the_judges_own(two):
    one, other = two
    opened(other).close()
    opened(one).close()
    one._zygotes["py"]._control.shutdown(socket.SHUT_RDWR)
    with pytest.raises(ZygoteDied):
        opened(one)
    with opened(one) as again:
        assert not call(again, "seen", "/nowhere")
    assert (one.deaths, other.deaths) == (1, 0)
    with opened(other) as still:
        assert not call(still, "seen", "/nowhere")


def test_where_the_kernel_refuses_namespaces_each_judge_starts_a_zygote_of_its_own(monkeypatch):
    need("full")
    command = host.bubblewrap_command
    # Without the right over its namespaces the nursery is refused by the kernel itself.
    monkeypatch.setattr(host, "bubblewrap_command", lambda view, **_: command(view, divides=False))
    with (
        Nursery("py", Tier.FULL, 2) as nursery,
        Sandbox(Tier.FULL, lent={"py": nursery.take()}) as one,
        Sandbox(Tier.FULL, lent={"py": nursery.take()}) as other,
    ):
        for sandbox in (one, other):
            sandbox.warm({"py"})
            sandbox.prove()
            with opened(sandbox) as child:
                assert not call(child, "seen", "/nowhere")
            assert sandbox.deaths == 1


@pytest.mark.parametrize("tier", TIERS)
def test_nothing_is_left(tier):
    need(tier)
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    with Nursery("py", Tier(tier), 3) as nursery, Sandbox(Tier(tier), lent={"py": nursery.take()}) as sandbox:
        opened(sandbox).close()
        place = nursery._folder
    left = [process for process in psutil.Process().children(recursive=True) if process.pid not in before]
    psutil.wait_procs(left, timeout=PATIENCE_S)
    assert not [process for process in left if process.is_running()]
    assert not Path(place).exists()
