"""P7: what was written cannot be hidden from the count. Classes 56, 57.

Expect: held
"""

with open("file", "w") as file:
    file.write("x")
os.mkdir("folder")
attempt("unlink", lambda: os.unlink("file") is None)
attempt("rmdir", lambda: os.rmdir("folder") is None)
attempt("rename", lambda: os.rename("file", "other") is None)
attempt("replace", lambda: os.replace("file", "folder/file") is None)
attempt("symlink", lambda: os.symlink("/", "link") is None)
attempt("link", lambda: os.link("file", "second") is None)
attempt("fifo", lambda: os.mkfifo("fifo") is None)
attempt("one file too large", lambda: os.truncate(os.open("file", os.O_RDWR), 1 << 40) is None)
