"""What is installed in the box of each track: a list, by distribution, and nothing beside it.

Nothing is hidden by laying something over it (THREATS, 2). The box has the standard library entry
by entry, the distributions that a track's notebooks need with what those require, and the system's
shared libraries that these files ask for.
"""

import functools
import os
import re
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

BASE = ("numpy", "scipy", "matplotlib", "ipython", "matplotlib-inline", "packaging")
ROOTS = {
    "numpy": BASE,
    "keras": (*BASE, "tensorflow", "keras"),
    "pytorch": (*BASE, "torch"),
}

# Parts of the standard library that a notebook has no use for. The folders of installed packages
# stand among them: a Python without a virtual environment keeps everything there.
LEFT_OUT = {
    "site-packages",
    "dist-packages",
    "ensurepip",
    "idlelib",
    "lib2to3",
    "test",
    "tkinter",
    "turtledemo",
    "__phello__",
    "__pycache__",
}
# Frameworks whose mere presence in another track's box would give answers away.
GIVES_ANSWERS = {
    "numpy": ("torch", "tensorflow", "keras", "sklearn", "jax", "autograd"),
    "keras": ("torch", "sklearn", "jax", "autograd"),
    "pytorch": ("tensorflow", "keras", "sklearn", "jax", "autograd"),
}


def stdlib_entries() -> list[Path]:
    """The files and folders of the standard library, without those in ``LEFT_OUT``."""
    folder = Path(sysconfig.get_path("stdlib"))
    return sorted(
        entry
        for entry in folder.iterdir()
        if entry.name not in LEFT_OUT and not entry.name.startswith("config-")
    )


@functools.cache
def package_entries(track: str) -> list[Path]:
    """The top-level files and folders in site-packages of what a track's box holds.

    Raises
    ------
    LookupError : if a distribution that the track needs isn't installed.
    """
    entries = set()
    for distribution in _closure(ROOTS[track]):
        for file in distribution.files or ():
            top = file.parts[0]
            if top != ".." and not top.endswith((".pth", "__pycache__")):
                entries.add(Path(distribution.locate_file(top)))
    unwanted = {entry.name for entry in entries} & set(GIVES_ANSWERS[track])
    if unwanted:
        raise LookupError(f"the box for {track} notebooks would hold {', '.join(sorted(unwanted))}")
    return sorted(entry for entry in entries if entry.exists())


def _closure(names: tuple[str, ...]) -> list[metadata.Distribution]:
    """The distributions of these names, and all that they require on this machine."""
    found: dict[str, metadata.Distribution] = {}
    waiting = list(names)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            if name in names:
                raise LookupError(f"{name} is not installed") from None
            continue  # an optional one
        for line in found[name].requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return list(found.values())


@functools.cache
def shared_libraries(track: str) -> list[Path]:
    """The system's shared libraries, and the loader, that Python and a track's packages ask for."""
    files = [python_executable()]
    for entry in (*stdlib_entries(), *package_entries(track)):
        found = [entry] if entry.is_file() else entry.rglob("*.so*")
        files += [file for file in found if ".so" in file.name and "_tkinter" not in file.name]
    listed = subprocess.run(
        ["ldd", *files], capture_output=True, text=True, check=False, env={"LC_ALL": "C"} | _path()
    ).stdout
    inside = {str(entry) for entry in package_entries(track)}
    libraries = set()
    for path in re.findall(r"(?:=>\s+|^\s+)(/\S+)\s+\(0x", listed, flags=re.MULTILINE):
        if not any(path.startswith(entry + "/") for entry in inside):
            libraries.add(Path(path))
    return sorted(libraries)


def _path() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath)}


def python_executable() -> Path:
    """The interpreter itself, behind the links of a virtual environment."""
    return Path(sys._base_executable).resolve()
