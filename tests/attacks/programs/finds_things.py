"""P8: every child starts in an empty folder. Classes 21, 38, 99.

Expect: held
"""

attempt("files", lambda: [name for name in os.listdir(".")])
attempt("home", lambda: os.listdir(os.path.expanduser("~")))
attempt("parent", lambda: os.listdir(".."))
attempt("shm", lambda: os.listdir("/dev/shm"))
attempt("tmp", lambda: os.listdir("/tmp"))
