"""Reads what a student's process says about a cell, as its word: checked, capped, cleaned.

Everything here gets trees that ``wire`` already checked for their form; what they mean is checked
here. What doesn't fit raises ``Malformed``, which is the student's outcome (THREATS, 7).
"""

import base64
from typing import Any

import numpy as np

from autograder.sandbox.wire import Malformed
from autograder.sandbox.words import clean_line, clean_output, clean_text
from autograder.student.compare import STAGES
from autograder.student.exercise import Wrong
from autograder.student.observe import Observation, Value

LONGEST_KIND = 200  # characters
LONGEST_PROBLEM = 2_000
MOST_NAMES = 256
MOST_OUTPUTS = 500
PNG = b"\x89PNG\r\n\x1a\n"


def read_observations(tree: Any, due: int) -> list[Observation]:
    """Observations, one for each of the inputs.

    Raises
    ------
    Malformed : if there aren't as many as are ``due``, or one of them is something else.
    """
    if not isinstance(tree, list) or len(tree) != due:
        raise Malformed("not one observation for each case")
    return [_read_observation(item) for item in tree]


def _read_observation(tree: Any) -> Observation:
    match tree:
        case {"outputs": dict(outputs), "arguments": arguments, "problem": problem}:
            if len(outputs) > MOST_NAMES:
                raise Malformed("too many outputs")
            named = dict(_read_output(name, value) for name, value in outputs.items())
            return Observation(named, arguments, _read_problem(problem))
    raise Malformed("an observation is not outputs, arguments and a problem")


def _read_output(name: Any, tree: Any) -> tuple[str, Value]:
    match name, tree:
        case str(), [str(kind), np.ndarray() as array] if kind in ("array", "number"):
            return name, Value(kind, array)
        case str(), [str(kind), None] if kind not in ("array", "number"):
            return name, Value(clean_line(kind, LONGEST_KIND), None)
    raise Malformed("an output is neither an array nor the name of another kind")


def _read_problem(tree: Any) -> Wrong | None:
    match tree:
        case None:
            return None
        case [str(stage), str(text)]:
            known = stage in STAGES or stage == "unsolved"
            return Wrong(stage if known else "runs", clean_text(text, LONGEST_PROBLEM))
    raise Malformed("a problem is not a stage with a text")


def read_outputs(tree: Any, room: int) -> list[dict[str, Any]]:
    """A cell's outputs as nbformat writes them, up to ``room`` bytes of text and pictures.

    Raises
    ------
    Malformed : if one of them is something else.
    """
    if not isinstance(tree, list) or len(tree) > MOST_OUTPUTS:
        raise Malformed("not a list of outputs")
    found = []
    for item in tree:
        size = sum(array.size for array in _arrays(item))
        room -= size
        if room < -100_000:  # what the process itself caps, and its line that says so
            raise Malformed("more output than is kept")
        found.append(_read_output_item(item))
    return found


def _arrays(node: Any) -> list[np.ndarray]:
    if isinstance(node, dict):
        return [array for value in node.values() for array in _arrays(value)]
    return [node] if isinstance(node, np.ndarray) else []


def _read_output_item(item: Any) -> dict[str, Any]:
    match item:
        case {"type": kind, "name": name, "text": text} if _text(kind) == "stream":
            stream = "stderr" if _text(name) == "stderr" else "stdout"
            return {"output_type": "stream", "name": stream, "text": _output(text)}
        case {"type": kind, "name": name, "value": value, "text": text} if _text(kind) == "error":
            return {
                "output_type": "error",
                "ename": clean_line(_text(name), LONGEST_KIND),
                "evalue": clean_text(_text(value), LONGEST_PROBLEM),
                "traceback": _output(text).split("\n"),
            }
        case {"type": kind, "data": dict(data)}:
            shown = {"text/plain": _output(data.get("text/plain"))}
            picture = data.get("image/png")
            if picture is not None:
                shown["image/png"] = _picture(picture)
            # The number of an execution belongs to the notebook, which is put together elsewhere.
            return {"output_type": "display_data", "data": shown, "metadata": {}}
    raise Malformed("an output of no known kind")


def _bytes(node: Any) -> bytes:
    if not isinstance(node, np.ndarray) or node.dtype != np.uint8 or node.ndim != 1:
        raise Malformed("a text or a picture is not bytes")
    return node.tobytes()


def _text(node: Any) -> str:
    return _bytes(node).decode("utf-8", "replace")


def _output(node: Any) -> str:
    text = _text(node)
    return clean_output(text, len(text))


def _picture(node: Any) -> str:
    picture = _bytes(node)
    if not picture.startswith(PNG):
        raise Malformed("a picture is not PNG")
    return base64.b64encode(picture).decode()
