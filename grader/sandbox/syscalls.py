"""The system calls that a confined child may make, with their numbers on x86-64 and on aarch64.

A list of what is allowed, not of what is forbidden: whatever a future kernel adds is refused until somebody adds it
here. Python, NumPy, and TensorFlow's `fit` need no more than these (tests/test_zygotes.py tries them). A number is
None where the machine has no such call. Source: the kernel's unistd tables; a test compares them with the system's
headers.

Not here, and so refused: exec, fork, every socket but the one that is open already, namespaces, mounts, ptrace, other
processes' memory, bpf, io_uring, keys, memfd, shared memory, message queues, locks, chmod, chown, utime, attributes,
links, whatever removes or overwrites a name (removal.py), priorities, affinity, limits, perf, userfaultfd, pidfd.
"""

from types import MappingProxyType

PLAIN = MappingProxyType(
    {
        # files; which of them is Landlock's to say
        "read": (0, 63),
        "write": (1, 64),
        "close": (3, 57),
        "stat": (4, None),
        "fstat": (5, 80),
        "lstat": (6, None),
        "poll": (7, None),
        "lseek": (8, 62),
        "pread64": (17, 67),
        "pwrite64": (18, 68),
        "readv": (19, 65),
        "writev": (20, 66),
        "access": (21, None),
        "select": (23, None),
        "dup": (32, 23),
        "dup2": (33, None),
        "fsync": (74, 82),
        "fdatasync": (75, 83),
        "ftruncate": (77, 46),
        "getdents": (78, None),
        "getcwd": (79, 17),
        "chdir": (80, 49),
        "fchdir": (81, 50),
        "mkdir": (83, None),
        "readlink": (89, None),
        "umask": (95, 166),
        "statfs": (137, 43),
        "fstatfs": (138, 44),
        "getdents64": (217, 61),
        "fadvise64": (221, 223),
        "mkdirat": (258, 34),
        "newfstatat": (262, 79),
        "readlinkat": (267, 78),
        "faccessat": (269, 48),
        "pselect6": (270, 72),
        "ppoll": (271, 73),
        "dup3": (292, 24),
        "pipe": (22, None),
        "pipe2": (293, 59),
        "preadv": (295, 69),
        "pwritev": (296, 70),
        "statx": (332, 291),
        "close_range": (436, 436),
        "faccessat2": (439, 439),
        # the channel to the judge, which is open already
        "recvfrom": (45, 207),
        "shutdown": (48, 210),
        "getsockname": (51, 204),
        "getpeername": (52, 205),
        "getsockopt": (55, 209),
        # own memory
        "mprotect": (10, 226),
        "munmap": (11, 215),
        "brk": (12, 214),
        "mremap": (25, 216),
        "msync": (26, 227),
        "mincore": (27, 232),
        "madvise": (28, 233),
        # own signals and timers
        "rt_sigaction": (13, 134),
        "rt_sigprocmask": (14, 135),
        "rt_sigreturn": (15, 139),
        "pause": (34, None),
        "getitimer": (36, 102),
        "alarm": (37, None),
        "setitimer": (38, 103),
        "rt_sigpending": (127, 136),
        "rt_sigtimedwait": (128, 137),
        "rt_sigsuspend": (130, 133),
        "sigaltstack": (131, 132),
        "restart_syscall": (219, 128),
        # own threads
        "sched_yield": (24, 124),
        "exit": (60, 93),
        "futex": (202, 98),
        "set_tid_address": (218, 96),
        "exit_group": (231, 94),
        "set_robust_list": (273, 99),
        "get_robust_list": (274, 100),
        "membarrier": (324, 283),
        "rseq": (334, 293),
        # time
        "nanosleep": (35, 101),
        "gettimeofday": (96, 169),
        "times": (100, 153),
        "time": (201, None),
        "clock_gettime": (228, 113),
        "clock_getres": (229, 114),
        "clock_nanosleep": (230, 115),
        # facts
        "getpid": (39, 172),
        "uname": (63, 160),
        "getrlimit": (97, 163),
        "getrusage": (98, 165),
        "sysinfo": (99, 179),
        "getuid": (102, 174),
        "getgid": (104, 176),
        "geteuid": (107, 175),
        "getegid": (108, 177),
        "getppid": (110, 173),
        "getpgrp": (111, None),
        "getgroups": (115, 158),
        "getresuid": (118, 148),
        "getresgid": (120, 150),
        "getpgid": (121, 155),
        "getsid": (124, 156),
        "getpriority": (140, 141),
        "sched_getparam": (143, 121),
        "sched_getscheduler": (145, 120),
        "sched_get_priority_max": (146, 125),
        "sched_get_priority_min": (147, 126),
        "gettid": (186, 178),
        "sched_getaffinity": (204, 123),
        "getcpu": (309, 168),
        "getrandom": (318, 278),
    }
)
"""Allowed whatever their arguments are."""

CONDITIONAL = MappingProxyType(
    {
        "open": (2, None),
        "mmap": (9, 222),
        "ioctl": (16, 29),
        "sendto": (44, 206),
        "clone": (56, 220),
        "kill": (62, 129),
        "fcntl": (72, 25),
        "prctl": (157, 167),
        "tgkill": (234, 131),
        "openat": (257, 56),
        "prlimit64": (302, 261),
        "renameat2": (316, 276),
    }
)
"""Allowed with certain arguments only: seccomp.py says which."""

CLONE3 = 435
NEWEST = 450
"""Calls above this number are younger than the table: they get ENOSYS, so that a C library takes its older way."""
