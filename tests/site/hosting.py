"""A plain static host and a headless Chromium for the tests of the site."""

import contextlib
import functools
import http.server
import os
import shutil
import threading
import time
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
WAIT_S = 90
TYPES = {".mjs": "text/javascript", ".wasm": "application/wasm"}


class _Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | TYPES

    def do_GET(self):
        self.server.asked.append(self.path)
        if self.server.down:
            self.close_connection = True
            return
        super().do_GET()

    def log_message(self, *_):
        pass


class Host(http.server.ThreadingHTTPServer):
    """Serves one folder; `asked` holds the paths, `down` lets it answer nothing."""

    daemon_threads = True

    def __init__(self, folder: Path):
        self.asked, self.down = [], False
        super().__init__(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        # "localhost" is a secure context for a browser, as https is.
        return f"http://localhost:{self.server_address[1]}/"

    def handle_error(self, *_):
        pass

    def close(self):
        self.shutdown()
        self.server_close()


def start_chromium(profile: Path, *, size="1440,1000", dark=False, language="en-US"):
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", f"--window-size={size}", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(argument)
    options.add_argument(f"--user-data-dir={profile}")
    options.add_argument(f"--lang={language}")
    options.add_experimental_option(
        "prefs", {"intl.accept_languages": language, "download.default_directory": str(profile)}
    )
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    if os.geteuid() == 0:
        # Chromium's own sandbox does not start for root, as in a container.
        options.add_argument("--no-sandbox")
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.set_script_timeout(WAIT_S)
    if dark:
        emulate(driver, dark=True)
    return driver


def emulate(driver, *, dark):
    value = "dark" if dark else "light"
    features = {"features": [{"name": "prefers-color-scheme", "value": value}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", features)


def wait(driver, condition, seconds=WAIT_S, what=""):
    """Wait until a JavaScript expression is true; return its value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(Exception):
            found = driver.execute_script(f"return {condition}")
            if found:
                return found
        time.sleep(0.05)
    state = driver.execute_script("return document.body.innerText")
    raise AssertionError(f"not within {seconds} s: {what or condition}\n{state[:3000]}\n{driver.get_log('browser')}")
