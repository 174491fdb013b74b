"""nbgrader's own grading, in the sandbox: for ``nbgrader autograde`` and formgrader's button.

nbgrader copies a submitted folder, links and all, and parses it before any of its hooks runs. So
it isn't a preprocessor that takes its place here but the whole converter.
"""

from dataclasses import fields
from pathlib import Path
from typing import Any

import nbgrader.apps.api
import nbgrader.apps.autogradeapp
import nbgrader.converters
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Dict, Integer, TraitError, default, validate
from traitlets.config import Config

from autograder.course.blank import CourseError
from autograder.course.executors import default_jobs
from autograder.course.release import course_directory
from autograder.course.run import Order, grade_assignment
from autograder.sandbox import Limits


class SandboxedAutograde(Autograde):
    """Grades in the sandbox, and gives the marks that ``autograder grade`` gives."""

    jobs = Integer(help="How many notebooks are graded at a time.").tag(config=True)
    limits = Dict(
        help="What a notebook may use, by the names of autograder.sandbox.Limits; times are in "
        "seconds, sizes in bytes."
    ).tag(config=True)

    @default("jobs")
    def _jobs_default(self) -> int:
        return default_jobs()

    @validate("limits")
    def _validate_limits(self, proposal: dict[str, Any]) -> dict[str, float]:
        known = {each.name for each in fields(Limits)}
        unknown = sorted(proposal["value"].keys() - known)
        if unknown:
            raise TraitError(f"no such limits: {', '.join(unknown)}; there are {sorted(known)}")
        return proposal["value"]

    def order(self, assignment: str, **changes: Any) -> Order:
        """What to grade, as the course's configuration says but for these changes."""
        settings = {"jobs": self.jobs, "limits": Limits(**self.limits)}
        return Order(assignment, **(settings | changes))

    def start(self) -> None:
        # The course's own file decides what the marks depend on, so that they are the same ones
        # whoever asks: an application reads other files too, and its command line.
        coursedir = course_directory(Path(self.coursedir.root), self.config)
        coursedir.db_url = self.coursedir.db_url
        order = configured(coursedir).order(
            self.coursedir.assignment_id,
            students=self.coursedir.student_id,
            notebooks=self.coursedir.notebook_id,
            force=self.force,
            create_students=self.create_student,
        )
        try:
            summary = grade_assignment(coursedir, order)
        except CourseError as error:
            self.log.error(str(error))
            raise NbGraderException(str(error)) from None
        for line in summary.counts():
            self.log.info(line)
        for line in summary.who_needs_a_person():
            self.log.warning(line)
        if summary.interrupted:
            raise KeyboardInterrupt


class RefuseToRun(NbGraderPreprocessor):
    """Stands where nbgrader would run students' code without a sandbox, should it ever come to
    that."""

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        raise NbGraderException("nothing is graded without the sandbox: use `autograder grade`")


def install(config: Config) -> None:
    """Make nbgrader grade in the sandbox wherever it grades.

    Parameters
    ----------
    config : the course's configuration.
    """
    for module in (nbgrader.converters, nbgrader.apps.api, nbgrader.apps.autogradeapp):
        module.Autograde = SandboxedAutograde
    config.Autograde.sanitize_preprocessors = [RefuseToRun]
    config.Autograde.autograde_preprocessors = [RefuseToRun]


def configured(coursedir: CourseDirectory) -> SandboxedAutograde:
    """The converter as the course's configuration sets it up."""
    return SandboxedAutograde(coursedir=coursedir, config=coursedir.config)
