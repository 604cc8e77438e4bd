"""What a student's file finds around it, at home and in grading alike: the one list of what it could see by accident.

Theory of operation. A zygote enters the `World` of its children once and stays. At home the same process belongs to
pytest, so the world is entered for every question and left after it: what the file has changed (its random stream,
NumPy's float warnings, the recursion limit, ...) is kept for the next question, and what pytest had is put back.

Not the same, because Python fixes it when it starts: the order of a set of strings at home (PYTHONHASHSEED), and the
limit on memory.
"""

import bdb
import builtins
import contextlib
import importlib.machinery
import io
import locale
import os
import random
import sys
import sysconfig
import types
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

from grader.sandbox.alone import guard, without_others
from grader.sandbox.aside import without_aside
from grader.sandbox.streams import Streams

DEPTH = 980
"""Calls in calls that the file may make, wherever it is asked from; a Python that has just started has 1000."""

_PYTESTS_OWN = "PYTEST_"
"""What the names begin with that pytest and pytest-xdist put into the environment."""
_WARNINGS: tuple[Any, ...] = (
    ("default", None, DeprecationWarning, "__main__", 0),
    *(("ignore", None, kind, None, 0) for kind in (DeprecationWarning, PendingDeprecationWarning)),
    *(("ignore", None, kind, None, 0) for kind in (ImportWarning, ResourceWarning)),
)
"""Python's own filters."""
_FLOATS = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
"""NumPy's own."""
_LIBRARIES = ("site-packages", "dist-packages")
_WIDGETS = "ipywidgets"
"""What a notebook draws with. Installed or not, no file finds it: tqdm.notebook fails without it, and with it draws for
nobody, so a verdict would hang on what an instructor happens to have."""
_WINDOWS = "_tkinter"
"""What tkinter and turtle draw with. A student's machine has a screen, and the one that grades has none."""
_DATABASE = "_sqlite3"
"""Its library removes files, which the sandbox's filter refuses. Without it shelve takes another."""


class World:
    """The surroundings of one student's file; a context manager."""

    def __init__(self, folder: str | None = None) -> None:
        """Prepare what does not depend on the file.

        Args:
            folder: where each file of a sandbox will lie, made and removed by others; None: make one, for this process.
        """
        at_home = folder is None
        self._remove = None
        if folder is None:
            folder, self._remove = _make_folder(self)
        self.folder = os.path.realpath(folder)
        self.file = ""
        self._finder = _OnlyLibraries()
        self._own = _State(
            folder=self.folder,
            argv=[""],
            path=[path for path in sys.path if is_library(path)],
            modules={
                **(_hidden_modules() if at_home else {}),
                **dict.fromkeys((_WIDGETS, "tqdm.notebook", _WINDOWS, "tkinter", "turtle")),
                **dict.fromkeys((_DATABASE, "sqlite3", "dbm.sqlite3")),
                "__main__": types.ModuleType("__main__"),
            },
            stdin=_NobodyTypes(sys.stdin),
        )
        self._host: _State | None = None
        self._around = contextlib.ExitStack()
        self._guard = guard()
        self._streams = Streams()

    def lay(self, name: str, source: bytes) -> None:
        """Lay the file, "xor.py", into the folder, where nothing lies beside it."""
        self.file = os.path.join(self.folder, name)
        with open(self.file, "wb") as stream:
            stream.write(source)
        self._own.argv[0] = self.file

    def add_module(self, module: types.ModuleType) -> None:
        """Let the file's module be found by its name, as Python does for every module that it loads itself."""
        self._own.modules[module.__name__] = module

    def close(self) -> None:
        """Remove the folder that was made."""
        if self._remove is not None:
            self._remove()

    def __enter__(self) -> Self:
        self._host = _State.now(self._own)
        self._own.install()
        self._surround()
        # Last, because what stands around them may be another encoding's care.
        self._around.enter_context(self._streams.lent())
        self._guard.begin()
        return self

    def enter_for_ever(self) -> None:
        """Enter it in a process whose children will run one file each; nothing is taken down for the way back."""
        self._own.install()
        self._surround()

    def settle(self, module: types.ModuleType) -> None:
        """Do in such a child what only it can do, once its file is laid."""
        os.chdir(self.folder)
        sys.argv[:] = self._own.argv
        sys.modules[module.__name__] = module
        sys.setrecursionlimit(_depth() + self._own.spare_depth)
        self._guard.begin()

    def _surround(self) -> None:
        sys.meta_path.insert(0, self._finder)
        self._around.enter_context(_utf8_everywhere())
        self._around.enter_context(without_aside())
        self._around.enter_context(without_others())

    def __exit__(self, *_: object) -> None:
        assert self._host is not None
        self._guard.end()
        self._around.close()
        if self._finder in sys.meta_path:
            sys.meta_path.remove(self._finder)
        nobody, self._own = self._own.stdin, _State.now(self._own)
        if self._own.stdin is self._host.stdin:  # pytest's own, after a breakpoint
            self._own.stdin = nobody
        self._host.install()


