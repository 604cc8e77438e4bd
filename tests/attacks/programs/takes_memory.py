"""P7: memory ends at the limit. Classes 54.

Expect: error crash
"""

blocks = []
for _ in range(8192):
    blocks.append(bytearray(1 << 20))
