"""Frames: bounded before they are read, one clear end for each way of failing."""

import socket
import struct
import threading
import time

import pytest

from grader.sandbox import wire
from grader.sandbox.values import MalformedAnswer


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_frame_comes_back_whole(pair):
    wire.send(pair[0], {"id": 1, "op": "get", "name": "가중치"})
    assert wire.Reader(pair[1]).receive(wall_s=1) == {"id": 1, "op": "get", "name": "가중치"}


def test_a_frame_in_pieces_comes_back_whole(pair):
    body = b'{"id":2}'
    raw = struct.pack("!I", len(body)) + body

    def trickle():
        for byte in raw:
            pair[0].sendall(bytes([byte]))

    sender = threading.Thread(target=trickle)
    sender.start()
    assert wire.Reader(pair[1]).receive(wall_s=5) == {"id": 2}
    sender.join()


def test_frames_that_come_together_are_read_one_by_one(pair):
    for number in range(100):
        wire.send(pair[0], {"id": number, "ok": number * number})
    pair[0].close()
    reader = wire.Reader(pair[1])
    assert [reader.receive(wall_s=1)["id"] for _ in range(100)] == list(range(100))
    with pytest.raises(wire.Closed):
        reader.receive(wall_s=1)


def test_what_exceeds_the_allowance_is_refused_before_the_body_is_read(pair):
    allowance = wire.Allowance(20)
    reader = wire.Reader(pair[1], allowance)
    for _ in range(2):
        wire.send(pair[0], {"id": 1})
        reader.receive(wall_s=1)
    pair[0].sendall(struct.pack("!I", 5))
    with pytest.raises(wire.Flooded):
        reader.receive(wall_s=5)


def test_a_length_beyond_the_limit_is_refused_before_the_body_is_read(pair):
    pair[0].sendall(struct.pack("!I", 0xFFFFFFFF))
    with pytest.raises(MalformedAnswer):
        wire.Reader(pair[1]).receive(wall_s=1)


def test_too_large_a_message_is_not_sent(pair):
    with pytest.raises(MalformedAnswer):
        wire.send(pair[0], {"x": "a" * wire.MAX_FRAME_BYTES})


@pytest.mark.parametrize(
    "body",
    [b"", b"[1]", b"3", b"{", b'{"a": NaN}', b'{"a": Infinity}', b"\xff\xfe", b'{"a":' + b"[" * 200_000, b'"x"'],
    ids=["empty", "list", "number", "cut", "nan", "infinity", "no ascii", "deep", "string"],
)
def test_what_is_no_json_object_is_refused(pair, body):
    def send():
        pair[0].sendall(struct.pack("!I", len(body)) + body)

    sender = threading.Thread(target=send)
    sender.start()
    with pytest.raises(MalformedAnswer):
        wire.Reader(pair[1]).receive(wall_s=5)
    sender.join()


def test_silence_ends_at_the_deadline(pair):
    with pytest.raises(wire.TimedOut):
        wire.Reader(pair[1]).receive(wall_s=0.05)


def test_half_a_frame_ends_at_the_deadline(pair):
    pair[0].sendall(b"\0\0\0\x10{")
    with pytest.raises(wire.TimedOut):
        wire.Reader(pair[1]).receive(wall_s=0.05)


def test_a_frame_that_never_ends_to_come_ends_at_the_deadline(pair):
    """Something is always there to be read, and never the whole."""
    over = threading.Event()

    def drip():
        pair[0].sendall(struct.pack("!I", wire.MAX_FRAME_BYTES))
        while not over.is_set():
            pair[0].sendall(b" ")
            time.sleep(0.001)

    sender = threading.Thread(target=drip)
    sender.start()
    with pytest.raises(wire.TimedOut):
        wire.Reader(pair[1]).receive(wall_s=0.2)
    over.set()
    sender.join()


def test_who_never_reads_does_not_hold_up_the_sender(pair):
    wire.bound_sending(pair[0], 0.1)
    # Far more than a socket keeps for a reader.
    with pytest.raises(wire.Closed):
        wire.send(pair[0], {"op": "x" * 1_000_000})


def test_a_closed_end_is_told_from_silence(pair):
    pair[0].close()
    with pytest.raises(wire.Closed):
        wire.Reader(pair[1]).receive(wall_s=1)
