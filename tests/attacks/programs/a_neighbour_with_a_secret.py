"""P8: what one submission holds, the next one must not find (looks_for_its_neighbour). Classes 38.

Expect: held
"""

secret = "NEIGHBOUR-SECRET-42"
attempt("nothing", lambda: False)
