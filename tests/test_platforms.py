"""A learning platform's export is taken as it is: whose is what, which hand-in counts, and what nobody can tell."""

import io
import zipfile

import pytest

from grader.bank.kata import load_katas
from grader.errors import UsageError
from grader.intake import find_submissions, list_passed_over, read_submission
from tests.conftest import ROOT
from tests.damage import pack
from tests.platform_exports import EARLIER, EXPORTS, MEMBERS, RIGHT, SQUARE, TWO_MORE, canvas, gradescope, moodle

OTHER = b"def double(x):\n    return 3 * x\n"


def unpack(files, folder):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def submissions_of(path, katas):
    return {one.id: one for one in (read_submission(place, katas) for place in find_submissions([path], katas))}


FORMS = {
    "folder": lambda files, tmp: unpack(files, tmp / "submissions"),
    "zip": lambda files, tmp: unpack({"submissions.zip": pack(files)}, tmp) / "submissions.zip",
    "zip in a folder": lambda files, tmp: unpack({"d/submissions.zip": pack(files)}, tmp) / "d",
    "zip in a zip": lambda files, tmp: unpack({"all.zip": pack({"w/inner.zip": pack(files)})}, tmp) / "all.zip",
    "wrapped": lambda files, tmp: unpack({f"week 3/{name}": content for name, content in files.items()}, tmp / "x"),
}


@pytest.fixture(scope="module")
def score_of(tiny_judge):
    """Grade a submission, one of the same bytes once only: how it came does not change what it is."""
    known = {}

    def score(submission):
        if submission.digest not in known:
            known[submission.digest] = tiny_judge.grade(submission).score
        return known[submission.digest]

    return score


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("platform", EXPORTS)
def test_the_same_class_has_the_same_marks_through_every_platform_and_its_own_ids(
    tmp_path, tiny_katas, score_of, platform, form
):
    export, key = EXPORTS[platform]
    path = FORMS[form](export(), tmp_path)
    found = find_submissions([path], tiny_katas)
    scores = {one.id: score_of(read_submission(one, tiny_katas)) for one in found}
    assert scores == {getattr(one, key): one.marks for one in MEMBERS}
    assert {one.student.platform if one.student else "" for one in found} == {platform.partition(",")[0]}
    assert list_passed_over([path], found) == []


def test_google_classrooms_copies_are_taken_apart_by_the_students_name(tmp_path, tiny_katas):
    files = {f"{one.name} - double.py": RIGHT for one in MEMBERS}
    found = find_submissions([unpack(files, tmp_path / "x")], tiny_katas)
    assert {one.id for one in found} == {one.name for one in MEMBERS}
    assert {one.student.platform for one in found} == {"Google Classroom"}


def test_a_name_of_their_own_behind_the_students_is_google_classrooms_too(tmp_path, tiny_katas):
    files = {f"{one.name} - double.py": RIGHT for one in MEMBERS} | {"이서연 - double2.py": OTHER}
    found = submissions_of(unpack(files, tmp_path / "x"), tiny_katas)
    assert found["이서연"].files == {"01_double": OTHER}


def test_canvas_says_who_was_late_and_moodle_who_it_is(tmp_path, tiny_katas):
    late = {one.id: one.student.late for one in find_submissions([unpack(canvas(), tmp_path / "c")], tiny_katas)}
    assert late == {"4711": "", "4712": "late", "4713": "", "4714": "", "4715": ""}
    names = {one.student.name for one in find_submissions([unpack(moodle(), tmp_path / "m")], tiny_katas)}
    assert names == {one.name for one in MEMBERS}


def test_of_several_hand_ins_the_last_by_the_platforms_time_counts_and_the_others_are_named(tmp_path, tiny_katas):
    # 11:59 at UTC is earlier than 21:01 in Seoul, although its text is not.
    found = {one.id: one for one in find_submissions([unpack(gradescope(), tmp_path / "g")], tiny_katas)}
    bob = found["20210002"]
    assert read_submission(bob, tiny_katas).files == {"01_double": TWO_MORE}
    assert bob.student.others == "submission_99"
    assert bob.student.handed_in == "2026-11-20T21:01:51.478527+09:00"


def test_hand_ins_of_one_time_cannot_be_told_apart_and_the_row_says_so(tmp_path, tiny_katas):
    text = gradescope()["submission_metadata.yml"].replace(b"11:59:00.000000000 Z", b"21:01:51.478527000 +09:00")
    path = unpack(gradescope() | {"submission_metadata.yml": text}, tmp_path / "g")
    bob = submissions_of(path, tiny_katas)["20210002"]
    assert (bob.unreadable.tag, bob.unreadable.values["files"]) == ("same_id", "submission_99, submission_101")


