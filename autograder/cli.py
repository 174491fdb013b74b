"""The commands: ``autograder …``."""

import argparse
import glob
import logging
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

INTERRUPTED = 130  # what a shell says of a program that Ctrl-C ended
UNSAFE = (
    "UNSAFE: students' code runs without a sandbox, with your rights, on your files and your "
    "network. Grade only what you trust like your own. Nothing of this run is used again."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0, or 1 if something is wrong, or 2 for a mistake
    in the command line."""
    options = _parser().parse_args(arguments)
    # TensorFlow's greetings, in case an answer needs it.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    from autograder.course.blank import CourseError

    try:
        return options.command(options)
    except CourseError as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # of `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autograder", description="Grades the exercises of this course."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[argparse.Namespace], int], help: str):
        added = commands.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")
        added.set_defaults(command=command)
        return added

    grade = add("grade", _grade, "grade what students handed in, in a sandbox")
    grade.add_argument("assignment", metavar="ASSIGNMENT")
    grade.add_argument("--student", metavar="S", help="only this student's submission")
    grade.add_argument("--jobs", metavar="N", type=_positive, help="notebooks at a time")
    grade.add_argument("--scheduler", metavar="ADDRESS", help="grade on a Dask cluster")
    grade.add_argument("--force", action="store_true", help="also what has not changed")
    grade.add_argument(
        "--unsafe", action="store_true", help="without a sandbox: students' code gets your rights"
    )

    check = add("check", _check, "run a notebook's checks with the visible cases")
    check.add_argument("notebook", metavar="NOTEBOOK", type=Path)

    feedback = add("feedback", _feedback, "write feedback for students as HTML pages")
    feedback.add_argument("assignment", metavar="ASSIGNMENT")
    feedback.add_argument("--student", metavar="S", help="only this student's")

    export = add("export", _export, "write points as a table")
    export.add_argument("--format", choices=("canvas", "moodle", "csv"), default="csv")
    export.add_argument("--assignment", metavar="A", action="append", default=[])
    export.add_argument("--to", metavar="FILE", type=Path, help="instead of the terminal")

    adequacy = add("adequacy", _adequacy, "try the checks on known mistakes and accepted variants")
    adequacy.add_argument(
        "pattern", metavar="EXERCISE", nargs="?", default="", help="part of an id"
    )

    add("doctor", _doctor, "say what this machine can do")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _grade(options: argparse.Namespace) -> int:
    from autograder.course.converter import configured
    from autograder.course.progress import ProgressLine
    from autograder.course.release import course_here
    from autograder.course.run import grade_assignment

    coursedir = course_here()
    changes = {"force": options.force, "unsafe": options.unsafe, "scheduler": options.scheduler}
    if options.student is not None:
        changes["students"] = glob.escape(options.student)
    if options.jobs is not None:
        changes["jobs"] = options.jobs
    if options.unsafe:
        print(UNSAFE, file=sys.stderr)
        warnings.simplefilter("ignore")
    order = configured(coursedir).order(options.assignment, **changes)
    progress = ProgressLine()
    try:
        summary = grade_assignment(coursedir, order, progress)
    finally:
        progress.clear()
    for line in summary.lines():
        print(line)
    if summary.interrupted:
        return INTERRUPTED
    return 1 if summary.has_grader_errors else 0


def _check(options: argparse.Namespace) -> int:
    from autograder.course.dry_run import dry_run
    from autograder.sandbox import Limits

    warnings.simplefilter("ignore")
    lines = dry_run(options.notebook, Limits(), lambda text: print(text, file=sys.stderr))
    for line in lines:
        print(line.text)
    passed = sum(line.passed for line in lines)
    print(f"{passed} of {len(lines)} exercises pass on the visible cases")
    return 0 if passed == len(lines) else 1


def _feedback(options: argparse.Namespace) -> int:
    from autograder.course.feedback import make_feedback
    from autograder.course.release import course_here

    coursedir = course_here()
    number = make_feedback(coursedir, options.assignment, options.student)
    people = "student" if number == 1 else "students"
    print(f"feedback for {number} {people} is in {coursedir.feedback_directory}/")
    return 0


def _export(options: argparse.Namespace) -> int:
    from autograder.course.blank import CourseError
    from autograder.course.export import export_table
    from autograder.course.release import course_here

    text, ungraded = export_table(course_here(), options.format, options.assignment)
    if options.to is None:
        sys.stdout.write(text)
    else:
        try:
            options.to.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CourseError(f"can't write {options.to}: {error.strerror}") from None
    if ungraded:
        wait = "1 answer still waits" if ungraded == 1 else f"{ungraded:,} answers still wait"
        print(f"{wait} for a person, in formgrader (`jupyter lab`, menu Nbgrader)", file=sys.stderr)
    return 0


def _adequacy(options: argparse.Namespace) -> int:
    from autograder.course.adequacy import HEADER, measure_adequacy, table_line
    from autograder.course.blank import CourseError

    print(HEADER)
    found = []
    for each in measure_adequacy(options.pattern):
        found.append(each)
        print(table_line(each), flush=True)
    if not found:
        raise CourseError(f"no exercise has {options.pattern!r} in its id")
    mistakes = sum(each.mistakes for each in found)
    wrong = sum(len(each.survivors) + len(each.rejected) for each in found)
    print(f"{len(found)} exercises, {mistakes} known mistakes: {wrong or 'nothing'} to put right")
    return 1 if wrong else 0


def _doctor(_: argparse.Namespace) -> int:
    from autograder.course.doctor import examine

    missing = 0
    for ability in examine():
        mark = "✓" if ability.present else ("✗" if ability.required else "–")
        missing += ability.required and not ability.present
        print(f"{mark} {ability.name}: {ability.line}", flush=True)
    if missing:
        print("Grading refuses to run here until what is marked ✗ is there.")
    return 1 if missing else 0
