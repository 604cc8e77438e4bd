"""Making the site: what is in it, what never is, and that the built page is what its sources say."""

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

import grader.site
from grader.bank.approaches import load_approaches
from grader.bank.kata import load_katas
from grader.errors import UsageError
from grader.site.lessons import lesson
from grader.site.make import list_site, write_site
from grader.site.pyodide import CORE_NAMES, open_pyodide
from grader.words.catalogue import load_catalogue
from grader.words.languages import LANGUAGES, TEXTS
from tests.conftest import ROOT, write_bank
from tests.site import parts
from tests.test_content import secret_lines

HERE = Path(grader.site.__file__).parent
SCRIPTS = [
    *sorted((HERE / "source" / "page").glob("*.js")),
    HERE / "templates/worker.js",
    HERE / "templates/service.js",
]


@pytest.fixture(scope="module")
def files():
    """A site of the real katas, its Python from Pyodide's own host."""
    return list_site(load_katas(ROOT), pyodide=open_pyodide(None), language=None)


def unpacked(files):
    """Every file of the site, and every file inside its zips."""
    for name, content in files.items():
        yield name, content
        if name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for inside in archive.namelist():
                    yield f"{name}/{inside}", archive.read(inside)


def service(files):
    return json.loads(files["service.js"].decode().split("SITE = ", 1)[1].split(";\n", 1)[0])


def test_a_site_holds_no_byte_of_the_solutions(files):
    everything = dict(unpacked(files))
    text = b"\n".join(everything.values())
    # Lessons and stubs lie in JSON, where a quotation mark or an arrow may be written in another way.
    text += json.dumps(json.loads(files["site.json"]), ensure_ascii=False).replace('\\"', '"').encode()
    # What `kata new` writes for authors is about doubling a number, and no answer to any kata.
    names = [name for name in everything if "/texts/new_kata/" not in name]
    assert not [name for name in names if "solution" in name or "hidden" in Path(name).name]
    for kata in load_katas(ROOT):
        for path in kata.solution.rglob("*"):
            if path.is_dir() or "__pycache__" in path.parts:
                continue
            assert path.read_bytes() not in text, path
            if path.parent == kata.solution and path.suffix == ".py":
                for line in set(secret_lines(path)):
                    assert line not in text, (path, line)


def test_the_solutions_would_be_found(files):
    """The test above can fail: a line of a reference inside a zip is seen."""
    kata = next(kata for kata in load_katas(ROOT) if kata.slug == "xor")
    (line, *_) = secret_lines(kata.solution / "xor.py")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.py", b"def f():\n    " + line)
    assert any(line in content for _, content in unpacked({**files, "more.zip": out.getvalue()}))


def test_a_site_is_the_same_bytes_each_time(files):
    assert list_site(load_katas(ROOT), pyodide=open_pyodide(None), language=None) == files


def test_the_service_worker_knows_every_file_with_its_hash(files):
    kept = service(files)["files"]
    beside = {"service.js", ".nojekyll"}
    assert set(kept) == set(files) - beside
    for name, wanted in kept.items():
        assert base64.b64encode(hashlib.sha256(files[name]).digest()).decode() == wanted


def test_another_lesson_makes_another_version(files):
    katas = load_katas(ROOT)[:2]
    few = list_site(katas, pyodide=open_pyodide(None), language=None)
    assert service(few)["version"] != service(files)["version"]


def test_the_pages_python_is_named_with_hashes_by_pyodides_own_lock_file(files):
    pins = json.loads((HERE / "pyodide.json").read_text("utf-8"))
    named = service(files)["pyodide"]
    # What the page needs for its own katas is kept without being asked for.
    assert {Path(name).name.split("-")[0] for name in named["always"]} == {*CORE_NAMES, "numpy"}
    assert named["url"] == pins["url"]
    packages = {entry["file_name"]: entry["sha256"] for entry in pins["lock"]["packages"].values()}
    for name, value in named["files"].items():
        wanted = pins["core"][name]["sha256"] if name in pins["core"] else packages[name]
        assert base64.b64decode(value).hex() == wanted
    assert set(named["files"]) >= set(CORE_NAMES)


def test_a_mirror_has_the_same_hashes_as_the_public_host():
    mirror = open_pyodide("https://mirror.example.org/pyodide")
    assert mirror.url == "https://mirror.example.org/pyodide/"
    assert mirror.hashes == open_pyodide(None).hashes


def test_the_kit_in_the_page_has_the_plugin_and_nothing_of_the_page(files):
    with zipfile.ZipFile(io.BytesIO(files["kit.zip"])) as archive:
        names = archive.namelist()
        (entry,) = [name for name in names if name.endswith("entry_points.txt")]
        assert "grader.plugin" in archive.read(entry).decode()
    assert {"grader/plugin.py", "grader/site/inside.py", "pytest/__init__.py", "pygments/lexers/python.py"} <= set(
        names
    )
    assert not [name for name in names if "/source/" in name or "/templates/" in name]


def test_the_licences_of_what_is_passed_on_go_along(files):
    text = files["licences.txt"].decode()
    for name in ("@codemirror/view", "@lezer/python", "fflate"):
        assert f"{name}\n\nMIT License" in text
    names = [name for name, _ in unpacked(files)]
    for package in ("pytest", "pluggy", "iniconfig", "packaging", "pygments", "rich", "tqdm"):
        assert [name for name in names if re.search(rf"/{package}-[^/]+\.dist-info/.*licen", name, re.I)], package


def test_only_the_katas_that_are_asked_for_are_in_the_site():
    files = list_site(load_katas(ROOT)[1:3], pyodide=open_pyodide(None), language="ko")
    data = json.loads(files["site.json"])
    assert [kata["name"] for kata in data["katas"]] == ["02_gates", "03_xor"]
    assert data["language"] == "ko"
    assert not [name for name, _ in unpacked(files) if "01_neuron" in name]


