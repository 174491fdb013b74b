"""What a run of grading has to say in the end, for a person to read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from autograder.course.marks import Details
from autograder.course.reading import printable
from autograder.course.submissions import Submission

OUTCOMES = ("passed", "failed", "timed out", "out of memory", "crashed", "grader error")
ODD = OUTCOMES[2:]
LONGEST_LINE = 500  # characters
MOST_MISTAKES = 5  # that are named


@dataclass
class Summary:
    """Counts, and one line for each submission that needs a person."""

    assignment: str
    total: int  # submissions
    done: int = 0
    graded: int = 0  # submissions in which something was graded
    outcomes: Counter = field(default_factory=Counter)  # exercises
    missing: Counter = field(default_factory=Counter)  # submissions, by notebook
    mistakes: Counter = field(default_factory=Counter)  # known ones, by (exercise, mistake)
    by_hand: int = 0  # written answers
    people: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0
    interrupted: bool = False

    def add(
        self, submission: Submission, details: dict[str, Details], notes: list[str], is_new: bool
    ) -> None:
        """Count a submission, and keep a line if somebody has to look at it."""
        self.done += 1
        self.graded += is_new
        said = []
        if submission.is_empty:
            said.append("no notebook of this assignment was handed in")
        else:
            self.missing.update(submission.missing)
        said += notes
        for name, detail in details.items():
            said += [f"{name}: {line}" for line in _lines_of(detail)]
            self.outcomes.update(exercise.outcome for exercise in detail.exercises)
            self.mistakes.update(
                (exercise.exercise_id.rsplit("/", 1)[1], exercise.mistake)
                for exercise in detail.exercises
                if exercise.mistake
            )
            self.by_hand += detail.by_hand
        if said:
            self.needs_person(submission.student, "; ".join(said))

    def needs_person(self, student: str, line: str) -> None:
        self.people.append((printable(student, 40), printable(line, LONGEST_LINE)))

    @property
    def has_grader_errors(self) -> bool:
        return self.outcomes["grader error"] > 0

    def lines(self) -> Iterator[str]:
        """The summary, line by line, fit for a terminal."""
        yield from self.counts()
        if self.people:
            yield f"Look at these ({len(self.people)}):"
            yield from (f"  {line}" for line in self.who_needs_a_person())
        if self.interrupted:
            yield (
                f"Stopped after {self.done} of {_count(self.total, 'submission')}. The same "
                "command goes on from there."
            )

    def counts(self) -> Iterator[str]:
        unchanged = self.done - self.graded
        yield (
            f"{self.assignment}: {_count(self.done, 'submission')}, {self.graded} graded and "
            f"{unchanged} unchanged, in {_duration(self.seconds)}"
        )
        counts = [f"{self.outcomes[word]:,} {word}" for word in OUTCOMES if self.outcomes[word]]
        if counts:
            yield f"  exercises: {', '.join(counts)}"
        if self.mistakes:
            yield f"  known mistakes, the most frequent of {self.mistakes.total():,}:"
        for (exercise, mistake), number in self.mistakes.most_common(MOST_MISTAKES):
            yield f"    {number:,} in {exercise}: {mistake.replace('_', ' ')}"
        if self.by_hand:
            yield (
                "  answers to grade by hand, in formgrader (`jupyter lab`, menu Nbgrader): "
                f"{self.by_hand:,}"
            )
        for name, number in sorted(self.missing.items()):
            yield f"  without {name}.ipynb: {_count(number, 'submission')}"

    def who_needs_a_person(self) -> Iterator[str]:
        width = min(20, max((len(student) for student, _ in self.people), default=0))
        for student, line in sorted(self.people):
            yield f"{student:{width}}  {line}"


def _lines_of(detail: Details) -> Iterator[str]:
    for exercise in detail.exercises:
        if exercise.outcome in ODD:
            name = exercise.exercise_id.rsplit("/", 1)[1]
            yield f"{name} {exercise.outcome} ({exercise.line})"
    yield from detail.notes


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes} min {seconds} s"
