"""Public checks of kata 03: the hidden wires, and XOR out of gates alone."""

from random import Random

import pytest

from grader import expect
from perceptron.shared import gates
from perceptron.xor.circuit import check_wires, count_gates, read_circuit

XOR = [0, 1, 1, 0]
WIRES = {"s1": ("NAND", [1, 1, 1, 0]), "s2": ("OR", [0, 1, 1, 1])}
GIVEN = ("nand_gate", "or_gate", "and_gate", "neuron")
TOKEN = 0.6180339887

# Signs of Python's that decide between two values; each is worth a word, whatever stands around it.
DECIDING = ("If", "IfExp", "Match", "BoolOp", "Compare")
PRODUCTS = (("BinOp", "Mult"), ("BinOp", "MatMult"), ("Call", "dot"), ("Call", "matmul"), ("Call", "inner"))
BORDERS = ("Lt", "LtE", "Gt", "GtE")
LIKE_AND = ("and", "&", "*", "min", "all", "prod")
SIGNS = {
    "If": "if",
    "IfExp": "if ... else",
    "Match": "match",
    "Subscript": "[]",
    "And": "and",
    "Or": "or",
    "Not": "not",
    "Eq": "==",
    "NotEq": "!=",
    "Lt": "<",
    "LtE": "<=",
    "Gt": ">",
    "GtE": ">=",
    "Is": "is",
    "IsNot": "is not",
    "In": "in",
    "NotIn": "not in",
    "BitXor": "^",
    "BitAnd": "&",
    "BitOr": "|",
    "Mod": "%",
    "Mult": "*",
    "Add": "+",
    "Sub": "-",
    "Pow": "**",
    "FloorDiv": "//",
    "Invert": "~",
}


@pytest.mark.check(points=0.7, step=1)
def test_hidden_wires(student):
    """HIDDEN holds what the two hidden wires carry"""
    table = student.HIDDEN
    if not isinstance(table, dict):
        expect.fail("not_a_table", actual=expect.show(table))
    pairs = [two_bits(table, row) for row in gates.ROWS]
    columns = dict(zip(WIRES, map(list, zip(*pairs, strict=True)), strict=True))
    if columns["s1"] == WIRES["s2"][1] and columns["s2"] == WIRES["s1"][1]:
        expect.fail("wires_swapped", actual=expect.show(table))
    for wire, (gate, target) in WIRES.items():
        pattern = columns[wire]
        if pattern != target:
            row = next(gates.ROWS[i] for i in range(4) if pattern[i] != target[i])
            named = {"wire": wire, "gate": gates.gate_name(pattern), "source": gate, "row": gates.row_text(row)}
            expect.fail("wire_differs", actual=expect.show(table), pattern=" ".join(map(str, pattern)), **named)


def two_bits(table, row):
    """(s1, s2) of one row as integers."""
    if row not in table:
        expect.fail("row_missing", actual=expect.show(table), row=gates.row_text(row))
    pair = table[row].tolist() if hasattr(table[row], "tolist") else table[row]
    if not isinstance(pair, (tuple, list)) or len(pair) != 2 or not all(is_bit(value) for value in pair):
        expect.fail("not_a_pair", actual=expect.show(table), row=gates.row_text(row), got=expect.show(pair))
    return [int(value) for value in pair]


def is_bit(value):
    return isinstance(value, (bool, int, float)) and value in (0, 1)


@pytest.mark.check(points=0.6, step=2)
def test_xor_rows(student):
    """xor_gate is right on all four rows"""
    check_rows(student, "xor_gate")


@pytest.mark.check(points=1.0, step=2, needs="xor_rows")
def test_made_of_gates(student):
    """What xor_gate returns comes out of a gate"""
    circuit = read_gates(student, "xor_gate")
    check_wires(circuit, asked="xor_gate", kinds=("wire", "one", "number"))
    if len(circuit.used()) < 2:
        expect.fail("one_neuron", asked="xor_gate")


def read_gates(student, name):
    """The circuit of a function whose answer comes out of a gate.

    Raises:
        Mismatch: something else has decided.
    """
    deciding = [fact for fact in reach(student, name) if is_deciding(fact)]
    circuit = read(student, name)
    if deciding or circuit is None or circuit.output is None:
        name_decider(student, name, circuit)
    return circuit


@pytest.mark.check(points=0.7, step=3)
def test_nand_only_rows(student):
    """xor_nand_only is right on all four rows and uses no other gate (going beyond)"""
    check_rows(student, "xor_nand_only")
    circuit = read_gates(student, "xor_nand_only")
    for index in range(circuit.count):
        if circuit.gate(index) != "NAND":
            expect.fail("other_gate", gate=circuit.gate(index) or "?")
    check_wires(circuit, asked="xor_nand_only", kinds=("wire", "number"))
    if count_gates(circuit) != 4:
        expect.fail("nand_count", asked="xor_nand_only")


# --- rows --------------------------------------------------------------------------------------------------------


def check_rows(student, name):
    function = getattr(student, name)
    returned = []
    for row in gates.ROWS:
        try:
            returned.append(function(*row))
        except expect.Mismatch as fault:
            if fault.tag == "crash":
                find_uncalled_gate(student, name, row, actual=fault.values["type"])
            raise
    for row, value, want in zip(gates.ROWS, returned, XOR, strict=True):
        asked = expect.call_text(name, row)
        if value is None and neurons_run(student, name):
            expect.fail("no_return", asked=asked, expected=want, actual="None")
        if not expect.is_number(value):
            find_uncalled_gate(student, name, row, actual=expect.show(value))
        if expect.number(value, asked=asked) != want:
            name_mistake(student, name, returned, asked=asked, expected=want, actual=expect.show(value))
    # Each row beside its neighbour, so that answers handed out in the order of before come out wrong.
    order = (1, 0, 3, 2)
    questions = [tuple(map(bool, gates.ROWS[index])) for index in order]
    for index, bits, answer in zip(order, questions, function.each(questions), strict=True):
        expect.equal(answer, XOR[index], asked=expect.call_text(name, bits), tag="changes")


