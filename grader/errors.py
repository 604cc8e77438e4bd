"""The exceptions of the kit: an author's mistake, bad input, or a fault of our own.

A student's mistake is never one of these; it is a result (see result.py).

    KitError
      UsageError       wrong usage or unreadable input (exit status 2)
        UnreadableInput  the only submission cannot be read (exit status 2)
      ContentError     a kata's files are wrong: file, key and what to run (exit status 2)
      InternalFault    the kit's own fault: nothing was graded (exit status 3)
      IsolationError   this machine cannot isolate student code (exit status 4)
      BadInput         the training engine cannot work with these numbers (exit status 2)
      Unsupported      the training engine does not cover a part; it never approximates (exit status 2)
"""

from collections.abc import Mapping
from pathlib import Path


class KitError(Exception):
    """Base of all exceptions raised on purpose by this package."""

    exit_status = 3


class UsageError(KitError):
    """The command line or its input cannot be used.

    Its text is one sentence of texts/cli.toml, table [usage], so that the user reads it in her own language.
    """

    exit_status = 2

    def __init__(self, text: str, **values: object) -> None:
        """Name the sentence and fill its placeholders."""
        super().__init__(f"{text} {values}")
        self.text = text
        self.values = {key: str(value) for key, value in values.items()}


class UnreadableInput(UsageError):
    """The only thing that was named cannot be read, for a reason that texts/common.toml has words for."""

    def __init__(self, path: object, tag: str, values: Mapping[str, str]) -> None:
        """Name the path, and the tag and values of the sentence that it would have got in a class."""
        super().__init__("unreadable", path=path)
        self.tag = tag
        self.tag_values = dict(values)


class ContentError(KitError):
    """A kata's own files are wrong. Says which file, which key, and what to run."""

    exit_status = 2

    def __init__(self, file: Path | str, key: str, problem: str, run: str = "kata audit") -> None:
        """Say which file, which key in it, what is wrong, and what to run after mending it."""
        # All as args, so that the error survives the way from a worker process.
        super().__init__(file, key, problem, run)
        self.file = file
        self.key = key
        self.problem = problem
        self._run = run

    def __str__(self) -> str:
        """Return the whole sentence."""
        return f"{self.file}: {self.key}: {self.problem}. After mending it, run: {self._run}"


class InternalFault(KitError):
    """The kit itself failed; no score is guessed."""


class IsolationError(KitError):
    """Student code cannot be isolated on this machine. The text is a sentence of texts/cli.toml, table [isolation]."""

    exit_status = 4

    def __init__(self, text: str, values: dict[str, str]) -> None:
        """Name the sentence and fill its placeholders."""
        # Both as args, so that the error survives the way from a worker process.
        super().__init__(text, values)
        self.text = text
        self.values = values


class BadInput(KitError):
    """Arguments that the training engine cannot work with. The text says what and why, to a programmer."""

    exit_status = 2


class Unsupported(KitError):
    """The training engine was asked for something it does not cover. The text names the part."""

    exit_status = 2
