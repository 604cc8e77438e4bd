"""P6: the kernel's dangerous doors are shut. Classes 45, 46, 86, 89.

Expect: held
"""

import platform
import resource

# name: (x86-64, aarch64)
CALLS = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424),
    "process_madvise": (440, 440), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "unshare": (272, 97), "setns": (308, 268),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "mount_setattr": (442, 442), "keyctl": (250, 219),
    "add_key": (248, 217), "memfd_create": (319, 279), "memfd_secret": (447, 447), "init_module": (175, 105),
    "finit_module": (313, 273), "kexec_load": (246, 104), "reboot": (169, 142), "swapon": (167, 224),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "personality": (135, 92), "seccomp": (317, 277),
    "landlock_create_ruleset": (444, 444), "syslog": (103, 116), "acct": (163, 89), "quotactl": (179, 60),
    "setuid": (105, 146), "setgid": (106, 144), "setgroups": (116, 159), "capset": (126, 91), "setrlimit": (160, 164),
    "setpriority": (141, 140), "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119),
    "ioprio_set": (251, 30), "timer_create": (222, 107), "timerfd_create": (283, 85), "signalfd4": (289, 74),
    "eventfd2": (290, 19), "epoll_create1": (291, 20), "sethostname": (170, 161), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "adjtimex": (159, 171), "iopl": (172, None), "modify_ldt": (154, None),
    "vmsplice": (278, 75), "splice": (275, 76), "remap_file_pages": (216, 234), "mbind": (237, 235),
    "migrate_pages": (256, 238), "lookup_dcookie": (212, 18), "vhangup": (153, 58), "openat2": (437, 437),
    "execve": (59, 221), "execveat": (322, 281), "newer than the table": (460, 460), "unknown": (5000, 5000),
}  # fmt: skip
column = 0 if platform.machine() == "x86_64" else 1
for name, numbers in CALLS.items():
    if numbers[column] is not None:
        attempt(name, lambda: call(numbers[column], 0, 0, 0, 0, 0, 0))
for name in ("NOFILE", "NPROC", "DATA", "AS", "CPU", "FSIZE", "CORE", "MEMLOCK", "STACK"):
    which = getattr(resource, f"RLIMIT_{name}")
    attempt(name, lambda: resource.setrlimit(which, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)) is None)
    attempt(name, lambda: resource.prlimit(JUDGE, which))
for option in (1, 4, 22, 35, 36, 39, 0x59616D61):
    attempt(f"prctl {option}", lambda: libc.prctl(option, 1, 0, 0, 0) == 0)
