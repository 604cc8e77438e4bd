"""`kata watch` as a student has it open: a process of its own, files saved under it, Ctrl-C at the end."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time

import pytest

from grader.bank.kata import load_katas
from grader.cli.watch import DEBOUNCE_S, _Run
from grader.home.progress import load_progress
from tests.conftest import FILES, PATIENCE_S, copy_katas, write_bank
from tests.test_cli import ENV, RIGHT

SECOND = {
    name.replace("01_double", "02_triple").replace("double", "triple"): text.replace("double", "triple")
    for name, text in FILES.items()
    if name.startswith("exercises/01_double/")
}


class Watch:
    """A running `kata watch`; its lines arrive through a thread, so that a test can wait for one."""

    def __init__(self, bank, *arguments):
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "grader", "watch", *arguments],
            cwd=bank,
            env={**ENV, "KATA_LANG": "en", "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self._lines = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def wait_for(self, words, within_s=PATIENCE_S):
        """Return the lines up to the one that holds the words."""
        seen = []
        end = time.monotonic() + within_s
        while not seen or words not in seen[-1]:
            try:
                line = self._lines.get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"not said within {within_s} s: {words}\n{''.join(seen)}")
            assert line is not None, f"ended before it said: {words}\n{''.join(seen)}"
            seen.append(line)
        return "".join(seen)

    def interrupt(self):
        """Press Ctrl-C: the terminal tells every process in it. Return (exit status, last lines)."""
        os.killpg(self._process.pid, signal.SIGINT)
        return self.end()

    def end(self):
        status = self._process.wait(PATIENCE_S)
        return status, "".join(iter(self._lines.get, None))

    def close(self):
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join()
        self._process.stdout.close()


@pytest.fixture
def bank(tmp_path):
    return write_bank(tmp_path, SECOND)


@pytest.fixture
def watch(bank):
    started = []

    def start(*arguments):
        started.append(Watch(bank, *arguments))
        return started[-1]

    yield start
    for one in started:
        one.close()


def save(bank, source, kata="01_double"):
    (bank / "exercises" / kata / f"{kata[3:]}.py").write_text(source, "utf-8")


def test_saving_the_file_brings_a_new_verdict_and_ctrl_c_ends_with_one_line(bank, watch):
    running = watch("01")
    assert "checking..." in running.wait_for("watching exercises/01_double/double.py")
    save(bank, "def double(x):\n    return x + 2\n")
    again = running.wait_for("watching ")
    assert "checking..." in again
    assert "5.0 is 2 more. What is twice as much?" in again
    status, words = running.interrupt()
    assert status == 0
    assert words.strip() == "Watching has ended. Where you are: kata"


def test_ctrl_c_is_nothing_to_a_process_that_has_hardly_started(bank):
    run = _Run(load_katas(bank)[0], "en")
    run._process.send_signal(signal.SIGINT)
    run.begin()
    assert run.wait(PATIENCE_S) == 1, "the untouched file's status"


def test_a_complete_kata_leads_to_the_next_open_one_and_the_last_to_the_end(bank, watch):
    save(bank, RIGHT)
    running = watch()
    assert "01 Double: complete." in running.wait_for("watching exercises/02_triple/triple.py")
    save(bank, "def triple(x):\n    return x + 2\n", "02_triple")
    running.wait_for("5.0 is 2 more")
    running.wait_for("watching ")
    save(bank, "def triple(x):\n    return 2 * x\n", "02_triple")
    running.wait_for("02 Double: complete.")
    assert running.end() == (0, "All public checks pass. Hidden checks are in the instructor's copy.\n")
    assert all(load_progress(kata).done for kata in load_katas(bank))


def test_saving_again_ends_a_loop_that_never_does(bank, watch):
    running = watch("double")
    running.wait_for("watching ")
    save(bank, "def double(x):\n    while True:\n        pass\n")
    running.wait_for("checking...")
    running.wait_for("Does a loop in exercises/01_double/double.py never end?")
    save(bank, "def double(x):\n    return x * x\n")
    running.wait_for("The number was multiplied by itself.")


def test_ctrl_c_ends_a_loop_that_never_does(bank, watch):
    started = bank / "started"
    save(bank, f"def double(x):\n    open({str(started)!r}, 'w').close()\n    while True:\n        pass\n")
    running = watch("double")
    end = time.monotonic() + PATIENCE_S
    while not started.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert started.exists()
    status, words = running.interrupt()
    assert status == 0
    assert "Watching has ended" in words
    assert load_progress(load_katas(bank)[0]) is None


def test_a_file_that_is_taken_away_is_told_once_and_looked_for_again(bank, watch):
    running = watch("double")
    running.wait_for("watching ")
    (bank / "exercises" / "01_double" / "double.py").unlink()
    assert "There is no file double.py" in running.wait_for("watching ")
    save(bank, RIGHT)
    assert running.wait_for("01 Double: complete.").count("checking...") == 1


def test_a_file_saved_in_two_steps_is_checked_once(bank, watch):
    took_s = DEBOUNCE_S
    # On a busy machine the second step may come so late that it is another change, rightly.
    while took_s >= DEBOUNCE_S:
        running = watch("double")
        running.wait_for("watching ")
        began = time.monotonic()
        save(bank, "")
        time.sleep(DEBOUNCE_S / 4)
        save(bank, "def double(x):\n    return x * x\n")
        took_s = time.monotonic() - began
    assert running.wait_for("watching ").count("checking...") == 1


def test_breakpoint_does_not_wait_for_an_answer_that_nobody_can_give(bank, watch):
    running = watch("double")
    running.wait_for("watching ")
    save(bank, "def double(x):\n    breakpoint()\n    return x\n")
    running.wait_for("watching ")


def test_saving_without_a_change_runs_the_checks_again(bank, watch):
    running = watch("double")
    running.wait_for("watching ")
    save(bank, FILES["exercises/01_double/double.py"])
    assert "checking..." in running.wait_for("watching ")


@pytest.mark.parametrize("name", ["16_facts", pytest.param("06_stacks", marks=pytest.mark.tensorflow)])
def test_katas_that_need_something_else_than_numpy_are_watched_too(tmp_path, name):
    copy_katas(tmp_path, name)
    running = Watch(tmp_path, name)
    try:
        assert f"{name}  x" in running.wait_for("watching ")
    finally:
        running.close()


def test_an_unknown_kata_is_refused_before_anything_is_watched(watch):
    status, words = watch("77").end()
    assert status == 2
    assert "There is no kata 77" in words
