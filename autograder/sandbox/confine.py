"""What a fork of the warm process does to itself before it runs a student's first line.

It leaves for namespaces of its own (user, mount, IPC, network, host name; its pid namespace was
made for it by the fork server, in which it is process 1), moves into a root that has only what the
student may see and a small private tmpfs, gives up every capability for good, and takes on limits
and a filter of system calls. Keeps rules 1 to 5 of THREATS, for each submission by itself.
"""

import ctypes
import errno
import os
import resource
import signal
import sys
from pathlib import Path

from autograder.sandbox.box import NEW_ROOT, TAKEN_OVER, UID
from autograder.sandbox.limits import Limits

NEXT = "/box"  # in the new root: a process whose root isn't its mount namespace's can't make others

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS = 0x0002_0000, 0x0200_0000, 0x0400_0000
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x0800_0000, 0x1000_0000, 0x2000_0000
CLONE_NEWNET = 0x4000_0000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_SLAVE = 4096, 16384, 1 << 19
MNT_DETACH = 2

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_KEEPCAPS = 1, 4, 8
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 24, 38, 47
CAP_SYS_PTRACE, CAP_SYS_ADMIN = 19, 21
PR_CAP_AMBIENT_CLEAR_ALL = 4
CAPABILITY_VERSION_3 = 0x2008_0522

SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}

libc = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: int | bytes | ctypes.Array | None) -> None:
    """Call a function of the C library.

    Raises
    ------
    OSError : if it returns -1.
    """
    if getattr(libc, name)(*arguments) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def leave_root() -> None:
    """In the warm process, before anything else: where root built the box, become ``UID`` there,
    which is another user on the machine as well. It keeps what it needs to shut its forks in."""
    if os.getuid() != 0:
        return
    call("prctl", PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setresgid(UID, UID, UID)
    os.setresuid(UID, UID, UID)
    _set_capabilities(1 << CAP_SYS_PTRACE | 1 << CAP_SYS_ADMIN)
    call("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)  # else its own /proc/self would be root's


def end_with_parent() -> None:
    """Let the kernel end this process with the one that started it."""
    call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def prepare_pid_namespace() -> None:
    """In the warm process: let the next fork be process 1 of a new pid namespace."""
    call("unshare", CLONE_NEWPID)


def forget_pid_namespace(own: int) -> None:
    """In the warm process, after the fork: let the next one be its own again (``own``: a file
    descriptor of its pid namespace)."""
    call("setns", own, CLONE_NEWPID)


def confine(files: int) -> None:
    """Shut this process in. There is no way back.

    Parameters
    ----------
    files : bytes that the private tmpfs may hold.

    Raises
    ------
    OSError : if the kernel refuses one of the steps; no student's code may run then.
    """
    end_with_parent()
    uid, gid = os.getuid(), os.getgid()
    call(
        "unshare",
        CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWCGROUP,
    )
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")
    _write("/proc/self/oom_score_adj", "1000")  # the kernel's first choice, if it comes to that
    _move_to_new_root(files)
    drop_capabilities()


def _write(path: str, text: str) -> None:
    Path(path).write_text(text)


def _move_to_new_root(files: int) -> None:
    """A root of this process' own: what it may see, a tmpfs, and no /proc."""
    call("mount", None, b"/", None, MS_REC | MS_SLAVE, None)
    _mount_tmpfs(NEW_ROOT, "size=64k,mode=755", MS_NOSUID | MS_NODEV)
    for folder in TAKEN_OVER:
        if os.path.isdir(folder):  # noqa: PTH112
            inside = f"{NEW_ROOT}{NEXT}{folder}"
            os.makedirs(inside)  # noqa: PTH103
            call("mount", folder.encode(), inside.encode(), None, MS_BIND | MS_REC, None)
    _imitate_proc(f"{NEW_ROOT}{NEXT}/proc/self")
    temporary = f"{NEW_ROOT}{NEXT}/tmp"
    os.mkdir(temporary)  # noqa: PTH102
    _mount_tmpfs(
        temporary, f"size={files},nr_inodes=4096,mode=700", MS_NOSUID | MS_NODEV | MS_NOEXEC
    )
    os.chdir(NEW_ROOT)
    call("syscall", _pivot_root(), b".", b".")
    call("umount2", b".", MNT_DETACH)  # the old root, which now lies on top
    os.chdir("/")
    call("mount", None, b"/", None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, None)
    os.chroot(NEXT)
    os.chdir("/tmp")


def _pivot_root() -> int:
    machine = os.uname().machine
    if machine not in SYS_PIVOT_ROOT:
        raise OSError(errno.ENOSYS, f"the number of pivot_root on {machine} isn't known here")
    return SYS_PIVOT_ROOT[machine]


def _imitate_proc(folder: str) -> None:
    """In place of /proc, two files of it that TensorFlow wants to read, and that say nothing."""
    os.makedirs(folder)  # noqa: PTH103
    os.symlink(sys.executable, f"{folder}/exe")  # noqa: PTH211
    _write(f"{folder}/cmdline", "python\0notebook\0")


def _mount_tmpfs(path: str, options: str, flags: int) -> None:
    call("mount", b"tmpfs", path.encode(), b"tmpfs", flags, options.encode())


def drop_capabilities() -> None:
    """Give up every capability, and the ways to get one by running another program."""
    for capability in range(64):
        try:
            call("prctl", PR_CAPBSET_DROP, capability, 0, 0, 0)
        except OSError:  # the kernel knows no more of them
            break
    call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    _set_capabilities(0)
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _set_capabilities(kept: int) -> None:
    """Set effective and permitted capabilities, out of the first 32; none can be inherited."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    call("capset", header, (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0))


def limit_resources(limits: Limits, files: int, address_space: int) -> None:
    """The kernel's own limits, which hold for each process by itself; ``watch`` adds them up."""
    cpu = int(limits.notebook_cpu) + 10
    for which, amount in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, files),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_NPROC, limits.threads),
        (resource.RLIMIT_AS, address_space),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        _, hard = resource.getrlimit(which)
        if hard != resource.RLIM_INFINITY:
            amount = min(amount, hard)
        resource.setrlimit(which, (amount, amount))
    os.nice(10)  # what watches it comes first
