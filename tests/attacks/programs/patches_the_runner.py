"""P1, P2: the runner in the sandbox may say what it likes; it is a value, not a verdict. Classes 24, 26, 35.

Expect: failed not_a_function
"""

from grader.sandbox import workbench

workbench.Workbench.answer = lambda self, request: {"ok": 7}


def double(x):
    return 7
