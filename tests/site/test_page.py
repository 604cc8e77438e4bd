"""The page as a student uses it: a real Chromium, a plain static host, the katas that are given out."""

import json
import subprocess
import sys
import zipfile

import pytest

from grader.authoring.answers import reference_of, wrong_answers
from grader.bank.approaches import load_approaches
from grader.bank.kata import load_katas
from grader.bank.texts import load_kata_texts
from grader.words.catalogue import load_catalogue
from grader.words.languages import TEXTS
from tests.conftest import ROOT

KATAS = {kata.name: kata for kata in load_katas(ROOT)}
GATES = "02_gates"
STUB = KATAS[GATES].student_file.read_text("utf-8")
RIGHT = "AND = (1, 1, -1.5)\nNAND = (-1, -1, 1.5)\nOR = (1, 1, -0.5)\nNOR = (-1, -1, 0.5)\nA_NOT_B = (1, -1, -0.5)\n"
LOOP = "i = 0\nwhile True:\n    i += 1\n"
ANSWERS = {
    "01_neuron": LOOP,
    GATES: RIGHT,
    "03_xor": KATAS["03_xor"].student_file.read_text("utf-8"),
    "09_plateaus": wrong_answers(KATAS["09_plateaus"])[0].source,
    "16_facts": reference_of(KATAS["16_facts"]).source,
}
STUBBORN = "while True:\n    try:\n        while True:\n            pass\n    except:\n        pass\n"


def words(name, language="en", **values):
    return load_catalogue(TEXTS / "site.toml").text("page", name, **values)[language]


def test_a_whole_kata_in_korean_from_opening_to_the_zip_that_is_graded(page, tmp_path):
    page.open()
    page.click("#language")
    assert page.js("return document.documentElement.lang") == "ko"
    page.click(f'#ladder a[href="#{GATES}"]')
    assert KATAS[GATES].title["ko"] in page.text("#title")
    page.click(".cm-content")
    page.run()
    titles = load_kata_texts(KATAS[GATES], hidden=False).own.tables["titles"]
    assert titles["rows"]["ko"].format(gate="AND") in page.text("#verdict .card")
    assert page.text(".row .count") == words("count", "ko", passed="0", total="5")
    page.click("#hint")
    assert page.text("#hint-title") == words("hint_title", "ko", level="1", count="3")
    page.write(RIGHT)
    page.run()
    assert words("all_passed", "ko") in page.text("#verdict")
    assert page.text(".row .count") == words("count", "ko", passed="5", total="5")
    page.click("#plot")
    page.wait("document.getElementById('picture-image').naturalWidth > 0", what="the picture")
    page.js("document.getElementById('picture-more').open = true")
    assert KATAS[GATES].title["ko"] in page.text("#picture-text")
    archive = exported(page, tmp_path)
    page.click("#verdict button.main")
    page.wait(f"location.hash === '#{sorted(KATAS)[2]}'")
    with zipfile.ZipFile(archive) as opened:
        assert set(opened.namelist()) == {f"exercises/{kata.name}/{kata.file_name}" for kata in KATAS.values()}
        assert opened.read(f"exercises/{GATES}/gates.py").decode() == RIGHT


def test_the_zip_gets_from_grading_what_the_page_showed(page, tmp_path):
    """Of a right answer, a wrong one, one with a hole left open, an endless one, and facts in TOML."""
    shown = {}
    for name, answer in ANSWERS.items():
        page.open(f"#{name}")
        page.write(answer)
        page.run()
        shown[name] = [(check["id"], check["outcome"]) for check in page.work(name)["verdict"]["checks"]]
    assert {outcome for checks in shown.values() for _, outcome in checks} >= {"passed", "failed", "timeout"}
    archive = exported(page, tmp_path)
    katas = [word for name in ANSWERS for word in ("--kata", name)]
    command = [sys.executable, "-m", "grader", "grade", str(archive), *katas, "--out", str(tmp_path / "out")]
    subprocess.run([*command, "--no-isolation"], cwd=ROOT, check=True, capture_output=True)
    report = json.loads((tmp_path / "out" / "results.jsonl").read_text("utf-8"))
    for kata in report["katas"]:
        public = [(check["id"], check["outcome"]) for check in kata["checks"] if not check["hidden"]]
        assert public == shown[kata["kata"]]


