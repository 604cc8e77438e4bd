"""What do blind and constant answers earn? Every strategy for every kata, judged like a submission.

Run it with: python -m benchmarks.blind [--kata 02] [--write]     (about two minutes for all on two cores)
No strategy knows anything about the subject: every function gives back the same thing whatever it is asked, every name
holds the same value, every choice of a list is the same one. The exit status is 1 if one of them earns more than a
tenth of a kata's points. --write renews the table in docs/blind.md and docs/blind.ko.md.
"""

import argparse
import ast
import re
import string
import sys
import tomllib
from pathlib import Path

from grader.authoring.stub import make_stub, strip_markers
from grader.bank.kata import Kata, load_katas, select_katas
from grader.intake import Submission
from grader.judge.judge import Judge, isolation_for_trusted_code

ROOT = Path(__file__).parent.parent
MOST_SHARE = 0.1
"""Of a kata's points, for an answer that knows nothing."""

CONSTANTS = {
    "0": "0",
    "1": "1",
    "-1": "-1",
    "0.5": "0.5",
    "None": "None",
    "True": "True",
    "False": "False",
    "[]": "[]",
    "{}": "{}",
    "text": "'x'",
    "zeros": "np.zeros(4)",
    "pair of 0": "(0, 0)",
    "pair of 1": "(1, 1)",
    "three 0": "(0, 0, [])",
    "four 0": "[0, 0, 0, 0]",
    "four 1": "[1, 1, 1, 1]",
    "first argument": "args[0] if args else 0",
    "last argument": "args[-1] if args else 0",
    "all arguments": "args",
    "sum of arguments": "sum(arg for arg in args if isinstance(arg, (int, float)))",
}
"""Name of a strategy -> what every function gives back, and every other name holds (there without arguments)."""

FORMS = {
    "fit_new": ["(0.0, 0.0, [0.0] * args[2])", "(1.0, 1.0, [1.0] * args[2])", "(2.0, 1.0, [0.0] * args[2])"],
    "train_neuron": ["(args[0], args[1], [0.0] * args[3])"],
    "train": ["(init(args[0], args[1]), [0.0] * args[2])"],
    "init": ["[np.zeros((2, hidden)), np.zeros(hidden), np.zeros((hidden, 1)), np.zeros(1)]"],
    "forward": ["(np.full((len(args[1]), len(args[0][1])), 0.5), np.full((len(args[1]), 1), 0.5))"],
    "backward": ["[0 * part for part in args[0]]"],
    "train_until_solved": ["(0, None, ['solved'])", "(None, None, [])"],
    "gates_to_weights": ["[np.zeros((2, 2)), np.zeros(2), np.zeros((2, 1)), np.zeros(1)]"],
    "train_with_bar": ["[0.0] * args[3]"],
    "head": ["(1, 'sigmoid', 'binary_crossentropy', 'accuracy')", "(1, None, 'mse', 'mae')"],
    "diagnose": ["'stuck'", "'underfit'", "'overfit'", "'fine'"],
    "name_plateau": ["'all tied'", "'one corner'", "'two tied'", "'solved'", "'still moving'"],
    "class_weights": ["dict.fromkeys(args[0], 1)"],
    "one_hot": ["np.zeros((len(args[0]), args[1]))", "np.eye(args[1])"],
    "predict_class": ["[0] * len(args[0])", "[1] * len(args[0])"],
    "stack_params": ["[1] * (len(args[0]) - 1)"],
    "stacks_with": ["[(2, 1)]"],
    "early_stop": ["(0, 0)", "(0, len(args[0]) - 1)"],
}
"""Constant answers of the form that is asked for; the n-th of each kata's names make its n-th strategy."""


