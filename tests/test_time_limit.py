"""An endless loop ends at home on every system: by a signal, by the watchdog thread, or with the whole process."""

import collections
import contextlib
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from grader.home.last_words import LastWords, _as_dumped, speak
from grader.sandbox.fault import Fault
from grader.sandbox.local import LocalSession
from grader.sandbox.standing import line_in
from grader.sandbox.time_limit import TimeLimit
from grader.sandbox.workbench import OutOfTime
from tests.conftest import PATIENCE_S, write_bank

RUN = """
import functools, signal, sys, threading
{before}
import pytest
from grader import plugin
from grader.sandbox import time_limit
time_limit.GRACE_S = 1.0
plugin.LocalSession = lambda *args, **named: Session(*args, **{{**named, "cpu_s": 0.7}})
from grader.sandbox.local import LocalSession as Session
def run():
    return int(pytest.main(["-p", "no:randomly", "exercises/01_double"]))
{run}
"""
IN_A_THREAD = "ends = []\nthread = threading.Thread(target=lambda: ends.append(run()))\nthread.start()\nthread.join()\n"
WAYS = {
    "timer": ("", "sys.exit(run())"),
    "no timer, as on Windows": ("del signal.setitimer", "sys.exit(run())"),
    "not the main thread": ("", f"{IN_A_THREAD}sys.exit(ends[0])"),
}
DOUBLE = "import itertools\n\n\ndef double(x):\n    {}\n    return 2 * x\n"
LOOPS = {
    "while": "while True: x = x + 1 - 1",
    "inside one call": "sum(itertools.count())",
    "a huge power": "7 ** 7 ** 9",
    "bare except": "while True:\n        try:\n            while True: pass\n        except: pass",
}


def run_pytest(folder, source, way, *, lang="en", given=""):
    """Run the tiny kata's checks with a limit of 0.7 s; return the finished process."""
    bank = write_bank(folder)
    (bank / "exercises" / "01_double" / "double.py").write_text(source, "utf-8")
    before, run = WAYS[way]
    return subprocess.run(
        [sys.executable, "-c", RUN.format(before=before, run=run)],
        cwd=bank,
        env={**os.environ, "KATA_LANG": lang, "PYTHONUTF8": "1"},
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )


@pytest.mark.parametrize("loop", LOOPS.values(), ids=LOOPS)
@pytest.mark.parametrize("way", WAYS)
def test_an_endless_loop_ends_with_the_line_and_a_status(tmp_path, way, loop):
    done = run_pytest(tmp_path, DOUBLE.format(loop), way)
    said = done.stdout + done.stderr
    assert "Stopped after 0.7 s of computing, in line " in said, said
    assert done.returncode == 1
    assert "line ?" not in said
    assert "OutOfTime" not in said
    assert "time_limit.py" not in said


def test_a_call_that_lets_nothing_in_ends_the_run_in_korean_too(tmp_path):
    done = run_pytest(tmp_path, DOUBLE.format(LOOPS["inside one call"]), "timer", lang="ko")
    assert "5번째 줄을 실행하던 중에 0.7초가 지나 검사를 중단했어요:\n    sum(itertools.count())" in done.stderr
    assert "그 줄의 호출 하나를 멈출 수 없어서 실행 전체를 끝냈어요. exercises/01_double/double.py" in done.stderr


@pytest.mark.parametrize("way", WAYS)
def test_the_other_checks_still_run_after_a_loop_that_could_be_stopped(tmp_path, way):
    done = run_pytest(tmp_path, "def double(x):\n    while x == 3: pass\n    return 2 * x\n", way)
    assert "1 of 2 public checks" in done.stdout or "0 of 2 public checks" in done.stdout
    assert "01_double  x" in done.stdout


@pytest.mark.parametrize("way", ["timer", "no timer, as on Windows"])
def test_waiting_in_a_debugger_costs_nothing(tmp_path, way):
    bank = write_bank(tmp_path)
    (bank / "exercises" / "01_double" / "double.py").write_text(DOUBLE.format("breakpoint()"), "utf-8")
    before, run = WAYS[way]
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", RUN.format(before=before, run=run)],
        cwd=bank,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        said = b""
        while b"double()" not in said:
            said += os.read(process.stdout.fileno(), 4096)
        # Longer than the limit and what is added to it; nothing to wait for, so a clock it is.
        time.sleep(2.5)
        # Steps, because they let Python look at every call: it must not look for a signal for ever.
        out, _ = process.communicate(b"s\ns\ns\ns\nc\nc\nc\n", timeout=PATIENCE_S)
    finally:
        process.kill()
    assert process.returncode == 0, out.decode()
    assert b"Stopped after" not in out


def ask(source, *, cpu_s=0.3, limit=None):
    session = LocalSession(source, "answer.py", cpu_s=cpu_s, limit=limit)
    session.ask("parse")
    session.ask("load")
    return session


def in_thread(work):
    """Do it in a thread that is not the main one, and return what came out."""
    found = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join(PATIENCE_S)
    return found[0]


def test_a_loop_ends_in_any_thread():
    def loop():
        session = ask(b"def f():\n    while True: pass\n")
        with pytest.raises(Fault) as caught:
            session.ask("call", name="f", args=[], kwargs={})
        return caught.value.kind, caught.value.line

    assert [in_thread(loop), in_thread(loop)] == [("cpu", 2), ("cpu", 2)]


