"""`kata watch`: look at the student's file five times a second and run the checks when it has been saved.

Looking (instead of being told by the system) works on every file system, on WSL and on network drives; a kata's file is
a few kilobytes. The checks run in a process that has been started beforehand and has its imports done (warm.py), a new
one for each run, so that nothing of the last run is left. Saving again while a run goes on ends it, so that a loop
that never ends holds up nobody.
"""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click

from grader.bank.kata import Kata
from grader.cli.check import say_end
from grader.cli.shared import (
    Banks,
    Speaker,
    command,
    open_banks,
    open_kata,
    pytest_arguments,
    say_next,
    say_passed_over,
    title_of,
)
from grader.home.ladder import next_kata
from grader.home.view import near

LOOK_EVERY_S = 0.2
DEBOUNCE_S = 0.2
"""A file counts as saved when it has stayed the same for so long; some editors write in two steps."""
SLOW_S = 5.0
SLOW_KERAS_S = 20.0
"""After so long the student is told that a loop may never end; the first run of a Keras kata may be that slow."""

Stamp = tuple[int, bytes]
"""When a file was written (ns) and what it holds: saving without a change counts too, and no clock is too coarse."""


@command("watch")
@click.argument("wanted", metavar="[KATA]", required=False)
def watch_command(wanted: str | None, banks: Banks, speaker: Speaker) -> None:
    """Watch one kata after the other until all are complete or Ctrl-C is pressed."""
    katas = open_banks(banks)
    kata = open_kata(banks, wanted) if wanted else next_kata(katas)
    if not wanted:
        say_passed_over(speaker, katas)
    # Looked at before it is said that the file is watched, so that no save after these words is missed.
    seen, at_once = _stamp(kata.student_file) if kata else None, True
    try:
        while kata is not None:
            _watch(kata, speaker, seen, at_once=at_once)
            speaker.say("watch", "complete", kata=kata.number, title=title_of(kata, speaker.language))
            kata = next_kata(katas, after=kata)
            if kata is not None:
                seen = _stamp(kata.student_file)
                say_next(speaker, kata)
                speaker.say("watch", "waiting", file=near(kata.student_file))
            at_once = False
        say_end(speaker, katas)
    except KeyboardInterrupt:
        click.echo()
        speaker.say("watch", "ended")


def _watch(kata: Kata, speaker: Speaker, seen: Stamp | None, *, at_once: bool) -> None:
    """Run the checks whenever the file is saved; return when they all pass.

    Args:
        kata: whose file to watch.
        speaker: says what goes on.
        seen: the file's stamp when the student was told that it is watched.
        at_once: run the checks now too, before anything is saved.
    """
    run = _Run(kata, speaker.language)
    try:
        while True:
            if not at_once:
                seen = _wait_for_save(kata.student_file, seen)
            at_once = False
            click.clear()
            speaker.say("watch", "checking", file=near(kata.student_file))
            sys.stdout.flush()
            run.begin()
            status = _wait_for_end(run, kata, seen, speaker)
            if status == 0:
                return
            run.stop()
            run = _Run(kata, speaker.language)
            if status is not None:
                speaker.say("watch", "waiting", file=near(kata.student_file))
    finally:
        run.stop()


def _wait_for_save(file: Path, seen: Stamp | None) -> Stamp | None:
    """Return the file's stamp as soon as it differs from `seen` and has settled."""
    while (now := _stamp(file)) == seen:
        time.sleep(LOOK_EVERY_S)
    while True:
        time.sleep(DEBOUNCE_S)
        later = _stamp(file)
        if later == now:
            return now
        now = later


def _wait_for_end(run: "_Run", kata: Kata, seen: Stamp | None, speaker: Speaker) -> int | None:
    """Return pytest's exit status; None if the file was saved again before the checks had ended."""
    began = time.monotonic()
    slow_s = SLOW_KERAS_S if kata.needs == "keras" else SLOW_S
    told = False
    while (status := run.wait(LOOK_EVERY_S)) is None:
        if _stamp(kata.student_file) != seen:
            return None
        if not told and time.monotonic() - began > slow_s:
            told = True
            speaker.say("watch", "slow", file=near(kata.student_file))
    return status


def _stamp(file: Path) -> Stamp | None:
    try:
        return file.stat().st_mtime_ns, file.read_bytes()
    except OSError:
        return None


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let Ctrl-C wait, for good in what is started meanwhile: warm.py could not say early enough that it ignores it."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Run:
    """One run of the checks, in a process that is ready before it is needed."""

    def __init__(self, kata: Kata, language: str) -> None:
        """Start the process; it imports and then waits."""
        arguments = pytest_arguments((kata,), language)
        # -P: no module is taken from the folder the student stands in.
        command = [sys.executable, "-P", "-m", "grader.cli.warm", kata.needs, *arguments]
        with _interrupts_held():
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE)

    def begin(self) -> None:
        """Let it run; its output goes to this terminal."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(b"go\n")
            # Closed, so that breakpoint() and input() in the student's file end at once instead of waiting for ever.
            self._process.stdin.close()
        except OSError:
            # It ended by itself; its own words are on the screen, and wait() gives its status.
            return

    def wait(self, seconds: float) -> int | None:
        """Return its exit status, None if it still runs after so long."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stop(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()
