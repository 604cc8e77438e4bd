"""A student's file starts no process and opens no connection, in both worlds and with the same words."""

import multiprocessing
import os
import socket
import subprocess
import sys
import threading

import pytest

from grader.checks.student import Student
from grader.sandbox.local import LocalSession
from grader.sandbox.tier import find_isolation
from tests.conftest import ROOT
from tests.test_two_worlds import KATAS, at_home, in_grading

KATA = KATAS["02_gates"]
ANSWER = (ROOT / "solutions/02_gates/right/lists.py").read_text("utf-8")

REACHES = {
    "pip": ("import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'pip', 'list'])", "starts_process"),
    "popen": ("import os\nos.popen('echo hello').read()", "starts_process"),
    "fork": ("import os\nif os.fork() == 0: os._exit(0)", "starts_process"),
    "exec": ("import os, sys\nos.execv(sys.executable, [sys.executable])", "starts_process"),
    "pool": ("import multiprocessing as mp\nmp.Pool(2)", "starts_process"),
    "queue": ("import multiprocessing as mp\nmp.Queue()", "starts_process"),
    "executor": (
        "from concurrent.futures import ProcessPoolExecutor as P\nP(2).submit(abs, 1).result()",
        "starts_process",
    ),
    "in a thread": (
        "import os\nfrom concurrent.futures import ThreadPoolExecutor as T\nT().submit(os.popen, 'ls').result()",
        "starts_process",
    ),
    "asyncio": ("import asyncio\nloop = asyncio.new_event_loop()", "opens_connection"),
    "server": ("import socket\nsocket.socket().bind(('127.0.0.1', 0))", "opens_connection"),
    "address": ("import socket\nsocket.getaddrinfo('localhost', 80)", "opens_connection"),
    "url": ("import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9')", "opens_connection"),
}
REFUSED = {
    "a database": ("import sqlite3\nsqlite3.connect(':memory:')", "keeps_database"),
    "a link": ("import os\nos.link('gates.py', 'b.py')", "crash"),
    "a symbolic link": ("import pathlib\npathlib.Path('b.py').symlink_to('gates.py')", "crash"),
    "a lock": ("import fcntl\nfcntl.flock(open('a', 'w'), fcntl.LOCK_EX)", "crash"),
    "a lock of a part": ("import fcntl\nfcntl.lockf(open('a', 'w'), fcntl.LOCK_EX)", "crash"),
    "a pipe": ("import os\nos.mkfifo('pipe')", "crash"),
}
"""What the sandbox's filter takes from a file in its own folder."""
HARMLESS = """
import multiprocessing, os, platform, threading, uuid, webbrowser
from tqdm import tqdm
os.system("cls" if os.name == "nt" else "clear")
platform.processor(), platform.platform(), uuid.uuid1(), multiprocessing.cpu_count()
for _ in tqdm(range(2)):
    pass
thread = threading.Thread(target=print)
thread.start()
thread.join()
"""


FOLDER = """
import getpass, os, shelve, shutil, tempfile
open("a.txt", "w").write("1")
shutil.copy("a.txt", "b.txt"), shutil.copy2("a.txt", "c.txt")
os.makedirs("deep/er"), shutil.move("b.txt", "deep/er"), shutil.copytree("deep", "d")
os.chmod("a.txt", 0o600), os.utime("a.txt", ns=(0, 0))
with shelve.open("s") as shelf:
    shelf["a"] = 1
with tempfile.NamedTemporaryFile() as one, tempfile.TemporaryFile() as two:
    one.write(b"1"), two.write(b"1")
assert open(os.path.join("d", "er", "b.txt")).read() == "1"
try:
    os.chmod("gone.txt", 0o600)
except FileNotFoundError:
    pass
getpass.getuser()
"""
KERAS = """
import h5py, tempfile
from tensorflow import keras
with tempfile.TemporaryDirectory() as place:
    open(place + "/x", "w").close()
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.save("m.keras"), model.save_weights("m.weights.h5")
assert keras.models.load_model("m.keras").count_params() == 3
"""


@pytest.fixture(scope="module")
def told():
    """By name, the tag of the first check in both worlds."""
    sources = [f"{lines}\n{ANSWER}".encode() for lines in (*(lines for lines, _ in REACHES.values()), HARMLESS)]
    home, grading = at_home(KATA, sources), in_grading(KATA, sources)
    return dict(zip((*REACHES, "harmless"), zip(home, grading, strict=True), strict=True))


