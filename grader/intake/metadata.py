"""Reads the file in which Gradescope says whose each hand-in is, and believes nothing of it.

A folder of a student's may look like an export, so this file may be anybody's. Of YAML only the parser's events are
used, one after the other: they become mappings, lists and texts, and nothing else that YAML knows is made (numbers of
a million digits, keys that merge others, objects). Nesting and parts are counted, because what PyYAML itself makes of
a hundred thousand brackets is the end of the process.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any

from grader.errors import UsageError
from grader.intake.submission import Refused

FILE_NAME = "submission_metadata.yml"
MAX_DEPTH = 50
MAX_PARTS = 5_000_000
"""Texts, lists and mappings: a course of 500 with 30 tests and five older hand-ins each has 1.5 million."""
_NULLS = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True)
class Entry:
    """What the file says of one hand-in."""

    name: str
    """Of its folder."""
    submitters: tuple[Mapping[str, str], ...]
    """What is known of each by Gradescope's own keys, ":name"; one without anything where nobody is named."""
    handed_in: str
    """When, as ISO 8601 where it is a time."""


def read_metadata(content: bytes) -> Iterator[Entry]:
    """Yield what the file says, in its order.

    Raises:
        Refused: it says something else than Gradescope's does.
        UsageError: PyYAML is not installed.
        Exception: it is no YAML; for the reader's border.
    """
    try:
        # Not at the top: only an export of Gradescope needs it.
        yaml: Any = import_module("yaml")
    except ImportError:
        raise UsageError("no_yaml", file=FILE_NAME) from None
    for name, facts in _mapping(_Builder(yaml).build(content)).items():
        facts = _mapping(facts)
        submitters = facts.get(":submitters") or [{}]
        if not isinstance(submitters, list):
            raise Refused("file_damaged", file=FILE_NAME)
        known = tuple(_texts_of(_mapping(one)) for one in submitters)
        yield Entry(name, known, _time(yaml, facts.get(":created_at")))


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refused("file_damaged", file=FILE_NAME)
    return value


def _texts_of(facts: dict[str, Any]) -> dict[str, str]:
    # What else stands there may refer to itself, and has no end as text.
    return {key: value for key, value in facts.items() if isinstance(value, str)}


def _time(yaml: Any, value: Any) -> str:
    """A time as ISO 8601, read as YAML itself reads one; any other text as it is."""
    text = value if isinstance(value, str) else ""
    maker = yaml.constructor.SafeConstructor()
    if maker.timestamp_regexp.match(text):
        with suppress(ValueError):  # the 30th of February
            time = maker.construct_yaml_timestamp(yaml.ScalarNode("", text))
            return str(time.isoformat()) if isinstance(time, datetime) else text
    return text


@dataclass
class _Builder:
    """Makes plain values of a parser's events."""

    yaml: Any
    _root: Any = None
    _open: list[Any] = field(default_factory=list)
    """Lists and mappings that are not at their end, the innermost last."""
    _keys: list[str | None] = field(default_factory=list)
    """Of each of them the key that waits for its value."""
    _anchors: dict[str, Any] = field(default_factory=dict)

    def build(self, content: bytes) -> Any:
        """Return what the text holds."""
        yaml = self.yaml
        # The C one where it is built: a whole class's tests with all their outputs stand in the file.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        for number, event in enumerate(yaml.parse(content, loader)):
            if number > MAX_PARTS:
                raise Refused("file_damaged", file=FILE_NAME)
            if isinstance(event, yaml.ScalarEvent):
                is_null = event.implicit[0] and event.value in _NULLS
                self._put(None if is_null else event.value, event.anchor)
            elif isinstance(event, yaml.AliasEvent):
                self._put(self._anchors[event.anchor], None)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._put([] if isinstance(event, yaml.SequenceStartEvent) else {}, event.anchor, opens=True)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._open.pop()
                self._keys.pop()
        return self._root

    def _put(self, value: Any, anchor: str | None, *, opens: bool = False) -> None:
        if anchor is not None:
            self._anchors[anchor] = value
        inner = self._open[-1] if self._open else None
        if inner is None:
            self._root = value
        elif isinstance(inner, list):
            inner.append(value)
        elif (key := self._keys[-1]) is not None:
            inner[key] = value
            self._keys[-1] = None
        elif isinstance(value, str):
            self._keys[-1] = value
        else:
            raise Refused("file_damaged", file=FILE_NAME)
        if opens:
            self._open.append(value)
            self._keys.append(None)
            if len(self._open) > MAX_DEPTH:
                raise Refused("file_damaged", file=FILE_NAME)
