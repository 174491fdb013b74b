"""Programs that some tests need besides Python's packages.

Where one is missing, the test is skipped by name, with the command that installs it; in continuous
integration (`CI=true`) that is a failure, so that nothing is left out in silence.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def needs_chromium() -> str:
    """Return the path of a Chromium to drive."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    return _missing("Chromium", "apt-get install -y chromium")


def needs_bubblewrap() -> str:
    """Return the path of a bubblewrap that can make a sandbox on this machine."""
    path = shutil.which("bwrap")
    if path is None:
        return _missing("bubblewrap", "apt-get install -y bubblewrap")
    trial = subprocess.run(
        [path, "--ro-bind", "/", "/", "--unshare-all", "true"], capture_output=True, text=True
    )
    if trial.returncode != 0:
        return _missing(
            f"a bubblewrap that may create namespaces ({trial.stderr.strip()})",
            "sysctl kernel.unprivileged_userns_clone=1",
        )
    return path


def needs_postgresql() -> Path:
    """Return the folder of PostgreSQL's server programs, of the latest version there is."""
    # Debian keeps them off the path, one folder a version.
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = sorted(debian, key=lambda path: float(path.parts[4]))
    if found:
        return found[-1].parent
    if path := shutil.which("initdb"):
        return Path(path).resolve().parent
    return _missing("PostgreSQL", "apt-get install -y postgresql")


def _missing(what: str, command: str) -> str:
    message = f"needs {what}: {command}"
    if os.environ.get("CI") == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
