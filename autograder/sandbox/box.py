"""The command line of bubblewrap: what is in the box of a warm process, and nothing else.

The warm process itself runs no student's code. It keeps, inside its own user namespace, the rights
to give each of its forks namespaces of their own (``confine``); over the machine it has none. What
is in the box is what those forks will see, except for ``/proc`` and the warm process' ``/tmp``.

Keeps rules 1, 2, 4 (no writable ``/dev``) and 5 of THREATS. Run by root, the box is somebody else's
on the machine: the kernel counts no processes of user 0, so that no limit would stop a fork bomb.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from autograder.sandbox import packages
from autograder.sandbox.errors import SandboxUnavailable

INSTALL = (
    "install bubblewrap (Debian and Ubuntu: apt install bubblewrap; Fedora: dnf install "
    "bubblewrap; Arch: pacman -S bubblewrap; on Windows inside WSL 2)"
)
UID = 1000  # inside the box; never 0 when a student's code runs
OTHER_UID = 65_533  # on the machine, when root runs the box; owns nothing
# Not /dev/zero: shared maps of it are memory that no process is charged for.
DEVICES = ("null", "full", "random", "urandom")
SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")
COURSE = Path(__file__).parents[1]  # the folder autograder/
VISIBLE_ROOMS = ("__init__.py", "student", "sandbox")

PYTHON = "/python"
LIBRARY = f"{PYTHON}/lib/{Path(sysconfig.get_path('stdlib')).name}"
PACKAGES = f"{LIBRARY}/site-packages"
COURSE_INSIDE = "/course"
LIBRARIES = "/libraries"
# The folders that a fork takes over into its own root; /proc is not among them.
TAKEN_OVER = ("/lib", "/lib64", "/usr", PYTHON, COURSE_INSIDE, LIBRARIES, "/dev", "/etc")

NEW_ROOT = "/new"  # an empty folder: where a fork's own root is put together
FOLDERS = ("/dev", "/etc", LIBRARIES, NEW_ROOT)

THREADS = ("OMP", "OPENBLAS", "MKL", "BLIS", "NUMEXPR", "VECLIB_MAXIMUM")
ENVIRONMENT = {
    "HOME": "/tmp",
    "TMPDIR": "/tmp",
    "PATH": f"{PYTHON}/bin",
    "LANG": "C.UTF-8",
    "LD_LIBRARY_PATH": LIBRARIES,
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLCONFIGDIR": "/tmp",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "KERAS_BACKEND": "tensorflow",
    "KERAS_HOME": "/tmp",
    "CUDA_VISIBLE_DEVICES": "",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "TF_ENABLE_ONEDNN_OPTS": "0",  # results that don't depend on the processor's extensions
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    **{f"{library}_NUM_THREADS": "1" for library in THREADS},
}


def find_bwrap() -> str:
    """The path of bubblewrap.

    Raises
    ------
    SandboxUnavailable : if it isn't installed.
    """
    found = shutil.which("bwrap")
    if found is None:
        raise SandboxUnavailable(f"bubblewrap is missing: {INSTALL}")
    return found


def start_boxed(
    track: str, program: list[str], descriptors: tuple[int, ...] = (), **options: Any
) -> subprocess.Popen:
    """Run Python with these arguments in the box of a track.

    Parameters
    ----------
    descriptors : what the program inherits.
    options : for ``subprocess.Popen``.

    Raises
    ------
    SandboxUnavailable : if bubblewrap, or a package that the track needs, isn't installed.
    """
    command = [find_bwrap(), *_box_options(track)]
    python = [f"{PYTHON}/bin/{packages.python_executable().name}", *program]
    if os.geteuid() != 0:
        command += ["--uid", str(UID), "--gid", str(UID), "--", *python]
        return subprocess.Popen(command, pass_fds=descriptors, **options)
    information, its_information = os.pipe()
    its_start, start = os.pipe()
    command += ["--userns-block-fd", str(its_start), "--info-fd", str(its_information)]
    command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--", *python]
    inherited = (*descriptors, its_start, its_information)
    process = subprocess.Popen(command, pass_fds=inherited, **options)
    os.close(its_information)
    os.close(its_start)
    # If bubblewrap fails, it says so itself.
    with (
        os.fdopen(information) as answer,
        os.fdopen(start, "wb", buffering=0) as go,
        contextlib.suppress(OSError, ValueError, KeyError),
    ):
        _map_users(json.load(answer)["child-pid"])
        go.write(b"x")
    return process


def _map_users(pid: int) -> None:
    """Root stays root until the box is built, which then becomes ``UID`` (``leave_root``)."""
    for kind in ("uid", "gid"):
        Path(f"/proc/{pid}/{kind}_map").write_text(f"0 0 1\n{UID} {OTHER_UID} 1\n")


def _box_options(track: str) -> list[str]:
    command = ["--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc"]
    command += ["--unshare-uts", "--unshare-cgroup-try", "--hostname", "box"]
    command += ["--new-session", "--die-with-parent"]
    command += ["--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_SYS_PTRACE"]
    inside_out = contents(track)
    folders = {*FOLDERS, *(parent for path in inside_out for parent in _parents(path))}
    for folder in sorted(folders):  # made by bubblewrap itself they would be for their owner alone
        command += ["--perms", "0755", "--dir", folder]
    for inside, outside in inside_out.items():
        command += ["--ro-bind", str(outside), inside]
    for device in DEVICES:
        command += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    command += ["--symlink", "/tmp", "/dev/shm"]
    command += ["--proc", "/proc"]
    command += ["--perms", "1777", "--size", str(64 * 2**20), "--tmpfs", "/tmp"]
    command += ["--remount-ro", "/", "--chdir", "/tmp", "--clearenv"]
    for name, value in ENVIRONMENT.items():
        command += ["--setenv", name, value]
    return command


def _parents(path: str) -> list[str]:
    return [str(parent) for parent in Path(path).parents if str(parent) != "/"]


def contents(track: str) -> dict[str, Path]:
    """What is in the box of a track: paths inside, and where on this machine they come from."""
    try:
        installed = packages.package_entries(track)
    except LookupError as error:
        line = f"the box can't be built: {error}. Run `{packages.REINSTALL}`"
        raise SandboxUnavailable(line) from None
    python = packages.python_executable()
    found = {f"{PYTHON}/bin/{python.name}": python}
    found |= {f"{LIBRARY}/{entry.name}": entry for entry in packages.stdlib_entries()}
    found |= {f"{PACKAGES}/{entry.name}": entry for entry in installed}
    found |= {f"{COURSE_INSIDE}/autograder/{room}": COURSE / room for room in VISIBLE_ROOMS}
    for path in packages.shared_libraries(track):
        in_system = any(path.is_relative_to(folder) for folder in SYSTEM)
        found[str(path) if in_system else f"{LIBRARIES}/{path.name}"] = path
    return found
