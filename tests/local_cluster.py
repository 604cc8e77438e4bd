"""A Dask cluster of worker processes on this machine, in a process of its own; it lives until its input closes.

python -m tests.local_cluster WORKERS ALLOWED_FAILURES
"""

import sys

import dask
from distributed import LocalCluster


def main() -> None:
    """Print the scheduler's address as the first line."""
    workers, failures = map(int, sys.argv[1:])
    dask.config.set({"distributed.scheduler.allowed-failures": failures, "distributed.comm.timeouts.connect": "30s"})
    with LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit="4GiB"
    ) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
