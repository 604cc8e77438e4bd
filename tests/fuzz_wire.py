"""Coverage-guided fuzzing of what the judge reads from a submission; run by tests/test_wire_fuzz.py in its own process.

atheris rewrites the byte code of the modules it watches, so nothing else may live in this process. The target is the
judge's own path: `Child.ask` on a socket with the fuzzer's bytes, then `values.decode`. Anything but plain data or the
two exceptions that name the submission's error ends the run with a traceback and the input that caused it.

    python -m tests.fuzz_wire SECONDS CORPUS_FOLDER
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["grader.sandbox.wire", "grader.sandbox.values", "grader.sandbox.client"]):
    from grader.sandbox import client, values

from tests.test_wire_fuzz import answer_with, is_plain

VALUES = [
    b"1",
    b"-2.5e300",
    b'[true,null,"x"]',
    b'{"tuple":[1,{"set":[2]}]}',
    b'{"array":["<f8",[1],"AAAAAAAA8D8="]}',
    b'{"array":["|b1",[2,0],""]}',
    b'{"dict":[["k",{"float":"nan"}]]}',
    b'{"opaque":["a","b"]}',
    b'{"model":0}',
    b'{"callable":"f"}',
]
MESSAGES = [b'{"id":1,"ok":1}', b'{"id":1,"fault":{"kind":"crash","type":"E","text":"t","line":3,"names":["a"]}}']
WORDS = [
    "float",
    "tuple",
    "set",
    "dict",
    "array",
    "opaque",
    "model",
    "callable",
    "nan",
    "inf",
    "<f8",
    "|b1",
    "id",
    "ok",
]


def frame_of(raw: bytes) -> bytes:
    """A third of the inputs is the value in an honest answer, a third is in an honest frame, the rest is as it is."""
    kind, rest = raw[:1], raw[1:]
    if kind < b"\x55":
        rest = b'{"id":1,"ok":' + rest + b"}"
    return rest if kind > b"\xaa" else len(rest).to_bytes(4, "big") + rest


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
    seeds = [b"\0" + value for value in VALUES] + [b"\x60" + message for message in MESSAGES]
    for number, seed in enumerate(seeds):
        (folder / f"seed{number}").write_bytes(seed)
    words = folder.with_suffix(".words")
    words.write_text("".join(f'"\\"{word}\\""\n' for word in WORDS), "ascii")
    # As a process may die of memory or of time as well as of an exception, both are bounded.
    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={sys.argv[1]}",
            "-seed=7",
            "-max_len=512",
            "-rss_limit_mb=1024",
            "-timeout=5",
            "-use_value_profile=1",
            f"-dict={words}",
            str(folder),
        ],
        try_one,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
