"""The seccomp filter, run by a small machine of our own, so that both tables can be tried on any computer."""

import os
import re
import sys
from pathlib import Path

import pytest

from grader.sandbox import seccomp, syscalls


def run_filter(machine, number, *arguments, arch=None, pid=77):
    """Return what the program answers to one system call."""
    words = {0: number, 4: arch or seccomp.MACHINES[machine][1]}
    for position, value in enumerate((*arguments, 0, 0, 0, 0, 0, 0)[:6]):
        words[16 + 8 * position] = value & 0xFFFFFFFF
        words[20 + 8 * position] = (value >> 32) & 0xFFFFFFFF
    program = seccomp.build_program(machine, pid)
    at = accumulator = 0
    while True:
        code, if_true, if_false, operand = (
            int.from_bytes(program[8 * at + start : 8 * at + end], sys.byteorder)
            for start, end in ((0, 2), (2, 3), (3, 4), (4, 8))
        )
        at += 1
        match code:
            case 0x20:
                accumulator = words[operand]
            case 0x54:
                accumulator &= operand
            case 0x15:
                at += if_true if accumulator == operand else if_false
            case 0x35:
                at += if_true if accumulator >= operand else if_false
            case 0x06:
                return {0x7FFF0000: "allow", 0x00050001: "EPERM", 0x00050026: "ENOSYS", 0x80000000: "kill"}[operand]


THREAD = 0x3D0F00
CALLS = [
    # name, arguments, answer
    ("read", (), "allow"),
    ("clone", (THREAD,), "allow"),
    ("clone", (17,), "EPERM"),
    ("clone", (THREAD | 0x10000000,), "EPERM"),
    ("clone", (0x4111,), "EPERM"),
    ("kill", (77, 9), "allow"),
    ("kill", (78, 0), "EPERM"),
    ("kill", (0, 9), "EPERM"),
    ("kill", (-1, 9), "EPERM"),
    ("kill", (-77, 9), "EPERM"),
    ("tgkill", (1, 1, 9), "EPERM"),
    ("mmap", (0, 4096, 3, 0x22), "allow"),
    ("mmap", (0, 4096, 3, 0x21), "EPERM"),
    ("mmap", (0, 4096, 3, 0x23), "EPERM"),
    ("mmap", (0, 4096, 3, 0x122), "EPERM"),
    ("mmap", (0, 4096, 3, 0x40022), "EPERM"),
    ("openat", (-100, 0, os.O_RDONLY), "allow"),
    ("openat", (-100, 0, os.O_WRONLY | os.O_TRUNC | os.O_CREAT), "allow"),
    ("openat", (-100, 0, os.O_RDONLY | os.O_TRUNC), "EPERM"),
    ("openat", (-100, 0, os.O_RDWR | 0o20000000), "EPERM"),
    ("ioctl", (0, 0x5401), "allow"),
    ("ioctl", (0, 0x5412), "EPERM"),
    ("ioctl", (0, 0x541C), "EPERM"),
    ("fcntl", (3, 6), "EPERM"),
    ("fcntl", (3, 38), "EPERM"),
    ("fcntl", (3, 1031), "EPERM"),
    ("fcntl", (3, 1), "allow"),
    ("prctl", (15,), "allow"),
    ("prctl", (4, 1), "EPERM"),
    ("sendto", (3, 1, 1, 0, 0), "allow"),
    ("sendto", (3, 1, 1, 0, 1 << 40), "EPERM"),
    ("prlimit64", (0, 7, 0, 1), "allow"),
    ("prlimit64", (0, 7, 1 << 40, 0), "EPERM"),
    ("prlimit64", (1, 7, 0, 1), "EPERM"),
]


@pytest.mark.parametrize("machine", seccomp.MACHINES)
@pytest.mark.parametrize(("name", "arguments", "answer"), CALLS)
def test_the_filter_answers(machine, name, arguments, answer):
    column = seccomp.MACHINES[machine][0]
    number = {**syscalls.PLAIN, **syscalls.CONDITIONAL}[name][column]
    assert run_filter(machine, number, *arguments) == answer


FORBIDDEN = {
    "x86_64": (
        41,
        42,
        43,
        49,
        50,
        53,
        46,
        47,
        57,
        58,
        59,
        322,
        101,
        310,
        311,
        321,
        425,
        250,
        319,
        9999999 & 0x3FF | 512,
    ),
    "aarch64": (
        198,
        203,
        202,
        200,
        201,
        199,
        211,
        212,
        221,
        281,
        117,
        270,
        271,
        280,
        425,
        219,
        279,
        52,
        53,
        54,
        88,
        32,
    ),
}
"""socket, connect, accept, bind, listen, socketpair, sendmsg, recvmsg, fork, exec, ptrace, other memory, bpf, ..."""


@pytest.mark.parametrize("machine", seccomp.MACHINES)
def test_whatever_is_not_listed_is_refused(machine):
    column = seccomp.MACHINES[machine][0]
    listed = {numbers[column] for numbers in {**syscalls.PLAIN, **syscalls.CONDITIONAL}.values()}
    for number in range(1100):
        if number not in listed:
            assert run_filter(machine, number) in ("EPERM", "ENOSYS"), number
    assert all(run_filter(machine, number) != "allow" for number in FORBIDDEN[machine])
    assert run_filter(machine, syscalls.CLONE3) == "ENOSYS"


def test_the_numbers_of_another_machine_kill():
    assert run_filter("x86_64", 4, arch=0x40000003) == "kill"
    assert run_filter("x86_64", 0x40000000 + 1) == "kill"
    assert run_filter("aarch64", 4, arch=0x40000028) == "kill"


HEADERS = {
    0: Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    1: Path("/usr/include/asm-generic/unistd.h"),
}


@pytest.mark.parametrize("column", HEADERS)
def test_the_tables_are_the_kernels(column):
    if not HEADERS[column].exists():
        pytest.skip(f"no {HEADERS[column]} (apt install linux-libc-dev)")
    numbers = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\b", HEADERS[column].read_text()))
    # On 64-bit machines these go by another name than in the shared list.
    names = {"newfstatat": "fstatat"} if column == 1 else {}
    for name, both in {**syscalls.PLAIN, **syscalls.CONDITIONAL}.items():
        known = numbers.get(names.get(name, name))
        assert both[column] == (int(known) if known else None), name
