"""The class page and students' pages in a real Chromium: what a person does with them, and what a submission cannot."""

import re

import pytest

from grader.pages.keep import Drawing, Keep
from grader.pages.results import ClassResults
from grader.pages.write import write_pages
from tests.page_reports import check, pages_of, report, write_results
from tests.site.hosting import CHROMIUM, DRIVER, emulate, requested, start_chromium, wait

pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="needs Chromium and its driver (Debian, Ubuntu: apt install chromium chromium-driver)",
)

XSS = [
    "<script>window.hit=1</script>",
    "</script><script>window.hit=1</script>",
    "</style><img src=x onerror=window.hit=1>",
    "<img src=x onerror=window.hit=1>",
    "<svg/onload=window.hit=1>",
    '"><svg onload=window.hit=1>',
    "'\" onmouseover=window.hit=1 autofocus onfocus=window.hit=1 x=",
    "<iframe srcdoc='<script>parent.hit=1</script>'>",
    "<a href='javascript:window.hit=1'>x</a>",
    "javascript:window.hit=1",
    "<!--<script>window.hit=1//-->",
    "]]><script>window.hit=1</script>",
    "{{ self.__init__.__globals__ }}{% raw %}",
    "${window.hit=1}`+(window.hit=1)+`",
    "\\u003cscript\\u003ewindow.hit=1\\u003c/script\\u003e",
    "&lt;script&gt;window.hit=1&lt;/script&gt;",
    "<meta http-equiv=refresh content='0;url=https://example.org/'>",
    "<link rel=stylesheet href=https://example.org/x.css><base href=https://example.org/>",
    "<form action=https://example.org><button autofocus>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=window.hit=1&gt;'>",
    "<template><img src=x onerror=window.hit=1></template>",
    "\u2028window.hit=1\u2029//",
    "\x00<script\x00>window.hit=1</script>",
    "\u202egnp.exe",
    "\ud7ff\ufffe<x>",
]


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    opened = start_chromium(tmp_path_factory.mktemp("chromium"))
    yield opened
    opened.quit()


def go(driver, path):
    driver.get_log("performance")
    driver.get_log("browser")
    driver.get(path.resolve().as_uri())


def asked_for(driver):
    """Addresses that a page has asked for, other than files beside it and what is in itself."""
    return [url for url in requested(driver) if not url.startswith(("file:", "data:", "blob:"))]


def complaints(driver):
    return [entry["message"] for entry in driver.get_log("browser") if "favicon" not in entry["message"]]


def texts(driver, css):
    code = "return [...document.querySelectorAll(arguments[0])].filter(x => x.checkVisibility())"
    return driver.execute_script(f"{code}.map(x => x.innerText.trim())", css)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    wrong = [
        check("doubles", outcome="failed", tag="adds_two", message="double(3): expected 6, got 5.\nTwice?"),
        check("again", outcome="blocked", tag="blocked", message="Not tried."),
        check("random", outcome="failed", hidden=True, tag="squares", message="A hidden one."),
    ]
    half = [
        check("doubles"),
        check("again"),
        check("random", outcome="failed", hidden=True, tag="squares", message="H."),
    ]
    reports = [report("s10", half), report("s9", wrong), report("나래"), report("zed", wrong)]
    reports.append(report("lost", status="unreadable", reason={"en": "no zip", "ko": "zip이 아니에요"}))
    folder = write_results(tmp_path_factory.mktemp("class"), reports)
    with Keep(folder, writes=True) as keep:
        svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><script>parent.hit=1</script></svg>'
        keep.note_drawing("k1", {"en": Drawing(svg, "one\ntwo")})
        keep.note_picture("s9", "01_double", "sha256:s9", "", "k1")
    write_pages(ClassResults(folder), (), ("en", "ko"))
    return folder


NAMES = "#rows tbody tr th a"


