"""P7: the folder has a size. Classes 56.

Expect: error died|crash
"""

import time

for number in range(64):
    with open(f"file{number}", "wb") as file:
        for _ in range(16):
            file.write(b"x" * (1 << 20))
    time.sleep(0.01)
time.sleep(3)
os._exit(0)
