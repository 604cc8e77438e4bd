"""P9: a clean environment and one descriptor. Classes 23, 43, 46.

Expect: held
"""

attempt("canary", lambda: [key for key, value in os.environ.items() if "CANARY" in key + value])
attempt("names", lambda: [key for key in os.environ if key.split("_")[0] in ("KATA", "GITHUB", "AWS", "SSH", "CI", "PYTEST")])
attempt("c", lambda: libc.getenv(b"KATA_CANARY"))
attempt("terminal", lambda: any(os.isatty(descriptor) for descriptor in range(3)))


def more_than_one():
    found = []
    for descriptor in range(3, 1024):
        try:
            os.fstat(descriptor)
            found.append(descriptor)
        except OSError:
            pass
    return len(found) > 1


attempt("descriptors", more_than_one)
