"""P2: the length is refused before a byte of the body is read. Classes 31.

Expect: error nonsense
"""


def double(x):
    for descriptor in range(3, 256):
        try:
            os.write(descriptor, b"\xff\xff\xff\xff")
            while True:
                os.write(descriptor, b"x" * 65536)
        except OSError:
            pass
