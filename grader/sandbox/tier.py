"""Which isolation this machine can give, found by trying it; and the command that starts a zygote in each tier.

    full          bubblewrap around the zygote (its own view of the disk, no network, no other process, a small tmpfs),
                  and the kernel's rules in every child
    kernel-rules  Landlock and seccomp in every child; no namespaces
    none          a process of its own with resource limits; only for code that one trusts

Nothing is read from /proc/sys or /sys: where user namespaces are refused, by a quota, AppArmor or a container, the
settings often say otherwise. A trial run of the very command that will be used cannot be wrong.
"""

import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum

from grader.errors import IsolationError
from grader.sandbox import landlock, seccomp
from grader.sandbox.disk import DEVICES, View, view_of_this_python

HOME_IN_FULL = "/box"
TMPFS_BYTES = 64 << 20
_NOBODY = "65534"
_TRIAL_WALL_S = 20
_MULTIARCH_LINKS = ("/lib", "/lib32", "/lib64")


class Tier(StrEnum):
    """How strongly a child is isolated; the word that stands in every report."""

    FULL = "full"
    KERNEL_RULES = "kernel-rules"
    NONE = "none"


@dataclass(frozen=True)
class Isolation:
    """What the trials found."""

    tier: Tier
    """The strongest that works."""
    landlock_abi: int
    seccomp: bool
    bubblewrap: str
    """Why bubblewrap does not work here: the last line that it printed; empty where it works."""


def require_sandbox() -> None:
    """Do nothing where a sandbox can run, be it one without isolation.

    Raises:
        IsolationError: this is no Linux: processes cannot be forked (Windows), or the kernel's calls are others.
    """
    if sys.platform != "linux":
        raise IsolationError("no_linux", {"system": platform.system()})


def find_isolation() -> Isolation:
    """Try what this machine allows."""
    if sys.platform != "linux":
        return Isolation(Tier.NONE, 0, False, platform.system())
    abi, filters = landlock.probe_abi(), seccomp.is_available()
    reason = _try_bubblewrap(view_of_this_python())
    if not abi or not filters:
        # Namespaces alone hide files, but a submission could still start processes and attack the kernel.
        return Isolation(Tier.NONE, abi, filters, reason)
    return Isolation(Tier.KERNEL_RULES if reason else Tier.FULL, abi, filters, reason)


def require_isolation() -> Isolation:
    """Return what was found.

    Raises:
        IsolationError: it is less than kernel-rules.
    """
    require_sandbox()
    found = find_isolation()
    if found.tier is Tier.NONE:
        missing = "no_seccomp" if found.landlock_abi else "no_landlock"
        raise IsolationError(missing, {"namespaces": found.bubblewrap or "bwrap works"})
    return found


def python_command(view: View) -> list[str]:
    """The command of a Python that runs no file of the current folder, no .pth file and no sitecustomize.

    Not -I: that ignores PYTHONHASHSEED too, and sets would come in another order on every run.
    """
    return [view.interpreter, "-s", "-S", "-P"]


def bubblewrap_command(view: View, *, divides: bool = False) -> list[str]:
    """The command that goes before another one to run it with only `view`, two devices and a small tmpfs in sight.

    Args:
        view: what is in sight.
        divides: True for a nursery, which may make such surroundings again for each of its zygotes (apart.py).

    Raises:
        FileNotFoundError: there is no bubblewrap.
    """
    # The system's own, never one from a virtual environment: AppArmor's profile for it names its path.
    program = shutil.which("bwrap", path="/usr/bin:/bin:/usr/local/bin")
    if program is None:
        raise FileNotFoundError("bwrap")
    links = [(os.readlink(path), path) for path in _MULTIARCH_LINKS if os.path.islink(path)]
    return [
        *(program, "--unshare-user", "--unshare-all", "--die-with-parent", "--new-session", "--hostname", "sandbox"),
        # Another user inside; outside it stays the same, because the interpreter may lie in a closed home folder.
        *("--uid", _NOBODY, "--gid", _NOBODY, "--cap-drop", "ALL"),
        *(("--cap-add", "CAP_SYS_ADMIN") if divides else ()),
        *(word for path in view.readable for word in ("--ro-bind", path, path)),
        *(word for target, path in links for word in ("--symlink", target, path)),
        *("--proc", "/proc"),
        *(word for device in DEVICES for word in ("--dev-bind", device, device)),
        *("--size", str(TMPFS_BYTES), "--tmpfs", HOME_IN_FULL),
        *("--remount-ro", "/", "--chdir", "/"),
        "--",
    ]


def _try_bubblewrap(view: View) -> str:
    """Run Python in bubblewrap; return "" if that worked, else why not."""
    try:
        command = [*bubblewrap_command(view), *python_command(view), "-c", "import socket, ctypes"]
        done = subprocess.run(
            command,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TRIAL_WALL_S,
            check=False,
        )
    except FileNotFoundError:
        return "bwrap is not installed"
    except (OSError, subprocess.TimeoutExpired) as problem:
        return type(problem).__name__
    if done.returncode == 0:
        return ""
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return (lines[-1] if lines else f"exit status {done.returncode}")[:200]
