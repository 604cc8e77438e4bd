"""Classes of attack that no program of this corpus can try, and where each is met instead.

The numbers are those of the catalogue that docs/isolation.md describes.
"""

_INTAKE = "tests/test_intake.py: submissions are bytes, picked out by exact name, never extracted"
_REPORT = "the report's tests: student text is escaped at every sink"
_DESIGN = "the katas' checks: random inputs, recomputation in the judge; tests/test_content.py"

ELSEWHERE = {
    39: _DESIGN,
    40: _DESIGN,
    42: "hidden checks draw inputs from the file's own bytes; tests/test_plugin.py, tests/test_judge.py",
    63: _INTAKE,
    64: _INTAKE,
    65: _INTAKE,
    66: _INTAKE,
    67: _INTAKE,
    68: _INTAKE,
    69: _INTAKE,
    70: _INTAKE,
    73: "tests/test_cli.py: the gradebook is safe in a spreadsheet",
    80: "not closed: a submission can modulate its own CPU load; it knows no secret to send",
    83: _DESIGN,
    84: _DESIGN,
    94: "tests/test_judge.py: hidden checks show only what their author wrote",
    96: "nothing of a submission is ever installed",
    97: "nothing is ever cloned",
    100: "tests/test_isolation.py: walls that do not stand end the run",
}
