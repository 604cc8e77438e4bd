"""P7: files that are removed while they are open count on. Classes 56, 57.

Expect: error died|crash
"""

import tempfile
import time

kept = []
for number in range(12):
    file = tempfile.TemporaryFile()
    file.write(b"x" * (8 << 20))
    file.flush()
    kept.append(file)
time.sleep(3)
os._exit(0)
