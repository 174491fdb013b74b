"""Grades the course of the current folder with plain nbgrader: its own preprocessors, one kernel
for each notebook, tests in the student's process.

``python -m benchmarks.plain STUDENT …`` writes the seconds of each submission as JSON. Importing
nbgrader and registering the assignment aren't counted, which is in nbgrader's favor.
"""

import json
import logging
import os
import sys
import time
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from tests.attacks.submissions import ASSIGNMENT


def plain_config(folder: Path) -> Config:
    """The course's configuration without what makes nbgrader grade in the sandbox."""
    config = Config()
    config.CourseDirectory.source_directory = "solutions"
    config.CourseDirectory.release_directory = "plain-exercises"
    config.CourseDirectory.autograded_directory = "plain-autograded"
    config.CourseDirectory.db_url = f"sqlite:///{folder / 'plain.db'}"
    config.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}
    config.ClearMarkScheme.enforce_metadata = False
    return config


def main() -> None:
    logging.basicConfig(level=logging.ERROR)
    # nbgrader looks for the command `alembic` on the path; it lies beside this Python's own.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    folder = Path.cwd()
    config = plain_config(folder)

    def view(student: str = "*") -> CourseDirectory:
        coursedir = CourseDirectory(config=config, root=str(folder))
        coursedir.assignment_id, coursedir.student_id = ASSIGNMENT, student
        return coursedir

    GenerateAssignment(coursedir=view(), config=config, force=True).start()
    seconds = []
    for student in sys.argv[1:]:
        began = time.perf_counter()
        Autograde(coursedir=view(student), config=config, force=True).start()
        seconds.append(time.perf_counter() - began)
    with Gradebook(config.CourseDirectory.db_url) as gradebook:
        # Points for a right answer, so that what is timed is the whole of it.
        least = min(
            gradebook.find_submission(ASSIGNMENT, student).score for student in sys.argv[1:]
        )
    print(json.dumps({"seconds": seconds, "least score": least}))


if __name__ == "__main__":
    main()