def test_the_table_is_sorted_by_a_click_and_the_reader_of_a_screen_is_told(driver, folder):
    go(driver, folder / "report.html")
    assert texts(driver, NAMES) == ["s10", "s9", "나래", "zed", "lost"]
    heads = driver.find_elements("css selector", "#rows thead button")
    heads[0].click()
    assert texts(driver, NAMES)[:4] == ["lost", "s9", "s10", "zed"]
    heads[-1].click()
    assert texts(driver, NAMES) == ["나래", "s10", "s9", "zed", "lost"]
    sorts = [head.get_attribute("aria-sort") for head in driver.find_elements("css selector", "#rows thead th")]
    assert sorts == [None, None, "descending"]
    heads[-1].click()
    assert texts(driver, NAMES)[-1] == "나래"
    assert complaints(driver) == []


def test_search_and_a_mistake_leave_only_their_rows(driver, folder):
    go(driver, folder / "report.html")
    driver.find_element("id", "search").send_keys("S1")
    assert texts(driver, NAMES) == ["s10"]
    assert texts(driver, "#found") == ["1 of 5"]
    driver.find_element("id", "search").clear()
    driver.find_element("css selector", "button[data-mistake]").click()
    assert texts(driver, NAMES) == ["s9", "zed"]
    driver.find_element("id", "all").click()
    assert len(texts(driver, NAMES)) == 5


def test_the_language_is_switched_without_a_word_of_the_other_left(driver, folder):
    go(driver, folder / "report.html")
    assert "Commonest mistakes" in texts(driver, "main h2")
    driver.find_element("id", "speak-ko").click()
    assert driver.execute_script("return document.documentElement.lang") == "ko"
    assert not [word for word in texts(driver, "main") if "Commonest" in word or "Where the figures" in word]
    assert "가장 흔한 실수" in texts(driver, "main h2")
    go(driver, folder / "feedback" / "s9.html")
    driver.find_element("id", "speak-ko").click()
    assert "다음에 볼 것" in texts(driver, "main h2")


def test_a_students_name_opens_all_checks_with_words_and_picture_by_keyboard(driver, folder):
    from selenium.webdriver.common.keys import Keys

    go(driver, folder / "report.html")
    link = driver.find_element("css selector", f"{NAMES}[data-who=s9]")
    link.send_keys(Keys.ENTER)
    wait(driver, "document.querySelectorAll('#detail img').length", what="the picture")
    items = texts(driver, "#detail .checks li")
    assert len(items) == 3
    assert "double(3): expected 6, got 5.\nTwice?" in items[0]
    assert "hidden" in items[2]
    assert driver.execute_script("return document.querySelector('#detail img').naturalWidth") == 40
    assert driver.execute_script("return document.querySelector('#detail img').alt")
    driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert driver.execute_script("return document.getElementById('student').open") is False
    assert driver.execute_script("return document.activeElement.dataset.who") == "s9"
    assert asked_for(driver) == []
    assert complaints(driver) == []


def test_words_that_several_checks_share_are_said_once_in_a_row(driver, tmp_path):
    said = ["No file.", "No file.", "Not tried.", "No file."]
    checks = [check(f"c{i}", outcome="failed", message=message) for i, message in enumerate(said)]
    go(driver, pages_of(tmp_path, [report("ana", checks)]) / "report.html")
    driver.find_element("css selector", NAMES).click()
    wait(driver, "document.querySelectorAll('#detail .checks li').length", what="the checks")
    found = [re.findall(r"No file\.|Not tried\.|as above", item) for item in texts(driver, "#detail .checks li")]
    assert found == [["No file."], ["as above"], ["Not tried."], ["No file."]]


def test_the_name_leads_to_the_students_own_page(driver, folder):
    go(driver, folder / "report.html")
    driver.find_element("css selector", f"{NAMES}[data-who='나래']").click()
    wait(driver, "document.querySelector('#sum a')")
    driver.find_element("css selector", "#sum a").click()
    wait(driver, "document.querySelector('h1')?.textContent === '나래'")
    assert "Every check of every kata passed." in texts(driver, "main p")


