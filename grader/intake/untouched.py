"""Whether an answer is the file as it was given out, which nobody has begun."""

from grader.bank.kata import Kata


def is_untouched(answer: bytes, kata: Kata) -> bool:
    """True if nothing but comments and layout stands in an answer that was not given out, and nothing is gone.

    A name on top is no answer; nor is the line with the file's name that a notebook's answer cell begins with.
    """
    return kata.student_file.is_file() and _plain(answer) == _plain(kata.student_file.read_bytes())


def _plain(source: bytes) -> list[bytes]:
    """A file's lines without those of comments, and without what an editor changes by itself."""
    lines = (line.rstrip() for line in source.removeprefix(b"\xef\xbb\xbf").splitlines())
    return [line for line in lines if line and not line.lstrip().startswith(b"#")]
