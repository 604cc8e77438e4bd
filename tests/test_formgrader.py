"""nbgrader's formgrader in a real browser: an instructor sees what `kata grade --nbgrader` has written."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from grader.nbgrader.gradebook import write_reports
from grader.nbgrader.opening import open_course, read_submitted
from grader.nbgrader.writing import collect_checks
from tests.conftest import PATIENCE_S
from tests.nbgrader_course import answered, environment, hand_in, make_course

NAME = "01_double"
ANSWERS = {"ana": "def double(x):\n    return 2 * x\n", "bob": "def double(x):\n    return x + 2\n"}

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="needs Chromium and its driver (Debian, Ubuntu: apt install chromium chromium-driver)",
)


@pytest.fixture(scope="module")
def graded(tmp_path_factory, tiny_katas, tiny_judge):
    """A course, graded by the kit, and the reports."""
    course = make_course(tiny_katas, tmp_path_factory.mktemp("formgrader") / "course", students=list(ANSWERS))
    for student, source in ANSWERS.items():
        hand_in(course, student, NAME, answered(course, NAME, source))
    opened = open_course(course, "katas", tiny_katas, collect_checks(tiny_katas))
    reports = {found.id: tiny_judge.grade(read_submitted(found, opened.katas)) for found in opened.submitted}
    write_reports(opened, reports.values(), "en")
    return course, reports


@pytest.fixture(scope="module")
def server(graded):
    """The address of a Jupyter server with formgrader, opened in the course."""
    course, _ = graded
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "ServerApp.jpserver_extensions": '{"nbgrader.server_extensions.formgrader": True}',
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": course,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "IdentityProvider.token": "",
    }
    with (course.parent / "server.log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *(f"--{name}={value}" for name, value in options.items())],
            cwd=course,
            env=environment(course),
            stdout=log,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(10 * PATIENCE_S):
                with contextlib.suppress(urllib.error.URLError, ConnectionError):
                    with urllib.request.urlopen(f"{address}/formgrader/api/status", timeout=PATIENCE_S) as answer:
                        assert json.load(answer) == {"status": True}
                    break
                assert process.poll() is None, (course.parent / "server.log").read_text("utf-8")
                time.sleep(0.1)
            else:
                pytest.fail((course.parent / "server.log").read_text("utf-8"))
            yield address
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--window-size=1200,1600", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(argument)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('chromium')}")
    if os.geteuid() == 0:
        # Chromium's own sandbox does not start for root, as in a container.
        options.add_argument("--no-sandbox")
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


def text_of(browser, css):
    # In one step: formgrader's table puts its rows anew, and an element of a moment ago is gone.
    code = "return [...document.querySelectorAll(arguments[0])].map(element => element.innerText)"
    found = browser.execute_script(code, css)
    return ["\n".join(" ".join(line.split()) for line in text.splitlines()) for text in found]


def wait_for_rows(browser, count):
    """Wait until formgrader's script has put its rows in place of "Loading, please wait..."."""
    from selenium.webdriver.support.ui import WebDriverWait

    def there(_):
        rows = text_of(browser, "#main-table tr")
        return len(rows) == count and not any("Loading" in row for row in rows)

    WebDriverWait(browser, PATIENCE_S).until(there)


def wait_for_values(browser, css, attribute="value"):
    """What the fields hold once formgrader's script has filled them."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    def there(_):
        return any(field.get_attribute(attribute) for field in browser.find_elements(By.CSS_SELECTOR, css))

    WebDriverWait(browser, PATIENCE_S).until(there)
    fields = browser.find_elements(By.CSS_SELECTOR, css)
    return {field.get_attribute("id"): field.get_attribute(attribute) for field in fields}


def test_the_assignment_is_there_with_its_submissions(browser, server):
    browser.get(f"{server}/formgrader/manage_assignments")
    wait_for_rows(browser, 1)
    (row,) = text_of(browser, "#main-table tr")
    assert row.startswith("katas ")
    assert " 2 " in f" {row} "


def test_every_submission_is_listed_as_graded_with_the_reports_score(browser, server, graded):
    browser.get(f"{server}/formgrader/manage_submissions/katas")
    wait_for_rows(browser, len(ANSWERS))
    rows = text_of(browser, "#main-table tr")
    for row, (student, report) in zip(sorted(rows), sorted(graded[1].items()), strict=True):
        assert student in row
        assert "graded" in row
        assert f"{report.score:g} / {report.max_score:g}" in row


@pytest.mark.parametrize("student", ANSWERS)
def test_a_submission_opens_with_the_reports_scores_and_comments(browser, server, graded, student):
    (kata,) = graded[1][student].katas
    with urllib.request.urlopen(f"{server}/formgrader/api/submitted_notebooks/katas/{NAME}") as answer:
        number = next(one["id"] for one in json.load(answer) if one["student"] == student)
    browser.get(f"{server}/formgrader/submissions/{number}/")
    scores = wait_for_values(browser, "input.score", "placeholder")
    assert {name: float(value) for name, value in scores.items()} == {
        f"double_{check.id}": check.points for check in kata.checks
    }
    comment = browser.find_element("css selector", "textarea.comment").get_attribute("placeholder")
    messages = [check.message["en"] for check in kata.checks if check.message and check.outcome != "blocked"]
    assert all(line.strip() in comment for message in messages for line in message.splitlines())
    assert bool(messages) != comment.startswith("Type any comments here")
    outputs = "\n".join(text_of(browser, ".output_area, .jp-OutputArea-output"))
    assert all(check.message["en"] in outputs for check in kata.checks if check.message)
