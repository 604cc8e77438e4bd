"""What the kit does on systems that it is not made on; tests/windows tries the real thing."""

import importlib.metadata
import sys

import pytest

from grader.cli import doctor
from grader.errors import IsolationError
from grader.judge.judge import isolation_for_trusted_code
from grader.sandbox import kernel
from grader.sandbox.client import Sandbox
from grader.sandbox.tier import Tier, require_isolation, require_sandbox


@pytest.fixture(params=["win32", "darwin", "emscripten"])
def elsewhere(request, monkeypatch):
    kernel._libc.cache_clear()
    kernel._syscall.cache_clear()
    monkeypatch.setattr(sys, "platform", request.param)
    yield
    kernel._libc.cache_clear()
    kernel._syscall.cache_clear()


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("attempt", [require_sandbox, require_isolation, lambda: Sandbox(Tier.NONE)])
def test_judging_needs_linux_with_or_without_isolation(attempt):
    with pytest.raises(IsolationError) as problem:
        attempt()
    assert problem.value.text == "no_linux"
    assert problem.value.exit_status == 4


@pytest.mark.usefixtures("elsewhere")
def test_no_system_call_is_made_by_a_number_of_linux():
    with pytest.raises(OSError, match="not implemented"):
        kernel.call(39)
    assert isolation_for_trusted_code() == "none"


@pytest.mark.parametrize(("before", "text"), [("3.99", "no_keras"), ("3.1", "no_keras_here")])
def test_doctor_says_where_tensorflow_cannot_be_had(monkeypatch, before, text):
    keras = f"tensorflow>=2.18; python_version < '{before}' and extra == 'keras'"
    monkeypatch.setattr(importlib.metadata, "requires", lambda _: ["numpy>=2", "pytest>=9", "tqdm>=4", keras])
    monkeypatch.setattr(doctor, "KERAS", ())
    assert text in {finding.text for finding in doctor._look_at_packages()}


def test_the_extra_for_keras_stops_where_tensorflow_does():
    lines = importlib.metadata.requires(doctor.DISTRIBUTION)
    (keras,) = (line for line in lines if line.startswith("tensorflow>") and "extra == 'keras'" in line)
    assert "python_version < '3.14'" in keras
