"""A student's own run of pytest, kept to the rules of the judge whatever stands around it.

Around it may be: other plug-ins, settings and a conftest.py of another course above the katas, files with the names of
modules, several worker processes (pytest-xdist). Of all that, only what concerns checks is put right here: the order
in which they run, where they are imported from, which warnings count, and that each kata stays in one process. Other
tests of the same run are left alone.

    worker process  --CheckSeen as plain data, on pytest's report-->  the process with the terminal (home.HomeView)
"""

import warnings
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from grader.checks.check import CHECK, PROBLEM, check_id, read_checks
from grader.errors import ContentError
from grader.home.arguments import leads_to_katas, readable_arguments
from grader.home.neighbours import find_hiding, forget_hidden, neighbourhood, undisturbed
from grader.home.progress import digest_of
from grader.home.view import HomeView, near
from grader.words.catalogue import load_catalogue
from grader.words.languages import TEXTS, in_language

EVERY = pytest.StashKey[dict[str, tuple[str, ...]]]()
"""By kata: the ids of all its public checks, chosen for this run or not."""
DIGESTS = pytest.StashKey[dict[str, str]]()
"""By kata: the digest of the student's file when the first of its checks began."""


def begin_home_run(config: pytest.Config, language: str) -> None:
    """Make ready for a run at home: register what watches over it, and what speaks the language."""
    config.stash[EVERY], config.stash[DIGESTS] = {}, {}
    manager = config.pluginmanager
    manager.register(HomeRun(language), "kata-home-run")
    if not hasattr(config, "workerinput"):
        manager.register(HomeView(language, names=config.getoption("--kata-names")), "kata-home-view")


class QuietStart:
    """Keeps back what other plug-ins would say above the first mistake while they are set up."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Silence pytest-asyncio's ten lines of advice; pytest itself forgets the filter after this hook."""
        if config.pluginmanager.has_plugin("asyncio") and leads_to_katas(config.args, config.invocation_params.dir):
            warnings.filterwarnings("ignore", 'The configuration option "asyncio_', pytest.PytestDeprecationWarning)


