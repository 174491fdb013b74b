"""What this machine can enforce, for ``autograder doctor``."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import box, packages, seccomp
from autograder.sandbox.errors import SandboxUnavailable
from autograder.sandbox.limits import Limits
from autograder.sandbox.warm import NAMESPACES

TRY = 20.0  # seconds for one trial


@dataclass(frozen=True)
class Ability:
    """One thing that a sandbox needs or is better with.

    ``line`` says in one sentence what there is, or how to get what is missing.
    """

    name: str
    present: bool
    required: bool
    line: str


def sandbox_status() -> list[Ability]:
    """Look at the machine, by trying it. Starts a box or two, which takes about a second."""
    looks: tuple[Callable[[], Ability], ...] = (
        _bubblewrap,
        _namespaces,
        _nested_namespaces,
        _filter,
        _memory_and_processes,
        _cores,
    )
    tracks = (_track(track) for track in packages.ROOTS)
    return [*(look() for look in looks), *tracks]


def is_available(status: list[Ability] | None = None) -> bool:
    """Whether there is all that the sandbox needs."""
    return all(ability.present for ability in status or sandbox_status() if ability.required)


def _bubblewrap() -> Ability:
    name = "bubblewrap"
    try:
        path = box.find_bwrap()
    except SandboxUnavailable as error:
        return Ability(name, False, True, str(error))
    version = _first_line([path, "--version"])
    return Ability(name, True, True, f"{version} at {path}")


def _namespaces() -> Ability:
    name = "namespaces"
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        return Ability(name, False, True, "not tried, since bubblewrap is missing")
    command = [bwrap, "--unshare-all", "--uid", "1000", "--ro-bind", "/", "/", "true"]
    said = _last_words(lambda **options: subprocess.Popen(command, **options))
    if said is None:
        return Ability(
            name, True, True, "bubblewrap makes user, pid, mount, IPC and net namespaces"
        )
    return Ability(name, False, True, f"{said} {NAMESPACES}")


def _nested_namespaces() -> Ability:
    """Each notebook gets namespaces within those of its warm process."""
    name = "a namespace for each notebook"
    program = ["-I", "-S", "-c", _nested_program()]
    try:
        said = _last_words(lambda **options: box.start_boxed("numpy", program, **options))
    except SandboxUnavailable as error:
        return Ability(name, False, True, str(error))
    if said is None:
        return Ability(name, True, True, "each notebook is shut in by itself, without capabilities")
    return Ability(name, False, True, f"{said} {NAMESPACES}")


def _nested_program() -> str:
    lines = (
        "import os, sys",
        f"sys.path.insert(0, {box.COURSE_INSIDE!r})",
        f"sys.path.append({box.PACKAGES!r})",
        "from autograder.sandbox import confine",
        "confine.leave_root()",
        "confine.prepare_pid_namespace()",
        "child = os.fork()",
        "if child == 0: confine.confine(2 ** 20); os._exit(0)",
        "sys.exit(os.waitpid(child, 0)[1] != 0)",
    )
    return "\n".join(lines)


def _filter() -> Ability:
    name = "filter of system calls"
    machine = os.uname().machine
    if seccomp.has_filter():
        return Ability(name, True, False, f"there is one for {machine}")
    known = " and ".join(seccomp.ARCHITECTURES)
    return Ability(name, False, False, f"there is none for {machine}, only for {known}")


def _memory_and_processes() -> Ability:
    name = "memory and processes"
    limits = Limits()
    if not Path("/proc/self/smaps_rollup").exists():
        line = "the kernel is older than 4.14: memory that processes share is counted several times"
        return Ability(name, False, False, line)
    line = (
        f"watched from outside every few hundredths of a second ({limits.memory // 2**20} MiB, "
        f"{limits.processes} processes); the kernel itself refuses more than {limits.threads} "
        "threads, and more memory for any one process. No cgroup is needed or used"
    )
    return Ability(name, True, False, line)


def _cores() -> Ability:
    cores = len(os.sched_getaffinity(0))
    return Ability("cores", True, False, f"{cores}: `--jobs {cores}` uses all of them")


def _track(track: str) -> Ability:
    name = f"the box of {track} notebooks"
    try:
        number = len(packages.package_entries(track))
    except LookupError as error:
        return Ability(name, False, False, f"{error}: run `{packages.REINSTALL}`")
    return Ability(name, True, False, f"can be built, with {number} files and folders of packages")


def _first_line(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=TRY, check=False)
    return done.stdout.strip().partition("\n")[0]


def _last_words(start: Callable[..., subprocess.Popen]) -> str | None:
    """None if a program works, otherwise the last line that it says."""
    with tempfile.TemporaryFile("w+") as errors:
        process = start(stdout=subprocess.DEVNULL, stderr=errors)
        try:
            code = process.wait(TRY)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return "It doesn't end."
        errors.seek(0)
        lines = errors.read().strip().splitlines() or [f"it ends with {code}"]
        return None if code == 0 else f"{lines[-1][:300]}."
