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

REINSTALL = "pip install -r requirements.lock"  # what helps if one of them is missing

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
    entries = (*stdlib_entries(), *package_entries(track))
    inside = tuple(f"{entry}{os.sep if entry.is_dir() else ''}" for entry in entries)
    asked_for = {path for entry in entries for path in _asked_for(entry)}
    return sorted(path for path in asked_for if not str(path).startswith(inside))


def _asked_for(entry: Path) -> list[Path]:
    """What the extension modules and libraries in an entry need to be loaded.

    The loader lists them and runs nothing (ld.so(8), as ``ldd`` does for one file at a time).
    """
    files = [
        Path(folder, name)
        for folder, _, names in (*os.walk(entry), (entry.parent, (), [entry.name]))
        for name in names
        if ".so" in name and "_tkinter" not in name
    ]
    if not files:
        return []
    # Relative paths, since a space in the folders above would end a name.
    preloaded = " ".join(f"./{file.relative_to(entry.parent)}" for file in files)
    listed = subprocess.run(
        [python_executable()],
        cwd=entry.parent,
        env={"LC_ALL": "C", "LD_TRACE_LOADED_OBJECTS": "1", "LD_PRELOAD": preloaded},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    found = re.findall(r"(?:=>\s+|^\s+)(/.+)\s+\(0x", listed, flags=re.MULTILINE)
    return [Path(path) for path in found]


def python_executable() -> Path:
    """The interpreter itself, behind the links of a virtual environment."""
    return Path(sys._base_executable).resolve()
