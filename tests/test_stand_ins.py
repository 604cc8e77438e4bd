"""The model and the bar that kata 13 lends out behave as Keras's and tqdm's; what is forged earns nothing."""

import numpy as np
import pytest
from tqdm import tqdm

from grader.bank.kata import load_kata
from grader.intake import Submission
from grader.judge.judge import Judge, isolation_for_trusted_code
from grader.result import Status
from grader.sandbox.stand_ins import MOST_ENTRIES, make
from perceptron.progress.rehearsal import LR, MOMENTUM, START, follow
from tests.conftest import ROOT

KATA = load_kata(ROOT / "exercises" / "13_progress")
X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([0.0, 1.0, 1.0, 2.0])


class Run:
    """A training with its parts and its record, as the two sides see them."""

    def __init__(self, **changes):
        options = {"start": list(START), "lr": LR, "momentum": MOMENTUM, "fails_at": None, **changes}
        self._made = make("training", options)
        self.model, self.bar = self._made.value.model, self._made.value.bar

    @property
    def record(self):
        return self._made.read()


training = Run


def fit(model, **arguments):
    return model.fit(X, Y, batch_size=4, verbose=0, **arguments).history["loss"]


def keras_model():
    import keras

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(LR, momentum=MOMENTUM), loss="mse")
    model.set_weights([np.array([[START[0]], [START[1]]]), np.array([START[2]])])
    return model


# --- the model ----------------------------------------------------------------------------------------------------


@pytest.mark.tensorflow
def test_the_models_losses_are_keras_losses_over_two_fits():
    ours, keras = training().model, keras_model()
    for arguments in ({"epochs": 3}, {"epochs": 5, "initial_epoch": 3}):
        np.testing.assert_allclose(fit(ours, **arguments), fit(keras, **arguments), rtol=1e-5)


def test_the_checks_own_sums_are_the_models():
    run = training()
    losses, weights, _ = follow(X, Y, 30)
    np.testing.assert_allclose(fit(run.model, epochs=30), losses, rtol=1e-12)
    np.testing.assert_allclose(run.record["weights"], weights, rtol=1e-12)


def test_a_compile_in_between_shows_in_the_losses():
    model = training().model
    before = fit(model, epochs=3)
    model.compile()
    assert not np.allclose(before + fit(model, epochs=4), follow(X, Y, 7)[0], rtol=1e-3)


def test_a_record_stays_small_however_much_is_trained():
    run = training()
    fit(run.model, epochs=3 * MOST_ENTRIES)
    assert len(run.record["entries"]) == MOST_ENTRIES
    assert run.record["epochs"] == 3 * MOST_ENTRIES


# --- the bar ------------------------------------------------------------------------------------------------------


def iterate(bar):
    made = bar(range(4))
    for _ in made:
        pass
    return made


def update(bar):
    with bar(total=4, desc="x") as made:
        made.update()
        made.update(3)
        made.set_postfix(loss=1)
    return made


def set_n(bar):
    made = bar(None, "x", 4)
    made.n = 4
    made.refresh()
    made.close()
    return made


def twice(bar):
    made = bar(range(4))
    for _ in made:
        made.update(1)
    return made


def generator(bar):
    made = bar(item for item in range(4))
    for _ in made:
        pass
    return made


@pytest.mark.parametrize("use", [iterate, update, set_n, generator])
def test_the_bar_counts_as_tqdm_does(use):
    run, real = training(), use(lambda *args, **kwargs: tqdm(*args, **kwargs, disable=False))
    made = use(run.bar)
    assert (made.n, made.total) == (real.n, real.total)
    assert run.record["entries"][-1] == ["close", 0]


def test_an_update_inside_the_loop_is_seen_although_tqdm_itself_forgets_it():
    # tqdm's loop counts in a variable of its own and writes over n at the end; on the screen the bar had run past it.
    run = training()
    assert twice(run.bar).n == 8


def test_a_loop_over_the_bar_closes_it_when_fit_raises():
    run = training(fails_at=2)

    def train():
        for _ in run.bar(range(5)):
            fit(run.model, epochs=1)

    with pytest.raises(RuntimeError):
        train()
    assert run.record["entries"][-1] == ["close", 0]


# --- forged -------------------------------------------------------------------------------------------------------

# The long way to the record: no attribute leads to it.
FIND = """
    made = bar(total=epochs)
    note = type(made).close.__closure__[0].cell_contents
    cells = dict(zip(note.__code__.co_freevars, note.__closure__))
"""
FORGED = {
    "junk": (f"{FIND}    cells['entries'].cell_contents.append([1, 2])", "nonsense"),
    "no list": (f"{FIND}    cells['entries'].cell_contents = 7", "nonsense"),
    "long text": (f"{FIND}    cells['entries'].cell_contents.append(['bar', 0, 'x' * 50_000])", "nonsense"),
    "not finite": ("    bar(total=epochs).update(float('nan'))", "nonsense"),
    "infinite epochs": (f"{FIND}    cells['epochs'].cell_contents = float('inf')", "nonsense"),
    "claimed epochs": (f"{FIND}    cells['epochs'].cell_contents = 7; return [0.5] * 7", "losses_differ"),
}


@pytest.mark.parametrize("part", ["model", "bar", "made"])
def test_no_attribute_of_a_part_leads_to_the_record(part):
    run = training()
    parts = {"model": run.model, "bar": run.bar, "made": run.bar(total=3)}
    values = [getattr(parts[part], name) for name in dir(parts[part]) if name != "__globals__"]
    values += [value.__self__ for value in values if hasattr(value, "__self__")]
    record = run.record["entries"]
    assert not [value for value in values if value is record or value == record]


@pytest.mark.parametrize(
    ("name", "options", "plain"),
    [
        ("sequence", [0, 1], "def neuron(x1, x2, w1, w2, b): ..."),
        ("polynomial", [[2.0, 1, 1]], "def f(w, b): ..."),
        ("training_table", {None: 1}, "def train(seed, hidden=2, epochs=1, lr=1): ..."),
    ],
)
def test_a_stand_in_for_a_function_has_the_type_and_the_attributes_of_any_function(name, options, plain):
    names = {}
    exec(plain, names)
    own = next(value for key, value in names.items() if key != "__builtins__")
    made = make(name, options).value
    assert type(made) is type(own)
    assert vars(made) == vars(own) == {}


@pytest.fixture(scope="module")
def judge():
    with Judge((KATA,), isolation=isolation_for_trusted_code()) as judge:
        yield judge


@pytest.mark.parametrize(("line", "tag"), FORGED.values(), ids=FORGED)
def test_a_forged_record_earns_nothing_and_is_the_students_fault(judge, line, tag):
    source = f"def train_with_bar(model, X, y, epochs, bar):\n{line}\n"
    report = judge.grade(Submission("s", {KATA.name: source.encode()}))
    assert report.status is Status.GRADED
    assert report.score == 0
    assert tag in {check.tag for check in report.katas[0].checks}
    assert "unexpected_form" not in {check.tag for check in report.katas[0].checks}
