"""What a student's process says is checked for its meaning, capped and cleaned of codes."""

import numpy as np
import pytest

from autograder.sandbox import CodeCell, Job
from autograder.sandbox.replies import read_observations, read_outputs
from autograder.sandbox.wire import Malformed, from_bytes
from autograder.sandbox.words import clean_line, clean_output, clean_text
from tests.sandbox.conftest import HONEST, dense_check, is_right

ONE = np.ones(2)


def observation(**changes):
    whole = {"outputs": {"out": ["array", ONE]}, "arguments": {"x": ONE}, "problem": None}
    return whole | changes


def test_an_observation_is_rebuilt():
    (observed,) = read_observations([observation()], 1)
    assert observed.outputs["out"].kind == "array"
    assert observed.outputs["out"].array is ONE
    (observed,) = read_observations([observation(problem=["shape", "a\x1b[2Jb\r\x00"])], 1)
    assert (observed.problem.stage, str(observed.problem)) == ("shape", "a[2Jb")
    (observed,) = read_observations([observation(problem=["passed", "x" * 9_999])], 1)
    assert observed.problem.stage == "runs"
    assert len(str(observed.problem)) < 3_000


@pytest.mark.parametrize(
    "forged",
    [
        [],
        [observation(), observation()],
        {"0": observation()},
        [None],
        [observation(outputs={"out": ["array", None]})],
        [observation(outputs={"out": ["number", None]})],
        [observation(outputs={"out": ["a list", ONE]})],
        [observation(outputs={"out": ONE})],
        [observation(outputs={1: ["array", ONE]})],
        [observation(outputs={str(n): ["array", ONE] for n in range(300)})],
        [observation(outputs=[])],
        [observation(problem="shape")],
        [observation(problem=["shape", 3])],
    ],
)
def test_forged_observations_are_refused(forged):
    with pytest.raises(Malformed):
        read_observations(forged, 1)


def text(words: str) -> np.ndarray:
    return from_bytes(words.encode())


@pytest.mark.parametrize(
    "forged",
    [
        None,
        ["text"],
        [{"type": text("stream")}],
        [{"type": text("stream"), "name": text("stdout"), "text": np.ones(3)}],
        [{"type": text("html"), "text": text("<script>")}],
        [{"type": text("display_data"), "data": {"text/plain": "x"}}],
        [{"type": text("display_data"), "data": {"text/plain": text("x"), "image/png": text("<")}}],
        [{"type": text("stream"), "name": text("stdout"), "text": text("x" * 300_000)}],
        [{"type": text("stream"), "name": text("stdout"), "text": text("x")}] * 501,
    ],
)
def test_forged_outputs_are_refused(forged):
    with pytest.raises(Malformed):
        read_outputs(forged, 1_000)


def test_only_text_and_pictures_are_shown():
    data = {"text/plain": text("x"), "text/html": text("<b>"), "application/javascript": text("1")}
    (shown,) = read_outputs([{"type": text("execute_result"), "data": data}], 1_000)
    assert shown == {"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {}}


def test_codes_are_taken_out():
    assert clean_line("a\nb\x1b[31m \u202ec\ud800\x9b", 99) == "a b c"
    assert clean_text("é\tß\n漢\u200b", 99) == "é\tß\n漢"
    assert clean_text("x" * 50, 10) == "x" * 10 + " …"
    assert clean_output("\x1b[1mb\x1b[0m\x1b[2J", 99) == "\x1b[1mb\x1b[0m[2J"
    assert clean_output("10%\r20%\r30%\r\nend\r", 99) == "30%\nend"
    assert len(clean_output("x" * 10**6, 10**6)) == 10**6  # in linear time


FORGE = """
import json, os, struct
def forge(message, body=b""):
    header = json.dumps(message).encode()
    os.write(4, struct.pack("<II", len(header), len(body)) + header + body)
def honest(number):
    return {"dict": [["number", {"value": number}], ["outputs", {"list": []}],
                     ["observations", {"list": []}]]}
"""


@pytest.mark.parametrize(
    "attack",
    [
        "forge([honest(2), []])",
        "for number in range(9): forge([honest(number), []])",
        "forge([{'array': 0}, [['<f8', [2**30], 'C', True]]], b'')",
        "os.write(4, struct.pack('<II', 2**32 - 1, 2**32 - 1))",
        "os.write(4, b'[')",
        "import os; [os.write(n, b'x' * 99) for n in range(9) if n not in (3,)]",
        "os.read(3, 10**6)",
    ],
)
def test_forged_frames_ruin_only_their_own_result(worker, attack):
    check = dense_check("check", "bad")
    safe = dense_check("safe")
    code = HONEST + FORGE + f"def bad(x, W, b):\n    {attack}\n    return x @ W + b, None\n"
    result = worker.run(Job("numpy", [CodeCell("h", code), safe, check]))
    assert is_right(result, safe)
    assert result.outcomes["check"].word in ("crashed", "timed out")
    again = worker.run(Job("numpy", [CodeCell("h", HONEST), safe]))
    assert is_right(again, safe)