def _make_folder(owner: World) -> tuple[str, Callable[[], object]]:
    """A folder of its own, and how to remove it; at the latest it goes with its owner."""
    # Imported here: a zygote must not know these before it has replaced what they hold on to (removal.py).
    import shutil
    import tempfile
    import weakref

    folder = tempfile.mkdtemp(prefix="kata-")
    # Not TemporaryDirectory, which warns on stderr when a process ends.
    return folder, weakref.finalize(owner, shutil.rmtree, folder, ignore_errors=True)


@dataclass
class _State:
    """What belongs to the whole process and is another one for the student's file than for pytest."""

    folder: str
    argv: list[str]
    path: list[str]
    modules: dict[str, Any]
    """By name; None: not there."""
    stdin: Any
    environ: dict[str, str] = field(default_factory=dict)
    """Of pytest's own names."""
    filters: Sequence[Any] = _WARNINGS
    spare_depth: int = DEPTH
    random: Any = None
    numpy_random: Any = None
    floats: dict[str, str] | None = field(default_factory=_FLOATS.copy)

    @classmethod
    def now(cls, like: "_State") -> "_State":
        """Take down how things stand, of modules those that `like` names."""
        numpy = sys.modules.get("numpy")
        numpy_random = sys.modules.get("numpy.random")
        return cls(
            folder=_working_folder(),
            argv=sys.argv[:],
            path=sys.path[:],
            modules={name: sys.modules.get(name) for name in like.modules},
            stdin=sys.stdin,
            environ={name: value for name, value in os.environ.items() if name.startswith(_PYTESTS_OWN)},
            filters=tuple(warnings.filters),
            spare_depth=sys.getrecursionlimit() - _depth(),
            random=random.getstate(),
            numpy_random=numpy_random.get_state(legacy=False) if numpy_random else None,
            floats=numpy.geterr() if numpy else None,
        )

    def install(self) -> None:
        """Make things stand so."""
        with contextlib.suppress(OSError):  # a folder that is gone
            os.chdir(self.folder)
        sys.argv[:] = self.argv
        sys.path[:] = self.path
        for name, module in self.modules.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
        sys.stdin = self.stdin
        for name in [name for name in os.environ if name.startswith(_PYTESTS_OWN)]:
            del os.environ[name]
        os.environ.update(self.environ)
        # First, because this tells Python's own memory of warnings that the list is another one.
        warnings.resetwarnings()
        warnings.filters.extend(self.filters)  # type: ignore[attr-defined]  # a list, which its type does not say
        sys.setrecursionlimit(_depth() + self.spare_depth)
        if self.random is not None:
            random.setstate(self.random)
        if self.numpy_random is not None:
            sys.modules["numpy.random"].set_state(self.numpy_random)
        if self.floats is not None and "numpy" in sys.modules:
            sys.modules["numpy"].seterr(**self.floats)


def seed(imports_numpy: bool) -> None:
    """Start the streams of random numbers where every run starts them: a file without a seed gets one report."""
    random.seed(0)
    if imports_numpy:
        # Its random numbers come with their first use, which would be too late.
        with contextlib.suppress(Exception):
            importlib.import_module("numpy.random")
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed(0)


