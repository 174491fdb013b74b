"""Turns the files of this folder into submissions.

A file says in its docstring what it tries. Then come cells, each under a line ``# %% NAME``: the
contents of a solution cell, or under ``# %% extra before NAME`` and ``# %% extra after NAME`` a cell
of the student's own. Everything else is solved as in the sample solution. Under ``# %% surgery``
stands code of ours that operates on the notebook or its folder. The folder says which notebook it is,
of hidden-layers unless it lies in the folder of another assignment. Comments at the top say:

``# attacks: NAME``   the exercises that must earn nothing, if they aren't the cells' own ("all", "none")
``# spoils: others``  the attack may cost its author other exercises, too
``# outcome: WORD``   what the instructor reads, one of several words
"""

import copy
import json
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ASSIGNMENT = "hidden-layers"
ASSIGNMENTS = (ASSIGNMENT, "initializers", "regularization", "capstone")
OUTCOMES = ("failed", "timed out", "out of memory", "crashed")


@dataclass(frozen=True)
class Attack:
    """One file: a submission, and what must come of it."""

    path: Path
    assignment: str
    track: str
    purpose: str
    cells: tuple[tuple[str, str], ...]  # (heading, source)
    attacked: tuple[str, ...]  # exercises that earn nothing
    everything: bool  # whether all of them are meant
    spoils_others: bool
    outcomes: tuple[str, ...]

    @property
    def student(self) -> str:
        return "-".join(self.path.relative_to(HERE).with_suffix("").parts).replace("_", "-")


def read_attack(path: Path) -> Attack:
    """Read one file of this folder."""
    head, *parts = re.split(r"^# %% (.+)\n", path.read_text(), flags=re.M)
    cells = tuple(zip(parts[::2], parts[1::2], strict=True))
    marks = dict(re.findall(r"^# (attacks|spoils|outcome): (.+)$", head, flags=re.M))
    own = [heading for heading, _ in cells if heading.split()[0] not in ("extra", "surgery")]
    attacked = tuple(re.split(r",\s*", marks["attacks"]) if "attacks" in marks else own)
    folders = path.relative_to(HERE).parent.parts
    return Attack(
        path=path,
        assignment=folders[0] if folders[0] in ASSIGNMENTS else ASSIGNMENT,
        track=folders[-1] if folders[-1] in ("keras", "pytorch") else "numpy",
        purpose=head.split('"""')[1],
        cells=cells,
        attacked=() if attacked in (("none",), ("all",)) else attacked,
        everything=attacked == ("all",),
        spoils_others="spoils" in marks,
        outcomes=tuple(re.split(r",\s*", marks.get("outcome", ""))) if "outcome" in marks else (),
    )


def read_attacks(*folders: str) -> list[Attack]:
    """Every file of these folders."""
    paths = (path for folder in folders for path in sorted((HERE / folder).rglob("*.py")))
    return [read_attack(path) for path in paths]


def solved_notebook(track: str, assignment: str = ASSIGNMENT) -> dict:
    """The released notebook, solved as in the sample solution."""
    released, solution = (
        nbformat.read(ROOT / folder / assignment / f"{track}.ipynb", 4)
        for folder in ("exercises", "solutions")
    )
    for theirs, ours in zip(released.cells, solution.cells, strict=True):
        if ours.metadata.get("nbgrader", {}).get("solution"):
            theirs.source = ours.source
    return json.loads(nbformat.writes(released))


def hand_in(
    course: Path, student: str, track: str, notebook: dict, assignment: str = ASSIGNMENT
) -> Path:
    """Write a notebook to where a course keeps what was submitted."""
    path = course / "submitted" / student / assignment / f"{track}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook))
    return path


def hand_in_attack(course: Path, attack: Attack) -> None:
    """Write the submission of one file."""
    notebook = solved_notebook(attack.track, attack.assignment)
    surgery = None
    for heading, source in attack.cells:
        if heading == "surgery":
            surgery = source
        elif heading.startswith("extra"):
            _, place, name = heading.split()
            _insert(notebook, place, name, source)
        else:
            _cell(notebook, heading)["source"] = source
    path = hand_in(course, attack.student, attack.track, notebook, attack.assignment)
    if surgery:
        space = {"notebook": notebook, "path": path, "course": course, "content": ""}
        exec(compile(surgery, attack.path, "exec"), space)
        content = space["content"]
        if content == "":
            path.write_text(json.dumps(notebook))
        elif content is not None:
            path.write_bytes(content)


def _cell(notebook: dict, name: str) -> dict:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == name:
            return cell
    raise LookupError(f"no solution cell called {name}")


def _insert(notebook: dict, place: str, name: str, source: str) -> None:
    position = notebook["cells"].index(_cell(notebook, name)) + (place == "after")
    extra = copy.deepcopy(nbformat.v4.new_code_cell(source))
    notebook["cells"].insert(position, json.loads(json.dumps(extra)))
