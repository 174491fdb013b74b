"""One run of the engine in a process of its own, which writes what it measured as JSON.

``python -m benchmarks.engine JOBS`` grades the course of the current folder;
``python -m benchmarks.engine cost TRACK NUMBER`` grades notebooks one by one, without a gradebook.
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from autograder.course.blank import blank_notebook
from autograder.course.grade import Task, grade_notebook
from autograder.course.release import course_directory
from autograder.course.run import Order, grade_assignment
from tests.attacks.submissions import ASSIGNMENT

PAGE = os.sysconf("SC_PAGE_SIZE")


def resident() -> int:
    """Bytes that this process has in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def grade_class(jobs: int) -> dict[str, Any]:
    """Grade a class.

    Returns
    -------
    seconds : of the whole run.
    moments : seconds from its beginning to when each submission was done.
    memory : bytes of this process at those moments.
    """
    moments: list[float] = []
    memory: list[int] = []
    began = time.perf_counter()

    def note(done: int, total: int, seconds_left: float | None) -> None:
        moments.append(time.perf_counter() - began)
        memory.append(resident())

    summary = grade_assignment(course_directory(Path.cwd()), Order(ASSIGNMENT, jobs=jobs), note)
    seconds = time.perf_counter() - began
    lost = sum(summary.outcomes.values()) - summary.outcomes["passed"]
    return {
        "seconds": seconds,
        "moments": moments,
        "memory": memory,
        "graded": summary.graded,
        "not passed": lost,
    }


def measure_cost(track: str, number: int) -> dict[str, Any]:
    """Grade notebooks one after the other in this process.

    Returns
    -------
    first : seconds of the first one, with the start of the warm process.
    wall, engine, student : seconds for each of the others: in all; of this process' own CPU time;
        of CPU time in the box, as measured from outside.
    """
    folder = Path.cwd()
    coursedir = course_directory(folder)
    blank = blank_notebook(coursedir, ASSIGNMENT, track)
    paths = sorted((folder / "submitted").glob(f"*/{ASSIGNMENT}/{track}.ipynb"))
    found: dict[str, list[float]] = {"wall": [], "engine": [], "student": []}
    first = 0.0
    for place, path in enumerate(paths[: number + 1]):
        task = Task(f"{ASSIGNMENT}/{track}", path.read_bytes(), blank, b"benchmark")
        wall, own = time.perf_counter(), time.process_time()
        graded = grade_notebook(task)
        wall, own = time.perf_counter() - wall, time.process_time() - own
        if place == 0:
            first = wall
            continue
        found["wall"].append(wall)
        found["engine"].append(own)
        found["student"].append(graded.cpu_seconds)
    return {"first": first} | {name: statistics.median(each) for name, each in found.items()}


def main() -> None:
    if sys.argv[1] == "cost":
        found = measure_cost(sys.argv[2], int(sys.argv[3]))
    else:
        found = grade_class(int(sys.argv[1]))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