# --- lessons and words --------------------------------------------------------------------------------------------


def test_the_other_ways_are_in_the_pages_data_and_nowhere_else_and_can_be_left_out(files):
    katas = load_katas(ROOT)
    code = load_approaches(katas[0])[0].code
    assert code in json.loads(files["site.json"])["katas"][0]["approaches"][0]["code"]
    assert not [name for name, _ in unpacked(files) if "approaches.toml" in name]
    without = list_site(katas[:1], pyodide=open_pyodide(None), language=None, with_approaches=False)
    assert json.loads(without["site.json"])["katas"][0]["approaches"] == []
    assert code.splitlines()[1].encode() not in b"".join(content for _, content in unpacked(without))


def test_a_lesson_has_tables_and_commands_that_can_be_pressed():
    kata = load_katas(ROOT)[1]
    for language in LANGUAGES:
        text = lesson(kata, language)
        assert "<table>" in text
        assert '<button type="button" class="command" data-do="plot"><code>kata plot 02</code></button>' in text
        assert "<h1>" not in text


@pytest.mark.parametrize("kata", load_katas(ROOT), ids=lambda kata: kata.name)
def test_no_product_in_a_lesson_is_taken_for_emphasis(kata):
    """In Markdown, 1*3 + 1*(-2) is three words and an italic one."""
    for language in LANGUAGES:
        assert not re.findall(r"<em>[^<]*[0-9+=][^<]*</em>", lesson(kata, language))


def test_html_in_a_readme_stays_text(tmp_path):
    bank = write_bank(tmp_path, {"exercises/01_double/README.md": "# Double\n\n<script>alert(1)</script> `<b>`\n"})
    (kata,) = load_katas(bank)
    assert "<script>" not in lesson(kata, "en")
    assert "<b>" not in lesson(kata, "en")


def test_every_word_the_page_asks_for_exists_and_none_is_left_over():
    known = set(load_catalogue(TEXTS / "site.toml").tables["page"])
    script = "\n".join(path.read_text("utf-8") for path in sorted((HERE / "source" / "page").glob("*.js")))
    page = (HERE / "templates" / "index.html").read_text("utf-8")
    asked = set(re.findall(r'data-(?:word|label)="([^"]+)"', page)) | set(re.findall(r'word\("([a-z_]+)"', script))
    assert asked <= known
    built = {"rest", "storage", "stuck", "died", "stopped", "failed"}
    quoted = set(re.findall(r'"([a-z_]+)"', script))
    unused = {name for name in known - asked - quoted if re.split(r"[ _]", name)[0] not in built}
    assert unused == set()


# --- writing ------------------------------------------------------------------------------------------------------


def test_a_new_site_takes_the_place_of_an_older_one_and_nothing_else(tmp_path, files):
    old = {**files, "old.js": b"1"}
    about = service(files)
    about["files"]["old.js"] = "x"
    old["service.js"] = b"const SITE = " + json.dumps(about).encode() + b";\n"
    write_site(old, tmp_path / "site")
    (tmp_path / "site" / "CNAME").write_text("katas.example.org", "utf-8")
    write_site(files, tmp_path / "site")
    left = {path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*") if path.is_file()}
    assert left == {*files, "CNAME"}


def test_a_folder_with_something_else_is_left_alone(tmp_path, files):
    (tmp_path / "thesis.tex").write_text("x", "utf-8")
    with pytest.raises(UsageError, match="exists"):
        write_site(files, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize("address", ["ftp://example.org/pyodide", "https://", "file:///pyodide"])
def test_what_no_browser_fetches_python_from_is_refused(address):
    with pytest.raises(UsageError, match="pyodide_address"):
        open_pyodide(address)


def test_a_folder_that_is_no_pyodide_or_another_version_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no_pyodide"):
        open_pyodide(str(tmp_path))
    pins = json.loads((HERE / "pyodide.json").read_text("utf-8"))
    (tmp_path / "pyodide-lock.json").write_text(json.dumps(pins["lock"]), "utf-8")
    with pytest.raises(UsageError, match="no_pyodide"):
        open_pyodide(str(tmp_path))
    for name in CORE_NAMES:
        (tmp_path / name).write_bytes(b"another version")
    with pytest.raises(UsageError, match="other_pyodide"):
        open_pyodide(str(tmp_path))


# --- the built page -----------------------------------------------------------------------------------------------


def test_the_built_page_is_what_its_sources_say(tmp_path):
    """With the tools that package-lock.json pins, the sources give the very bytes that the package brings along."""
    try:
        tools = parts.node_modules()
    except parts.NotToBeHad as problem:
        pytest.skip(str(problem))
    shutil.copytree(HERE / "source", tmp_path / "source", ignore=shutil.ignore_patterns("node_modules"))
    (tmp_path / "source" / "node_modules").symlink_to(tools / "node_modules")
    (tmp_path / "templates").mkdir()
    for name in ("templates/page.js", "templates/licences.txt", "pyodide.json"):
        shutil.copyfile(HERE / name, tmp_path / name)
    done = subprocess.run(["npm", "run", "check"], cwd=tmp_path / "source", capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (tmp_path / "source" / "page" / "words.js").write_text("export const site = 1;", "utf-8")
    done = subprocess.run(["node", "build.mjs", "--check"], cwd=tmp_path / "source", capture_output=True, text=True)
    assert done.returncode != 0


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_the_pages_sources_are_bound_by_the_house_rules(path):
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) <= 400
    assert max(map(len, lines)) <= 120
    # "# TODO" marks a hole in a stub, and is no comment in JavaScript.
    assert "TODO" not in "\n".join(lines).replace("# TODO", "")
