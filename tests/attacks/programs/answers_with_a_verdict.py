"""P2: an answer has two keys; a third one makes it nonsense. Classes 24, 26.

Expect: error nonsense
"""

import struct

BODY = b'{"id": %d, "ok": 7, "passed": true, "score": 100}'


def double(x):
    for descriptor in range(3, 256):
        for number in range(1, 30):
            try:
                os.write(descriptor, struct.pack("!I", len(BODY % number)) + BODY % number)
            except OSError:
                break
    os._exit(0)
