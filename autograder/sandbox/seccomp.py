"""A filter of system calls: what no notebook needs, and attacks do.

Capabilities and namespaces already refuse most of this; the filter is the second lock, and the
only one on memory that is charged to nobody (memfd, System V, shared anonymous maps; THREATS, 4).
The program is classic BPF, which the kernel runs on every system call (seccomp(2), bpf(4)).
"""

import ctypes
import errno
import os
import struct

from autograder.sandbox.confine import call

# Numbers by architecture, from the kernel's tables.
ARCHITECTURES = {"x86_64": (0xC000_003E, 0), "aarch64": (0xC000_00B7, 1)}
REFUSED = {
    # namespaces, mounts, roots
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "quotactl": (179, 60),
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    # the kernel's own
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "syslog": (103, 116),
    "acct": (163, 89),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "personality": (135, 92),
    # rings take system calls past this filter
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    # memory that no process is charged for
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "vmsplice": (278, 75),  # a pipe that holds one page of a huge one holds all of it
    "io_setup": (206, 0),  # of these there are so many on a machine, and no more
}
CLONE, CLONE3, MMAP, SOCKET, IOCTL = (56, 220), (435, 435), (9, 222), (41, 198), (16, 29)

NEW_NAMESPACES = 0x7E02_0000
SHARED_ANONYMOUS = 0x21  # MAP_SHARED | MAP_ANONYMOUS
# AF_INET and AF_INET6, which lead nowhere in an empty network namespace. Not AF_UNIX (a socket on a
# read-only disk can be connected to; socketpair is another call) and not AF_VSOCK, which leads out.
FAMILIES = (2, 10)
TIOCSTI, TIOCLINUX = 0x5412, 0x541C  # type into a terminal

LOAD, EQUAL, GREATER_EQUAL, ANY_BIT, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
ALLOW, REFUSE, KILL = 0x7FFF_0000, 0x0005_0000, 0x8000_0000
X32 = 0x4000_0000
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2


def has_filter() -> bool:
    """Whether the filter is written for this processor."""
    return os.uname().machine in ARCHITECTURES


def assemble() -> bytes:
    """The filter as instructions of eight bytes: code, two jumps, a constant."""
    architecture, column = ARCHITECTURES[os.uname().machine]
    program: list[tuple[int, int, int, int]] = [
        (LOAD, 0, 0, 4),
        (EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),  # another architecture's numbers mean other calls
        (LOAD, 0, 0, 0),
    ]
    if column == 0:
        program += [(GREATER_EQUAL, 0, 1, X32), (RETURN, 0, 0, KILL)]
    refused = {number[column]: errno.EPERM for number in REFUSED.values()}
    refused[CLONE3[column]] = errno.ENOSYS  # its flags lie in memory; the C library takes clone
    for number, reason in sorted(refused.items()):
        program += [(EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE | reason)]
    program += _with_argument(CLONE[column], 0, [(ANY_BIT, 0, 1, NEW_NAMESPACES), _refuse()])
    program += _with_argument(
        MMAP[column],
        3,
        [(AND, 0, 0, SHARED_ANONYMOUS), (EQUAL, 0, 1, SHARED_ANONYMOUS), _refuse()],
    )
    program += _with_argument(
        IOCTL[column], 1, [(EQUAL, 1, 0, TIOCSTI), (EQUAL, 0, 1, TIOCLINUX), _refuse()]
    )
    known = [(EQUAL, len(FAMILIES) - place, 0, family) for place, family in enumerate(FAMILIES)]
    program += _with_argument(SOCKET[column], 0, [*known, _refuse(errno.EAFNOSUPPORT)])
    program.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("<HBBI", *instruction) for instruction in program)


def _refuse(reason: int = errno.EPERM) -> tuple[int, int, int, int]:
    return (RETURN, 0, 0, REFUSE | reason)


def _with_argument(
    number: int, argument: int, checks: list[tuple[int, int, int, int]]
) -> list[tuple[int, int, int, int]]:
    """For this call, run the checks on the low half of an argument; whoever passes is allowed."""
    block = [(LOAD, 0, 0, 16 + 8 * argument), *checks, (RETURN, 0, 0, ALLOW)]
    return [(EQUAL, 0, len(block), number), *block]


def install(program: bytes) -> None:
    """Put the filter on this process and all that it starts, for good.

    Raises
    ------
    OSError : if the kernel refuses it.
    """
    buffer = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    filled = Program(len(program) // 8, ctypes.addressof(buffer))
    call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filled), 0, 0)
