"""P1: facts about the text are from before the code ran, and a stand-in's name is no sign. Classes 29, 30.

Expect: failed wrong_value
"""

import ast

ast.parse = lambda *args, **kwargs: ast.Module([], [])
ast.walk = lambda *args, **kwargs: []


class Sequence:
    record = []


def double(x):
    return 7
