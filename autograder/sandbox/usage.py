"""How much CPU time and memory a submission's processes use, read from outside of them.

The fork server reads the ``/proc`` of its box, which lists the processes of every submission in it;
a submission itself has no ``/proc`` and no say in this.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")
USUAL_BUFFER = 212_992  # bytes, the kernel's default for net.core.wmem_max


@dataclass(frozen=True)
class Usage:
    """One sample. CPU time only grows from sample to sample; the rest is as it is now."""

    cpu: float = 0.0  # seconds
    memory: int = 0  # bytes beyond those shared with the warm process
    processes: int = 0
    threads: int = 0


@dataclass
class Process:
    """What ``/proc`` says about one process."""

    pid: int
    parent: int
    session: int
    own: float  # CPU seconds
    children: float  # CPU seconds of children that it waited for
    threads: int
    memory: int  # bytes, anonymous and shared memory, including what forks share


def read_process(pid: int) -> Process | None:
    """One process, or None if it is gone."""
    try:
        fields = (PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
        status = (PROC / str(pid) / "status").read_bytes()
    except OSError:
        return None
    memory = 0
    for line in status.splitlines():
        if line.startswith((b"RssAnon:", b"RssShmem:", b"VmSwap:", b"VmPTE:")):
            memory += int(line.split()[1]) * 1024
    user, system, children_user, children_system = map(int, fields[11:15])
    return Process(
        pid,
        parent=int(fields[1]),
        session=int(fields[3]),
        own=(user + system) / TICKS,
        children=(children_user + children_system) / TICKS,
        threads=int(fields[17]),
        memory=memory,
    )


@dataclass
class Meter:
    """Adds up the processes of one submission.

    Parameters
    ----------
    first : the submission's first process, as the fork server numbers it.
    boxed : whether the first one is shut in; otherwise the processes of its session count.
    shared : bytes that the warm process has in memory, which each of its forks shares with it.
    socket : bytes that a socket may hold (``socket_capacity``).
    """

    first: int
    boxed: bool
    shared: int
    socket: int
    _seen: dict[int, float] = field(default_factory=dict)  # CPU seconds by process, also ended ones
    _cpu: float = 0.0

    def sample(self) -> Usage:
        """How much is used now."""
        processes = self.processes()
        for process in processes:
            self._seen[process.pid] = max(process.own, self._seen.get(process.pid, 0.0))
        # Ended processes are in their parents' time, unless their parent ignores its children.
        waited_for = sum(process.own + process.children for process in processes)
        self._cpu = max(self._cpu, waited_for, sum(self._seen.values()))
        return Usage(
            self._cpu,
            self._memory(processes),
            len(processes),
            sum(process.threads for process in processes),
        )

    def processes(self) -> list[Process]:
        """The submission's processes that are there now.

        In a box these are the first one and what descends from it: it is process 1 of a namespace
        of its own, so that the kernel makes it the parent of whatever has lost its own.
        """
        pids = (int(name) for name in os.listdir(PROC) if name.isdigit())  # noqa: PTH208
        found = [process for pid in pids if (process := read_process(pid)) is not None]
        if not self.boxed:
            return [process for process in found if process.session == self.first]
        children: dict[int, list[Process]] = {}
        for process in found:
            children.setdefault(process.parent, []).append(process)
        ours = [process for process in found if process.pid == self.first]
        for process in ours:  # which grows meanwhile
            ours += children.get(process.pid, ())
        return ours

    def _memory(self, processes: list[Process]) -> int:
        """Anonymous and shared memory, what lies in the private tmpfs, and what sockets may hold.

        Adding up counts a page that several processes share several times, which is a cheap upper
        bound; with more than one process, the kernel divides shared pages among them instead.
        """
        total = sum(process.memory for process in processes)
        if len(processes) > 1 and total > self.shared:
            total = sum(_proportional(process) for process in processes)
        outside = self._files() + self._sockets() * self.socket if self.boxed else 0
        return max(0, total - self.shared) + outside

    def _files(self) -> int:
        try:
            found = os.statvfs(PROC / str(self.first) / "root" / "tmp")
        except OSError:
            return 0
        return (found.f_blocks - found.f_bfree) * found.f_frsize

    def _sockets(self) -> int:
        """How many there are in the submission's network namespace, also those that wait in others.

        ``socketpair`` is the one way to get some that lead anywhere.
        """
        try:
            first, *_ = (PROC / str(self.first) / "net" / "sockstat").read_text().splitlines()
        except OSError:
            return 0
        return int(first.split()[-1])  # "sockets: used 2"


def _proportional(process: Process) -> int:
    try:
        lines = (PROC / str(process.pid) / "smaps_rollup").read_bytes().splitlines()
    except OSError:
        return process.memory
    kept = (b"Pss_Anon:", b"Pss_Shmem:", b"SwapPss:")
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(kept))


def socket_capacity() -> int:
    """Bytes that may wait in a socket, which the kernel charges to no process (socket(7)).

    Read on the machine: inside a box the file may be missing.
    """
    try:
        return 2 * int((PROC / "sys" / "net" / "core" / "wmem_max").read_text())
    except OSError:
        return 2 * USUAL_BUFFER


def own_memory() -> tuple[int, int]:
    """Bytes of this process: anonymous and shared memory, and the whole address space."""
    try:
        status = (PROC / "self" / "status").read_bytes().splitlines()
    except OSError:
        return 0, 0
    sizes = {line.split()[0]: line.split()[1] for line in status if line.endswith(b" kB")}
    anonymous = int(sizes.get(b"RssAnon:", 0)) + int(sizes.get(b"RssShmem:", 0))
    return anonymous * 1024, int(sizes.get(b"VmSize:", 0)) * 1024


def writable_shared_maps() -> list[str]:
    """Maps of this process through which its forks could write into each other's memory."""
    try:
        lines = (PROC / "self" / "maps").read_text().splitlines()
    except OSError:
        return []
    return [line for line in lines if line.split()[1].startswith("rw") and "s" in line.split()[1]]
