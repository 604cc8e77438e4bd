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
FLOODED = "more than {} bytes in all answers together"
_LENGTH = struct.Struct("!I")


class Closed(Exception):
    """The other side is gone."""


class TimedOut(Exception):
    """No whole frame came before the deadline."""


class Flooded(Exception):
    """More came than the allowance."""


class Allowance:
    """What the other side may send in all: a hundred answers of nearly MAX_FRAME_BYTES would be a flood, too."""

    def __init__(self, most_bytes: int) -> None:
        """Allow so many bytes in frames' bodies."""
        self._left = most_bytes

    def take(self, count: int) -> None:
        """Count a frame's body.

        Raises:
            Flooded: it is too much.
        """
        self._left -= count
        if self._left < 0:
            raise Flooded


def pack(message: dict[str, Any]) -> bytes:
    """Return the body of a frame.

    Raises:
        MalformedAnswer: it is larger than MAX_FRAME_BYTES.
    """
    body = _ENCODER.encode(message).encode("ascii")
    if len(body) > MAX_FRAME_BYTES:
        raise MalformedAnswer(f"{len(body)} bytes are more than one message may have ({MAX_FRAME_BYTES})")
    return body


def send(channel: socket.socket, message: dict[str, Any]) -> None:
    """Send one frame.

    Raises:
        MalformedAnswer: the message is larger than MAX_FRAME_BYTES.
        Closed: the other side is gone.
    """
    body = pack(message)
    try:
        channel.sendall(_LENGTH.pack(len(body)) + body)
    except OSError as problem:
        raise Closed from problem


def receive(channel: socket.socket, *, wall_s: float | None, allowance: Allowance | None = None) -> dict[str, Any]:
    """Wait for one frame, for at most `wall_s` seconds (None: forever); count its body where there is an allowance.

    Raises:
        TimedOut, Closed, Flooded: as their names say; no body was read then.
        MalformedAnswer: too long, not JSON, nested too deep for the parser, or no object.
    """
    deadline = None if wall_s is None else time.monotonic() + wall_s
    (length,) = _LENGTH.unpack(_receive_exactly(channel, _LENGTH.size, deadline))
    if length > MAX_FRAME_BYTES:
        raise MalformedAnswer(f"a message of {length} bytes")
    if allowance is not None:
        allowance.take(length)
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
