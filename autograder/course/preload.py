"""Imported by the process that jobs are forked from: what all of them would import otherwise.

It computes nothing: threads that a framework starts for its first step would be missing in a fork.
"""

import contextlib
import gc
import os

from autograder.course.job import EXERCISES, be_quiet
from autograder.sandbox.warm_up import no_collection

be_quiet()
with no_collection():
    from autograder.answers import load_answer
    from autograder.course.engine import engine_version
    from autograder.course.grade import grade_notebook  # noqa: F401
    from autograder.sandbox.forks import digits_file

    engine_version()
    digits_file()
    for exercise_id in os.environ.get(EXERCISES, "").split():
        # What can't be imported is said of the exercise that needs it, by the job that grades it.
        with contextlib.suppress(Exception):
            load_answer(exercise_id)
gc.freeze()  # so that a fork's own collections don't touch, and so copy, what it shares
