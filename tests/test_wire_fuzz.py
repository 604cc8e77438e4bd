"""Whatever bytes a submission sends, the judge gets plain data or one named fault, at once."""

import json
import math
import re
import socket
import struct
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.sandbox import values
from grader.sandbox.client import Child
from grader.sandbox.fault import Fault
from grader.sandbox.values import CallableName, MalformedAnswer, ModelHandle, Opaque, StandInPart
from tests.conftest import ROOT

BOUNDED = settings(max_examples=300, deadline=None, derandomize=True)
REFERENCES = (ModelHandle, CallableName, StandInPart)
PLAIN_TYPES = (type(None), bool, int, float, str, list, tuple, dict, set, np.ndarray, Opaque, *REFERENCES)

TAGS = st.sampled_from([*values._TAGGED, "passed", "id", "__class__"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
ARRAYS = st.tuples(
    st.sampled_from([*values.ARRAY_DTYPES, "O", "<U8", "|V4", ""]) | SCALARS,
    st.lists(st.integers(-2, 70_000) | SCALARS, max_size=9) | SCALARS,
    st.text("ABCDEFGH+/=", max_size=24) | SCALARS,
).map(list)
JSON = st.recursive(
    SCALARS | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TAGS, inner, max_size=2) | st.dictionaries(st.text(), inner)
    ),
    max_leaves=20,
)


class FakeZygote:
    """Gives out one end of a socket pair; the test holds the other one, as a submission would."""

    needs = "py"

    def __init__(self):
        self.ours, self.theirs = socket.socketpair()

    def start_job(self):
        return self.ours

    def end_job(self):
        self.theirs.close()


def answer_with(raw):
    """Return what `ask` makes of these bytes, which come before the other side is gone."""
    zygote = FakeZygote()
    with Child(zygote, b"", "x.py") as child:
        sender = threading.Thread(target=send_all, args=(zygote.theirs, raw))
        sender.start()
        try:
            return child.ask("get", name="x")
        except Fault as fault:
            return fault
        finally:
            child._channel.shutdown(socket.SHUT_RDWR)
            sender.join()


def send_all(theirs, raw):
    try:
        theirs.sendall(raw)
        theirs.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the judge has closed its end: it had read enough


def framed(message):
    body = json.dumps(message).encode()
    return struct.pack("!I", len(body)) + body


def is_plain(value):
    # A set inside a set, or as a key, can only be a frozenset.
    if type(value) in (list, tuple, set, frozenset):
        return all(map(is_plain, value))
    if type(value) is dict:
        return all(is_plain(part) for pair in value.items() for part in pair)
    return type(value) in PLAIN_TYPES


@BOUNDED
@given(JSON)
def test_decoding_gives_exact_plain_types_or_one_exception(data):
    try:
        value = values.decode(data)
    except MalformedAnswer:
        return
    assert is_plain(value)


@BOUNDED
@given(JSON)
def test_what_was_decoded_can_be_sent_back(data):
    try:
        value = values.decode(data)
        again = values.decode(json.loads(json.dumps(values.encode(value, keep=lambda _: None))))
    except MalformedAnswer:
        return
    if not isinstance(value, (CallableName, np.ndarray)) and not (isinstance(value, float) and math.isnan(value)):
        assert type(again) in (type(value), Opaque)


@BOUNDED
@given(st.binary(max_size=64))
def test_any_bytes_are_an_answer_or_a_fault(raw):
    result = answer_with(raw)
    assert isinstance(result, Fault)
    assert result.kind in ("died", "nonsense")


@BOUNDED
@given(st.binary(max_size=64).map(lambda body: struct.pack("!I", len(body)) + body))
def test_any_frame_is_an_answer_or_a_fault(raw):
    assert isinstance(answer_with(raw), Fault)


@BOUNDED
@given(st.dictionaries(st.sampled_from(["id", "ok", "fault", "passed"]), st.just(1) | JSON))
def test_only_the_two_keys_of_an_answer_are_read(message):
    result = answer_with(framed(message))
    if isinstance(result, Fault):
        assert all(len(part) <= 300 for part in (result.kind, result.type, result.text, result.name, *result.names))
    else:
        assert message.keys() == {"id", "ok"}
        assert type(message["id"]) is int
        assert message["id"] == 1


@pytest.mark.parametrize(
    "message",
    [
        {"id": True, "ok": 1},
        {"id": 1.0, "ok": 1},
        {"id": "1", "ok": 1},
        {"id": 2, "ok": 1},
        {"ok": 1},
        {"id": 1},
        {"id": 1, "ok": 1, "passed": True},
        {"id": 1, "ok": 1, "fault": {}},
    ],
    ids=json.dumps,
)
def test_an_answer_with_another_id_or_a_third_key_is_nonsense(message):
    assert answer_with(framed(message)).kind == "nonsense"


FUZZ_S = 10


def test_no_input_that_coverage_leads_to_is_anything_but_an_answer_or_a_fault(tmp_path):
    """Ten seconds of atheris, in a process of its own, because it rewrites the code that it watches."""
    pytest.importorskip("atheris", reason="pip install perceptron-kata[dev], on Linux with x86-64")
    (tmp_path / "corpus").mkdir()
    command = [sys.executable, "-m", "tests.fuzz_wire", str(FUZZ_S), str(tmp_path / "corpus")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30 * FUZZ_S)
    assert done.returncode == 0, done.stderr[-3000:]
    tried = int(re.findall(r"^Done (\d+) runs in", done.stderr, re.MULTILINE)[0])
    corpus = len(list((tmp_path / "corpus").iterdir()))
    print(f"{tried} inputs, {corpus} of them new to the code")
    assert tried > 1000
    assert corpus > 20, "it found no way into the code: is it instrumented?"
