"""P7: what was written cannot be hidden from the count. Classes 56, 57.

Expect: held
"""

with open("file", "w") as file:
    file.write("x")
os.mkdir("folder")
with open("other", "w") as file:
    file.write("y")
# Python's own functions put aside what they "remove"; the kernel removes and overwrites nothing, by whatever call.
attempt("unlink", lambda: libc.unlink(b"file") == 0)
attempt("unlinkat", lambda: libc.unlinkat(-100, b"file", 0) == 0)
attempt("rmdir", lambda: libc.rmdir(b"folder") == 0)
attempt("rmdir by unlinkat", lambda: libc.unlinkat(-100, b"folder", 0x200) == 0)
attempt("remove", lambda: libc.remove(b"file") == 0)
attempt("rename", lambda: libc.rename(b"file", b"other") == 0)
attempt("renameat", lambda: libc.renameat(-100, b"file", -100, b"third") == 0)
attempt("renameat2, plain", lambda: libc.renameat2(-100, b"file", -100, b"other", 0) == 0)
attempt("renameat2, exchange", lambda: libc.renameat2(-100, b"file", -100, b"other", 2) == 0)
attempt("renameat2, no overwriting", lambda: libc.renameat2(-100, b"file", -100, b"other", 1) == 0)
attempt("unlink of what is not in the folder", lambda: os.unlink(CANARY) is None)
attempt("rename of what is not in the folder", lambda: os.rename(CANARY, "here") is None)
attempt("rename to what is not in the folder", lambda: os.rename("file", OUTSIDE + "/there") is None)
os.unlink("file")
attempt("space that is given back", lambda: sum(os.stat(name).st_size for name in os.listdir(".") if "removed" in name) != 1)
attempt("symlink", lambda: os.symlink("/", "link") is None)
attempt("link", lambda: os.link("file", "second") is None)
attempt("fifo", lambda: os.mkfifo("fifo") is None)
attempt("one file too large", lambda: os.truncate(os.open("file", os.O_RDWR), 1 << 40) is None)
