"""A site of the real katas on a plain host, and a headless Chromium in front of it."""

import pytest

from grader.bank.kata import load_katas
from grader.site.make import list_site, write_site
from grader.site.pyodide import open_pyodide
from tests.conftest import ROOT
from tests.site import parts
from tests.site.hosting import CHROMIUM, DRIVER, Host, Page, start_chromium


@pytest.fixture(scope="session")
def pyodide():
    """A folder with a whole Pyodide; skips where it cannot be had."""
    try:
        return parts.pyodide()
    except parts.NotToBeHad as problem:
        pytest.skip(str(problem))


@pytest.fixture(scope="session")
def site(tmp_path_factory, pyodide):
    """The folder of a site with all katas, Pyodide inside."""
    target = tmp_path_factory.mktemp("site") / "katas"
    write_site(list_site(load_katas(ROOT), pyodide=open_pyodide(str(pyodide)), language=None), target)
    return target


@pytest.fixture(scope="module")
def host(site):
    server = Host(site)
    yield server
    server.close()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    """One browser for the tests of a module; each test begins with an empty one (see `page`)."""
    if not (CHROMIUM and DRIVER):
        pytest.skip("needs Chromium and its driver (Debian, Ubuntu: apt install chromium chromium-driver)")
    driver = start_chromium(tmp_path_factory.mktemp("chromium"))
    yield driver
    driver.quit()


@pytest.fixture
def page(chromium, host):
    """The page, with nothing of an earlier student's in the browser; what Pyodide has fetched stays."""
    page = Page(chromium, host)
    page.forget()
    yield page
    host.down = False
    page.forget()