@pytest.mark.parametrize("name", REACHES)
def test_what_reaches_outside_is_refused_in_both_worlds_with_the_same_words(told, name):
    home, grading = told[name]
    assert home == grading
    assert {check["tag"] for check in home} == {REACHES[name][1]}
    assert home[0]["message"]["en"].startswith("Line 2 " if "T()" not in REACHES[name][0] else "Line 3 ")


@pytest.mark.skipif(sys.platform == "win32", reason="no links and pipes")
def test_what_the_filter_refuses_within_the_folder_is_refused_in_both_worlds_with_the_same_words():
    sources = [f"{lines}\n{ANSWER}".encode() for lines, _ in REFUSED.values()]
    home, grading = at_home(KATA, sources), in_grading(KATA, sources)
    assert home == grading
    assert [{check["tag"] for check in checks} for checks in home] == [{tag} for _, tag in REFUSED.values()]


def test_what_asks_for_nothing_outside_passes_in_both_worlds(told):
    home, grading = told["harmless"]
    assert home == grading
    assert {check["outcome"] for check in home} == {"passed"}


@pytest.mark.parametrize("lines", [FOLDER, KERAS], ids=["folder", "keras"])
def test_what_a_file_does_in_its_own_folder_passes_in_both_worlds(monkeypatch, lines):
    monkeypatch.setenv("LOGNAME", "ana")
    sources = [f"{lines}\n{ANSWER}".encode()]
    (home,), (grading,) = at_home(KATA, sources), in_grading(KATA, sources)
    assert home == grading
    assert {check["outcome"] for check in home} == {"passed"}


@pytest.mark.skipif(str(find_isolation().tier) == "none", reason="no walls here")
def test_files_that_tensorflow_itself_removes_are_told_with_what_works_instead():
    # The one known difference: no Python function removes them, so home cannot refuse it too.
    source = b"import tensorflow as tf\ntf.io.write_file('a.txt', 'x')\ntf.io.gfile.remove('a.txt')\n"
    (grading,) = in_grading(KATA, [source])
    assert {check["tag"] for check in grading} == {"tensorflow_files"}
    assert grading[0]["message"]["en"].startswith("Line 3 lets TensorFlow itself")


def test_a_data_set_of_keras_is_told_as_the_connection_that_it_needs():
    source = b"import os\nos.environ['KERAS_HOME'] = os.getcwd()\nfrom keras.datasets import mnist\nmnist.load_data()\n"
    (home,), (grading,) = at_home(KATA, [source]), in_grading(KATA, [source])
    assert home == grading
    assert {check["tag"] for check in home} == {"opens_connection"}


def test_pytest_itself_and_its_other_threads_may_do_both_as_before():
    go, done = threading.Event(), []

    def debugger():
        go.wait()
        socket.socket().close()
        done.append(True)

    thread = threading.Thread(target=debugger)
    thread.start()
    student = Student(LocalSession(b"import time\ndef wait():\n    time.sleep(0.2)\n    return 1\n", "a.py"), "check")
    threading.Timer(0.05, go.set).start()
    assert student.wait() == 1
    thread.join()
    assert done == [True]
    system, lock = os.system, multiprocessing.Lock()
    assert lock.acquire(block=False)
    assert system("exit 0") == 0
    assert subprocess.run([sys.executable, "-c", ""], check=False).returncode == 0


@pytest.mark.parametrize(
    ("lines", "reaches"),
    [
        ("try:\n    subprocess.run(['ls'])\nexcept OSError:\n    undefined", ""),
        ("try:\n    subprocess.run(['ls'])\nexcept OSError as problem:\n    raise ValueError(1) from problem", ""),
        ("try:\n    subprocess.run(['ls'])\nfinally:\n    pass", "process"),
    ],
)
def test_what_the_files_own_lines_raise_afterwards_is_another_matter(lines, reaches):
    session = LocalSession(f"import subprocess\n{lines}\n".encode(), "a.py")
    with pytest.raises(Exception, match=r".") as caught:
        _ = Student(session, "check").x
    assert caught.value.raised.fields.get("reaches", "") == reaches
