"""P6: no process and no program is started. Classes 50, 51, 52.

Expect: held
"""

import multiprocessing
import subprocess


def fork(how=os.fork):
    child = how()
    if child == 0:
        os._exit(0)
    return child > 0


def execute(path):
    try:
        os.execv(path, [path])
    except OSError as problem:
        return problem.errno != 1
    return True


attempt("fork", fork)
attempt("forkpty", lambda: fork(lambda: os.forkpty()[0]))
attempt("vfork", lambda: fork(libc.vfork))
attempt("clone", lambda: fork(lambda: libc.syscall(ctypes.c_long(56), ctypes.c_long(17), 0, 0, 0, 0)))
attempt("clone3", lambda: fork(lambda: libc.syscall(ctypes.c_long(435), (ctypes.c_uint64 * 8)(0, 0, 0, 0, 17), 64)))
attempt("run", lambda: subprocess.run(["/bin/true"], check=False))
attempt("python", lambda: subprocess.run([sys.executable, "-c", ""], check=False))
attempt("system", lambda: os.system("true") == 0)
attempt("popen", lambda: os.popen("echo x").read())
attempt("spawn", lambda: os.posix_spawn("/bin/true", ["true"], {}))
attempt("process", lambda: multiprocessing.get_context("fork").Process(target=print).start() is None)
with open("program", "w") as file:
    file.write("#!/bin/sh\n")
for path in ("/bin/sh", sys.executable, os.path.abspath("program"), "/proc/self/exe", "/lib64/ld-linux-x86-64.so.2", "/"):
    attempt(path, lambda: execute(path))
for _ in range(1000):
    attempt("bomb", fork)
