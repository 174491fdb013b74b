"""Runs a notebook's cells, beside the student's code. Nothing here is trusted by anyone outside.

Code cells run in IPython, without its kernel: magics, displays and errors are as in a notebook. A
check calls the student's functions on inputs that were sent in, and takes down what comes back.
"""

import base64
import builtins
import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.sandbox import wire
from autograder.student import trees
from autograder.student.calling import describe
from autograder.student.exercise import Exercise
from autograder.student.observe import Observation, observe

TEXT, PICTURE = "text/plain", "image/png"
LEFT_OUT = "\n… what follows was too much output and is left out\n"


class Outputs:
    """What one cell displays, in order, up to so many bytes of text and pictures."""

    def __init__(self, most: int) -> None:
        self.room = most
        self.shown: list[dict[str, Any]] = []

    def add_text(self, stream: str, text: str) -> None:
        if self.room <= 0:
            return
        if len(text) > self.room:
            text = text[: self.room] + LEFT_OUT
        self.room -= len(text)
        last = self.shown[-1] if self.shown else {}
        if last.get("name") == stream:
            last["text"].append(text)
        else:
            self.shown.append({"type": "stream", "name": stream, "text": [text]})

    def add_data(self, kind: str, data: dict[str, Any]) -> None:
        kept = {TEXT: str(data.get(TEXT, ""))[: max(0, self.room)]}
        self.room -= len(kept[TEXT])
        picture = data.get(PICTURE)
        if isinstance(picture, str):  # matplotlib's come in base64
            picture = base64.b64decode(picture)
        if isinstance(picture, bytes) and len(picture) <= self.room:
            kept[PICTURE] = picture
            self.room -= len(picture)
        self.shown.append({"type": kind, "data": kept})

    def add_error(self, name: str, value: str, traceback: list[str]) -> None:
        text = "\n".join(traceback)[:20_000]
        self.shown.append({"type": "error", "name": name, "value": value[:2_000], "text": [text]})

    def packed(self) -> list[dict[str, Any]]:
        """For the wire: texts and pictures as bytes."""
        return [{key: _pack(value) for key, value in output.items()} for output in self.shown[:500]]


def _pack(value: Any) -> Any:
    if isinstance(value, list):
        value = "".join(value)
    if isinstance(value, str):
        value = value.encode("utf-8", "replace")
    if isinstance(value, dict):
        return {key: _pack(item) for key, item in value.items()}
    return wire.from_bytes(value)


class Stream:
    """``sys.stdout`` or ``sys.stderr`` of a cell."""

    encoding = "utf-8"
    errors = "replace"
    newlines = None
    closed = False

    def __init__(self, shell: "Shell", name: str) -> None:
        self._shell = shell
        self.name = f"<{name}>"
        self._stream = name

    def write(self, text: str) -> int:
        self._shell.outputs.add_text(self._stream, str(text))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def fileno(self) -> int:
        raise OSError("a notebook's stream has no file descriptor")


class Publisher(DisplayPublisher):
    """Takes down what ``display`` shows."""

    def publish(self, data: dict, *arguments: Any, **options: Any) -> None:
        self.shell.outputs.add_data("display_data", data)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.shown.clear()


class Hook(DisplayHook):
    """Takes down the value of a cell's last line."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        self.shell.outputs.add_data("execute_result", format_dict)

    def finish_displayhook(self) -> None:
        pass


class Shell(InteractiveShell):
    """IPython without a kernel, whose errors are outputs."""

    display_pub_class = Publisher
    displayhook_class = Hook
    outputs = Outputs(0)

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no window to be served."""

    def _showtraceback(self, kind: type, value: BaseException, lines: list[str]) -> None:
        try:
            said = str(value)
        except BaseException:  # a student's own __str__
            said = ""
        self.outputs.add_error(kind.__name__, said, [str(line) for line in lines])


# What a notebook's pictures need first: fonts, formulas, a color map, a legend.
FIRST_PICTURE = """
import matplotlib.pyplot as plt
figure, axes = plt.subplots(1, 3)
axes[0].plot([0, 1], [0, 1e-3], "o-", label="$x_1$")
axes[0].set(xlabel="x", ylabel="$y$", title="T")
axes[0].legend()
axes[1].contourf([[0, 1], [1, 0]])
axes[2].imshow([[0, 1], [1, 0]])
axes[2].set_yscale("log")
plt.show()
"""


