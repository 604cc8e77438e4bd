"""P4: no file of the bank, of the user or of the system opens. Classes 14, 43, 44.

Expect: held
"""

FILES = [CANARY, *BANK_FILES, "/etc/passwd", "/etc/shadow", "/etc/hostname", "/proc/mounts", "/proc/self/environ",
         "/proc/self/mem", "/proc/self/maps", "/proc/1/environ", "/proc/1/cmdline", f"/proc/{JUDGE}/environ",
         f"/proc/{JUDGE}/mem", f"/proc/{JUDGE}/maps", f"/proc/{JUDGE}/cmdline", f"/proc/{os.getppid()}/mem",
         f"/proc/{os.getppid()}/cmdline", "/proc/kcore", "/dev/mem", "/dev/zero", "/dev/tty", "/dev/kmsg"]  # fmt: skip
FOLDERS = [BANK, OUTSIDE, HOME, "/", "/home", "/root", "/proc", "/tmp", "/etc", "/proc/self/fd", f"/proc/{JUDGE}/fd",
           f"/proc/{JUDGE}/root", f"/proc/{JUDGE}/cwd", "/sys", "/dev", REPOSITORY]  # fmt: skip
for path in FILES:
    attempt(path, lambda: opens(path))
    attempt(path, lambda: opens(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOATIME))
    attempt(path, lambda: opens(f"/proc/{JUDGE}/root{path}"))
    attempt(path, lambda: opens("/proc/self/root" + path))
    attempt(path, lambda: opens("../../../../../../.." + path))
for path in FOLDERS:
    attempt(path, lambda: os.listdir(path))
for name in ("exercises", "solutions", "tests", "examples", ".git"):
    attempt(name, lambda: os.listdir(os.path.join(REPOSITORY, name)))
attempt("shared library", lambda: ctypes.CDLL(CANARY))
attempt("imported", lambda: __import__("tests.conftest"))
