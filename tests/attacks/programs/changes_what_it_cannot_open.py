"""P4, P6: modes, owners, times and names of other files stay. Classes 2, 62, 90.

Expect: held
"""

for path in (CANARY, *BANK_FILES, OUTSIDE, BANK, os.__file__, os.path.dirname(os.__file__)):
    attempt("chmod", lambda: os.chmod(path, 0o777) is None)
    attempt("chown", lambda: os.chown(path, os.getuid(), os.getgid()) is None)
    attempt("utime", lambda: os.utime(path, (0, 0)) is None)
    attempt("xattr", lambda: os.setxattr(path, "user.kata", b"x") is None)
    attempt("truncate", lambda: os.truncate(path, 0) is None)
    attempt("truncate by open", lambda: opens(path, os.O_RDONLY | os.O_TRUNC))
    attempt("write", lambda: opens(path, os.O_WRONLY))
    attempt("append", lambda: opens(path, os.O_WRONLY | os.O_APPEND))
    attempt("unlink", lambda: os.unlink(path) is None)
    attempt("rename", lambda: os.rename(path, "mine") is None)
    attempt("rename over", lambda: os.rename("mine", path) is None)
    attempt("link", lambda: os.link(path, "mine") is None)
    attempt("symlink", lambda: os.symlink(path, "mine") is None)
    attempt("make", lambda: os.mkdir(path + "/made") is None)
    attempt("enter", lambda: os.open("made", os.O_CREAT | os.O_WRONLY, dir_fd=os.open(path, os.O_PATH)))
attempt("root", lambda: os.chroot(".") is None)
attempt("device", lambda: os.mknod("device", 0o20666, os.makedev(1, 3)) is None)