def strategies(kata: Kata) -> dict[str, str]:
    """Return each strategy's name and file."""
    assert kata.solution is not None  # a table is made where the solutions are
    reference = strip_markers((kata.solution / kata.file_name).read_text("utf-8"))
    stub = make_stub((kata.solution / kata.file_name).read_text("utf-8"), file=kata.solution / kata.file_name)
    if kata.needs == "toml":
        return {f"every word {word}, letter {letter}": _same_word(reference, word, letter) for word, letter in _words()}
    found = {f"everything {name}": _constant(reference, {}, value) for name, value in CONSTANTS.items()}
    for number in range(max(map(len, FORMS.values()))):
        found[f"constants of the right form, {number + 1}"] = _constant(reference, _forms(number), "0")
    choices = re.findall(r"'([a-z][a-z ]+)'", stub)
    for choice in dict.fromkeys(choices):
        found[f"every choice {choice!r}"] = _constant(reference, {}, repr(choice))
    found["the stub, holes dropped"] = _constant(reference, {}, "None", drop=True)
    return found


def _words() -> list[tuple[str, str]]:
    words = ("true", "false", "outdated", "unsupported")
    return [
        (word, letter) for word in words for letter in ("", *string.ascii_uppercase) if word == "false" or not letter
    ]


def _same_word(reference: str, word: str, letter: str) -> str:
    return "".join(f'[{name}]\nverdict = "{word}"\ncorrection = "{letter}"\n' for name in tomllib.loads(reference))


def _forms(number: int) -> dict[str, str]:
    return {name: values[min(number, len(values) - 1)] for name, values in FORMS.items()}


def _constant(reference: str, forms: dict[str, str], value: str, *, drop: bool = False) -> str:
    """The reference with another body for each function, and another value for each name.

    A table keeps its keys, each with the same value: to be asked for is no knowledge.
    """
    lines = ["import numpy as np"]
    for node in ast.parse(reference).body:
        if isinstance(node, ast.FunctionDef):
            first = "hidden = args[1] if len(args) > 1 else 2\n    " if node.name == "init" else ""
            lines.append(f"def {node.name}(*args, **_):\n    {first}return {forms.get(node.name, value)}")
        elif isinstance(node, ast.Assign) and not drop:
            held = ast.unparse(_fill(node.value, value)) if isinstance(node.value, ast.Dict) else value
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            lines += [f"args = ()\n{name} = {held}" for name in names]
    return "\n".join(lines) + "\n"


def _fill(table: ast.Dict, value: str) -> ast.Dict:
    return ast.Dict(keys=table.keys, values=[ast.parse(value, mode="eval").body for _ in table.keys])


def earn(kata: Kata) -> dict[str, float]:
    """Return what each strategy earns."""
    with Judge((kata,), isolation=isolation_for_trusted_code()) as judge:
        return {
            name: judge.grade(Submission("blind", {kata.name: source.encode("utf-8")})).score
            for name, source in strategies(kata).items()
        }


def row(kata: Kata, earned: dict[str, float]) -> str:
    """Return a kata's row of the table: how many strategies, and what the best of them earns and is called."""
    best = max(earned, key=earned.__getitem__)
    name = best.replace("|", "/") if earned[best] else "-"
    most = earned[best]
    return f"| {kata.name} | {kata.points:g} | {len(earned)} | {most:g} | {most / kata.points:.1%} | {name} |"


def main() -> int:
    """Print the table; 1 if a strategy earns too much."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kata", nargs="+", default=[], metavar="KATA")
    parser.add_argument("--write", action="store_true", help="renew the table in docs/")
    arguments = parser.parse_args()
    rows, status = [], 0
    print("| kata | points | strategies | the best earns | share | it is |\n|---|---|---|---|---|---|")
    for kata in select_katas(load_katas(ROOT), tuple(arguments.kata)):
        earned = earn(kata)
        rows.append(row(kata, earned))
        print(rows[-1], flush=True)
        for name, points in earned.items():
            if points > MOST_SHARE * kata.points:
                print(f"{kata.name}: {name}: {points:g} of {kata.points:g}")
                status = 1
    if arguments.write and not arguments.kata:
        for path in (ROOT / "docs" / "blind.md", ROOT / "docs" / "blind.ko.md"):
            lines = path.read_text("utf-8").splitlines()
            lines = [line for line in lines if not re.match(r"\| \d\d_", line)]
            at = lines.index("|---|---|---|---|---|---|") + 1
            path.write_text("\n".join([*lines[:at], *rows, *lines[at:]]) + "\n", "utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
