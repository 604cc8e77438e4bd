"""Coverage-guided fuzzing of what the judge reads from a submission; run by tests/test_wire_fuzz.py in its own process.

atheris rewrites the byte code of the modules it watches, so nothing else may live in this process. The target is the
judge's own path: `Child.ask` on a socket with the fuzzer's bytes, then `values.decode`. Anything but plain data or the
two exceptions that name the submission's error ends the run with a traceback and the input that caused it.

    python -m tests.fuzz_wire SECONDS CORPUS_FOLDER
"""

import json
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["grader.sandbox.wire", "grader.sandbox.values", "grader.sandbox.client"]):
    from grader.sandbox import client, values

from tests.test_wire_fuzz import answer_with, is_plain

MESSAGES = (
    b'{"id":1,"ok":1}',
    b'{"id":1,"fault":{"kind":"crash","type":"E","text":"t","line":3,"names":["a"],"fields":{"named":"a"}}}',
)
TAGS = [*values._TAGGED, "nan", "inf", "<f8", "|b1", "<i8", ""]


def frame_of(raw: bytes) -> bytes:
    """Half of the inputs grow into the value of an answer, a quarter is in an honest frame, a quarter is as it is."""
    kind, rest = raw[:1], raw[1:]
    if kind < b"\x80":
        rest = b'{"id":1,"ok":' + json.dumps(grow(atheris.FuzzedDataProvider(rest), 0)).encode() + b"}"
    return rest if kind >= b"\xc0" else len(rest).to_bytes(4, "big") + rest


def grow(data: atheris.FuzzedDataProvider, depth: int) -> object:
    """Bytes as a tree of the wire's words in right and wrong places; blind changes of JSON text seldom stay JSON."""
    kind = data.ConsumeIntInRange(0, 9)
    if depth < 6 and kind <= 2:
        return {data.PickValueInList(TAGS): grow(data, depth + 1) for _ in range(data.ConsumeIntInRange(0, 2))}
    if depth < 6 and kind <= 5:
        return [grow(data, depth + 1) for _ in range(data.ConsumeIntInRange(0, 4))]
    if kind == 6:
        return data.ConsumeInt(9)
    if kind == 7:
        return data.PickValueInList(TAGS)
    if kind == 8:
        return data.PickValueInList([None, True, False, -0.5, 1e308, 0, 1, 2])
    return data.ConsumeUnicodeNoSurrogates(12)


def try_one(raw: bytes) -> None:
    """The rule: bytes become an answer that decodes to plain data, or one of two named exceptions."""
    answer = answer_with(frame_of(raw))
    if isinstance(answer, client.Fault):
        assert len(answer.kind) <= 20
        return
    try:
        value = values.decode(answer)
    except values.MalformedAnswer:
        return
    assert is_plain(value), type(value)


def main() -> None:
    """Fuzz for the seconds on the command line, from a fixed seed, beginning with honest answers."""
    folder = Path(sys.argv[2])
    for number, message in enumerate(MESSAGES):
        (folder / f"seed{number}").write_bytes(b"\x80" + message)
    # As a process may die of memory or of time as well as of an exception, both are bounded.
    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={sys.argv[1]}",
            "-seed=7",
            "-max_len=512",
            "-rss_limit_mb=4096",
            "-timeout=5",
            "-use_value_profile=1",
            f"-artifact_prefix={folder.parent}/",
            str(folder),
        ],
        try_one,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
