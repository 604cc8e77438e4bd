"""P7: no core is dumped. Classes 60.

Expect: error died
"""

os.abort()
