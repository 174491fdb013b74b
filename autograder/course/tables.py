"""nbgrader's tables, the one of ours beside them, and the statements that write a submission.

The statements are made once. They go past nbgrader's classes, which would take as long for one
submission as grading it does.
"""

import secrets
import time

import nbgrader.api as nb
from sqlalchemy import (
    Column,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    text,
    update,
)

RESULTS = Table(
    "autograder_result",
    MetaData(),
    Column("notebook_id", String(32), primary_key=True),  # of nbgrader's submitted_notebook
    Column("key", String(64)),
    Column("details", Text, nullable=False),
)
STUDENTS, SUBMISSIONS, NOTEBOOKS, GRADES, COMMENTS = (
    each.__table__
    for each in (nb.Student, nb.SubmittedAssignment, nb.SubmittedNotebook, nb.Grade, nb.Comment)
)


def new_id() -> str:
    """The id of a new row: 32 hexadecimal digits, as nbgrader's are, but in the order of time.

    The rows of a submission then stand side by side in the gradebook's indexes. Random ids are
    spread over all of their pages, each of which would be written for each submission.
    """
    return f"{time.time_ns():016x}{secrets.token_hex(8)}"


BEGIN_IMMEDIATE = text("BEGIN IMMEDIATE")  # SQLite's: wait for other writers now, not in between

FIND_STUDENT = select(STUDENTS.c.id).where(STUDENTS.c.id == bindparam("student"))
ADD_STUDENT = insert(STUDENTS)

FIND_SUBMISSION = (
    select(SUBMISSIONS.c.id, SUBMISSIONS.c.extension)
    .where(
        SUBMISSIONS.c.assignment_id == bindparam("assignment"),
        SUBMISSIONS.c.student_id == bindparam("student"),
    )
    .with_for_update()
)
ADD_SUBMISSION = insert(SUBMISSIONS)
SET_TIMESTAMP = (
    update(SUBMISSIONS)
    .where(SUBMISSIONS.c.id == bindparam("submission"))
    .values(timestamp=bindparam("time"))
)

FIND_NOTEBOOK = select(NOTEBOOKS.c.id, NOTEBOOKS.c.late_submission_penalty).where(
    NOTEBOOKS.c.assignment_id == bindparam("submission"),
    NOTEBOOKS.c.notebook_id == bindparam("notebook"),
)
ADD_NOTEBOOK = insert(NOTEBOOKS)
SET_PENALTY = (
    update(NOTEBOOKS)
    .where(NOTEBOOKS.c.id == bindparam("notebook"))
    .values(late_submission_penalty=bindparam("penalty"))
)


def _of_cells(table: Table, *columns: Column):
    """Rows of a notebook.

    They are looked up by their cells as well, since that is the only index that nbgrader's tables
    have: without it, the time a submission takes would grow with the class.
    """
    cells = bindparam("cells", expanding=True)
    here = table.c.notebook_id == bindparam("notebook")
    return select(*columns).where(table.c.cell_id.in_(cells), here)


FIND_GRADES = _of_cells(
    GRADES,
    GRADES.c.id,
    GRADES.c.cell_id,
    GRADES.c.auto_score,
    GRADES.c.manual_score,
    GRADES.c.extra_credit,
    GRADES.c.needs_manual_grade,
)
_POINTS = {
    "auto_score": bindparam("auto"),
    "manual_score": bindparam("manual"),
    "extra_credit": bindparam("extra"),
    "needs_manual_grade": bindparam("needs_person"),
}
_PLACE = {
    "id": bindparam("row"),
    "notebook_id": bindparam("notebook"),
    "cell_id": bindparam("cell"),
}
ADD_GRADES = insert(GRADES).values(_PLACE | _POINTS)
SET_GRADE = update(GRADES).where(GRADES.c.id == bindparam("grade")).values(_POINTS)
FIND_COMMENTS = _of_cells(COMMENTS, COMMENTS.c.id, COMMENTS.c.cell_id)
_SAID = {"auto_comment": bindparam("said")}
ADD_COMMENTS = insert(COMMENTS).values(_PLACE | _SAID)
SET_COMMENT = update(COMMENTS).where(COMMENTS.c.id == bindparam("comment")).values(_SAID)

FIND_DETAILS = select(RESULTS.c.details).where(RESULTS.c.notebook_id == bindparam("notebook"))
REMOVE_RESULT = delete(RESULTS).where(RESULTS.c.notebook_id == bindparam("notebook"))
ADD_RESULT = insert(RESULTS)
