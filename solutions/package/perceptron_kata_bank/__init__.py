"""Where pip has put the bank's files: exercises/ and solutions/ of perceptron-kata."""

from importlib.metadata import distribution
from pathlib import Path

_files = distribution("perceptron-kata-bank").files or ()
FOLDER = next(
    Path(str(file.locate())).resolve().parent.parent for file in _files if file.parts[-2:] == ("exercises", "bank.toml")
)
