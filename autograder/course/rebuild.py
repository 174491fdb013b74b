"""Builds the notebook that is graded: the course's own cells, with a student's contents in them.

Only the contents of solution cells and written answers are taken, by their names in the
gradebook, and extra cells where they stand. Metadata, tags, kernel, points, outputs, and whatever
else a submitted file says about itself, decide nothing (THREATS, 13).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from autograder.course import safe
from autograder.course.blank import Cell, grade_id_of, kind_of
from autograder.course.reading import Unreadable, printable

MOST_CELLS = 2000
MOST_EXTRA_CELLS = 200
LONGEST_CODE = 100_000  # characters of one cell
LONGEST_TEXT = 20_000  # the same of Markdown, whose conversion can take the square of its length
TAKEN = ("solution", "answer")  # kinds of cells whose contents are a student's


@dataclass(frozen=True)
class Submitted:
    """What is taken of one cell of a submission."""

    kind: str  # "code", "markdown" or another
    id: str | None
    grade_id: str | None
    source: str


@dataclass
class Rebuilt:
    """A notebook to be graded, whose outputs are still empty.

    ``answers`` holds what stands in each solution cell and written answer, as the student wrote
    it; None for a cell that is missing.
    """

    notebook: dict[str, Any]
    answers: dict[str, str | None] = field(default_factory=dict)
    extra: set[str] = field(default_factory=set)  # ids of the cells that aren't the course's
    changed: set[str] = field(default_factory=set)  # ids of the course's that a student edited
    notes: list[str] = field(default_factory=list)


def rebuild(submission: bytes | None, blank: bytes) -> Rebuilt:
    """Put the contents of a submission into the course's notebook.

    Parameters
    ----------
    submission : the bytes of the submitted file; None gives the blank notebook.
    blank : the notebook of ``blank_notebook``.

    Raises
    ------
    Unreadable : if the submission is no notebook; the message says why.
    """
    notebook = json.loads(blank)
    notes: list[str] = []
    submitted = [] if submission is None else read_cells(submission, notes)
    places = _match(submitted, notebook["cells"], notes)
    result = Rebuilt(notebook, notes=notes)
    before = _extra_cells(submitted, places)
    cells = []
    for place, cell in enumerate(notebook["cells"]):
        cells += _add_extra(before.get(place, ()), result)
        found = places.found.get(place)
        _fill(cell, None if found is None else submitted[found], result)
        cells.append(cell)
    cells += _add_extra(before.get(len(notebook["cells"]), ()), result)
    missing = [name for name, source in result.answers.items() if source is None]
    if missing and submission is not None:
        notes.append(f"missing cells: {', '.join(missing)}")
    notebook["cells"] = cells
    return result


def read_cells(submission: bytes, notes: list[str]) -> list[Submitted]:
    """The cells of a submitted file, as far as they can be read.

    Raises
    ------
    Unreadable : if it is no notebook.
    """
    if not submission.strip():
        raise Unreadable("is empty")
    try:
        content = json.loads(submission)
    except RecursionError:
        raise Unreadable("is nested too deeply to be a notebook") from None
    except ValueError:  # broken JSON, broken text, or a number of thousands of digits
        raise Unreadable("is not a notebook: its text isn't JSON") from None
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise Unreadable("is not a notebook: it has no list of cells")
    if content.get("nbformat") != 4:
        notes.append("says that it is in another version of the notebook format than 4")
    cells = content["cells"]
    if len(cells) > MOST_CELLS:
        notes.append(f"has {len(cells):,} cells, of which the first {MOST_CELLS:,} are read")
    return [_read_cell(cell, notes) for cell in cells[:MOST_CELLS] if isinstance(cell, dict)]


def _read_cell(cell: dict, notes: list[str]) -> Submitted:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        source = ""
    kind = str(cell.get("cell_type"))[:20]
    longest = LONGEST_CODE if kind == "code" else LONGEST_TEXT
    if len(source) > longest:
        notes.append(
            f"a cell of {len(source):,} characters, of which the first {longest:,} are read"
        )
        source = source[:longest]
    return Submitted(
        kind=kind,
        id=_text(cell.get("id")),
        grade_id=_text(grade_id),
        source=safe.code(source),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


@dataclass
class _Places:
    """Which submitted cell stands for which of the course's, by their numbers, both ways."""

    found: dict[int, int] = field(default_factory=dict)
    known: dict[int, int] = field(default_factory=dict)

    def add(self, place: int, number: int) -> None:
        self.found[place] = number
        self.known[number] = place