def neurons_run(student, name):
    """How many neurons ran for one answer; 0 if that cannot be told."""
    circuit = read(student, name)
    return 0 if circuit is None else circuit.count


def name_mistake(student, name, returned, **shown):
    """Say which known mistake gives these answers; the most telling one first."""
    circuit = read(student, name)
    if name == "xor_gate" and circuit is not None:
        if circuit.count == 1:
            expect.fail("one_neuron", **shown)
        if circuit.output is not None:
            last = circuit.neurons[circuit.output][:2]
            raw = [source.what for source in last if source.what in ("x1", "x2")]
            if raw and circuit.count > 1:
                expect.fail("raw_input_reused", **shown, arg=", ".join(raw))
    pattern = [int(expect.number(value, asked="")) if is_bit_like(value) else None for value in returned]
    if None in pattern:
        expect.fail("wrong_value", **shown)
    tag = "gives_gate" if name == "xor_gate" else "nands_give"
    expect.fail(tag, **shown, gate=f"{gates.gate_name(pattern)} ({' '.join(map(str, pattern))})")


def is_bit_like(value):
    return expect.is_number(value) and expect.number(value, asked="") in (0, 1)


def find_uncalled_gate(student, name, row, *, actual):
    """Fail with "gate_not_called" if a gate went where its output belongs; else do nothing.

    A number that nothing else makes takes the place of one given gate after the other; where it turns up as a value,
    the gate's call is missing.
    """
    function = getattr(student, name)
    for gate in GIVEN:
        seen = []
        try:
            with (
                student.replacing("neuron", "sequence", [0, 1]) as calls,
                student.replacing(gate, "number", TOKEN),
            ):
                seen = [function(*row)]
        except expect.Mismatch:
            continue
        given = [value for call in calls for part in call if isinstance(part, tuple) for value in part]
        if any(expect.is_number(value) and expect.number(value, asked="") == TOKEN for value in seen + given):
            asked = expect.call_text(name, row)
            expect.fail("gate_not_called", asked=asked, expected=XOR[gates.ROWS.index(row)], actual=actual, gate=gate)


# --- who decides -------------------------------------------------------------------------------------------------


def read(student, name):
    """The function's circuit; None if it stumbles over answers that a gate may give."""
    try:
        return read_circuit(student, name, Random(3))
    except expect.Mismatch:
        return None


def reach(student, name):
    """Facts about the function and the helpers it calls, without the given gates."""
    facts = student.syntax
    functions = {fact.detail: fact for fact in facts if fact.kind in ("FunctionDef", "AsyncFunctionDef")}
    waiting, seen, found = [name], set(GIVEN), []
    while waiting:
        home = functions.get(waiting.pop())
        if home is None or home.detail in seen:
            continue
        seen.add(home.detail)
        inside = [fact for fact in facts if home.line <= fact.line <= home.last_line and fact is not home]
        waiting += [fact.detail for fact in inside if fact.kind == "Call"]
        found += inside
    return sorted(found, key=lambda fact: fact.line)


def outside_given(student):
    """Facts about everything but the given gates: for an xor_gate that is no def."""
    given = [fact for fact in student.syntax if fact.kind == "FunctionDef" and fact.detail in GIVEN]
    return [f for f in student.syntax if not any(home.line <= f.line <= home.last_line for home in given)]


def is_deciding(fact):
    # Not %, | and -: these also format text, join types and make weights. Where they decide, the circuit shows it.
    return fact.kind in DECIDING or (fact.kind, fact.detail) == ("BinOp", "BitXor")


def name_decider(student, name, circuit):
    """Say what in the text decided, if the gates did not."""
    name_own_neuron(student, name, circuit)
    facts = [fact for fact in reach(student, name) or outside_given(student) if sign(fact)]
    last_and = [fact for fact in facts if sign(fact) in LIKE_AND]
    if last_and and circuit is not None and circuit.count > 1:
        expect.fail("python_and", op=sign(last_and[-1]), line=last_and[-1].line)
    # An `if` says more than the == inside it, and both say more than a call or a minus.
    for kinds in [(kind,) for kind in DECIDING] + [("BinOp",), ("UnaryOp",), ("Subscript",), ("Call",)]:
        for fact in facts:
            if fact.kind in kinds:
                expect.fail("bypass", node=f"`{sign(fact)}`", line=fact.line)
    expect.fail("not_from_gate")


def name_own_neuron(student, name, circuit):
    """Fail with "own_neuron" if no neuron was called and a product is compared: weights, a sum and a threshold."""
    facts = reach(student, name)
    products = [fact for fact in facts if (fact.kind, fact.detail) in PRODUCTS]
    borders = [fact for fact in facts if fact.kind == "Compare" and fact.detail in BORDERS]
    if circuit is not None and circuit.count == 0 and products and borders:
        expect.fail("own_neuron", line=borders[0].line)


def sign(fact):
    """How the node looks in the student's text; "" for nodes that decide nothing."""
    if fact.kind == "Call":
        return "" if fact.detail in (*GIVEN, "print", "int", "range", "len") else fact.detail
    if fact.kind in ("FunctionDef", "AsyncFunctionDef"):
        return ""
    return SIGNS.get(fact.detail) or SIGNS.get(fact.kind, "")
