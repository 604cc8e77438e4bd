"""P7: the folder has a number of entries, and is removed however deep it is. Classes 57.

Expect: error died|crash
"""

import time

for level in range(400):
    os.mkdir("d" * 200, 0o700)
    os.chdir("d" * 200)
for number in range(4000):
    os.mkdir(f"e{number}", 0)
time.sleep(3)
os._exit(0)
