"""What the walls cost: one kata's child in each tier, step by step, as ratios to the child without walls.

Run it with: python benchmarks/sandbox.py [--rounds 100]
A row is the median over the rounds; the rounds of all tiers are interleaved, so that a busy machine disturbs them
alike. "child" is what a kata pays before its first check: fork, walls, the file sent, parsed and loaded. "answer" is
one call and its answer. "end" is the kill, the reaping and the removal of the folder. Read the ratios; the
milliseconds belong to the machine.
"""

import argparse
import statistics
import time
from itertools import pairwise

from grader.sandbox import landlock, limits, seccomp, tier
from grader.sandbox.client import Sandbox
from grader.sandbox.disk import view_of_this_python
from grader.sandbox.tier import Tier

SOURCE = b"def double(x):\n    return 2 * x\n"
STEPS = ("child", "answer", "end")


def one_job(sandbox: Sandbox, needs: str) -> list[float]:
    """Run one child from its fork to its end; returns milliseconds per step."""
    marks = [time.perf_counter()]
    child = sandbox.open(needs, SOURCE, "double.py")
    child.ask("parse")
    child.ask("load")
    marks.append(time.perf_counter())
    child.ask("call", name="double", args=[3], kwargs={})
    marks.append(time.perf_counter())
    child.close()
    marks.append(time.perf_counter())
    return [1000 * (later - earlier) for earlier, later in pairwise(marks)]


def measure(tiers: list[Tier], needs: str, rounds: int) -> None:
    """Print the table for one kind of kata."""
    sandboxes, ready_ms = {}, {}
    for name in tiers:
        start = time.perf_counter()
        sandboxes[name] = Sandbox(name)
        sandboxes[name].warm({needs})
        sandboxes[name].prove()
        ready_ms[name] = 1000 * (time.perf_counter() - start)
    samples: dict[Tier, list[list[float]]] = {name: [] for name in tiers}
    for _ in range(rounds):
        for name in tiers:
            samples[name].append(one_job(sandboxes[name], needs))
    for sandbox in sandboxes.values():
        sandbox.close()
    medians = {name: [statistics.median(step) for step in zip(*rows, strict=True)] for name, rows in samples.items()}
    print(f"\n{needs}: {rounds} rounds; ms (ratio to none)")
    print(f"{'tier':14}{'ready, once':>14}" + "".join(f"{step:>18}" for step in (*STEPS, "job", "job, p95")))
    for name in tiers:
        whole = [sum(row) for row in samples[name]]
        columns = [*medians[name], statistics.median(whole), sorted(whole)[int(0.95 * len(whole))]]
        base = [*medians[Tier.NONE], statistics.median([sum(row) for row in samples[Tier.NONE]]), None]
        cells = [f"{ms:.2f}" + (f" ({ms / to:.2f})" if to else "") for ms, to in zip(columns, base, strict=True)]
        print(f"{name:14}{ready_ms[name]:14.0f}" + "".join(f"{cell:>18}" for cell in cells))


def main() -> None:
    """Measure what this machine can give."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--needs", nargs="+", default=["py", "np", "keras"])
    arguments = parser.parse_args()
    found = tier.find_isolation()
    tiers = [Tier.NONE, *([Tier.KERNEL_RULES] if found.landlock_abi and found.seccomp else [])]
    tiers += [Tier.FULL] if found.tier is Tier.FULL else []
    print(f"Landlock ABI {landlock.probe_abi()}, bubblewrap: {found.bubblewrap or 'works'}")
    size = len(seccomp.build_program("x86_64", 1)) // 8
    print(f"filter: {size} instructions; {len(view_of_this_python().readable)} readable places; {limits.PLAIN}")
    for needs in arguments.needs:
        measure(tiers, needs, arguments.rounds)


if __name__ == "__main__":
    main()
