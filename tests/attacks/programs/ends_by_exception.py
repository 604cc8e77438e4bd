"""P1: leaving early is an error. Classes 4.

Expect: error exits
"""

raise SystemExit(0)