def test_a_group_of_gradescope_has_a_row_for_each_member(tmp_path, tiny_katas):
    text = "submission_1:\n  :submitters:\n  - :name: A\n    :sid: '1'\n  - :name: B\n    :sid: '2'\n"
    files = {"submission_metadata.yml": text.encode(), "submission_1/double.py": RIGHT}
    assert {name: one.files for name, one in submissions_of(unpack(files, tmp_path / "g"), tiny_katas).items()} == {
        "1": {"01_double": RIGHT},
        "2": {"01_double": RIGHT},
    }


def test_what_ruby_wrote_as_its_own_objects_is_read_as_plain_data(tmp_path, tiny_katas):
    text = "submission_1: !ruby/hash:Facts\n  :submitters: !ruby/array:List\n  - :name: !ruby/string A\n    :sid: '1'\n"
    files = {"submission_metadata.yml": text.encode(), "submission_1/double.py": RIGHT}
    assert list(submissions_of(unpack(files, tmp_path / "g"), tiny_katas)) == ["1"]


@pytest.mark.parametrize(
    "text", [b"a: [", b"- 1\n", b"submission_1: 3\n", b"\xff\xfe", b"submission_1:\n  :submitters: 3\n"]
)
def test_damaged_metadata_is_one_sentence_and_nothing_is_guessed_from_folders(tmp_path, tiny_katas, text):
    path = unpack({"submission_metadata.yml": text, "submission_1/double.py": RIGHT}, tmp_path / "g")
    with pytest.raises(UsageError) as refused:
        find_submissions([path], tiny_katas)
    assert refused.value.text == "unreadable"


def test_metadata_leads_to_nothing_outside_of_the_export(tmp_path, tiny_katas):
    unpack({"secret/double.py": RIGHT}, tmp_path)
    files = {"submission_metadata.yml": b"../secret:\n  :submitters:\n  - :sid: '1'\n", "submission_1/double.py": RIGHT}
    found = submissions_of(unpack(files, tmp_path / "g"), tiny_katas)
    assert found["1"].unreadable.tag == "file_gone"


def test_a_students_mark_of_classroom_50_moves_nobody_to_another_id(tmp_path, tiny_katas):
    mark = b'classroom: "cs-1"\nassignment: "double"\n'
    files = {
        f"cs-1-double-{name}/{file}": content
        for name in ("kim", "ana-kim", "bob")
        for file, content in {"double.py": RIGHT, ".classroom50.yaml": mark}.items()
    }
    files["cs-1-double-ana-kim/.classroom50.yaml"] = b'classroom: "cs-1"\nassignment: "double-ana"\n'
    assert set(submissions_of(unpack(files, tmp_path / "x"), tiny_katas)) == {"kim", "ana-kim", "bob"}


def test_a_katas_name_before_all_users_names_is_the_assignment(tmp_path, tiny_katas):
    files = {f"double-kim-{name}/{file}": RIGHT for name in ("ana", "bob") for file in ("double.py", ".git/config")}
    assert set(submissions_of(unpack(files, tmp_path / "x"), tiny_katas)) == {"kim-ana", "kim-bob"}


# --- names of copies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["double (1).py", "double(2).py", "Copy of double.py", "Copy of double (1).py", "double.py의 사본",
     "double의 사본.py", "double - Copy.py", "double - 복사본.py", "double copy 2.py", "double-1.py",
     "double 복사본.py", "double_final.py", "double_v2.py", "double_최종(2).py", "double-FINAL-fixed.py"],
)  # fmt: skip
def test_a_copys_name_is_as_good_as_the_files_where_it_is_the_only_one(tmp_path, tiny_katas, name):
    path = unpack({f"class/ana/{name}": RIGHT, "class/bob/double.py": SQUARE}, tmp_path) / "class"
    assert submissions_of(path, tiny_katas)["ana"].files == {"01_double": RIGHT}
    path = unpack({"class.zip": pack({f"ana/{name}": RIGHT, "bob/double.py": SQUARE})}, tmp_path) / "class.zip"
    assert submissions_of(path, tiny_katas)["ana"].files == {"01_double": RIGHT}
    for path in (unpack({f"x/ana/{name}": RIGHT, "x/ana/notes.txt": b""}, tmp_path), tmp_path / "y" / "ana.zip"):
        unpack({"y/ana.zip": pack({f"hw/{name}": RIGHT})}, tmp_path)
        (one,) = find_submissions([path / "x" / "ana" if path.is_dir() else path], tiny_katas)
        assert (one.id, read_submission(one, tiny_katas).files) == ("ana", {"01_double": RIGHT})


