"""Frames between judge and sandbox: four bytes of length, then that many bytes of JSON.

One request is outstanding at a time and carries an id; the answer repeats it. A frame is at most 1 MiB. The length is
checked before a byte of the body is read, so neither side can be made to hold more.
"""

import json
import socket
import struct
import time
from typing import Any

from grader.sandbox.values import MalformedAnswer

MAX_FRAME_BYTES = 1 << 20
_LENGTH = struct.Struct("!I")


class Closed(Exception):
    """The other side is gone."""


class TimedOut(Exception):
    """No whole frame came before the deadline."""


def send(channel: socket.socket, message: dict[str, Any]) -> None:
    """Send one frame.

    Raises:
        MalformedAnswer: the message is larger than MAX_FRAME_BYTES.
        Closed: the other side is gone.
    """
    body = _ENCODER.encode(message).encode("ascii")
    if len(body) > MAX_FRAME_BYTES:
        raise MalformedAnswer(f"{len(body)} bytes are more than one message may have ({MAX_FRAME_BYTES})")
    try:
        channel.sendall(_LENGTH.pack(len(body)) + body)
    except OSError as problem:
        raise Closed from problem


def receive(channel: socket.socket, *, wall_s: float | None) -> dict[str, Any]:
    """Wait for one frame, for at most `wall_s` seconds (None: forever).

    Raises:
        TimedOut, Closed: as their names say.
        MalformedAnswer: too long, not JSON, nested too deep for the parser, or no object.
    """
    deadline = None if wall_s is None else time.monotonic() + wall_s
    (length,) = _LENGTH.unpack(_receive_exactly(channel, _LENGTH.size, deadline))
    if length > MAX_FRAME_BYTES:
        raise MalformedAnswer(f"a message of {length} bytes")
    body = _receive_exactly(channel, length, deadline)
    try:
        message = _DECODER.decode(body.decode("ascii"))
    except (ValueError, RecursionError):
        raise MalformedAnswer("no JSON") from None
    if type(message) is not dict:
        raise MalformedAnswer("no JSON object")
    return message


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


# Made once: json.dumps and json.loads with arguments make new ones for every message.
_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
# NaN and Infinity are no JSON; Python's parser would let them in.
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _receive_exactly(channel: socket.socket, count: int, deadline: float | None) -> bytes:
    chunks = bytearray()
    while len(chunks) < count:
        if deadline is not None:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                raise TimedOut
            channel.settimeout(left_s)
        elif channel.gettimeout() is not None:
            channel.settimeout(None)  # a system call, which a channel without deadlines needs once
        try:
            chunk = channel.recv(count - len(chunks))
        except TimeoutError:
            raise TimedOut from None
        except OSError as problem:
            raise Closed from problem
        if not chunk:
            raise Closed
        chunks += chunk
    return bytes(chunks)
