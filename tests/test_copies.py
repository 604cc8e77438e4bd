"""The form of an answer, groups of equal forms, and files for programs that look for copies."""

import ast
import io
import tokenize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.bank.kata import load_katas
from grader.copies.form import form_of, names_in, plain_number, resemblance, strip_source
from grader.copies.groups import find_copies
from grader.pages.keep import Keep
from grader.pages.results import ClassResults
from grader.pages.write import write_pages
from tests.conftest import ROOT, write_bank
from tests.page_reports import read_page, report, write_results
from tests.test_cli import RIGHT, kata
from tests.test_cli import bank as bank  # a fixture
from tests.test_skip import SECOND

BASE = "def f(a, b):\n    total = a * 1.5 + np.exp(b)\n    return total\n"


def digest(source, given=frozenset({"f"})):
    return form_of(source.encode(), given).digest


@pytest.mark.parametrize(
    "other",
    [
        BASE.replace("total", "summe"),
        BASE.replace("a", "x_1").replace("np.exp", "np.exp").replace("totx_1l", "q").replace("returnx", "return"),
        BASE.replace("1.5", "15e-1"),
        BASE.replace("1.5", "1_5e-0_1".replace("_", "")),
        BASE.replace("    total = ", "\t# mine\r\n    total  =   "),
        f'"""By me."""\n{BASE}',
        BASE.replace("return total", "return total  # 나래"),
    ],
    ids=["name", "argument", "number", "digits", "layout", "docstring", "comment"],
)
def test_names_comments_numbers_and_layout_do_not_count(other):
    assert digest(other) == digest(BASE)


@pytest.mark.parametrize(
    "other",
    [
        BASE.replace("1.5", "1.6"),
        BASE.replace("exp", "log"),
        BASE.replace("a *", "b *"),
        BASE.replace("*", "+"),
        BASE.replace("f(", "g("),
    ],
    ids=["value", "attribute", "other-variable", "operator", "given-name"],
)
def test_what_a_program_does_counts(other):
    assert digest(other) != digest(BASE)


@pytest.mark.parametrize("texts", [("1", "1.0", "1.", "1e0", "0x1", "0b1", "1_0e-1"), (".5", "0.5", "5e-1", "0.50")])
def test_every_spelling_of_a_number_is_one(texts):
    assert len({plain_number(text) for text in texts}) == 1


@given(st.binary(max_size=400))
def test_any_bytes_have_a_form_and_can_be_stripped(source):
    assert form_of(source, ()).size >= 0
    strip_source(source)


@pytest.mark.parametrize("source", [b"(" * 200_000, b'"""' * 50_000, b"'\\" * 100_000, b"9" * 250_000, b"a." * 100_000])
def test_a_hostile_file_costs_no_more_than_its_length(source):
    assert form_of(source, ()).size < len(source) + 1


KATAS = [one for one in load_katas(ROOT) if one.suffix == ".py"]


@pytest.mark.parametrize("one", KATAS, ids=lambda one: one.name)
def test_a_stripped_reference_is_the_same_program(one):
    source = (one.solution / one.file_name).read_bytes()
    stripped = strip_source(source)

    def plain(text):
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                node.value.value = ""
        return ast.dump(tree)

    assert plain(stripped) == plain(source)
    assert not [t for t in tokenize.tokenize(io.BytesIO(stripped).readline) if t.type == tokenize.COMMENT]
    given = names_in(one.student_file.read_bytes())
    assert form_of(stripped.replace(b'""', b""), given).digest == form_of(source, given).digest


def test_resemblance_is_near_the_true_share_of_common_pieces():
    lines = [f"x{i} = x{i} * {i} + f{i}(y, {i})\n".encode() for i in range(60)]
    names = {f"x{i}" for i in range(60)} | {f"f{i}" for i in range(60)} | {"y"}
    whole, most, none = (b"".join(part) for part in (lines, lines[:50], lines[30:][::-1]))
    forms = [form_of(text, names) for text in (whole, most, none, b"z = 1\n")]
    assert resemblance(forms[0], forms[0]) == 1
    assert resemblance(forms[0], forms[1]) == pytest.approx(50 / 60, abs=0.2)
    assert resemblance(forms[0], forms[3]) < 0.1


