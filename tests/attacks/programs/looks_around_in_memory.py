"""P1: there is no check, expected value or verdict in this process. Classes 13, 15, 37.

Expect: held
"""

import gc

WORDS = ("expected", "want", "check", "points", "verdict", "grader.plugin", "grader.judge.judge", "grader.expect", "pytest")


def frames():
    frame, found = sys._getframe(), []
    while frame is not None:
        found += [name for name in frame.f_locals if name in WORDS]
        frame = frame.f_back
    return found


def objects():
    found = []
    for thing in gc.get_objects():
        name = getattr(type(thing), "__name__", "")
        if name in ("Check", "CheckResult", "Mismatch", "Judge", "Item", "Function", "Kata"):
            found.append(name)
        elif type(thing) is dict and any(type(key) is str and key in ("max_points", "outcome") for key in thing):
            found.append("dict")
    return found


attempt("frames", frames)
attempt("objects", objects)
attempt("modules", lambda: [name for name in sys.modules if name.split(".")[0] in ("pytest", "_pytest")])
attempt("judge", lambda: [name for name in sys.modules if name in WORDS])
attempt("arguments", lambda: any(BANK in argument or CANARY in argument for argument in sys.orig_argv))
