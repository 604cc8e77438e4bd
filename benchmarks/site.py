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
    pyodide = open_pyodide(str(parts.pyodide()))
    files = list_site(load_katas(ROOT), pyodide=pyodide, language="en")
    numpy, all_of_matplotlib = ([FOLDER + name for name in pyodide.packages[one]] for one in ("numpy", "matplotlib"))
    first = _gzipped(files, [*FIRST, *(FOLDER + name for name in CORE_NAMES)])
    numbers = _gzipped(files, ["later.zip", *numpy])
    print(f"before the first check of katas 01 to 05, gzipped: {first:.1f} MB (wanted: below {WANTED_MB:g})")
    print(f"with NumPy: {numbers:.1f} MB more; before the first picture: {first + numbers:.1f} MB")
    others = _gzipped(files, [name for name in all_of_matplotlib if name not in numpy])
    print(f"with matplotlib, which no picture here needs: {others:.1f} MB more")
    with tempfile.TemporaryDirectory() as folder:
        write_site(files, Path(folder) / "site")
        host, driver = Host(Path(folder) / "site"), start_chromium(Path(folder) / "chromium")
        try:
            _measure(Page(driver, host))
        finally:
            driver.quit()
            host.close()


def _gzipped(files: dict[str, bytes], names: list[str]) -> float:
    """Return how many megabytes of a site's files go over the network."""
    return sum(len(gzip.compress(files[name], 9)) for name in names) / 1e6


def _measure(page: Page) -> None:
    page.host.asked.clear()
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
        print(f"{name} picture: {time.perf_counter() - begin:.2f} s")
    print("asked for matplotlib:", *[path for path in page.host.asked if "matplotlib" in path] or ["no"])


if __name__ == "__main__":
    main()
