"""What this machine can do: the sandbox, the frameworks, a browser, a course."""

import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder.sandbox import Ability, sandbox_status
from autograder.sandbox.packages import REINSTALL

FRAMEWORKS = ("numpy", "keras", "tensorflow", "torch", "nbgrader", "jupyterlab", "distributed")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def examine() -> Iterator[Ability]:
    """Look at one thing after the other."""
    yield Ability("Python", True, True, f"{platform.python_version()} on {platform.platform()}")
    yield from sandbox_status()
    for name in FRAMEWORKS:
        yield _package(name)
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    line = browser or "not found; only the tests of the pages need one"
    yield Ability("browser", browser is not None, False, line)
    here = (Path.cwd() / "nbgrader_config.py").is_file()
    line = "in this folder" if here else "not here: `autograder grade` runs in a course's folder"
    yield Ability("course", here, False, line)


def _package(name: str) -> Ability:
    needed = name != "distributed"
    try:
        return Ability(name, True, needed, version(name))
    except PackageNotFoundError:
        why = "only `--scheduler` needs it: pip install distributed"
        if needed:
            why = f"run `{REINSTALL}`"
        return Ability(name, False, needed, f"not installed; {why}")
