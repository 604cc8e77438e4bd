"""A plain static host and a headless Chromium for the tests of the site."""

import contextlib
import functools
import http.server
import json
import os
import shutil
import threading
import time
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
WAIT_S = 240
TYPES = {".mjs": "text/javascript", ".wasm": "application/wasm"}


class _Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | TYPES

    def do_GET(self):
        self.server.asked.append(self.path)
        if self.server.down:
            self.close_connection = True
            return
        super().do_GET()

    def end_headers(self):
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_):
        pass


class Host(http.server.ThreadingHTTPServer):
    """Serves one folder; `asked` holds the paths, `down` lets it answer nothing."""

    daemon_threads = True

    def __init__(self, folder: Path, *, headers=None):
        self.asked, self.down, self.folder, self.headers = [], False, folder, headers or {}
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


class Page:
    """What a student does with the page."""

    def __init__(self, driver, host):
        self.driver, self.host = driver, host

    def forget(self):
        """Leave the page, and empty the browser of the work that is kept for it."""
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd(
            "Storage.clearDataForOrigin",
            {"origin": self.host.address.rstrip("/"), "storageTypes": "local_storage"},
        )

    def open(self, where="", *, ready=True):
        """Go to the page, and wait for its Python."""
        self.driver.get("about:blank")
        self.driver.get(f"{self.host.address}{where}")
        # Its Python is on the way only after the reload that a first visit needs.
        self.wait("document.getElementById('python-words')?.textContent", what="the page")
        if ready:
            self.ready()

    def ready(self):
        self.wait("/ready|준비됨/.test(document.getElementById('python-words').textContent)", what="Python is ready")

    def wait(self, condition, seconds=WAIT_S, what=""):
        return wait(self.driver, condition, seconds, what)

    def js(self, code, *values):
        return self.driver.execute_script(code, *values)

    def text(self, css):
        return self.js("return document.querySelector(arguments[0])?.innerText ?? ''", css)

    def click(self, css):
        element = self.driver.find_element("css selector", css)
        self.js("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def write(self, text):
        """Put a text into the editor as a keyboard would: select all, type over it."""
        self.click(".cm-content")
        keys = {"key": "a", "code": "KeyA", "modifiers": 2, "windowsVirtualKeyCode": 65, "commands": ["selectAll"]}
        self.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyDown", **keys})
        self.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyUp", **keys})
        self.driver.execute_cdp_cmd("Input.insertText", {"text": text})

    def run(self):
        """Press Ctrl+Enter, and wait for the verdict."""
        from selenium.webdriver.common.action_chains import ActionChains
        from selenium.webdriver.common.keys import Keys

        before = self.js("return document.querySelector('#verdict').dataset.count ?? ''")
        ActionChains(self.driver).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
        self.wait(f"(document.querySelector('#verdict').dataset.count ?? '') !== '{before}'", what="a verdict")

    def work(self, kata):
        """Return what the browser keeps of a kata."""
        return json.loads(self.js("return localStorage.getItem(`kata / ${arguments[0]}`)", kata) or "{}")


def requested(driver):
    """Addresses that pages have asked for since the log was last read.

    What Chromium's own pages ask for (its new tab may load beside the first test) is left out.
    """
    events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    sent = [one["params"] for one in events if one["method"] == "Network.requestWillBeSent"]
    own = ("chrome:", "chrome-untrusted:")
    return [one["request"]["url"] for one in sent if not one["documentURL"].startswith(own)]


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