def exported(page, folder):
    page.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder), "eventsEnabled": False}
    )
    page.click("#menu summary")
    page.click("#export")
    for _ in range(100):
        if (folder / "katas.zip").exists():
            return folder / "katas.zip"
        page.js("return new Promise(go => setTimeout(go, 50))")
    raise AssertionError("no zip was saved")


def test_a_loop_without_an_end_is_named_with_its_line_and_the_next_check_runs(page):
    page.open(f"#{GATES}")
    page.write(LOOP)
    page.run()
    assert "Stopped after 5 s of computing, in line" in page.text("#verdict .card")
    assert page.js("return document.querySelectorAll('.cm-line.marked').length") == 1
    page.write(RIGHT)
    page.run()
    assert words("all_passed") in page.text("#verdict")


def test_what_no_interrupt_stops_ends_with_its_worker_and_the_page_goes_on(page):
    page.open(f"#{GATES}")
    page.write(STUBBORN)
    page.run()
    assert words("stuck_title") in page.text("#verdict .card")
    page.write(RIGHT)
    page.run()
    assert words("all_passed") in page.text("#verdict")


def test_the_stop_button_ends_a_run(page):
    page.open(f"#{GATES}")
    page.write(LOOP)
    page.js("document.getElementById('check').click()")
    page.wait("!document.getElementById('stop').hidden")
    page.click("#stop")
    page.wait("document.querySelector('#verdict .card')")
    assert words("stopped_title") in page.text("#verdict .card")


def test_what_the_code_prints_and_where_it_crashed_stand_below_the_mistake(page):
    page.open(f"#{GATES}")
    page.write("print('first', 1)\nAND = 1 / 0\n")
    page.run()
    assert "Line 2 divides by 0." in page.text("#verdict .card")
    assert "first 1" in page.text("#verdict details pre")
    page.js("for (const one of document.querySelectorAll('#verdict details')) one.open = true")
    traceback = page.text("#verdict details:last-child pre")
    assert "line 2" in traceback
    assert "inside.py" not in traceback


def test_of_what_was_printed_the_open_checks_own_is_shown(page):
    page.open("#01_neuron")
    stub = KATAS["01_neuron"].student_file.read_text("utf-8")
    predicted = stub.replace("Z = [..., ..., ..., ...]", "Z = [-1, 0, 0, 1]").replace(
        "..., ..., ..., ...", "0, 0, 0, 1"
    )
    page.write(predicted.replace("    ...  # TODO", "    print('z', x1, x2, w1, w2, b)\n    return 0"))
    page.run()
    printed = page.text("#verdict details pre").splitlines()
    # The first check that is open asks for the four rows, and then looks for known mistakes.
    assert printed[:4] == ["z 0 0 1 1 -1", "z 0 1 1 1 -1", "z 1 0 1 1 -1", "z 1 1 1 1 -1"]
    assert sum(line.startswith("... (+") for line in printed) == 1


def test_what_was_said_of_an_older_text_is_told_apart(page):
    page.open(f"#{GATES}")
    page.click(".cm-content")
    page.run()
    shown = "return document.getElementById('verdict-old').offsetHeight > 0"
    assert not page.js(shown)
    page.write(RIGHT.replace("-1.5", "1.5", 1))
    assert page.js(shown)
    assert page.text("#verdict-old") == words("old")
    page.run()
    assert not page.js(shown)


def test_an_open_hint_says_when_the_next_one_opens_and_all_are_open_at_the_end(page):
    page.open(f"#{GATES}")
    page.click("#hint")
    assert page.text("#hint-more") == words("hint_next", next="2")
    page.click(".cm-content")
    page.run()
    assert page.text("#hint-more") == words("hint_ready", next="2")
    assert "`" not in page.text("#hint-text")
    page.write(RIGHT)
    page.run()
    assert page.text("#hint-more") == words("hint_passed")
    assert page.text("#hint-title") == words("hint_title", level="3", count="3")