def make_shell() -> Shell:
    """The shell that forks inherit. Starts no thread and opens no file."""
    config = Config()
    # Fitting the paper to a picture draws it twice; hard compression costs as much again.
    config.InlineBackend.print_figure_kwargs = {
        "bbox_inches": None,
        "pil_kwargs": {"compress_level": 1},
    }
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = Shell.instance(config=config)
    shell.enable_matplotlib("inline")
    # What a first error and a first picture import and build is there before the first fork.
    shell.run_cell("raise ValueError", store_history=False)
    shell.run_cell(FIRST_PICTURE, silent=True)
    shell.reset()
    shell.execution_count = 1
    return shell


class Notebook:
    """The cells of one notebook, in one namespace.

    Parameters
    ----------
    output : bytes of text and pictures that are kept of each cell.
    """

    def __init__(self, shell: Shell, exercises: dict[str, Exercise], output: int) -> None:
        self.shell = shell
        self.exercises = exercises
        self.output = output
        self.process = os.getpid()
        self.running = False
        sys.path.insert(0, "")  # as in a notebook; at the start there is nothing in this folder

    def interrupt(self, *_: Any) -> None:
        """The handler of SIGINT: one that comes after its cell has ended is too late."""
        if self.running:
            raise KeyboardInterrupt

    def run_code(self, source: str) -> dict[str, Any]:
        """Run one cell; what it raises is among its outputs."""
        with self._captured() as outputs:
            self.shell.run_cell(source, store_history=True)
        return {"outputs": outputs.packed()}

    def run_check(self, exercise_id: str, names: list[str], inputs: list[dict]) -> dict[str, Any]:
        """Call the functions of these names on each of the inputs."""
        with self._captured() as outputs:
            reply = self._observe(self.exercises[exercise_id], names, inputs)
        return {"outputs": outputs.packed(), **reply}

    def _observe(self, exercise: Exercise, names: list[str], inputs: list[dict]) -> dict[str, Any]:
        functions: list[Callable] = []
        for name in names:
            if name not in self.shell.user_ns and not hasattr(builtins, name):
                return {"undefined": [name, "is not defined"]}
            function = self.shell.user_ns.get(name, getattr(builtins, name, None))
            if not callable(function):
                return {"undefined": [name, f"is {describe(function)}, not a function"]}
            functions.append(function)
        try:
            observations = [observe(exercise, functions, case) for case in inputs]
        except KeyboardInterrupt:
            return {"undefined": [names[-1], "was interrupted"]}
        return {"observations": [_pack_observation(observed) for observed in observations]}

    @contextlib.contextmanager
    def _captured(self) -> Iterator[Outputs]:
        self.shell.outputs = outputs = Outputs(self.output)
        streams = Stream(self.shell, "stdout"), Stream(self.shell, "stderr")
        sys.stdout, sys.stderr = streams
        self.running = True
        try:
            yield outputs
            self.shell.events.trigger("post_execute")  # shows the pictures of a check
        finally:
            self.running = False
            if os.getpid() != self.process:  # a child that a cell forked and that came back
                os._exit(0)


def _pack_observation(observed: Observation) -> dict[str, Any]:
    """Plain arrays and words; arguments that aren't what was sent in any more stay behind."""
    problem = observed.problem
    return {
        "outputs": {
            str(name): [value.kind, None if value.array is None else np.asarray(value.array)]
            for name, value in observed.outputs.items()
        },
        "arguments": _pack_arguments(observed.arguments),
        "problem": None if problem is None else [problem.stage, str(problem)],
    }


def _pack_arguments(arguments: trees.Tree) -> trees.Tree:
    try:
        _, arrays = trees.flatten(arguments)
    except (TypeError, RecursionError):
        return None
    return arguments if all(array.dtype.str in wire.DTYPES for array in arrays) else None


def imported_packages(before: set[str]) -> list[str]:
    """The top-level modules that weren't there ``before``."""
    now = {name.partition(".")[0] for name in list(sys.modules)}
    return sorted(now - before)[:100]
