"""P1, P4: what runs at the end of the process writes no result. Classes 1, 2, 5.

Expect: held
"""

import atexit

PLACES = [OUTSIDE, BANK, HOME, "/tmp", "/var/tmp", "/", "/dev/shm", os.path.dirname(os.__file__)]
RESULTS = ["results.json", "results.jsonl", "junit.xml", "run_autograder", ".bashrc"]


def forge():
    for place in PLACES:
        for name in RESULTS:
            path = os.path.join(place, name)
            attempt(path, lambda: opens(path, os.O_WRONLY | os.O_CREAT))
            attempt(path, lambda: opens(path, os.O_WRONLY | os.O_APPEND))


atexit.register(forge)
forge()
