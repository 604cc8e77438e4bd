"""P1, P2: whoever writes on the channel has only answered, once. Classes 23, 24, 25.

Expect: error nonsense
"""

import json
import struct


def double(x):
    for number in range(1, 40):
        body = json.dumps({"id": number, "ok": 7}).encode()
        for descriptor in range(256):
            try:
                os.write(descriptor, struct.pack("!I", len(body)) + body)
            except OSError:
                pass
    return 7