@pytest.mark.parametrize("name", ["double (1).py", "Copy of double.py", "double.py의 사본"])
def test_a_second_download_beside_the_first_cannot_be_told_apart_unless_it_is_the_same(tmp_path, tiny_katas, name):
    path = unpack(
        {f"ana/{name}": OTHER, "ana/double.py": RIGHT, f"bob/{name}": RIGHT, "bob/double.py": RIGHT}, tmp_path
    )
    ana, bob = submissions_of(path, tiny_katas).values()
    assert ana.files == {}
    assert ana.problems["01_double"].tag == "two_files"
    assert set(ana.problems["01_double"].values["files"].split(", ")) == {name, "double.py"}
    assert bob.files == {"01_double": RIGHT}


@pytest.mark.parametrize("name", ["double - Copy.py", "double_final.py", "double-1.py", "double 복사본.py"])
def test_what_a_student_named_otherwise_does_not_count_beside_the_file_and_is_told(tmp_path, tiny_katas, name):
    path = unpack({f"ana/{name}": OTHER, "ana/double.py": RIGHT, "bob/double.py": RIGHT}, tmp_path)
    ana = submissions_of(path, tiny_katas)["ana"]
    assert (ana.files, ana.not_read) == ({"01_double": RIGHT}, (name,))


def test_a_file_of_the_name_further_down_is_told_too_but_not_what_everybody_was_given(tmp_path, tiny_katas):
    files = {"ana/double.py": RIGHT, "ana/old/double.py": OTHER, "ana/exercises/shared/double.py": OTHER}
    path = unpack(files | {"bob/exercises/shared/double.py": RIGHT, "bob/exercises/a.py": b""}, tmp_path)
    ana, bob = submissions_of(path, tiny_katas).values()
    assert (ana.files, ana.not_read) == ({"01_double": RIGHT}, ("old/double.py",))
    assert (bob.files, bob.not_read) == ({}, ())


def test_files_of_a_flat_class_are_not_one_students_copies(tmp_path, tiny_katas):
    for names in (["double-1.py", "double-2.py"], ["double-20210001.py", "notes.txt"], ["double_final.py", "bob.py"]):
        path = unpack(dict.fromkeys(names, RIGHT), tmp_path / names[0])
        ids = {name.removesuffix(".py") for name in names if name.endswith(".py")}
        assert {one.id for one in find_submissions([path], tiny_katas)} == ids


@pytest.mark.parametrize("name", ["double (1).py", "double_final.py", "old/double.py"])
def test_the_file_as_it_was_given_out_is_no_answer_beside_one_whatever_the_names(tmp_path, tiny_katas, name):
    stub = tiny_katas[0].student_file.read_bytes()
    untouched = b"\xef\xbb\xbf" + stub.replace(b"\n", b" \r\n")
    for number, (one, other) in enumerate([(name, "double.py"), ("double.py", name)]):
        files = {f"ana/{one}": RIGHT, f"ana/{other}": untouched, "bob/double.py": stub}
        ana, bob = submissions_of(unpack(files, tmp_path / str(number)), tiny_katas).values()
        assert (ana.files, ana.problems, ana.not_read) == ({"01_double": RIGHT}, {}, ())
        assert bob.files == {"01_double": stub}


def test_two_zips_of_one_student_that_differ_are_not_decided_by_their_names(tmp_path, tiny_katas):
    files = {"ana/a.zip": pack({"double.py": RIGHT}), "ana/b.zip": pack({"x/double.py": OTHER}), "bob/double.py": RIGHT}
    ana = submissions_of(unpack(files, tmp_path), tiny_katas)["ana"]
    assert ana.problems["01_double"].values["files"] == "a.zip/double.py, b.zip/x/double.py"


# --- Canvas's numbers of uploads ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_of_canvas_uploads_the_highest_number_is_the_last_and_the_others_are_named(tmp_path, tiny_katas, form):
    files = canvas() | {
        "kimana_4711_9900_double-2.py": SQUARE,
        "kimana_4711_9800_double-1.py": OTHER,
        "lieve_4715_9700_hw-1.zip": pack({"double.py": TWO_MORE}),
    }
    found = {one.id: one for one in find_submissions([FORMS[form](files, tmp_path)], tiny_katas)}
    assert read_submission(found["4711"], tiny_katas).files == {"01_double": SQUARE}
    assert found["4711"].student.others == "kimana_4711_9000_double.py, kimana_4711_9800_double-1.py"
    assert read_submission(found["4715"], tiny_katas).files == {"01_double": TWO_MORE}
    assert found["4712"].student.others == ""


