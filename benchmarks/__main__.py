"""Runs the benchmarks and prints a table: ``python -m benchmarks [--quick] [PART …]``.

Both sides grade the same submissions, in turns, on two cores. What is quoted is the median over
the rounds; how busy the machine was with other things stands below the table.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course.job import ONE_THREAD
from benchmarks.classes import make_course, student
from tests.attacks.submissions import ROOT

MIB = 2**20
CORES = 2
TRACKS = ("numpy", "pytorch", "keras")
AT_LEAST = {"numpy": 10, "pytorch": 15, "keras": 30}
AIM = {"numpy": 15, "pytorch": 25, "keras": 50}
ENGINE = "benchmarks.engine"
PARTS = ("throughput", "cost", "jobs", "growth")


@dataclass(frozen=True)
class Sizes:
    """How much is graded."""

    rounds: int  # of plain nbgrader and the engine, in turns
    turns: int  # of one job and two
    plain: int  # submissions that plain nbgrader grades in a round
    classes: dict[str, int]  # submissions that the engine grades in a round
    cost: int  # notebooks that are graded one by one
    jobs: int  # submissions for one job and for two
    small: int
    large: int


FULL = Sizes(3, 5, 3, {"numpy": 200, "pytorch": 200, "keras": 400}, 40, 200, 100, 1000)
QUICK = Sizes(1, 1, 2, {"numpy": 40, "pytorch": 30, "keras": 20}, 10, 40, 20, 100)


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    what: str
    measured: str
    target: str
    is_met: bool


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="small classes: a first impression")
    parser.add_argument("--track", action="append", choices=TRACKS, help="only this one")
    options = parser.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    sizes = QUICK if options.quick else FULL
    parts = options.parts or PARTS
    tracks = options.track or TRACKS
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    load_before = os.getloadavg()[0]
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = Bench(Path(folder), sizes)
        for part in PARTS:
            if part in parts:
                lines += bench.run(part, tracks)
    width = max(len(line.what) for line in lines)
    print()
    for line in lines:
        mark = "✓" if line.is_met else "✗"
        print(f"{mark} {line.what:{width}}  {line.measured}  (target: {line.target})")
    cores = len(os.sched_getaffinity(0))
    print(f"{cores} cores; the machine's load was {load_before:.1f} before")


class Bench:
    """The parts, each of which makes classes of its own in ``folder``."""

    def __init__(self, folder: Path, sizes: Sizes) -> None:
        self.folder = folder
        self.sizes = sizes

    def run(self, part: str, tracks: tuple[str, ...]) -> Iterator[Line]:
        """Run one part."""
        if part == "throughput":
            for track in tracks:
                yield from self.throughput(track)
        elif part == "cost":
            for track in tracks:
                yield from self.cost(track)
        elif part == "jobs":
            yield from self.jobs()
        else:
            yield from self.growth()

    def throughput(self, track: str) -> Iterator[Line]:
        """The same submissions graded by plain nbgrader and by the engine, in turns.

        The engine's time is that of a whole run, with the start of its processes.
        """
        plain, engine, steady, ratios = [], [], [], []
        number = self.sizes.classes[track]
        for turn in range(self.sizes.rounds):
            say(f"{track}: round {turn + 1} of {self.sizes.rounds}, plain nbgrader")
            course = make_course(self.folder / "course", track, number)
            names = [student(each) for each in range(self.sizes.plain)]
            theirs = in_process("benchmarks.plain", *names, course=course)
            if theirs["least score"] <= 0:
                raise SystemExit("plain nbgrader gave a right answer no points")
            say(f"{track}: round {turn + 1} of {self.sizes.rounds}, the engine")
            ours = graded("2", course=course)
            shutil.rmtree(course)
            plain.append(statistics.median(theirs["seconds"]))
            engine.append(ours["seconds"] / number)
            steady.append(1 / steady_rate(ours["moments"]))
            ratios.append(plain[-1] / engine[-1])
        ratio = statistics.median(ratios)
        each = f"{milliseconds(plain)} plain, {milliseconds(engine)} engine"
        later = statistics.median(plain) / statistics.median(steady)
        yield Line(
            f"{track}, a class of {number}: times the throughput",
            f"{ratio:.1f}: {each}; {later:.1f} and {milliseconds(steady)} once started",
            f"{AT_LEAST[track]}, aim {AIM[track]}",
            ratio >= AT_LEAST[track],
        )

    def cost(self, track: str) -> Iterator[Line]:
        """What a notebook takes besides the CPU time of the student's own processes."""
        say(f"{track}: cost of a notebook")
        course = make_course(self.folder / "course", track, self.sizes.cost + 1)
        found = in_process(ENGINE, "cost", track, str(self.sizes.cost), course=course)
        shutil.rmtree(course)
        own = found["wall"] - found["student"]
        parts = f"{found['engine'] * 1e3:.0f} ms CPU; in the box {found['student'] * 1e3:.0f} ms"
        yield Line(
            f"{track}, the engine's own cost of a notebook",
            f"{own * 1e3:.0f} ms: of {found['wall'] * 1e3:.0f} ms; {parts}; "
            f"the first one {found['first']:.1f} s",
            "60 ms",
            own < 0.060,
        )

    def jobs(self) -> Iterator[Line]:
        """The rate of two jobs over that of one, once their processes are there; and the same of
        two processes that share nothing, which is what the machine has to give at the time."""
        ratios, possible = [], []
        for turn in range(self.sizes.turns):
            rates = []
            for jobs in ("1", "2"):
                say(f"jobs: turn {turn + 1} of {self.sizes.turns}, {jobs}")
                course = make_course(self.folder / "course", "numpy", self.sizes.jobs)
                rates.append(steady_rate(graded(jobs, course=course)["moments"]))
                shutil.rmtree(course)
            ratios.append(rates[1] / rates[0])
            possible.append(2 * seconds_of_counting(1) / seconds_of_counting(2))
        ratio = statistics.median(ratios)
        yield Line(
            "two jobs over one",
            f"{ratio:.2f} times ({min(ratios):.2f} to {max(ratios):.2f}); two processes that share "
            f"nothing: {statistics.median(possible):.2f}",
            "1.8",
            ratio >= 1.8,
        )

    def growth(self) -> Iterator[Line]:
        """A small class and a large one; the memory of a run; a run in which nothing is new."""
        small, large = self.sizes.small, self.sizes.large
        costs = []
        for number in (small, large):
            say(f"growth: a class of {number}")
            course = make_course(self.folder / f"class-{number}", "numpy", number)
            found = graded("2", course=course)
            costs.append(1 / steady_rate(found["moments"]))
        memory = found["memory"]
        say(f"growth: the class of {large}, unchanged")
        again = in_process(ENGINE, "2", course=course)
        shutil.rmtree(self.folder / f"class-{small}")
        shutil.rmtree(course)
        if again["graded"]:
            raise SystemExit(f"{again['graded']} unchanged submissions were graded again")
        ratio = costs[1] / costs[0]
        yield Line(
            f"a submission's cost in a class of {large} over one of {small}",
            f"{ratio:.2f} times ({costs[1] * 1e3:.0f} and {costs[0] * 1e3:.0f} ms)",
            "1.2",
            ratio <= 1.2,
        )
        early, late = memory[len(memory) // 10], memory[-1]
        yield Line(
            f"main process's memory, a tenth into a class of {large} and at its end",
            f"{early / MIB:.0f} and {late / MIB:.0f} MiB",
            "flat",
            late <= 1.05 * early,
        )
        yield Line(
            f"an unchanged class of {large}",
            f"{again['seconds']:.1f} s, the start of Python aside",
            f"{10 * large / 1000:.0f} s",
            again["seconds"] < 10 * large / 1000,
        )


def graded(jobs: str, course: Path) -> dict[str, Any]:
    """A run of the engine in which everybody has every point."""
    found = in_process(ENGINE, jobs, course=course)
    if found["not passed"] or not found["graded"]:
        raise SystemExit(f"{found['not passed']} right answers didn't pass")
    return found


def in_process(module: str, *arguments: str, course: Path) -> dict[str, Any]:
    """Run a module in a course, in a process of its own, and return what it measured."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", module, *arguments],
        cwd=course,
        # As in the processes that grade; a kernel of plain nbgrader's is left as it is.
        env=os.environ | {"PYTHONPATH": path} | (ONE_THREAD if module == ENGINE else {}),
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise SystemExit(f"{module} {' '.join(arguments)} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


COUNTING = "total = 0\nfor number in range(20_000_000): total += number * number % 7"


def seconds_of_counting(processes: int) -> float:
    """How long so many processes take that do the same at the same time."""
    began = time.perf_counter()
    running = [subprocess.Popen([sys.executable, "-c", COUNTING]) for _ in range(processes)]
    for process in running:
        process.wait()
    return time.perf_counter() - began


def steady_rate(moments: list[float]) -> float:
    """Submissions a second, without the first fifth, in which processes start."""
    rest = moments[len(moments) // 5 :]
    return (len(rest) - 1) / (rest[-1] - rest[0])


def milliseconds(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1e3:.0f} ms"


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