def test_the_watchdog_ends_when_nothing_is_asked(monkeypatch):
    monkeypatch.delattr(signal, "setitimer")
    limit, others = TimeLimit(), set(threading.enumerate())
    (watchdog,) = set(limit.run(60, threading.enumerate)) - others
    watchdog.join(10)
    assert not watchdog.is_alive()
    (another,) = set(limit.run(60, threading.enumerate)) - others
    assert another is not watchdog


@contextlib.contextmanager
def out_of_time_at(moment, limit):
    """Raise OutOfTime at one of the moments at which it can arrive: where a function begins, where one of C's ends."""
    seen = itertools.count()

    def look(frame, event, _argument):
        runs = limit._question is not None or limit._handler is not None
        # While it begins there is time left, however little work there is.
        if runs and event in ("call", "c_return") and not is_within(frame, TimeLimit._begin) and next(seen) == moment:
            raise OutOfTime

    sys.setprofile(look)
    try:
        yield seen
    finally:
        sys.setprofile(None)


def is_within(frame, function):
    while frame is not None and frame.f_code is not function.__code__:
        frame = frame.f_back
    return frame is not None


# Python keeps to itself what is raised while a generator is thrown away: half a second later the time is up again.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("way", ["timer", "no timer, as on Windows"])
@pytest.mark.parametrize("body", ["return abs(-1)", "raise ValueError"])
def test_whenever_time_is_up_there_is_an_answer_or_a_fault_and_nothing_is_left_behind(way, body, monkeypatch):
    if way != "timer":
        monkeypatch.delattr(signal, "setitimer")

    def surroundings():
        handler = signal.getsignal(signal.SIGPROF)
        return Path.cwd(), sys.argv[:], sys.stdin, sys.getrecursionlimit(), handler, limit._question

    came, limit = collections.Counter(), TimeLimit()
    before = surroundings()
    for moment in itertools.count():
        session = ask(f"def f():\n    {body}\n".encode(), limit=limit, cpu_s=60)
        with out_of_time_at(moment, limit) as seen:
            try:
                came[session.ask("call", name="f", args=[], kwargs={})] += 1
            except Fault as fault:
                came[fault.kind] += 1
        assert surroundings() == before
        session.close()
        if next(seen) <= moment:
            break
    assert came["cpu"] > 10
    assert set(came) <= {"cpu", "crash", 1}


def test_where_no_thread_and_no_timer_is_to_be_had_a_signal_from_outside_stops_the_code(monkeypatch):
    """A browser: the page sends 27, SIGPROF, into the interpreter when the time is up."""

    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.delattr(signal, "setitimer")
    monkeypatch.setattr(threading.Thread, "start", refuse)
    session = ask(b"import signal\ndef f():\n    signal.raise_signal(27)\n    while True: pass\n")
    with pytest.raises(Fault) as caught:
        session.ask("call", name="f", args=[], kwargs={})
    assert caught.value.kind == "cpu"
    assert signal.getsignal(27) is signal.SIG_DFL


def test_the_signal_handler_of_others_is_put_back():
    kept = []
    before = signal.signal(signal.SIGPROF, lambda *_: kept.append(1))
    try:
        TimeLimit().run(60, lambda: None)
        signal.raise_signal(signal.SIGPROF)
    finally:
        signal.signal(signal.SIGPROF, before)
    assert kept == [1]


@pytest.mark.parametrize("name", ["a b.py", "과제/뉴런.py", "é\u200b😀.py", "x" * 600], ids=ascii)
def test_a_file_is_found_in_a_dump_whatever_its_name(name):
    code = f"import faulthandler\nexec(compile('faulthandler.dump_traceback()', {name!r}, 'exec'))"
    dump = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stderr
    assert f'File "{_as_dumped(name)}", line 1'.encode() in dump


def test_the_innermost_line_of_the_students_file_is_named():
    stream = [
        b'{"file": "a.py", "lines": {"2": "inner()"}, "sentence": "{line}: {code}"}\n',
        b"Timeout (0:00:08)!\n",
        b"Thread 0x1 (most recent call first):\n",
        b'  File "lib.py", line 7 in f\n',
        b'  File "a.py", line 2 in g\n',
        b'  File "a.py", line 9 in h\n',
    ]
    assert list(speak(stream)) == ["2: inner()"]
    assert list(speak(stream[:1])) == []


def test_without_a_process_for_last_words_nothing_is_ended(monkeypatch):
    def refuse(*_, **__):
        raise OSError("no processes here")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    last_words = LastWords(2, "utf-8")
    last_words.expect("a.py", {}, "")
    assert last_words.fileno() is None

    def loop():
        while True:
            pass

    with pytest.raises(OutOfTime):
        TimeLimit(last_words=last_words).run(0.2, loop)


ENDS_WITH_AN_IF = """
for n in range(10**9):
    n + 1
    if n < 0:
        print(n)
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no such timer")
def test_wherever_the_time_is_up_a_line_of_the_file_is_known():
    """Python's jump back to the loop's head has no line there, and that is where it looks for signals."""
    lines = []

    def look(_signal, frame):
        lines.append(line_in(frame, "loops.py"))
        if len(lines) == 500:
            raise OutOfTime

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
    try:
        exec(compile(ENDS_WITH_AN_IF, "loops.py", "exec"), {})
    except OutOfTime:
        pass
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    assert set(lines) <= {2, 3, 4}