def test_groups_leave_out_the_file_given_out_and_what_many_wrote():
    def form(text):
        return form_of(text.encode(), {"f"})

    answers = [(f"many{i}", form("f = 1")) for i in range(20)] + [(f"stub{i}", form("f = ...")) for i in range(9)]
    answers += [("ana", form("f = [1, 2, a + b]")), ("ben", form("f = [1.0, 2.0, c + d]"))]
    answers += [("cho", form("f = [1, 2, a - b]"))]
    found = find_copies("01_x", answers, form("f = ...").digest)
    (group,) = found.groups
    assert (group.submissions, group.count) == (("ana", "ben"), 2)
    assert (found.answers, found.common, found.more) == (23, 20, 0)


def test_others_who_wrote_nearly_the_same_are_counted():
    def program(last):
        return form_of(("f = 0\n" + "".join(f"f = f + {i}\n" for i in range(40)) + last).encode(), {"f"})

    answers = [
        ("ana", program("f = 1\n")),
        ("ben", program("f = 1\n")),
        ("cho", program("f = 2\n")),
        ("dan", program("f = -9\n")),
    ]
    answers.append(("eve", form_of(b"f = 7\n", {"f"})))
    (group,) = find_copies("01_x", answers, None).groups
    assert group.near == 2


def test_the_class_page_names_groups_of_these_very_submissions(tmp_path):
    write_results(tmp_path, [report("ana"), report("ben"), report("zoe")])
    same = form_of(b"f = [x for x in y]", {"f"})
    with Keep(tmp_path, writes=True) as keep:
        for name, digest_ in (("ana", "sha256:ana"), ("ben", "sha256:ben"), ("zoe", "sha256:an older one")):
            keep.note_forms(name, digest_, {"01_double": same})
    write_pages(ClassResults(tmp_path), (), ("en",))
    part = read_page(tmp_path / "report.html").words.split("The same answers")[1]
    assert "ana · ben 2 the same" in part
    assert "proves nothing" in part
    assert "zoe" not in part


def test_grade_looks_for_copies_and_export_writes_them_for_other_programs(bank, tmp_path):
    own = "# by ana\ndef double(zahl):\n    '''doc'''\n    t = [zahl, zahl]\n    return sum(t)\n"
    sources = {"ana": own, "Ana": own.replace("zahl", "n").replace("ana", "Ana"), "ben": RIGHT, "cho": RIGHT + "#"}
    for name, source in sources.items():
        (tmp_path / "school" / name).mkdir(parents=True)
        (tmp_path / "school" / name / "double.py").write_text(source, "utf-8")
    done = kata("grade", tmp_path / "school", "--out", tmp_path / "out", "--pictures", "none", cwd=bank)
    assert done.returncode == 0, done.stderr
    part = read_page(tmp_path / "out" / "report.html").words.split("The same answers")[1]
    assert "Ana · ana 2 the same" in part
    assert "ben · cho 2 the same" in part
    done = kata("export", tmp_path / "school", "--similarity", tmp_path / "for", cwd=bank)
    assert done.returncode == 0, done.stderr
    files = {
        str(path.relative_to(tmp_path / "for")): path.read_text("utf-8") for path in (tmp_path / "for").rglob("*.py")
    }
    assert sorted(files) == sorted(
        [
            "01_double/ben.py",
            "01_double/cho.py",
            "given/01_double/double.py",
            *(name for name in files if "na-" in name),
        ]
    )
    assert len(files) == 5
    assert files["01_double/ben.py"] == RIGHT
    assert not any("by " in text or "doc" in text for text in files.values())
    (tmp_path / "school" / "dee").mkdir()
    (tmp_path / "school" / "dee" / "notes.txt").write_text("x", "utf-8")
    less = kata("export", tmp_path / "school", "--similarity", tmp_path / "less", cwd=bank)
    assert "that could be read (1): dee" in less.stderr
    again = kata("export", tmp_path / "school", "--similarity", tmp_path / "for", cwd=bank)
    assert again.returncode == 2


def test_what_nobody_answered_has_no_folder_and_is_not_the_example(bank, tmp_path):
    write_bank(bank, SECOND)
    (tmp_path / "school" / "ana").mkdir(parents=True)
    (tmp_path / "school" / "ana" / "triple.py").write_text("def triple(x):\n    return 3 * x\n", "utf-8")
    done = kata("export", tmp_path / "school", "--similarity", tmp_path / "for", cwd=bank)
    assert done.returncode == 0, done.stderr
    files = {str(path.relative_to(tmp_path / "for")) for path in (tmp_path / "for").rglob("*")}
    assert files == {
        *("02_triple", "02_triple/ana.py", "given"),
        *("given/02_triple", "given/02_triple/triple.py"),
    }
    assert "/02_triple/*" in done.stdout
    assert "01_double" not in done.stdout
