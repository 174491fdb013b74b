"""Feedback for students: their graded notebooks as HTML pages, by nbgrader."""

import glob
import logging
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.converters import GenerateFeedback, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearMarkScheme
from nbgrader.utils import is_locked, is_task

from autograder.course.blank import CourseError
from autograder.course.reading import printable
from autograder.course.release import find_assignment


class HideRubrics(ClearMarkScheme):
    """Takes the rubrics out that formgrader shows: students can hand in again, or have friends.

    Only out of the course's own cells. In an answer, half a mark of one would be an error.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        if is_locked(cell) or is_task(cell):
            return super().preprocess_cell(cell, resources, cell_index)
        return cell, resources


def make_feedback(coursedir: CourseDirectory, assignment: str, student: str | None = None) -> int:
    """Write ``feedback/`` anew for one student or for all, and say for how many.

    Raises
    ------
    CourseError : if there is nothing graded, or nbgrader can't.
    """
    find_assignment(coursedir, assignment)
    name = "*" if student is None else glob.escape(student)
    graded = Path(coursedir.root) / coursedir.autograded_directory
    folders = list(graded.glob(f"{name}/{glob.escape(assignment)}"))
    if not folders:
        whose = "" if student is None else f" of {printable(student)}"
        raise CourseError(
            f"nothing{whose} is graded yet for {assignment}: run `autograder grade {assignment}`"
        )
    coursedir.assignment_id = assignment
    coursedir.student_id = name
    converter = GenerateFeedback(coursedir=coursedir, config=coursedir.config, force=True)
    converter.log = logging.getLogger(__name__)
    try:
        converter.start()
    except NbGraderException as error:
        raise CourseError(str(error)) from None
    return len(folders)
