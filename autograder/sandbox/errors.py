"""The sandbox's own failures."""


class SandboxUnavailable(RuntimeError):
    """This machine can't run a sandbox. The message says what is missing and how to get it."""


class SandboxBroken(RuntimeError):
    """The trusted side or the warm process failed; no word of a student's is in the message."""