def is_library(path: str) -> bool:
    """True for a folder or file of Python itself or of installed packages; anything else is a file of the student's."""
    parts = Path(path).parts
    return any(name in parts for name in _LIBRARIES) or any(
        path == place or path.startswith(place + os.sep) for place in _python_places()
    )


@cache
def _python_places() -> tuple[str, ...]:
    base = {"base": sys.base_prefix, "platbase": sys.base_exec_prefix}
    named = [sysconfig.get_paths(vars=base)[name] for name in ("stdlib", "platstdlib")]
    named.append(os.path.dirname(os.__file__))
    named.append(sysconfig.get_config_var("DESTSHARED") or "")
    version = f"python{sys.version_info.major}{sys.version_info.minor}.zip"
    named += [path for path in sys.path if os.path.basename(path) == version]
    return tuple(os.path.normpath(path) for path in named if path)


def _hidden_modules() -> dict[str, Any]:
    """Names of what pytest has loaded from the students' folder, and pytest's own, all absent."""
    package = str(Path(__file__).parent.parent) + os.sep
    found: dict[str, Any] = {"pytest": None}
    places = _python_places()
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if not isinstance(file, str) or file.startswith((package, *places)):
            continue
        if not any(part in file for part in _LIBRARIES):
            found[name] = None
    return found


class _OnlyLibraries:
    """Lets imports find installed packages alone, whatever the file has put on sys.path, and three of them never."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Refuse what only another folder holds; None leaves the search to the finders after this one."""
        del target
        if name in (_WIDGETS, _WINDOWS, _DATABASE):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        if path is not None or name in sys.builtin_module_names:
            return None
        allowed = [entry for entry in sys.path if is_library(entry)]
        if len(allowed) == len(sys.path) or importlib.machinery.FrozenImporter.find_spec(name) is not None:
            return None
        found = importlib.machinery.PathFinder.find_spec(name, allowed)
        if found is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return found


class _NobodyTypes(io.TextIOWrapper):
    """Standard input where nobody types, a stream like any other; in a debugger the real one."""

    def __init__(self, real: Any) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8")
        self._real = real

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]  # the base class says bytes
        """Return the end of input, or the next line typed into pdb."""
        if isinstance(getattr(sys.gettrace(), "__self__", None), bdb.Bdb) and self._real is not None:
            return str(self._real.readline(size))
        return ""


@contextlib.contextmanager
def _utf8_everywhere() -> Iterator[None]:
    """Let `open` and `print` take every letter where the system's own encoding is another (a Korean Windows)."""
    streams = [s for s in (sys.stdout, sys.stderr) if hasattr(s, "reconfigure") and not _is_utf8(s.encoding)]
    before = [(stream, stream.errors) for stream in streams]
    for stream in streams:
        stream.reconfigure(errors="replace")
    plain_open, text_encoding = builtins.open, io.text_encoding

    def open_utf8(
        file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, *rest: Any, **more: Any
    ) -> Any:
        if encoding is None and "b" not in mode:
            encoding = "utf-8"
        return plain_open(file, mode, buffering, encoding, *rest, **more)

    other_letters = not _is_utf8(locale.getpreferredencoding(False))
    if other_letters:
        builtins.open = io.open = open_utf8
        # What pathlib asks.
        io.text_encoding = lambda encoding, *_: encoding or "utf-8"  # type: ignore[assignment]  # one form of two
    try:
        yield
    finally:
        if other_letters:
            builtins.open, io.open, io.text_encoding = plain_open, plain_open, text_encoding
        for stream, errors in before:
            stream.reconfigure(errors=errors)


def _is_utf8(name: str | None) -> bool:
    return (name or "").lower().replace("-", "").replace("_", "") == "utf8"


def _working_folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # removed meanwhile
        return os.path.expanduser("~")


def _depth() -> int:
    """Calls on the stack above the one that enters or leaves a world."""
    frame, count = sys._getframe(3), 1
    while frame.f_back is not None:
        frame, count = frame.f_back, count + 1
    return count
