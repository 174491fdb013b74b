"""Where students' code runs: it gets inputs, computes, and sends arrays back; nothing else.

``Worker`` is the door. THREATS holds the rules; each module says which of them it keeps.
"""

from autograder.sandbox.errors import SandboxBroken, SandboxUnavailable
from autograder.sandbox.job import Cell, CheckCell, CodeCell, Job, Outcome, Result
from autograder.sandbox.limits import Limits
from autograder.sandbox.status import Ability, sandbox_status
from autograder.sandbox.warm import WarmProcess
from autograder.sandbox.worker import Worker

__all__ = [
    "Ability",
    "Cell",
    "CheckCell",
    "CodeCell",
    "Job",
    "Limits",
    "Outcome",
    "Result",
    "SandboxBroken",
    "SandboxUnavailable",
    "WarmProcess",
    "Worker",
    "sandbox_status",
]
