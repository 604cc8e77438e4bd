"""P7: parsers are fed here, not in the judge. Classes 92.

Expect: error crash|died
"""

eval("-" * 10**6 + "1")
