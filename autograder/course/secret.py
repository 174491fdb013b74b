"""The course's secret, from which the hidden cases of every submission are drawn."""

import contextlib
import functools
import hashlib
import hmac
import os
import secrets
from pathlib import Path

FILE_NAME = "secret.key"


def course_secret(root: Path) -> bytes:
    """The secret in the course's folder; made on first use, readable by its owner only."""
    path = root / FILE_NAME
    with contextlib.suppress(FileNotFoundError):
        return path.read_bytes().strip()
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(32).encode() + b"\n")
    # A link to it is there whole or not at all, and never takes the place of another's.
    with contextlib.suppress(FileExistsError):
        os.link(unfinished, path)
    unfinished.unlink()
    return path.read_bytes().strip()


def hidden_seed(secret: bytes, submission: bytes, exercise_id: str) -> int:
    """The seed of one submission's hidden cases of one exercise.

    It can be computed again, differs for every change of the notebook, and can't be guessed
    without the secret.
    """
    code = hmac.digest(secret, _digest(submission) + exercise_id.encode(), "sha256")
    return int.from_bytes(code, "big")


@functools.lru_cache(1)  # one submission has a dozen exercises
def _digest(submission: bytes) -> bytes:
    return hashlib.sha256(submission).digest()
