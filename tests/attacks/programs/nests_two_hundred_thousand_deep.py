"""P2: the parser's own limit is the submission's error. Classes 32.

Expect: error nonsense
"""

import struct


def double(x):
    body = b'{"id": 4, "ok": ' + b"[" * 200_000
    for descriptor in range(3, 256):
        try:
            os.write(descriptor, struct.pack("!I", len(body)) + body)
        except OSError:
            pass
    os._exit(0)
