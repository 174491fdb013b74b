"""Says a verdict in words, for a notebook or a terminal."""

import textwrap
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograder.student.compare import STAGES
from autograder.student.verdict import Verdict

GREEN, RED, BOLD, PLAIN = "\x1b[1;32m", "\x1b[1;31m", "\x1b[1m", "\x1b[0m"
SMALL = 8  # arrays of up to so many elements are shown, larger ones only by their shape
WIDTH = 96  # characters: nbgrader's Validate cuts off what is longer
INDENT = 13


def show(verdict: Verdict) -> str:
    """A verdict as text with ANSI colors, which notebooks and terminals both render."""
    if verdict.passed:
        return _show_passed(verdict)
    if verdict.stage == "unsolved":
        return _show_unsolved(verdict)
    return _show_failed(verdict)


def _show_passed(verdict: Verdict) -> str:
    lines = [f"{GREEN}✓ {verdict.exercise.name}{PLAIN}", *_field("cases", verdict.labels)]
    if verdict.exercise.judge is None:
        agreement = verdict.agreement
        how = (
            f"off by {agreement.difference:.1g} at most, where {agreement.allowed:.1g} is allowed"
            if agreement.allowed
            else "equal"
        )
        outputs = ", ".join(verdict.exercise.returns)
        lines += _field("compared", [f"{outputs} with the reference: {how}"])
    elif verdict.exercise.judge.__doc__:
        lines += _field("judged by", [verdict.exercise.judge.__doc__.partition("\n")[0]])
    return "\n".join(lines)


def _show_unsolved(verdict: Verdict) -> str:
    return (
        f"{BOLD}○ {verdict.exercise.name} is not solved yet{PLAIN}: {verdict.message}.\n"
        "  Write it where the cell above says YOUR CODE HERE, run that cell, then this one."
    )


def _show_failed(verdict: Verdict) -> str:
    lines = [f"{RED}✗ {verdict.exercise.name}{PLAIN}: {verdict.message}"]
    lines += _field("checked", [_steps(verdict.stage)])
    lines += _field("case", [verdict.case.label])
    if verdict.case.inputs:
        label = "inputs"
        for name, value in verdict.case.inputs.items():
            lines += _field(label, [f"{name} = {_brief(value)}"])
            label = ""
    if verdict.help:
        first, *rest = _field("looks like", [verdict.help])
        lines += [f"{BOLD}{first[:INDENT]}{PLAIN}{first[INDENT:]}", *rest]
    return "\n".join(lines)


def _field(name: str, values: Iterable[str]) -> list[str]:
    """A labelled list, wrapped under itself."""
    return textwrap.wrap(
        "; ".join(values),
        WIDTH,
        initial_indent=f"  {name}".ljust(INDENT),
        subsequent_indent=" " * INDENT,
        break_long_words=False,
    )


def _steps(failed: str) -> str:
    if failed not in STAGES:
        return "✗"
    before = STAGES[: STAGES.index(failed)]
    return " ".join([*(f"{stage} ✓" for stage in before), f"{failed} ✗"])


def _brief(value: Any) -> str:
    if isinstance(value, np.ndarray):
        if value.size > SMALL:
            kind = "" if value.dtype == np.float64 else f", {value.dtype}"
            return f"array {value.shape}{kind}"
        text = np.array2string(value, separator=", ", precision=4, max_line_width=200)
        return " ".join(text.split())
    if isinstance(value, (list, tuple)):
        shown = ", ".join(_brief(item) for item in value)
        return f"[{shown}]" if isinstance(value, list) else f"({shown})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_brief(item)}" for key, item in value.items()) + "}"
    return repr(value)