def test_the_verdict_stays_in_sight_while_an_open_picture_is_drawn_anew(page):
    page.open(f"#{GATES}")
    page.click("#plot")
    page.wait("document.getElementById('picture-image').naturalWidth > 0", what="the picture")
    before = page.js("return document.getElementById('picture-image').src")
    page.write(RIGHT)
    page.run()
    page.wait(f"document.getElementById('picture-image').src !== '{before}'", what="the picture anew")
    assert page.js("return document.querySelector('#verdict .card').getBoundingClientRect().top") >= 0


def test_a_picture_that_no_interrupt_stops_is_said_to_be_stopped_and_the_next_is_drawn(page):
    page.open(f"#{GATES}")
    page.write(STUBBORN)
    page.click("#plot")
    page.wait(f"document.getElementById('picture-words').textContent === '{words('plot_stuck')}'", what="the stop")
    page.write(RIGHT)
    page.click("#plot")
    page.wait("document.getElementById('picture-image').naturalWidth > 0", what="the picture")


def test_what_a_file_does_to_python_is_undone_before_the_next_check(page):
    page.open(f"#{GATES}")
    page.write("import builtins, sys\nbuiltins.abs = lambda x: 7\nsys.path.insert(0, '/katas/exercises/01_neuron')\n")
    page.run()
    page.write(f"import sys\nassert abs(-1) == 1\nassert not [p for p in sys.path if '01_neuron' in p]\n{RIGHT}")
    page.run()
    assert words("all_passed") in page.text("#verdict")


def test_everything_works_after_the_server_has_stopped(page):
    page.open(f"#{GATES}")
    page.wait(f"document.getElementById('python-words').textContent === '{words('offline')}'", what="offline")
    page.host.down = True
    page.host.asked.clear()
    page.open("#07_gates_in_keras")
    page.click(".cm-content")
    page.run()
    assert page.text(".row .count")
    page.click("#plot")
    page.wait("document.getElementById('picture-image').naturalWidth > 0", what="the picture")


def test_the_work_of_yesterday_is_there_with_its_verdict(page):
    page.open(f"#{GATES}")
    page.write(RIGHT.replace("-1.5", "1.5", 1))
    page.run()
    page.open(f"#{GATES}")
    assert "AND = (1, 1, 1.5)" in page.text(".cm-content")
    assert "All four rows fire" in page.text("#verdict .card")
    assert page.js("return document.querySelector('#ladder a.begun .number').textContent") == "02"


def test_two_tabs_do_not_write_over_each_other_without_a_word(page):
    page.open(f"#{GATES}", ready=False)
    first = page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    second = page.driver.current_window_handle
    try:
        page.driver.get(f"{page.host.address}#{GATES}")
        page.wait("document.getElementById('title')?.textContent")
        page.write("AND = 1\n")
        page.wait("document.getElementById('saved').textContent")
        page.driver.switch_to.window(first)
        # No change of its own: the other tab's text is taken, and said.
        page.wait("document.querySelector('.cm-content').innerText.includes('AND = 1')")
        page.js("localStorage.setItem(`kata / 02_gates`, JSON.stringify({text: 'AND = 2', rev: 99, copies: []}))")
        page.write("AND = 3\n")
        page.wait("document.querySelector('#notices .notice')", what="the question which to keep")
        assert page.work(GATES)["text"] == "AND = 2"
        page.click("#notices .notice button")
        assert page.work(GATES)["text"] == "AND = 3\n"
        assert [copy["text"] for copy in page.work(GATES)["copies"]] == ["AND = 2"]
    finally:
        page.driver.switch_to.window(second)
        page.driver.close()
        page.driver.switch_to.window(first)


