"""What a result depends on besides the bytes of a notebook: this code, and its libraries."""

import hashlib
import hmac
import platform
from dataclasses import astuple
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder.sandbox import Limits

PACKAGE = Path(__file__).parents[1]
LIBRARIES = ("numpy", "scipy", "torch", "tensorflow", "keras", "ipython", "nbgrader", "nbconvert")


@cache
def engine_version() -> str:
    """A digest of this package's code, answers and visible references, and of the libraries."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in (".py", ".npz") and path.is_file():
            digest.update(_framed(str(path.relative_to(PACKAGE)).encode()))
            digest.update(_framed(path.read_bytes()))
    for name in ("python", *LIBRARIES):
        digest.update(_framed(f"{name} {_version(name)}".encode()))
    return digest.hexdigest()


def _version(name: str) -> str:
    if name == "python":
        return platform.python_version()
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def result_key(secret: bytes, limits: Limits, unsafe: bool, *contents: bytes) -> str:
    """The name under which a result can be used again (THREATS, 17).

    Parameters
    ----------
    contents : the bytes that it was made from. The secret isn't among them: it makes the name.
    """
    digest = hmac.new(secret, digestmod=hashlib.sha256)
    settings = f"{astuple(limits)} {'unsafe' if unsafe else 'sandbox'} {engine_version()}"
    for content in (settings.encode(), *contents):
        digest.update(_framed(content))
    return digest.hexdigest()


def _framed(content: bytes) -> bytes:
    """With its length before it, so that no two lists of contents look the same."""
    return len(content).to_bytes(8, "big") + content
