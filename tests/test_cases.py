"""Answers as people publish and paste them: each gets its own words, and none that say more than was looked at.

The files are as they came in, so they stay as they are. What each is told was read by eye.
"""

from pathlib import Path

import pytest

from grader.bank.kata import load_katas
from grader.bank.texts import load_kata_texts
from grader.checks.crash import StudentFault
from grader.checks.student import Student
from grader.intake import Submission
from grader.judge.judge import Judge
from grader.result import Outcome
from grader.sandbox.local import LocalSession

CASES = Path(__file__).parent / "cases"

# File -> {check: tag}, and words that must not be said of it.
EXPECTED = {
    "01/P23_line_numbers": ({"predict_z": "line_numbers"}, ["bracket, a colon"]),
    "01/R03_w2_squared": ({"rows[1, 1, -1]": "input_left_out"}, ["changed nothing", "no answer changed"]),
    "02/P22_prompts": ({"rows[AND]": "prompt"}, ["bracket, a colon"]),
    "02/P26_ipynb_json_as_py": ({"rows[AND]": "pasted_notebook"}, ["null"]),
    "02/P47_merge_markers": ({"rows[AND]": "merge_marks"}, ["bracket, a colon"]),
    "02/R18_w_array_and_b": ({"rows[AND]": "weights_in_a_list"}, ["with a point", "2 numbers"]),
    "08/R65_one_over_one": (
        {"sigmoid_values": "sigmoid_brackets", "d_sigmoid_values": "built_on_sigmoid"},
        ["by hand"],
    ),
    "10/R99_brackets": ({"numeric_product": "brackets", "numeric_square": "brackets"}, []),
    "10/R100_h_tiny": ({"numeric_product": "own_step", "numeric_square": "own_step"}, []),
    "10/V10_brackets": ({"numeric_product": "brackets", "numeric_square": "brackets"}, []),
    "10/V10_brackets_onesided": ({"numeric_product": "brackets", "numeric_square": "brackets"}, []),
    "10/V10_div_2_mul_h": ({"numeric_product": "multiplied_by_h", "numeric_square": "multiplied_by_h"}, ["twice"]),
    "10/V10_own_h_1e-10": ({"numeric_product": "own_step", "numeric_square": "own_step"}, []),
    "11/P31_win_path": ({"note_one_step[x=1]": "backslash"}, ["UTF-8"]),
    "11/R114_column_vectors": ({"first_step": "every_pair"}, []),
    # On an overloaded machine something else may end it before its own time is over.
    "12/P16_train_30s": ({"init": "too_slow_to_read|no_answer|died"}, ["Does the loop"]),
    "12/R125_deriv_of_activated": ({"backward_hidden": "slope_of_output"}, ["are right for the four rows"]),
    "12/V12_c_extra_sum": ({"backward_output": "several_slopes", "backward_hidden": "several_slopes"}, ["All entries"]),
    "12/V12_d_literal_paste": ({"backward_output": "several_slopes", "backward_hidden": "several_slopes"}, []),
    "12/V12_e_sign_mean": ({"backward_output": "several_slopes", "backward_hidden": "several_slopes"}, []),
    "12/V12_f_squared_sum": ({"backward_output": "several_slopes", "backward_hidden": "several_slopes"}, []),
    "12/V12_g_sign_sum": (
        {"backward_output": "several_slopes", "backward_hidden": "several_slopes"},
        ["the right way"],
    ),
    "12/V12_missing_hidden_slope": (
        {"backward_hidden": "missing_sigmoid_slope", "gradient_shapes": "other_shapes"},
        ["are right for the four rows"],
    ),
    "15/R146_tie_neither": ({"early_stop_edges": "tie_uncounted"}, ["strictly"]),
    "15/R147_majority_over_count": ({"class_weights": "largest_above"}, ["by hand"]),
}
BEGINNERS = {
    "01/W_asks_at_the_top": ({"predict_z": "asks_input"}, []),
    "01/W_class": ({"rows[1, 1, -1]": "class_made"}, ["last line of the function"]),
    "01/W_cp949": ({"predict_z": "encoding"}, []),
    "01/W_numpy_not_imported": ({"rows[1, 1, -1]": "name_not_imported"}, ["spelt the same"]),
    "01/W_only_a_comment": ({"predict_z": "syntax_block"}, ["Line 10"]),
    "02/W_printed_minus": ({"rows[AND]": "syntax_character"}, ["invalid"]),
    "05/W_no_last_call": ({"all_with_nine": "calls_itself"}, ["reused"]),
    "07/W_one_array_of_four": ({"shapes": "rows_of_an_array"}, ["inhomogeneous"]),
    "08/W_defined_below": ({"largest_slope": "name_below"}, ["spelt the same"]),
    "08/W_exp_of_math": ({"softmax_values": "math_of_many"}, ["scalars"]),
    "08/W_rounds": ({"relu_values": "rounded"}, ["by hand"]),
    "10/W_rounds": ({"numeric_square": "rounded", "grad[C]": "rounded"}, ["another one"]),
    "11/W_pair_turned": ({"note_one_step[x=1]": "other_order"}, ["by hand"]),
    "14/W_holds_a_place": ({"predict_class": "stops_itself"}, ["what it should be"]),
    "16/W_nan": ({"measured[s01 s04]": "unknown_word"}, ["zero"]),
}
"""Files as a first course in Python brings them forth."""