@pytest.mark.parametrize("width", [320, 390, 1300])
def test_no_page_is_wider_than_the_window(driver, folder, width):
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    for path in (folder / "report.html", folder / "feedback" / "s9.html"):
        go(driver, path)
        assert driver.execute_script("return document.documentElement.scrollWidth") <= width
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


CONTRAST = """
const part = v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
const light = colour => {
  const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(part);
  return .2126 * r + .7152 * g + .0722 * b;
};
const ground = e => {
  for (; e; e = e.parentElement) {
    const colour = getComputedStyle(e).backgroundColor;
    if (!/, 0\\)$/.test(colour)) return colour;
  }
  return "rgb(255,255,255)";
};
const ratio = e => {
  const [a, b] = [light(getComputedStyle(e).color), light(ground(e))];
  return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
};
return [...document.querySelectorAll("main *, header *")]
  .filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
  .map(e => [ratio(e), e.outerHTML.slice(0, 80)]);
"""
"""Contrast of every element with text of its own. Source: WCAG 2.1, success criterion 1.4.3: 4.5 at least."""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_word_stands_out_from_its_ground(driver, folder, dark):
    emulate(driver, dark=dark)
    for path in (folder / "report.html", folder / "feedback" / "s9.html"):
        go(driver, path)
        found = driver.execute_script(CONTRAST)
        assert len(found) > 20
        assert [one for one in found if one[0] < 4.5] == []
    emulate(driver, dark=False)


def test_the_tests_would_see_a_request_and_a_script(driver, tmp_path):
    control = tmp_path / "control.html"
    control.write_text("<img src=http://localhost:9/x><img src=x onerror=window.hit=1>", "utf-8")
    go(driver, control)
    wait(driver, "window.hit === 1")
    assert asked_for(driver) == ["http://localhost:9/x"]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A class whose every text is an attack: ids, tags, titles, messages, reasons, kata names and versions."""
    reports = []
    for i, attack in enumerate(XSS):
        checks = [
            check(f"c{i}", outcome="failed", tag=attack, title=attack, message=f"{attack}\nprinted: {attack}"),
            check(attack, outcome="error", tag=attack, message=attack),
            check("h", outcome="failed", hidden=True, tag=attack, title=attack, message=attack),
        ]
        reports.append(report(attack, checks, kata=attack, kit=attack, isolation=attack, digest=attack))
    reports.append(report("lost", status="unreadable", reason={"en": XSS[0], "ko": XSS[3]}))
    return pages_of(tmp_path_factory.mktemp("hostile"), reports, languages=("en", "ko"))


def test_nothing_that_a_submission_says_runs_or_loads_anything_on_the_class_page(driver, hostile):
    go(driver, hostile / "report.html")
    assert len(texts(driver, NAMES)) == len(XSS) + 1
    for open_ in driver.find_elements("css selector", "main details > summary")[:30]:
        open_.click()
    for number in range(len(XSS)):
        driver.execute_script("document.querySelectorAll('#rows tbody th a')[arguments[0]].click()", number)
        wait(driver, "document.querySelectorAll('#detail .checks li').length >= 3")
        driver.execute_script("document.getElementById('student').close()")
    driver.find_element("css selector", "button[data-mistake]").click()
    assert driver.execute_script("return window.hit ?? null") is None
    assert asked_for(driver) == []
    assert complaints(driver) == []
    shown = driver.execute_script("return document.querySelector('#rows').textContent")
    assert "<svg/onload=window.hit=1>" in shown


def test_nothing_that_a_submission_says_runs_or_loads_anything_on_a_students_page(driver, hostile):
    for path in sorted((hostile / "feedback").glob("*.html")):
        go(driver, path)
        assert driver.execute_script("return window.hit ?? null") is None
        assert driver.execute_script("return document.querySelectorAll('script, iframe, form, base, link').length") == 0
        assert asked_for(driver) == []
        assert complaints(driver) == []
    assert len(list((hostile / "feedback").glob("*.html"))) == len(XSS) + 1