def _match(submitted: list[Submitted], course: list[Cell], notes: list[str]) -> _Places:
    """Find the course's cells again: graded ones by name, others by their text or, if they are
    code, by cell id.

    Where two cells have one name, the last one counts, as for nbgrader; the other is an extra. So
    is a text of the course that the student edited.
    """
    by_name = {grade_id_of(cell): place for place, cell in enumerate(course) if grade_id_of(cell)}
    plain = [place for place, cell in enumerate(course) if place not in by_name.values()]
    places = _Places()
    last: dict[int, int] = {}
    for number, cell in enumerate(submitted):
        place = by_name.get(cell.grade_id)
        if place is None:
            continue
        if place in last and kind_of(course[place]) in TAKEN:
            notes.append(f"two cells are called {cell.grade_id}; the last one counts")
        last[place] = number
    for place, number in last.items():
        places.add(place, number)
    for same in (_same_id, _same_text):
        index = {same(course[place]): place for place in plain if place not in places.found}
        for number, cell in enumerate(submitted):
            key = same(cell) if cell.grade_id not in by_name else None
            place = index.get(key) if key is not None else None
            if place is not None and place not in places.found and number not in places.known:
                places.add(place, number)
    return places


def _same_id(cell: Cell | Submitted) -> Any:
    kind, name = (
        (cell.kind, cell.id) if isinstance(cell, Submitted) else (cell["cell_type"], cell["id"])
    )
    return name if kind == "code" else None


def _same_text(cell: Cell | Submitted) -> Any:
    if isinstance(cell, Submitted):
        return (cell.kind, cell.source.strip())
    return (cell["cell_type"], cell["source"].strip())


def _extra_cells(submitted: list[Submitted], places: _Places) -> dict[int, list[Submitted]]:
    """The cells that aren't the course's, by the place of the course's cell that comes next."""
    before: dict[int, list[Submitted]] = {}
    following = max(places.found, default=-1) + 1
    for number in reversed(range(len(submitted))):
        if number in places.known:
            following = places.known[number]
        else:
            before.setdefault(following, []).insert(0, submitted[number])
    return before


def _add_extra(cells: Iterable[Submitted], result: Rebuilt) -> list[Cell]:
    added = []
    for cell in cells:
        if cell.kind not in ("code", "markdown") or not cell.source.strip():
            continue
        if len(result.extra) == MOST_EXTRA_CELLS:
            result.notes.append(f"more than {MOST_EXTRA_CELLS} cells of its own; the rest is gone")
            return added
        name = f"extra-{len(result.extra) + 1}"
        result.extra.add(name)
        added.append(_new_cell(name, cell))
    return added


def _new_cell(name: str, cell: Submitted) -> Cell:
    if cell.kind == "code":
        return {
            "cell_type": "code",
            "id": name,
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": cell.source,
        }
    return {
        "cell_type": "markdown",
        "id": name,
        "metadata": {},
        "source": safe.markdown(cell.source),
    }


def _fill(cell: Cell, found: Submitted | None, result: Rebuilt) -> None:
    """Put what is a student's into one of the course's cells."""
    kind = kind_of(cell)
    if kind in TAKEN:
        result.answers[grade_id_of(cell)] = None if found is None else found.source
    if found is None or found.source == cell["source"]:
        return
    if kind not in TAKEN and (kind != "plain" or cell["cell_type"] != "code"):
        return
    is_code = cell["cell_type"] == "code"
    cell["source"] = found.source if is_code else safe.markdown(found.source[:LONGEST_TEXT])
    result.changed.add(cell["id"])


def describe_unreadable(file: str, problem: Unreadable) -> str:
    return f"{printable(file)} {problem}"
