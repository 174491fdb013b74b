"""What a student's process can't reach, tried from inside of it."""

import socket
import subprocess

import psutil
import pytest

from autograder.sandbox import CodeCell, Job, box
from tests.sandbox.conftest import HONEST, dense_check, is_right, text_of

ATTEMPT = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def attempt(name, *arguments):
    return getattr(libc, name)(*arguments)
"""


def test_it_has_no_identity_of_weight(tell):
    answer = tell(
        ATTEMPT + "header = (ctypes.c_uint32 * 2)(0x20080522, 0)\n"
        "sets = (ctypes.c_uint32 * 6)(*[1] * 6)\n"
        "attempt('capget', header, sets)\n"
        "bounding = [attempt('prctl', 23, number, 0, 0, 0) for number in range(38)]\n"
        "answer = [os.getuid(), os.geteuid(), os.getgid(), list(sets), sum(bounding), "
        "attempt('prctl', 39, 0, 0, 0, 0), attempt('prctl', 21, 0, 0, 0, 0)]"
    )
    uid, euid, gid, capabilities, bounding, no_new_privileges, filter_mode = answer
    assert 0 not in (uid, euid, gid)
    assert (capabilities, bounding) == ([0] * 6, 0)
    assert (no_new_privileges, filter_mode) == (1, 2)


@pytest.mark.parametrize(
    "call",
    [
        "'unshare', 0x10000000",
        "'unshare', 0x00020000",
        "'mount', b'tmpfs', b'/tmp', b'tmpfs', 0, None",
        "'umount2', b'/tmp', 2",
        "'chroot', b'/tmp'",
        "'ptrace', 16, 1, 0, 0",
        "'syscall', 56, 0x10000000 | 17, 0, 0, 0, 0",
        "'syscall', 250, 0, 0, 0, 0, 0",
        "'syscall', 425, 8, 0",
        "'memfd_create', b'x', 0",
        "'shmget', 0, 4096, 0o1600",
        "'mmap', 0, 4096, 3, 0x21, -1, 0",
        "'vmsplice', 4, None, 0, 0",
        "'syscall', 206, 1, ctypes.byref(ctypes.c_ulong())",
        "'setuid', 0",
        "'sethostname', b'x', 1",
        "'socket', 1, 1, 0",
        "'socket', 40, 1, 0",
        "'socket', 16, 3, 0",
    ],
)
def test_the_kernel_refuses(tell, call):
    assert tell(ATTEMPT + f"answer = attempt({call})") == -1


def test_without_the_filter_namespaces_are_refused_too(worker):
    """The second lock holds by itself: a process in a chroot makes no user namespaces."""
    program = (
        "from autograder.sandbox import confine\n"
        "import os\n"
        "confine.leave_root()\n"
        "confine.prepare_pid_namespace()\n"
        "if os.fork() == 0:\n"
        "    confine.confine(2**20)\n"
        "    try:\n"
        "        confine.call('unshare', confine.CLONE_NEWUSER)\n"
        "    except PermissionError:\n"
        "        os._exit(7)\n"
        "    os._exit(0)\n"
        "print(os.waitstatus_to_exitcode(os.wait()[1]))\n"
    )
    start = f"import sys; sys.path.insert(0, {box.COURSE_INSIDE!r})\n{program}"
    process = box.start_boxed(
        "numpy", ["-I", "-c", start], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    said, errors = process.communicate(timeout=60)
    assert said.strip() == "7", errors


def test_there_is_no_proc(tell):
    answer = tell(
        "answer = [os.listdir('/proc'), sorted(os.listdir('/proc/self')), "
        "open('/proc/self/cmdline').read()]"
    )
    assert answer == [["self"], ["cmdline", "exe"], "python\0notebook\0"]


def test_no_other_process_is_there(tell):
    answer = tell(
        "found = []\n"
        "for pid in range(2, 4000):\n"
        "    try:\n"
        "        os.kill(pid, 0)\n"
        "        found.append(pid)\n"
        "    except ProcessLookupError:\n"
        "        pass\n"
        "answer = [os.getpid(), os.getppid(), found]"
    )
    assert answer == [1, 0, []]


def test_no_network_leads_out(tell):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        port = server.getsockname()[1]
        answer = tell(
            "import socket\n"
            "answer = []\n"
            f"for address in [('127.0.0.1', {port}), ('10.0.0.1', 53), ('8.8.8.8', 53)]:\n"
            "    try:\n"
            "        socket.create_connection(address, timeout=1).close()\n"
            "        answer.append(address)\n"
            "    except OSError:\n"
            "        pass\n"
        )
        assert answer == []
        with pytest.raises(BlockingIOError):
            server.accept()


def test_only_its_own_disk_can_be_written(tell):
    answer = tell(
        "answer = []\n"
        "for folder, folders, files in os.walk('/'):\n"
        "    for change in (lambda: open(os.path.join(folder, 'x'), 'w').close(),\n"
        "                   lambda: os.chmod(folder, 0o777)):\n"
        "        try:\n"
        "            change()\n"
        "            answer.append(folder)\n"
        "        except OSError:\n"
        "            pass\n"
        "    if folder.count('/') >= 5:\n"
        "        folders.clear()\n"
    )
    assert set(answer) == {"/tmp"}


def test_its_disk_is_empty_and_its_environment_says_nothing(tell):
    answer = tell("answer = [os.getcwd(), os.listdir('.'), sorted(os.environ)]")
    folder, files, names = answer
    assert (folder, files) == ("/tmp", [])
    assert "OF_THE_INSTRUCTOR" not in names
    assert "secret" not in str(names)


def test_frameworks_and_answers_are_not_there(tell):
    packages = ["torch", "tensorflow", "keras", "sklearn", "autograd", "jax"]
    modules = [*packages, "autograder.answers", "autograder.course"]
    rooms = ["answers", "solutions", "gradebook.db", "submitted"]
    answer = tell(
        "import importlib.util, sys\n"
        f"answer = [name for name in {modules}\n"
        "          if name in sys.modules or importlib.util.find_spec(name)]\n"
        "for folder, folders, files in os.walk('/'):\n"
        f"    forbidden = {rooms} + ({packages} if folder.endswith('site-packages') else [])\n"
        "    answer += [folder + '/' + name for name in folders + files if name in forbidden\n"
        "               or name.startswith(('libtorch', 'libtensorflow'))]\n"
    )
    assert answer == []


def test_it_holds_one_pipe_each_way(tell):
    answer = tell(
        "import stat\n"
        "answer = []\n"
        "for number in range(256):\n"
        "    try:\n"
        "        mode = os.fstat(number).st_mode\n"
        "        answer.append([number, 'pipe' if stat.S_ISFIFO(mode) else stat.S_IFMT(mode)])\n"
        "    except OSError:\n"
        "        pass\n"
    )
    device = 0o020000
    assert answer == [[0, device], [1, device], [2, device], [3, "pipe"], [4, "pipe"]]


def test_there_is_no_terminal(tell):
    answer = tell(
        "try:\n    answer = os.open('/dev/tty', os.O_RDWR)\nexcept OSError:\n    answer = 'none'"
    )
    assert answer == "none"


LEAVE_BEHIND = """
import atexit, os, sys, threading, time
import numpy as np
np.allclose = np.array_equal = lambda *a, **k: True
np.dot = None
sys.modules["autograder.student.observe"].observe = None
open("/tmp/left", "w").write("left")
atexit.register(lambda: open("/tmp/later", "w"))
threading.Thread(target=time.sleep, args=(600,)).start()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
os.environ["LEFT"] = "1"
"""


def test_nothing_is_left_for_the_next(worker):
    first = worker.run(Job("numpy", [CodeCell("a", LEAVE_BEHIND)]))
    assert not first.stopped
    looks = (
        "import os, threading, sys, numpy as np\n"
        "print(os.listdir('/tmp'), threading.active_count(), os.environ.get('LEFT'))\n"
        "print(np.dot is None, np.allclose(0, 1))"
    )
    check = dense_check("c")
    second = worker.run(Job("numpy", [CodeCell("h", HONEST), CodeCell("a", looks), check]))
    assert text_of(second, "a") == "[] 1 None\nFalse False\n"
    assert is_right(second, check)
    box = psutil.Process(worker._process.pid)
    # Bubblewrap's own, the warm process, and its fork that serves this connection.
    assert len(box.children(recursive=True)) == 3


def test_its_neighbors_in_memory_stay_apart(worker):
    """A fork's writes aren't seen by the warm process, and no map is shared between them."""
    poison = "import numpy as np\nnp.pi = 3\nprint(np.pi)"
    assert text_of(worker.run(Job("numpy", [CodeCell("a", poison)])), "a") == "3\n"
    look = worker.run(Job("numpy", [CodeCell("a", "import numpy as np\nprint(np.pi)")]))
    assert text_of(look, "a").startswith("3.14159")


def test_signals_to_everyone_reach_nobody(worker):
    warm = worker._forks
    attack = (
        "import os, signal\n"
        "for target in (-1, 0, 1, 2, 3):\n"
        "    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP):\n"
        "        try:\n            os.kill(target, number)\n        except OSError:\n"
        "            pass\n"
    )
    check = dense_check("c")
    result = worker.run(Job("numpy", [CodeCell("a", attack), CodeCell("h", HONEST), check]))
    assert is_right(result, check)
    assert worker._forks is warm
