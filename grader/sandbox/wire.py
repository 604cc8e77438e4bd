"""Frames between judge and sandbox: four bytes of length, then that many bytes of JSON.

One request is outstanding at a time and carries an id; the answer repeats it. A frame is at most 1 MiB. The length is
checked before the body is read, so neither side can be made to hold more than that and one reading.
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


def bound_sending(channel: socket.socket, wall_s: float) -> None:
    """Let `send` take the other side for gone that has not taken what was sent before for so many seconds."""
    channel.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _timeval(wall_s))


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


class Reader:
    """Reads the frames that come over one channel, and keeps what has come of the next ones."""

    def __init__(self, channel: socket.socket, allowance: Allowance | None = None) -> None:
        """Read nothing yet.

        Args:
            channel: nobody else may receive from it.
            allowance: counts the frames' bodies; None: the other side is trusted.
        """
        self._channel = channel
        self._allowance = allowance
        self._read = bytearray()
        self._is_patient = True

    def receive(self, *, wall_s: float | None) -> dict[str, Any]:
        """Wait for one frame, for at most `wall_s` seconds (None: forever).

        Raises:
            TimedOut, Closed, Flooded: as their names say; no body was looked at then.
            MalformedAnswer: too long, not JSON, nested too deep for the parser, or no object.
        """
        deadline = None if wall_s is None else time.monotonic() + wall_s
        (length,) = _LENGTH.unpack(self._take(_LENGTH.size, deadline))
        if length > MAX_FRAME_BYTES:
            raise MalformedAnswer(f"a message of {length} bytes")
        if self._allowance is not None:
            self._allowance.take(length)
        return unpack(self._take(length, deadline))

    def _take(self, count: int, deadline: float | None) -> bytes:
        while len(self._read) < count:
            self._read += self._receive_some(deadline)
            # Also where something keeps coming: one letter every millisecond makes a frame in a quarter of an hour.
            if deadline is not None and len(self._read) < count and time.monotonic() >= deadline:
                raise TimedOut
        taken = bytes(self._read[:count])
        del self._read[:count]
        return taken

    def _receive_some(self, deadline: float | None) -> bytes:
        if self._is_patient and deadline is not None:
            # The kernel's own clock: Python's `settimeout` costs two more system calls for every `recv`.
            self._channel.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _TICK)
            self._is_patient = False
        while True:
            try:
                chunk = self._channel.recv(_MOST_AT_ONCE)
            except BlockingIOError:
                if deadline is not None and time.monotonic() >= deadline:
                    raise TimedOut from None
                continue
            except OSError as problem:
                raise Closed from problem
            if not chunk:
                raise Closed
            return chunk


def unpack(body: bytes) -> dict[str, Any]:
    """Return the message that is a frame's body.

    Raises:
        MalformedAnswer: not JSON, nested too deep for the parser, or no object.
    """
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


def _timeval(wall_s: float) -> bytes:
    """Seconds and microseconds, as the kernel's options of a socket have them."""
    return struct.pack("@ll", int(wall_s), int(wall_s % 1 * 1e6))


_MOST_AT_ONCE = 1 << 16
_TICK = _timeval(0.05)
"""How exactly a deadline is kept."""
