"""The two tiers that isolate, for tests that hold in both; bubblewrap's is skipped, with the reason, where it fails."""

import functools

import pytest

from grader.sandbox.tier import find_isolation

TIERS = ("kernel-rules", "full")


@functools.cache
def found():
    return find_isolation()


def need(tier):
    """Skip the test if this machine cannot give the tier."""
    if found().tier == "none":
        pytest.skip("neither Landlock nor seccomp here")
    if tier == "full" and found().tier != "full":
        pytest.skip(f"bubblewrap does not work here: {found().bubblewrap} (apt install bubblewrap)")