class HomeRun:
    """Hooks around the checks of a student's own run."""

    def __init__(self, language: str) -> None:
        """Speak "en", "ko" or "both" where a kata's own files are at fault."""
        self._language = language
        self._folders: dict[Path, list[Path]] = {}

    # --- collecting -------------------------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> Generator[None, object, object]:
        """Let pytest look for what the student has named, as if said in its own way and from another folder."""
        config, asked, arguments = session.config, session.config.invocation_params, list(session.config.args)
        below, config.args[:] = readable_arguments(arguments, asked.dir)
        config.invocation_params = pytest.Config.InvocationParams(args=asked.args, plugins=asked.plugins, dir=below)
        try:
            return (yield)
        finally:
            # pytest goes back to this folder at the end, and shows paths as seen from it.
            config.invocation_params, config.args[:] = asked, arguments

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Import a kata's checks from their own file alone, and count them before anything picks some out."""
        if not isinstance(collector, pytest.Module) or not is_kata_checks(collector.path):
            return (yield)
        option, mode = collector.config.option, collector.config.option.importmode
        # pytest's default would put the kata's folder first on the path, before NumPy and Python's own modules.
        option.importmode = "importlib"
        around = self._around(collector.path.parent)
        forget_hidden(find_hiding(around, own=()))
        try:
            with undisturbed(around):
                report = yield
        finally:
            option.importmode = mode
        problem: BaseException | None = report.call.excinfo.value if report.call.excinfo else None
        if not _is_authors(collector.path):
            # Of the bank itself, whose package the checks could not import then.
            stash = collector.config.stash
            problem = stash.get(PROBLEM, problem)
            if PROBLEM in stash:
                del stash[PROBLEM]
        items = [item for item in report.result or () if isinstance(item, pytest.Item)]
        if problem is None:
            try:
                read_checks(items)
            except Exception as fault:  # the plug-in's border: a kata that cannot be read is told, and ends no run
                problem = fault
        if problem is None:
            checks = [item for item in items if CHECK in item.stash and not item.stash[CHECK].hidden]
            if checks:
                ids = tuple(check_id(item) for item in checks)
                collector.config.stash[EVERY][checks[0].stash[CHECK].kata.name] = ids
        elif not isinstance(problem, pytest.skip.Exception) and not _is_authors(collector.path):
            report.outcome, report.result = "failed", []
            report.longrepr = self._words(collector.path, problem)
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
        """Put the checks into authoring order, behind every plug-in that shuffles, and free them of foreign marks."""
        yield
        places = [place for place, item in enumerate(items) if CHECK in item.stash]
        for place, item in zip(places, sorted((items[place] for place in places), key=_authoring_order), strict=True):
            items[place] = item
            # A conftest.py further up may expect every test to fail; and the kit has limits of its own.
            item.own_markers[:] = [mark for mark in item.own_markers if mark.name != "xfail"]
            if config.pluginmanager.has_plugin("timeout"):
                item.add_marker(pytest.mark.timeout(0))

    @pytest.hookimpl
    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave the student's own file to the checks; `--doctest-modules` would run it as one of its tests."""
        file = collection_path
        is_students = (
            file.suffix == ".py" and file.stem == file.parent.name[3:] and (file.parent / "kata.toml").exists()
        )
        return True if is_students else None

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Keep the checks of a kata together in one of pytest-xdist's processes; they need each other's results."""
        by_file = config.getoption("dist") in ("loadfile", "loadscope", "each")
        if by_file or not leads_to_katas(config.args, config.invocation_params.dir):
            return None
        # An extra of the student's own; where it is missing, nobody calls this.
        from xdist.scheduler import LoadGroupScheduling

        class KataScheduling(LoadGroupScheduling):  # type: ignore[misc]  # xdist has no types
            def _split_scope(self, nodeid: str) -> str:
                path = nodeid.split("::")[0]
                return path if is_kata_checks(config.rootpath / path) else str(super()._split_scope(nodeid))

        return KataScheduling(config, log)

    # --- running ----------------------------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, bool, bool]:
        """Ask a check without the folders around it on the path, and note which text of the file it is asked about."""
        check = item.stash.get(CHECK, None)
        if check is None:
            return (yield)
        # Before the provider reads the file, which it does once.
        item.config.stash[DIGESTS].setdefault(check.kata.name, digest_of(check.kata))
        with undisturbed(self._around(item.path.parent)):
            return (yield)

    # --- help -------------------------------------------------------------------------------------------------

    def _around(self, folder: Path) -> list[Path]:
        """The folders that nothing is imported from while a kata's checks are loaded or asked."""
        if folder not in self._folders:
            near_ones = [*neighbourhood([folder]), Path.cwd()]
            self._folders[folder] = [*near_ones, *(one.resolve() for one in near_ones)]
        return self._folders[folder]

    def _words(self, path: Path, problem: BaseException) -> str:
        """What to do about a kata whose own files cannot be used: they are not the student's to write."""
        texts = load_catalogue(TEXTS / "home.toml")
        cause = problem.__cause__ or problem
        file, reason = path, f"{type(cause).__name__}: {cause}"
        if isinstance(cause, ContentError):
            file, reason = Path(cause.file), f"{cause.key} {cause.problem}"
        return in_language(texts.text("home", "unusable", file=str(near(file)), reason=reason), self._language)


def is_kata_checks(path: Path) -> bool:
    """True for the file with a kata's public or hidden checks."""
    folder = path.parent
    names = (f"test_{folder.name[3:]}.py", f"test_{folder.name[3:]}_hidden.py")
    return path.name in names and (folder.parent.parent / "exercises" / folder.name / "kata.toml").exists()


def _is_authors(path: Path) -> bool:
    """True in the author's repository, where a traceback says more than a sentence."""
    return (path.parent.parent.parent / "solutions" / path.parent.name).is_dir()


def _authoring_order(item: pytest.Item) -> tuple[Any, ...]:
    """Kata by kata, public before hidden, line by line, each parameter in the order in which it was written."""
    check = item.stash[CHECK]
    callspec = getattr(item, "callspec", None)
    return check.kata.name, check.hidden, item.location[1] or 0, tuple(callspec.indices.values()) if callspec else ()
