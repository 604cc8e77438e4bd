"""P10: one letter of an answer every millisecond, never all: none begins the judge's patience anew. Classes 31, 49.

Expect: timeout no_answer
"""

import struct
import time

from grader.sandbox import wire


def drip(channel, message):
    channel.sendall(struct.pack("!I", 1 << 20))
    for _ in range(60_000):
        channel.sendall(b" ")
        time.sleep(0.001)


def double(x):
    wire.send = drip
    return x
