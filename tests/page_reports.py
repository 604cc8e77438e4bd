"""Reports for tests of pages, made by hand, and pages read with a parser that is not the one that wrote them."""

import html.parser
import json
from pathlib import Path

from grader.pages.results import ClassResults
from grader.pages.write import write_pages

HIDDEN_TITLE = "any number is doubled, ghjk"
HIDDEN_INPUT = "double(271828)"


def check(name, *, outcome="passed", hidden=False, points=1.0, tag="", message="", title=None, **more):
    return {
        "id": name,
        "title": title or f"{name} holds",
        "hidden": hidden,
        "step": 1,
        "outcome": outcome,
        "points": points if outcome == "passed" else 0.0,
        "max_points": points,
        "tag": tag,
        "message": {"en": message, "ko": f"{message} (한국어)"} if message else {},
        "expected": "",
        "actual": "",
        **more,
    }


def report(submission, checks=None, *, status="graded", kata="01_double", **more):
    checks = [check("doubles"), check("again"), check("random", hidden=True)] if checks is None else checks
    score = sum(one["points"] for one in checks)
    katas = [{"kata": kata, "score": score, "max_score": len(checks), "public": [], "hidden": [], "checks": checks}]
    return {
        "schema": 1,
        "submission": submission,
        "status": status,
        "score": score,
        "max_score": 3.0,
        "isolation": "full",
        "kit": "0.1.0",
        "digest": f"sha256:{submission}",
        "seconds": 0.1,
        "katas": katas if status == "graded" else [],
        **more,
    }


def write_results(folder: Path, reports) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "results.jsonl").open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in reports)
    return folder


def pages_of(folder: Path, reports, *, katas=(), languages=("en",)) -> Path:
    write_results(folder, reports)
    write_pages(ClassResults(folder), katas, languages)
    return folder


class _Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.text, self.scripts, self._in = [], [], {}, []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self._in.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        while self._in and self._in.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tag, attributes = self._in[-1] if self._in else ("", {})
        if tag == "script":
            self.scripts[attributes.get("id")] = data
        elif tag != "style":
            self.text.append(data)


def read_page(path: Path) -> _Reader:
    reader = _Reader()
    reader.feed(path.read_text("utf-8"))
    reader.close()
    reader.words = " ".join(" ".join(reader.text).split())
    return reader