def test_two_uploads_of_one_number_and_a_students_own_numbers_are_not_guessed_at(tmp_path, tiny_katas):
    zips = {f"kimana_4711_900{n}_lab-{n}.zip": pack({"double.py": content}) for n, content in ((1, RIGHT), (2, OTHER))}
    same = {f"bob_4712_910{n}_double-1.py": content for n, content in ((1, RIGHT), (2, OTHER))}
    found = submissions_of(unpack(zips | same, tmp_path / "c"), tiny_katas)
    assert found["4712"].problems["01_double"].tag == "two_files"
    assert found["4711"].problems["01_double"].tag == "two_files"


# --- several exports ------------------------------------------------------------------------------------------------


def test_two_canvas_exports_that_differ_make_a_row_that_says_so_and_equal_ones_none(tmp_path, tiny_katas):
    later = canvas() | {"kimana_4711_9100_double.py": OTHER}
    del later["kimana_4711_9000_double.py"]
    path = unpack({"monday.zip": pack(canvas()), "tuesday.zip": pack(later)}, tmp_path / "both")
    found = submissions_of(path, tiny_katas)
    assert set(found) == {one.canvas for one in MEMBERS}
    assert found["4711"].problems["01_double"].tag == "two_files"
    assert "monday.zip" in found["4711"].problems["01_double"].values["files"]
    assert found["4712"].files == {"01_double": TWO_MORE}


@pytest.mark.parametrize(("first", "again"), [("double.py", "double-1.py"), ("hw.zip", "hw-1.zip")])
def test_of_two_canvas_exports_the_higher_upload_counts_and_the_other_is_told(tmp_path, tiny_katas, first, again):
    def export(name, content):
        return pack(canvas() | {f"zoe_4799_{name}": pack({"double.py": content}) if "zip" in name else content})

    path = unpack({"b.zip": export(f"1_{first}", OTHER), "a.zip": export(f"2_{again}", RIGHT)}, tmp_path / "both")
    zoe = submissions_of(path, tiny_katas)["4799"]
    assert (zoe.files, zoe.not_read) == ({"01_double": RIGHT}, (f"b.zip/zoe_4799_1_{first}",))


def test_exports_of_gradescope_one_an_assignment_are_merged_kata_by_kata(tmp_path):
    katas = load_katas(ROOT)

    def export(key, file):
        text = f"submission_{key}:\n  :submitters:\n  - :sid: '1'\n  :created_at: 2026-11-2{key} 10:00:00 Z\n"
        return {"submission_metadata.yml": text.encode(), f"submission_{key}/{file}": RIGHT}

    exports = {"gates": export(1, "gates.py"), "xor": export(2, "xor.py")}
    zips = unpack({f"{name}.zip": pack(files) for name, files in exports.items()}, tmp_path / "z")
    folders = [unpack(files, tmp_path / "f" / name) for name, files in exports.items()]
    for paths in (sorted(zips.iterdir()), folders, [zips], [tmp_path / "f"]):
        (one,) = find_submissions(paths, katas)
        submission = read_submission(one, katas)
        assert submission.files == {"02_gates": RIGHT, "03_xor": RIGHT}
        # Each assignment has its own time, and being late with one of them is not being late with both.
        assert submission.times == {
            "02_gates": "2026-11-21T10:00:00+00:00",
            "03_xor": "2026-11-22T10:00:00+00:00",
        }


def test_of_two_gradescope_exports_the_later_hand_in_counts(tmp_path, tiny_katas):
    def export(time, content):
        text = f"submission_1:\n  :submitters:\n  - :sid: '1'\n  :created_at: {time}\n"
        return pack({"submission_metadata.yml": text.encode(), "submission_1/double.py": content})

    files = {"a.zip": export("2026-11-21 10:00:00 Z", RIGHT), "b.zip": export("2026-11-20 10:00:00 Z", EARLIER)}
    (one,) = submissions_of(unpack(files, tmp_path / "both"), tiny_katas).values()
    assert one.files == {"01_double": RIGHT}


@pytest.mark.parametrize("platform", ["Canvas", "Moodle", "Moodle, flat", "Gradescope", "GitHub Classroom, elsewhere"])
def test_entries_named_one_by_one_as_a_shell_does_are_the_same_export(tmp_path, tiny_katas, platform):
    export, key = EXPORTS[platform]
    folder = unpack(export(), tmp_path / "submissions")
    found = find_submissions(sorted(folder.iterdir()), tiny_katas)
    assert {one.id for one in found} == {getattr(one, key) for one in MEMBERS}
    assert list_passed_over(sorted(folder.iterdir()), found) == []


