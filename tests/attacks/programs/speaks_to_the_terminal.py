"""P11: control characters, half characters and markup arrive as harmless text. Classes 36, 71, 72, 74, 95.

Expect: error stops_itself
"""


def double(x):
    raise ValueError("\x1b]0;owned\x07\x1b[2J\ud800\u202e<script>alert(1)</script>{x.__class__}%s%n\0 =cmd()")
