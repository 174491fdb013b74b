"""Reads what students handed in: regular files of a bounded size, and never through a link.

A link could lead to the gradebook or to somebody else's work, and a pipe would never end
(THREATS, 14).
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MIB = 2**20
LARGEST_NOTEBOOK = 16 * MIB  # bytes; parsed, that is some hundreds of megabytes at worst
LONGEST_NAME = 120  # characters of a student's text that stand in one line of ours


class Unreadable(Exception):
    """Something that isn't read, with the reason in a few words: "is a symbolic link"."""


def printable(text: str, longest: int = LONGEST_NAME) -> str:
    """A text as one line that a terminal can be given: no control codes, no change of direction."""
    shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


@contextmanager
def open_folder(path: str | Path, inside: int | None = None) -> Iterator[int]:
    """A descriptor of a folder that is no link.

    Parameters
    ----------
    inside : the descriptor of the folder that ``path`` is a name in.

    Raises
    ------
    FileNotFoundError : if there is nothing of that name.
    Unreadable : if it is something else than a folder.
    """
    try:
        descriptor = os.open(
            path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=inside
        )
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unreadable(_why_no_folder(error)) from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _why_no_folder(error: OSError) -> str:
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return "is not a folder, or is a link to one"
    return f"can't be opened ({os.strerror(error.errno)})"


def read_file(name: str, folder: int, largest: int = LARGEST_NOTEBOOK) -> bytes:
    """The bytes of a regular file.

    Parameters
    ----------
    folder : the descriptor of the folder that it lies in.
    largest : the number of bytes that it may have.

    Raises
    ------
    FileNotFoundError : if there is nothing of that name.
    Unreadable : if it is a link, no regular file, or too large.
    """
    # Looked at before it is opened, since opening a device can already do something.
    _require_regular(os.stat(name, dir_fd=folder, follow_symlinks=False), largest)
    try:
        descriptor = os.open(
            name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder
        )
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unreadable(f"can't be opened ({os.strerror(error.errno)})") from None
    with os.fdopen(descriptor, "rb") as file:
        # And again, since another file may have taken its place in between.
        _require_regular(os.fstat(descriptor), largest)
        content = file.read(largest + 1)
    if len(content) > largest:
        raise Unreadable(_too_large(len(content), largest))
    return content


def _require_regular(status: os.stat_result, largest: int) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise Unreadable("is a symbolic link")
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable("is not a regular file")
    if status.st_nlink > 1:
        raise Unreadable("is a hard link: the file has another name elsewhere")
    if status.st_size > largest:
        raise Unreadable(_too_large(status.st_size, largest))


def _too_large(size: int, largest: int) -> str:
    if largest < MIB:
        return f"has {size:,} bytes, where {largest:,} are read"
    return f"has {size / MIB:,.0f} MiB, where {largest / MIB:,.0f} MiB are read"
