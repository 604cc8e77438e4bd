"""P8: every child starts in a folder with its own file and nothing else. Classes 21, 38, 99.

Expect: held
"""

OWN = {"double.py"}
attempt("files", lambda: set(os.listdir(".")) - OWN)
attempt("home", lambda: set(os.listdir(os.path.expanduser("~"))) - OWN)
attempt("parent", lambda: set(os.listdir("..")) - {"home", "tmp"})
attempt("temporary", lambda: os.listdir(os.environ["TMPDIR"]))
attempt("shm", lambda: os.listdir("/dev/shm"))
attempt("tmp", lambda: os.listdir("/tmp"))
