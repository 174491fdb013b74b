"""What an exercise is to a student's machine: its name, and how to call the student's functions."""

import difflib
import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

TRACKS = ("numpy", "keras", "pytorch")


class Wrong(Exception):
    """What a student's function did wrong, in one sentence, before any value was compared.

    ``stage`` is the step of the check that it failed: "runs", "kind", "shape", "dtype", "finite",
    "values" or "arguments".
    """

    def __init__(self, stage: str, message: str) -> None:
        super().__init__(message)
        self.stage = stage


def track_of(id: str) -> str:
    """The track of a notebook or an exercise, by its id, such as "hidden-layers/numpy"."""
    return id.split("/")[1]


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    ``call`` gets the student's functions, in the order of ``takes``, and a case's inputs by name;
    what it returns is unpacked into the outputs that ``returns`` names (unless it already is a
    dict of outputs). ``judge`` decides about the outputs where there are many right answers;
    without it they are compared with reference tensors; it gets the reference as well if
    ``judge_needs_reference``. ``fingerprint`` reduces large outputs to
    the numbers by which a known mistake is recognized.
    """

    notebook: str  # "hidden-layers/numpy"
    name: str  # "dense_backward"
    takes: tuple[str, ...]
    returns: tuple[str, ...]
    call: Callable[..., Any]
    judge: Callable[..., None] | None = None  # (inputs, outputs) or (inputs, outputs, expected)
    rtol: float = 1e-7
    atol: float = 1e-9
    fingerprint: Callable[[dict], dict] | None = None
    judge_needs_reference: bool = False

    @property
    def id(self) -> str:
        return f"{self.notebook}/{self.name}"

    @property
    def track(self) -> str:
        return track_of(self.notebook)


@dataclass
class Notebook:
    """The exercises of one notebook, registered by a decorator in the order of the course."""

    id: str  # "hidden-layers/numpy"
    exercises: dict[str, Exercise] = field(default_factory=dict)

    def exercise(
        self,
        returns: str,
        takes: str = "",
        judge: Callable[..., None] | None = None,
        rtol: float = Exercise.rtol,
        atol: float = Exercise.atol,
        name: str = "",
        fingerprint: Callable[[dict], dict] | None = None,
        judge_needs_reference: bool = False,
    ) -> Callable[[Callable[..., Any]], Exercise]:
        """Register the decorated function as the way to call the exercise of its name, or of
        ``name``."""

        def register(call: Callable[..., Any]) -> Exercise:
            exercise_name = name or call.__name__
            takes_names = tuple(takes.split()) or (exercise_name,)
            exercise = Exercise(
                self.id,
                exercise_name,
                takes_names,
                tuple(returns.split()),
                call,
                judge,
                rtol,
                atol,
                fingerprint,
                judge_needs_reference,
            )
            self.exercises[exercise_name] = exercise
            return exercise

        return register


def load_exercises() -> dict[str, Exercise]:
    """Every exercise of the course by its id, in the order of the course."""
    return {
        f"{notebook.id}/{name}": exercise
        for notebook in load_notebooks()
        for name, exercise in notebook.exercises.items()
    }


def load_notebooks() -> list[Notebook]:
    """The notebooks of the course."""
    from autograder.student import exercises

    modules = (importlib.import_module(f"{exercises.__name__}.{name}") for name in exercises.ORDER)
    return [module.notebook for module in modules]


def find_exercise(name: str) -> Exercise:
    """The exercise with this name, which may be led by its track or its whole notebook.

    Raises
    ------
    LookupError : with a sentence that names what was probably meant.
    """
    every = load_exercises()
    found = [id for id in every if id == name or id.endswith(f"/{name}")]
    if len(found) == 1:
        return every[found[0]]
    if found:
        options = " or ".join('"{}"'.format(id.partition("/")[2]) for id in found)
        raise LookupError(f'"{name}" is an exercise of several notebooks: write {options}.')
    names = {id.rsplit("/", 1)[1] for id in every}
    close = difflib.get_close_matches(str(name).rsplit("/", 1)[-1], names, n=3, cutoff=0.5)
    meant = " or ".join(f'"{match}"' for match in close)
    hint = f" Did you mean {meant}?" if close else ""
    raise LookupError(f'there is no exercise called "{name}".{hint}')
