"""nbgrader's configuration: plain nbgrader commands and its formgrader work in this folder."""

import os
import sys
from pathlib import Path

from autograder.course.converter import install

# nbgrader looks for the command `alembic` on the path; it lies beside this Python's own.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "hidden-layers"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"

# A stub stays valid Python and returns None, which `check` takes for "not solved yet".
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}
# The rubric stands with its question, where formgrader shows it beside the answer.
c.ClearMarkScheme.enforce_metadata = False

# What students handed in runs in a sandbox: for `nbgrader autograde` and for formgrader's button.
install(c)

c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "autograder.course.feedback.HideRubrics",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
# What people read of each other carries no HTML; this is the second lock on that door.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.exclude_anchor_links = True
c.ExportApp.plugin_class = "autograder.course.export.SafeCsvExporter"