WITH_TENSORFLOW = {
    "06/P18_tf1_compat": ({"stack[build_3]": "tensorflow_1"}, ["line ?"]),
    "06/P42_np_utils": ({"data[X_xor]": "keras_part"}, ["site-packages"]),
    "06/P43_keras_engine": ({"data[X_xor]": "keras_part"}, ["not installed"]),
    "06/R54_tf_python_keras": ({"stack[build_9]": "other_keras"}, ["no Keras model", "what Sequential"]),
    "06/W_loads_a_model": ({"stack[build_3]": "no_such_file"}, ["errno"]),
    # On a busy machine the clock on the wall is first.
    "06/R61_trained_for_long": ({"stack[build_9]": "too_slow|no_answer"}, ["Does the loop", "while the file is read"]),
}
TOGETHER = {
    "12/V12_c_extra_sum": ("p·(1 - p)", "added up"),
    "12/V12_d_literal_paste": ("p·(1 - p)", "sign is turned", "added up"),
    "12/V12_e_sign_mean": ("p·(1 - p)", "sign is turned"),
    "12/V12_f_squared_sum": ("squared error", "added up"),
    "12/V12_g_sign_sum": ("sign is turned", "added up"),
}


@pytest.fixture(scope="module")
def katas():
    return {kata.name[:2]: kata for kata in load_katas(Path(__file__).parent.parent)}


@pytest.fixture(scope="module")
def judges(katas):
    opened = {}

    def judge(number):
        if number not in opened:
            opened[number] = Judge((katas[number],))
        return opened[number]

    yield judge
    for one in opened.values():
        one.close()


def file_of(case):
    """The file of "02/R18_w_array_and_b"; katas' folders have their whole names."""
    number, name = case.split("/")
    return next(CASES.glob(f"{number}_*/{name}.*"))


FORGIVEN = ("01/W_notebook_as_py", "02/P09_nbexport_magic", "02/P11_pip")
"""Jupyter's own lines are no part of an answer."""


@pytest.mark.parametrize("case", FORGIVEN)
def test_what_a_notebook_leaves_costs_nothing(judges, katas, case):
    assert {check.outcome for check in grade(judges, katas, case)} == {Outcome.PASSED}


def grade(judges, katas, case):
    kata = katas[case[:2]]
    source = file_of(case).read_bytes()
    return judges(case[:2]).grade(Submission("case", {kata.name: source})).katas[0].checks


def compare(checks, tags, unsaid):
    found = {check.id: check for check in checks}
    told = {name: found[name].tag for name in tags}
    assert all(told[name] in tag.split("|") for name, tag in tags.items()), told
    for check in checks:
        if check.outcome is not Outcome.PASSED:
            assert not [words for words in unsaid if words in str(check.message)], check.message
            assert check.message["en"].count("{") == check.message["en"].count("}")
            assert check.message["ko"] != check.message["en"]


@pytest.mark.parametrize("case", EXPECTED | BEGINNERS)
def test_a_case_is_told_what_it_is(judges, katas, case):
    compare(grade(judges, katas, case), *(EXPECTED | BEGINNERS)[case])


@pytest.mark.tensorflow
@pytest.mark.parametrize("case", WITH_TENSORFLOW)
def test_a_case_with_keras_is_told_what_it_is(judges, katas, case):
    compare(grade(judges, katas, case), *WITH_TENSORFLOW[case])


@pytest.mark.parametrize("case", TOGETHER)
def test_mistakes_that_come_together_are_all_named_and_no_other(judges, katas, case):
    message = next(check.message["en"] for check in grade(judges, katas, case) if check.id == "backward_hidden")
    said = message.splitlines()[2:]
    assert len(said) == len(TOGETHER[case])
    assert all(any(words in line for line in said) for words in TOGETHER[case])


@pytest.mark.parametrize("case", [case for case in EXPECTED if "/P" in case and case != "12/P16_train_30s"])
def test_at_home_a_file_that_cannot_be_read_is_told_the_same(katas, case):
    kata = katas[case[:2]]
    student = Student(LocalSession(file_of(case).read_bytes(), str(kata.student_file)), "check")
    with pytest.raises(StudentFault) as fault:
        assert student.syntax
    raised = fault.value.raised
    tag = load_kata_texts(kata, hidden=False).fault_tag(raised.type, raised.text, raised.fields)
    assert {tag} == set(EXPECTED[case][0].values())
