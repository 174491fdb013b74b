"""Hidden Layers' exercises: what a student's notebook imports.

``check`` compares a student's functions with reference tensors; ``load_digits`` gives the course
its real data.
"""

from autograder.student.check import check
from autograder.student.digits import load_digits

__all__ = ["check", "load_digits"]
