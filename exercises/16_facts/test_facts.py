"""Public checks of kata 16: the fourteen claims that can be worked out are, once more; no verdict is written down."""

import math
from functools import cache

import pytest

from grader import expect
from perceptron.facts import verdicts
from perceptron.shared import gates

XOR = (0, 1, 1, 0)


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def slope(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


# --- one claim each: does it hold, and which figure says so? ------------------------------------------------------


def and_gate():
    outputs = gates.outputs((1, 1, -1))
    return outputs == [0, 0, 0, 1], outputs


def and_of_two_gates():
    outputs = [int((not (a and b)) and (a or b)) for a, b in gates.ROWS]
    return outputs == list(XOR), outputs


def one_neuron():
    # Four of four is out of reach: z(0,0) + z(1,1) = z(0,1) + z(1,0), and XOR wants <= 0 on the left, > 0 on the right.
    # So it is enough to look for the best among some hundred neurons.
    steps = [step / 2 for step in range(-4, 5)]
    found = (gates.outputs((w1, w2, b)) for w1 in steps for w2 in steps for b in steps)
    best = max(sum(map(int.__eq__, outputs, XOR)) for outputs in found)
    return best <= 3, f"{best} / 4"


def shares_of_a_chain():
    layers = [(2 + 1) * 1, (1 + 1) * 1]
    return layers == [2, 3], layers


@cache
def falls_to_half():
    # All four rows are in the training data. A model that overfits has learned them: its loss on them is near 0.
    w1, w2, b = 0.5, -0.3, 0.2
    for _ in range(2000):
        p = [sigmoid(gates.weighted_sum((w1, w2, b), row)) for row in gates.ROWS]
        gaps = [pi - y for pi, y in zip(p, XOR, strict=True)]
        w1 -= sum(gap * row[0] for gap, row in zip(gaps, gates.ROWS, strict=True)) / 4
        w2 -= sum(gap * row[1] for gap, row in zip(gaps, gates.ROWS, strict=True)) / 4
        b -= sum(gaps) / 4
    loss = sum(-math.log(pi if y else 1 - pi) for pi, y in zip(p, XOR, strict=True)) / 4
    return loss < 0.1, f"loss {loss:.3f}, p {' '.join(f'{pi:.2f}' for pi in p)}"


def three_layers():
    layers = [(2 + 1) * 4, (4 + 1) * 2, (2 + 1) * 1]
    return sum(layers) == 25, f"{' + '.join(map(str, layers))} = {sum(layers)}"


@cache
def loop_of_fits():
    once, in_turns = _Model(), _Model()
    once.fit(epochs=2000)
    for _ in range(2000):
        in_turns.fit(epochs=1)
    gap = max(abs(a - b) for a, b in zip(once.weights, in_turns.weights, strict=True))
    return gap == 0, f"max |w - w'| = {gap:g}"


class _Model:
    """One neuron with a squared error; as in Keras, weights and the optimizer's memory stay between two fits."""

    def __init__(self):
        self.weights, self.speed = [0.3, -0.2, 0.1], [0.0, 0.0, 0.0]

    def fit(self, epochs):
        rows = [(*row, 1, y) for row, y in zip(gates.ROWS, XOR, strict=True)]
        for _ in range(epochs):
            for i in range(3):
                total = sum(
                    (sum(w * v for w, v in zip(self.weights, row, strict=False)) - row[3]) * row[i] for row in rows
                )
                self.speed[i] = 0.9 * self.speed[i] - 0.01 * total
            self.weights = [w + v for w, v in zip(self.weights, self.speed, strict=True)]


def relu_times_one():
    inputs = (-2, -1, 3)
    outputs = [max(0, z) for z in inputs]
    return outputs == [1 * z for z in inputs], f"relu(-2, -1, 3) = {outputs}"


def ten_sigmoids():
    outputs = [1.0]
    for _ in range(10):
        outputs.append(sigmoid(outputs[-1]))

    def stack(z):
        for _ in range(10):
            z = sigmoid(z)
        return z

    measured, of_outputs = slope(stack, 1.0), math.prod(outputs[1:])
    return math.isclose(measured, of_outputs, rel_tol=0.1), f"{measured:.2g}, not {of_outputs:.2g}"


def softmax_of_two():
    powers = [math.exp(math.log(share)) for share in (0.6, 0.4)]
    shares = [power / sum(powers) for power in powers]
    return len(shares) == 1, f"[{shares[0]:.1f}, {shares[1]:.1f}]"


def twenty_exams():
    questions = 5
    updates = [math.ceil(rows / 1) * epochs for rows, epochs in ((questions, 20), (20 * questions, 1))]
    return updates[0] == updates[1], updates


def error_over_prediction():
    # With either sign: the lecture's error is y - prediction, and its step is added.
    x, y, w, b = 3.0, 1.0, 2.0, 1.0
    measured, claimed = slope(lambda w: (w * x + b - y) ** 2, w), (y - (w * x + b)) / (w * x + b)
    return math.isclose(abs(measured), abs(claimed), rel_tol=0.01), f"{measured:.4g}, not {claimed:.2g}"


def hidden_space():
    # AND(NAND, OR) of kata 03: where the hidden wires put the four rows, and a line there, s1 + s2 = 1.5.
    places = [(int(not (a and b)), int(a or b)) for a, b in gates.ROWS]
    outputs = [int(sum(place) > 1.5) for place in places]
    return outputs == list(XOR), " ".join(f"({a}, {b})" for a, b in places)


def recurrent_parameters():
    asked = [_numbers_read(steps) for steps in (5, 50)]
    return asked[0] != asked[1], f"{asked[0]} parameters for 5 steps, {asked[1]} for 50"


def _numbers_read(steps):
    """How many weights a sentence of so many steps asks for: h = tanh(x @ Wx + h @ Wh + b), 2 inputs, 3 units."""
    read, h = set(), [0.0] * 3

    def weight(*place):
        read.add(place)
        return 0.1

    for step in range(steps):
        x = [1.0, step / steps]
        sums = [[weight("Wx", i, j) * x[i] for i in range(2)] for j in range(3)]
        memories = [[weight("Wh", i, j) * h[i] for i in range(3)] for j in range(3)]
        h = [math.tanh(sum(sums[j]) + sum(memories[j]) + weight("b", j)) for j in range(3)]
    return len(read)


CLAIMS = {
    "s01": ("02", and_gate),
    "s02": ("03", and_of_two_gates),
    "s03": ("04", one_neuron),
    "s04": ("05", shares_of_a_chain),
    "s06": ("09", falls_to_half),
    "s08": ("05", three_layers),
    "s09": ("13", loop_of_fits),
    "s19": ("08", relu_times_one),
    "s20": ("08", ten_sigmoids),
    "s21": ("14", softmax_of_two),
    "s23": ("13", twenty_exams),
    "s24": ("10", error_over_prediction),
    "s27": ("07", hidden_space),
    "s29": ("05", recurrent_parameters),
}
"""Statement -> (kata that works it out, the function that does it again)."""


# In pairs of which one claim holds, so that one word for all earns nothing.
PAIRS = ("s01 s04", "s02 s06", "s03 s19", "s08 s20", "s09 s21", "s23 s24")


@pytest.mark.check(points=0.35, step=1)
@pytest.mark.parametrize("pair", PAIRS)
def test_measured(student, pair):
    """{pair}: the verdicts are what a calculation says"""
    judge_claims(student, pair.split())


@pytest.mark.check(points=0.3, step=1)
def test_measured_network(student):
    """s27 s29: the verdicts are what a calculation says"""
    judge_claims(student, ("s27", "s29"))


@pytest.mark.check(points=0, step=2)
def test_recorded(student):
    """Every other verdict is one of the four words; hidden checks judge them, and the letters of the corrections"""
    others = [name for name in verdicts.NAMES if name not in CLAIMS]
    for name, statement in zip(others, student.get_each(others, finite=False), strict=True):
        if verdicts.read_verdict(statement, name) == "false" and not verdicts.read_letter(statement):
            expect.fail("no_letter", name=name, got=expect.show(statement.get("correction")))
    student.record(*others, "correction = ...")


def judge_claims(student, names):
    for name, statement in zip(names, student.get_each(names, finite=False), strict=True):
        judge_claim(student, name, statement)


def judge_claim(student, name, statement):
    got = verdicts.read_verdict(statement, name)
    kata, measure = CLAIMS[name]
    holds, figure = measure()
    if got not in ("true", "false"):
        expect.fail("can_be_measured", name=name, got=got, k=kata)
    if holds and got == "false":
        expect.fail("true_called_false", name=name, kata_ref=kata)
    if got == "true" and not holds:
        expect.fail("false_called_true", name=name, k=kata)
    if got == "false" and not verdicts.read_letter(statement):
        expect.fail("no_letter", name=name, got=expect.show(statement.get("correction")))
    student.note("measured", figure=str(figure), k=kata)
