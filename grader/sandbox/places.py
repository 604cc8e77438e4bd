"""Takes the machine out of an exception's text: the same mistake reads the same at home and on every judge."""

import os
import re
import sys
import sysconfig
from functools import cache

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_FUNCTION = re.compile(r"\{\{function_node __wrapped__[^{}]*\}\} ?")
"""Before the text of TensorFlow's errors, where it has made a function of the operation (eager.py): its device."""
_LIBRARY = re.compile(r"""(?:[A-Za-z]:)?[^\s'"(<>]*[/\\](?:site|dist)-packages[/\\]+""")


def neutral(text: str, file: str) -> str:
    """Return the text without folders of this machine and addresses in memory.

    Args:
        text: of an exception.
        file: the student's file as it knows itself; of paths below its folder the rest stays, "data.csv".
    """
    # Only what looks at a file can name one, and most texts do not.
    if " at 0x" in text:
        text = _ADDRESS.sub("", text)
    if "{{" in text:
        text = _FUNCTION.sub("", text)
    if "/" not in text and "\\" not in text:
        return text
    # repr doubles the backslashes of a Windows path.
    for folder in (os.path.dirname(file), *_python_folders()):
        for written in {folder, folder.replace("\\", "\\\\")} - {"", os.sep}:
            text = re.sub(re.escape(written) + r"(?:[/\\]+|(?=['\"\s,:;)]|$))", "", text)
    return _LIBRARY.sub("", text)


@cache
def _python_folders() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    named = [paths["purelib"], paths["platlib"], paths["stdlib"], os.path.dirname(os.__file__)]
    named += [sys.prefix, sys.base_prefix] if len(sys.base_prefix) > len("/usr/local") else []
    # The longest first, or what is left of a path would name its end.
    return tuple(sorted({path for path in named if path}, key=len, reverse=True))
