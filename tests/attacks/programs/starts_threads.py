"""P7: threads are counted. Classes 53.

Expect: error died
"""

import threading
import time

threading.stack_size(64 << 10)
for _ in range(3000):
    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
    time.sleep(0.0005)
time.sleep(5)
