"""Makes the gradebook know an assignment as it stands in ``solutions/``."""

import json
import tempfile
from pathlib import Path
from typing import Any

import nbgrader.api as nb
from nbgrader.converters import NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url

from autograder.course.blank import CourseError, grade_id_of, kind_of
from autograder.course.release import generate

Cells = dict[str, tuple[str, float | None]]  # checksum and points, by name


def is_new(coursedir: CourseDirectory) -> bool:
    """Whether the gradebook is a file that is still to be made."""
    url = make_url(coursedir.db_url)
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


def register(coursedir: CourseDirectory, assignment: str, blanks: dict[str, bytes]) -> None:
    """Register an assignment, or what was changed in it since.

    Parameters
    ----------
    blanks : its blank notebooks, by name.

    Raises
    ------
    CourseError : if marks stand in the way: cells can't come or go once somebody has points.
    """
    source = {name: _cells_of(json.loads(blank)) for name, blank in blanks.items()}
    known, has_marks = _known_cells(coursedir, assignment)
    if known == source:
        return
    if has_marks:
        for name in sorted(known.keys() | source.keys()):
            before, now = known.get(name, {}), source.get(name, {})
            changed = sorted(before.keys() ^ now.keys())
            if changed or (name in known) != (name in source):
                raise CourseError(
                    f"{assignment}/{name}.ipynb has other graded cells than the gradebook knows "
                    f"({', '.join(changed)}), and there are marks already. Put the cells back, or "
                    f"remove the marks: nbgrader db assignment remove {assignment} --force"
                )
    with tempfile.TemporaryDirectory() as elsewhere:
        # A view of its own, whose release folder is another one.
        view = CourseDirectory(config=coursedir.config, root=coursedir.root)
        view.db_url = coursedir.db_url
        view.release_directory = elsewhere
        try:
            generate(view, assignment)
        except NbGraderException as error:
            raise CourseError(f"{assignment} can't be registered: {error}") from None


def _cells_of(blank: dict[str, Any]) -> Cells:
    cells = {}
    for cell in blank["cells"]:
        kind = kind_of(cell)
        if kind != "plain":
            nbgrader = cell["metadata"]["nbgrader"]
            points = float(nbgrader["points"]) if kind in ("test", "answer", "task") else None
            cells[grade_id_of(cell)] = (nbgrader["checksum"], points)
    return cells


def _known_cells(coursedir: CourseDirectory, assignment: str) -> tuple[dict[str, Cells], bool]:
    """The cells that the gradebook knows, by notebook, and whether anybody has marks for them."""
    with nb.Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            found = gradebook.find_assignment(assignment)
        except nb.MissingEntry:
            return {}, False
        known = {}
        for notebook in found.notebooks:
            points = {cell.name: cell.max_score for cell in notebook.grade_cells}
            points |= {cell.name: cell.max_score for cell in notebook.task_cells}
            known[notebook.name] = {
                cell.name: (cell.checksum, points.get(cell.name)) for cell in notebook.source_cells
            }
        has_marks = (
            gradebook.db.query(nb.SubmittedAssignment.id)
            .filter(nb.SubmittedAssignment.assignment_id == found.id)
            .first()
            is not None
        )
        return known, has_marks
