"""Pictures of a whole class: drawn from answers that come from behind the judge's walls."""

import os
import re

import pytest

from grader.authoring.answers import right_answers, wrong_answers
from grader.bank.kata import load_katas
from grader.pictures import render_text
from grader.pictures.walled import Wish, ask_behind_walls, draw_class
from grader.sandbox.client import Sandbox
from grader.sandbox.tier import Tier, find_isolation
from tests.conftest import ROOT, sample

RIGHT = b"AND = (1, 1, -1.5)\nNAND = (-1, -1, 1.5)\nOR = (1, 1, -0.5)\nNOR = (-1, -1, 0.5)\nA_NOT_B = (1, -1, -0.5)\n"
ISOLATION = str(find_isolation().tier)
KATAS = {kata.name: kata for kata in load_katas(ROOT)}
EACH = 9
"""One of so many answers is in the sample."""


@pytest.fixture(scope="module")
def gates():
    return KATAS["02_gates"]


def drawn(kata, sources, jobs=1):
    wishes = [Wish(name, kata, source) for name, source in sources.items()]
    return {one.file: one for one in draw_class(wishes, (kata,), isolation=ISOLATION, jobs=jobs, languages=("en",))}


@pytest.mark.skipif(ISOLATION == "none", reason="no walls here")
def test_a_students_file_draws_its_picture_without_reaching_this_machine(gates, tmp_path):
    mark = tmp_path / "mark"
    tmp_path.chmod(0o777)
    spy = f"try:\n    open({str(mark)!r}, 'w').close()\n    AND = (9, 9, 9)\nexcept OSError:\n    pass\n"
    look = f"import os\nif os.path.exists({str(ROOT / 'solutions')!r}):\n    OR = (8, 8, 8)\n"
    found = drawn(gates, {"spy": RIGHT + spy.encode() + look.encode(), "right": RIGHT})
    assert not mark.exists()
    assert found["spy"].key == found["right"].key != ""


def test_the_same_picture_is_drawn_once_and_what_cannot_run_has_none(gates):
    sources = {
        "ana": RIGHT,
        "ben": b"# other words\n" + RIGHT,
        "cho": RIGHT.replace(b"-1.5", b"1.5"),
        "dan": b"AND = (",
        "eve": b"import os\nos._exit(0)\n",
        "fay": RIGHT + b"NOR = 'x' * 10**6\nOR = (1e308, -1e308, float('nan'))\n",
    }
    found = drawn(gates, sources)
    assert set(found) == set(sources)
    assert found["ana"].key == found["ben"].key != found["cho"].key
    assert sum(bool(found[name].images) for name in ("ana", "ben")) == 1
    assert "AND" in found["cho"].words["en"]
    assert found["cho"].images["en"].startswith(b"<svg ")
    assert found["dan"].key == found["eve"].key == ""
    assert found["fay"].key
    picture = next(found[name].images["en"] for name in ("ana", "ben") if found[name].images)
    assert b"<script" not in picture
    assert not re.search(rb"<!--|<metadata|https?://(?!www\.w3\.org)", picture)


class _EndsItsReader:
    """What the kernel does to a worker when memory runs out."""

    def __reduce__(self):
        return os._exit, (1,)


def test_a_worker_that_ends_costs_one_picture_and_another_goes_on(gates):
    found = drawn(gates, {"ana": RIGHT, "bad": _EndsItsReader(), "cho": RIGHT, "dan": RIGHT})
    assert {name: bool(one.key) for name, one in found.items()} == {"ana": True, "bad": False, "cho": True, "dan": True}


@pytest.mark.parametrize("name", KATAS)
def test_every_answer_of_the_bank_has_a_picture_in_whole_sentences_or_none_at_all(name):
    kata = KATAS[name]
    with Sandbox(Tier(ISOLATION), guarded=[]) as sandbox:
        sandbox.warm({kata.needs})
        sandbox.prove()
        for answer in sample([*right_answers(kata), *wrong_answers(kata)], EACH):
            plate = ask_behind_walls(sandbox, Wish(answer.name, kata, answer.source.encode()))
            for language in ("en", "ko") if plate else ():
                text = render_text(plate, language)
                # A text without its value: "in line ?", "(): ." at the end.
                assert not re.search(r"(line|줄) \?|\?번째|: \.$", text, re.M), (answer.name, text)