def test_what_a_person_put_among_a_platforms_files_is_a_submission_too(tmp_path, tiny_katas):
    path = unpack(canvas() | {"by mail/double.py": OTHER, "gradebook.csv": b"x", "feedback/a.txt": b""}, tmp_path / "c")
    found = find_submissions([path], tiny_katas)
    assert {one.id for one in found} == {"by mail", *(one.canvas for one in MEMBERS)}
    assert list_passed_over([path], found) == ["feedback/", "gradebook.csv"]


def test_a_student_who_handed_in_something_else_has_a_row_that_names_it(tmp_path, tiny_katas):
    path = unpack(canvas() | {"zoe_4799_9999_report.pdf": b"x", "xi_4798_text.html": b"x"}, tmp_path / "c")
    found = submissions_of(path, tiny_katas)
    assert found["4799"].unreadable.values["found"] == "report.pdf"
    assert found["4798"].unreadable.values["found"] == "xi_4798_text.html"


def test_a_lone_file_of_any_name_counts_for_the_one_kata_as_in_a_plain_class(tmp_path, tiny_katas):
    path = unpack({"kimana_4711_9000_my answer.py": RIGHT, "bob_4712_9001_double.py": SQUARE}, tmp_path / "c")
    assert {name: one.files for name, one in submissions_of(path, tiny_katas).items()} == {
        "4711": {"01_double": RIGHT},
        "4712": {"01_double": SQUARE},
    }


def test_a_class_of_one_is_an_export_too(tmp_path, tiny_katas):
    for number, name in enumerate(["kimana_4711_9000_double.py", "Ana Kim_301_assignsubmission_file_/double.py"]):
        (tmp_path / f"{number}.zip").write_bytes(pack({name: RIGHT}))
        (found,) = find_submissions([tmp_path / f"{number}.zip"], tiny_katas)
        assert found.student.platform == ("Canvas", "Moodle")[number]


@pytest.mark.parametrize("name", ["hw_1_2.py", "double_2026_11_20.py", "week 1 - notes.py"])
def test_a_few_names_of_a_platforms_form_make_no_export(tmp_path, tiny_katas, name):
    path = unpack({name: RIGHT, "ana.py": RIGHT, "bob.py": RIGHT}, tmp_path / "class")
    assert {one.student for one in find_submissions([path], tiny_katas)} == {None}


def test_a_zip_of_a_class_in_cp949_is_an_export_too(tmp_path, tiny_katas):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("AAAA_301_assignsubmission_file_/double.py", RIGHT)
        archive.writestr("BBBB_302_assignsubmission_file_/double.py", SQUARE)
    content = stream.getvalue().replace(b"AAAA", "가나".encode("cp949")).replace(b"BBBB", "다라".encode("cp949"))
    (tmp_path / "m.zip").write_bytes(content)
    found = find_submissions([tmp_path / "m.zip"], tiny_katas)
    assert {one.id: one.student.name for one in found} == {"301": "가나", "302": "다라"}


def test_one_stray_copy_makes_no_drive_of_a_class(tmp_path, tiny_katas):
    files = {f"{one.login}/double.py": RIGHT for one in MEMBERS} | {"bob/Copy of double.py": RIGHT}
    path = unpack(files, tmp_path / "c")
    assert [one.student for one in find_submissions([path], tiny_katas)] == [None] * len(MEMBERS)


def test_a_stray_file_among_entries_named_one_by_one_leaves_the_platform_known(tmp_path, tiny_katas):
    path = unpack(canvas() | {"by mail.zip": pack({"double.py": OTHER})}, tmp_path / "c")
    found = find_submissions(sorted(path.iterdir()), tiny_katas)
    assert {one.id for one in found} == {"by mail", *(one.canvas for one in MEMBERS)}


def test_two_entries_of_one_name_are_one_row_and_neither_is_passed_over(tmp_path, tiny_katas):
    files = {"ana/double.py": RIGHT, "bob/double.py": RIGHT, "ana.zip": pack({"double.py": OTHER})}
    path = unpack(files, tmp_path / "c")
    found = find_submissions([path], tiny_katas)
    assert [one.id for one in found] == ["ana", "bob"]
    assert read_submission(found[0], tiny_katas).unreadable.tag == "same_id"
    assert list_passed_over([path], found) == []
