"""What a student waits for in the page of `kata site`: cold and warm verdicts, the first picture, the download.

Run with `python -m benchmarks.site`; needs Chromium, its driver and npm (see tests/site/parts.py).
"""

import gzip
import tempfile
import time
from pathlib import Path

from grader.bank.kata import load_katas
from grader.site.make import list_site, write_site
from grader.site.pyodide import CORE_NAMES, FOLDER, open_pyodide
from tests.conftest import ROOT
from tests.site import parts
from tests.site.hosting import Host, Page, start_chromium

WANTED_S = {"cold": 10.0, "warm": 1.0}
WANTED_MB = 10.0
FIRST = ("index.html", "page.js", "page.css", "worker.js", "service.js", "site.json", "kit.zip", "katas.zip")


def main() -> None:
    """Print the figures and what was wanted."""
    files = list_site(load_katas(ROOT), pyodide=open_pyodide(str(parts.pyodide())), language="en")
    first = [files[name] for name in (*FIRST, *(FOLDER + name for name in CORE_NAMES))]
    size = sum(len(gzip.compress(content, 9)) for content in first) / 1e6
    print(f"before the first check of katas 01 to 05, gzipped: {size:.1f} MB (wanted: below {WANTED_MB:g})")
    with tempfile.TemporaryDirectory() as folder:
        write_site(files, Path(folder) / "site")
        host, driver = Host(Path(folder) / "site"), start_chromium(Path(folder) / "chromium")
        try:
            _measure(Page(driver, host))
        finally:
            driver.quit()
            host.close()


def _measure(page: Page) -> None:
    begin = time.perf_counter()
    page.open("#02_gates", ready=False)
    print(f"the lesson and the editor are there: {time.perf_counter() - begin:.1f} s")
    page.click(".cm-content")
    page.run()
    print(f"first verdict, nothing kept yet: {time.perf_counter() - begin:.1f} s (wanted: below {WANTED_S['cold']:g})")
    begin = time.perf_counter()
    page.open("#02_gates")
    print(f"Python is ready at the next visit: {time.perf_counter() - begin:.1f} s")
    for name in ("first", "second"):
        begin = time.perf_counter()
        page.run()
        print(
            f"{name} verdict of a warm page: {time.perf_counter() - begin:.2f} s (wanted: below {WANTED_S['warm']:g})"
        )
    for name in ("first", "second"):
        page.js("document.getElementById('picture-image').hidden = true")
        begin = time.perf_counter()
        page.click("#plot")
        page.wait("!document.getElementById('picture-image').hidden", what="the picture")
        print(f"{name} picture: {time.perf_counter() - begin:.1f} s")


if __name__ == "__main__":
    main()
