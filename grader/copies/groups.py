"""Groups of submissions whose answers have the same form, kata by kata, and what chance would do."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grader.copies.form import Form, resemblance

NEAR = 0.7
"""Resemblance from which an answer is near another."""
_FEW, _SHARE = 5, 0.1
MOST_GROUPS, MOST_NAMES = 8, 12


@dataclass(frozen=True)
class Group:
    """Submissions whose answers to one kata have the same form."""

    submissions: tuple[str, ...]
    """The first MOST_NAMES of them."""
    count: int
    size: int
    """Tokens of the form."""
    near: int
    """How many others have written nearly the same: what chance and a short kata make likely."""


@dataclass(frozen=True)
class KataCopies:
    """What is the same in one kata."""

    kata: str
    groups: tuple[Group, ...]
    answers: int
    """Answers that are more than the file given out."""
    common: int
    """Answers that are left out, because many wrote the same."""
    more: int
    """Groups that are not shown."""


def is_common(count: int, answers: int) -> bool:
    """True if so many have written the same form that it says nothing about any two of them."""
    return count > max(_FEW, _SHARE * answers)


def find_copies(kata: str, answers: Iterable[tuple[str, Form]], untouched: str | None) -> KataCopies:
    """Find the groups of one kata, the longest forms first.

    Args:
        kata: its name.
        answers: (submission, form) of every answer.
        untouched: the digest of the file that is given out, which nobody has copied.
    """
    counts: Counter[str] = Counter()
    forms: dict[str, Form] = {}
    names: dict[str, list[str]] = defaultdict(list)
    for submission, form in answers:
        if form.digest == untouched:
            continue
        counts[form.digest] += 1
        forms.setdefault(form.digest, form)
        if len(names[form.digest]) < MOST_NAMES:
            names[form.digest].append(submission)
    total = sum(counts.values())
    common = {digest for digest, count in counts.items() if is_common(count, total)}
    same = sorted(_same(counts, common), key=lambda digest: (-forms[digest].size, digest))
    groups = tuple(
        Group(
            tuple(names[digest]),
            counts[digest],
            forms[digest].size,
            sum(
                count
                for other, count in counts.items()
                if other != digest and resemblance(forms[digest], forms[other]) >= NEAR
            ),
        )
        for digest in same[:MOST_GROUPS]
    )
    return KataCopies(kata, groups, total, sum(counts[digest] for digest in common), max(0, len(same) - MOST_GROUPS))


def _same(counts: Counter[str], common: set[str]) -> Iterator[str]:
    return (digest for digest, count in counts.items() if count > 1 and digest not in common)
