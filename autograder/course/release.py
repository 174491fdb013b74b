"""From what instructors edit to what students get: ``solutions/`` to ``exercises/``."""

import difflib
import logging
import sys
from pathlib import Path

from nbgrader.converters import GenerateAssignment, NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

from autograder.course.blank import CourseError, blank_notebook
from autograder.course.reading import printable

CONFIG_FILE = "nbgrader_config.py"


def load_config(root: Path) -> Config:
    """nbgrader's configuration of the course in ``root``, as nbgrader itself would read it."""
    return PyFileConfigLoader(CONFIG_FILE, path=str(root)).load_config()


def course_directory(root: Path, otherwise: Config | None = None) -> CourseDirectory:
    """nbgrader's view of the course in ``root``.

    Parameters
    ----------
    otherwise : the configuration where the folder has no file of its own.
    """
    has_file = otherwise is None or (root / CONFIG_FILE).is_file()
    return CourseDirectory(config=load_config(root) if has_file else otherwise, root=str(root))


def course_here() -> CourseDirectory:
    """The course of the current folder, or of the nearest one above it.

    Raises
    ------
    CourseError : if there is none.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / CONFIG_FILE).is_file():
            return course_directory(folder)
    raise CourseError(f"there is no course here: no {CONFIG_FILE} in {here} or above it")


def assignments(coursedir: CourseDirectory) -> list[str]:
    """The names of the assignments that have a source, in alphabetical order."""
    source = Path(coursedir.root) / coursedir.source_directory
    return sorted(path.name for path in source.iterdir() if any(path.glob("*.ipynb")))


def find_assignment(coursedir: CourseDirectory, name: str) -> Path:
    """The folder of an assignment's source.

    Raises
    ------
    CourseError : if there is none of that name; the message names those there are.
    """
    names = assignments(coursedir)
    if name not in names:
        close = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
        meant = f" Did you mean {close[0]}?" if close else ""
        there_are = ", ".join(names) if names else "none"
        raise CourseError(
            f"there is no assignment called {printable(name)!r}.{meant} There are: {there_are}"
        )
    return Path(coursedir.format_path(coursedir.source_directory, ".", name))


def notebooks_of(coursedir: CourseDirectory, assignment: str) -> list[str]:
    """The names of an assignment's notebooks, in alphabetical order."""
    folder = find_assignment(coursedir, assignment)
    return sorted(path.stem for path in folder.glob("*.ipynb") if not path.name.startswith("."))


def release(root: Path, assignment: str) -> None:
    """Write an assignment's student version and register it in the gradebook."""
    generate(course_directory(root), assignment)


def generate(coursedir: CourseDirectory, assignment: str) -> None:
    """Write an assignment's student version where this view of the course says, and register it.

    Raises
    ------
    nbgrader.converters.NbGraderException : if nbgrader can't.
    """
    coursedir.assignment_id = assignment
    converter = GenerateAssignment(coursedir=coursedir, config=coursedir.config, force=True)
    converter.log = logging.getLogger(__name__)
    converter.start()


def main() -> None:
    """Release every assignment of the course in this folder."""
    from autograder.course.registration import register  # which imports this module

    logging.basicConfig(level=logging.ERROR)
    root = Path.cwd()
    for assignment in assignments(course_directory(root)):
        course = course_directory(root)
        names = notebooks_of(course, assignment)
        try:
            # First, since nbgrader removes what was released when it can't release again.
            register(course, assignment, {n: blank_notebook(course, assignment, n) for n in names})
            release(root, assignment)
        except (CourseError, NbGraderException) as error:
            sys.exit(f"make release: {error}")
        print(f"exercises/{assignment} written")


if __name__ == "__main__":
    main()