@pytest.mark.parametrize(("error", "name"), [("QuotaExceededError", "full"), ("SecurityError", "forbidden")])
def test_where_nothing_can_be_stored_the_page_says_so_and_the_zip_has_the_work(page, tmp_path, error, name):
    script = f"Storage.prototype.setItem = () => {{ throw new DOMException('no', '{error}') }}"
    added = page.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": script})
    try:
        page.open(f"#{GATES}", ready=False)
        page.write("AND = 5\n")
        page.wait("document.querySelector('#notices .notice')")
        assert words(f"storage_{name}") in page.text("#notices")
        with zipfile.ZipFile(exported(page, tmp_path)) as archive:
            assert archive.read(f"exercises/{GATES}/gates.py") == b"AND = 5\n"
    finally:
        page.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def test_without_a_service_worker_the_checks_run_all_the_same(page):
    script = "Object.defineProperty(navigator, 'serviceWorker', {value: {register() { throw new Error('no') }}})"
    added = page.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": script})
    # One from an earlier test would serve the page all the same.
    origin = page.host.address.rstrip("/")
    page.driver.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "service_workers"})
    try:
        page.open(f"#{GATES}")
        assert page.js("return crossOriginIsolated") is False
        page.write(RIGHT)
        page.run()
        assert words("all_passed") in page.text("#verdict")
        page.write(LOOP)
        page.js("document.getElementById('check').click()")
        page.wait("!document.getElementById('stop').hidden")
        page.click("#stop")
        page.wait("document.querySelector('#verdict .card')")
        assert words("stopped_title") in page.text("#verdict .card")
    finally:
        page.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def test_beginning_anew_keeps_what_was_there_and_gives_it_back(page):
    page.open(f"#{GATES}", ready=False)
    page.write(RIGHT)
    page.wait("document.getElementById('saved').textContent")
    page.click("#copies summary")
    page.click("#reset")
    assert page.work(GATES)["text"] == STUB
    page.click("#copies summary")
    page.click("#copy-list button")
    assert page.work(GATES)["text"] == RIGHT


def test_a_zip_is_read_in_and_what_was_there_is_kept(page, tmp_path):
    page.open(f"#{GATES}", ready=False)
    page.write("AND = 4\n")
    page.wait("document.getElementById('saved').textContent")
    with zipfile.ZipFile(tmp_path / "mine.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mine/02_gates/gates.py", RIGHT.replace("\n", "\r\n"))
        archive.writestr("mine/notes.txt", "nothing")
    page.driver.find_element("css selector", "#import-file").send_keys(str(tmp_path / "mine.zip"))
    page.wait("document.querySelector('#notices .notice')")
    assert words("imported", count="1", file="mine.zip") in page.text("#notices")
    assert page.work(GATES)["text"] == RIGHT
    assert [copy["text"] for copy in page.work(GATES)["copies"]] == ["AND = 4\n"]


def test_kata_06_says_what_to_install_and_its_file_can_be_written(page):
    page.open("#06_stacks", ready=False)
    assert words("keras_title") in page.text("#verdict")
    assert "perceptron-kata[keras]" in page.text("#verdict")
    page.write("x = 1\n")
    page.wait("document.getElementById('saved').textContent")
    assert page.work("06_stacks")["text"] == "x = 1\n"


def test_after_the_green_check_the_other_ways_open_in_both_languages(page):
    page.open(f"#{GATES}")
    page.run()
    assert words("ways") not in page.text("#verdict")
    page.write(RIGHT)
    page.run()
    assert words("ways") in page.text("#verdict")
    page.click("#verdict .ways summary")
    for way in load_approaches(KATAS[GATES]):
        assert way.title["en"] in page.text("#verdict .ways")
        assert way.code.splitlines()[0] in page.text("#verdict .ways")
    page.click("#language")
    page.click("#verdict .ways summary")
    assert load_approaches(KATAS[GATES])[0].title["ko"] in page.text("#verdict .ways")
    assert page.text("#verdict .ending") == ""


def test_after_the_last_kata_stands_what_was_learnt_with_points_and_where_to_go(page):
    page.open(f"#{GATES}", ready=False)
    done = {"text": "x", "checked": "x", "passed": 1, "total": 1, "rev": 1, "copies": []}
    verdict = {
        "kind": "checks",
        "checks": [{"outcome": "passed", "points": 1.5, "id": "a", "title": {}, "message": {}}],
    }
    for kata in KATAS.values():
        if kata.needs != "keras" and kata.name != GATES:
            text = json.dumps({**done, "verdict": verdict})
            page.js("localStorage.setItem(`kata / ${arguments[0]}`, arguments[1])", kata.name, text)
    page.ready()
    page.write(RIGHT)
    page.run()
    shown = page.text("#verdict .ending")
    assert words("all_done") in shown
    assert KATAS[GATES].learnt["en"] in shown
    assert words("points_of", points="1.5", most="4") in shown
    assert "micrograd" in shown
