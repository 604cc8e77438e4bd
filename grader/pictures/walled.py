"""Pictures of a whole class, from answers that are asked for behind the judge's own walls.

    parent: draw_class --a wish: which kata, the file's bytes--> worker: Sandbox, one fresh child for each wish
                       <--the picture's key, and what was drawn--------          drawn in the worker itself

Theory of operation. A student's file runs in a sandbox child and nowhere else; what draws gets plain data, as a check
does. A picture is data before it is drawn, so each is drawn once: a worker sends what it has not sent before, and
otherwise the key alone. Whatever goes wrong with one wish, that file has no picture and the others have theirs.
"""

import contextlib
import hashlib
import math
import multiprocessing
import pickle
import time
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from grader.bank.kata import Kata
from grader.checks.student import Student
from grader.pictures import ASK_S, load_picture
from grader.pictures.plate import Plate, render_svg, render_text
from grader.pictures.reader import Reader
from grader.sandbox.client import Sandbox
from grader.sandbox.remote import Budget, SandboxSession
from grader.sandbox.tier import Tier

WALL_S, CPU_S = 60.0, 10.0
"""Seconds for all answers of one picture, so many that a busy machine does not decide; computing with them."""


@dataclass(frozen=True)
class Wish:
    """A picture that is wanted."""

    file: str
    """How whoever wishes names the file; nothing reads it here."""
    kata: Kata
    source: bytes


@dataclass(frozen=True)
class Drawn:
    """What came of a wish."""

    file: str
    kata: str
    key: str
    """The same for the same picture; empty where there is none."""
    images: dict[str, bytes]
    """SVG by language; empty where it was sent before."""
    words: dict[str, str]
    """The same as text."""


def draw_class(
    wishes: Iterable[Wish], katas: tuple[Kata, ...], *, isolation: str, jobs: int, languages: tuple[str, ...]
) -> Iterator[Drawn]:
    """Yield what came of each wish, as soon as it is there, in any order.

    Args:
        wishes: taken one by one, when a worker is free.
        katas: of the wishes.
        isolation: "full", "kernel-rules" or "none", as `Tier` has them.
        jobs: processes that draw at once, at most.
        languages: of the pictures.

    Raises:
        IsolationError: the walls do not hold here.
    """
    waiting = iter(wishes)
    running: dict[Connection, Wish] = {}
    workers: list[tuple[Connection, BaseProcess]] = []
    waited_s, first_s = 0.0, math.inf
    try:
        while True:
            # Each worker but the first has to pay: when the others were waited for as long as one takes to start.
            pays = len(running) < jobs and waited_s > 2 * first_s
            following = next(waiting, None) if pays or not running else None
            if following is not None:
                workers.append(_start(katas, isolation, languages))
                _ask(workers[-1][0], following, running)
            elif not running:
                return
            begun = time.monotonic()
            answered = wait(list(running))
            waited_s += time.monotonic() - begun
            first_s = min(first_s, waited_s)
            for connection in answered:
                assert isinstance(connection, Connection)
                wish = running.pop(connection)
                drawn = _receive(connection)
                yield drawn or _nothing(wish)
                following = None if drawn is None else next(waiting, None)
                if following is not None:
                    _ask(connection, following, running)
    finally:
        for ours, worker in workers:
            ours.close()
            worker.join(timeout=10)
            if worker.is_alive():
                worker.kill()


def _start(katas: tuple[Kata, ...], isolation: str, languages: tuple[str, ...]) -> tuple[Connection, BaseProcess]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, katas, isolation, languages), daemon=True)
    process.start()
    theirs.close()
    return ours, process


def _ask(connection: Connection, wish: Wish, running: dict[Connection, Wish]) -> None:
    # One that has ended meanwhile is noticed when its answer is read.
    with contextlib.suppress(OSError):
        connection.send(wish)
    running[connection] = wish


def _receive(connection: Connection) -> Drawn | None:
    """Return the answer; None if the worker has ended, which then draws no more."""
    try:
        answer = connection.recv()
    except (EOFError, OSError):
        return None
    if isinstance(answer, Exception):
        raise answer
    assert isinstance(answer, Drawn)
    return answer


def _nothing(wish: Wish) -> Drawn:
    return Drawn(wish.file, wish.kata.name, "", {}, {})


# --- in the worker ----------------------------------------------------------------------------------------------


def _serve(connection: Connection, katas: tuple[Kata, ...], isolation: str, languages: tuple[str, ...]) -> None:
    warnings.simplefilter("ignore")  # of NumPy about a student's numbers
    guarded = [file for kata in katas for file in (kata.hidden_checks, kata.public_checks) if file]
    sent: set[str] = set()
    try:
        with Sandbox(Tier(isolation), guarded=guarded) as sandbox:
            while True:
                wish = connection.recv()
                sandbox.warm({wish.kata.needs})
                sandbox.prove()
                connection.send(_draw(sandbox, wish, languages, sent))
    except (EOFError, ConnectionError, KeyboardInterrupt):
        return
    except Exception as problem:  # the worker's border: the parent has to hear of it
        connection.send(problem)


def _draw(sandbox: Sandbox, wish: Wish, languages: tuple[str, ...], sent: set[str]) -> Drawn:
    try:
        plate = ask_behind_walls(sandbox, wish)
        if plate is None:
            return _nothing(wish)
        content = pickle.dumps((wish.kata.name, plate.picture, plate.gaps, languages))
        key = hashlib.sha256(content).hexdigest()[:20]
        images, words = {}, {}
        if key not in sent:
            for language in languages:
                images[language] = render_svg(plate, language)
                words[language] = render_text(plate, language)
            sent.add(key)
    except Exception:  # a picture's border: an answer that nobody foresaw costs this picture, nothing else
        return _nothing(wish)
    return Drawn(wish.file, wish.kata.name, key, images, words)


def ask_behind_walls(sandbox: Sandbox, wish: Wish) -> Plate | None:
    """Ask a student's file, in a fresh child, all that its kata's picture shows; None if the file cannot be run."""
    kata = wish.kata
    module = load_picture(kata)
    budget = Budget(wall_s=WALL_S, cpu_s=CPU_S)
    session = SandboxSession(sandbox, wish.source, kata.file_name, needs=kata.needs, aside=kata.aside, budget=budget)
    try:
        reader = Reader(Student(session, "plot"), name_s=ASK_S)
        picture = module.read(reader)
        return Plate(kata, picture, reader.gaps) if session.openings else None
    finally:
        session.close()
