"""The wire between the two sides: length-prefixed frames of a JSON header and raw buffers.

A frame is eight bytes of lengths (header, body; unsigned, little-endian), the header, and the body.
The header is JSON: the skeleton of one tree (``autograder.student.trees``), and for each array its
dtype, shape, memory order and whether it may be written to; the body is the arrays' bytes, one
after the other.

What a student's process sends is checked before anything is allocated or built from it: lengths,
number of arrays, dtypes from a list, shapes, depth. There is no pickle, no object dtype and no
header that is evaluated (THREATS, 8).
"""

import json
import math
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.student import trees

NAMES = ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "g")
DTYPES = {dtype.str: dtype for dtype in map(np.dtype, NAMES)}
LENGTHS = struct.Struct("<II")
AT_ONCE = 2**16  # bytes that are read at once: what a pipe holds

# The first word of a fork, before any student's code has run in it: shut in, or why not.
READY, STOPPED = "ready", "stopped"


class Malformed(ValueError):
    """Bytes that are no frame, or a frame larger than allowed. The message holds none of them."""


@dataclass(frozen=True)
class Caps:
    """How large a frame may be."""

    body: int  # bytes of all arrays together
    header: int = 2**20  # bytes
    arrays: int = 4096
    dimensions: int = 16
    depth: int = 16  # of nested lists, tuples and dicts


def encode(tree: trees.Tree, caps: Caps) -> bytes:
    """One frame.

    Raises
    ------
    TypeError : for a leaf that can't travel: an array of another dtype, or any other object.
    Malformed : for a frame over the caps.
    """
    skeleton, arrays = trees.flatten(tree)
    described, buffers = [], []
    for array in map(np.asarray, arrays):
        if array.dtype.str not in DTYPES:
            raise TypeError(f"an array of dtype {array.dtype} can't travel")
        order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
        described.append([array.dtype.str, list(array.shape), order, array.flags.writeable])
        buffers.append(array.tobytes(order))
    header = json.dumps([skeleton, described]).encode()
    body = b"".join(buffers)
    _check_lengths(len(header), len(body), caps)
    return LENGTHS.pack(len(header), len(body)) + header + body


def _check_lengths(header: int, body: int, caps: Caps) -> None:
    if header > caps.header:
        raise Malformed(f"a header of {header} bytes, where {caps.header} are allowed")
    if body > caps.body:
        raise Malformed(f"{body} bytes of arrays, where {caps.body} are allowed")


class Reader:
    """Puts one frame together from the pieces in which it arrives."""

    def __init__(self, caps: Caps) -> None:
        self.caps = caps
        self._received = bytearray()
        self._lengths: tuple[int, int] | None = None

    @property
    def received(self) -> int:
        """Bytes so far."""
        return len(self._received)

    @property
    def wanted(self) -> int:
        """How many bytes may be read next: what is left of the frame, and at most so much."""
        if self._lengths is None:
            return AT_ONCE
        return min(LENGTHS.size + sum(self._lengths) - len(self._received), AT_ONCE)

    def feed(self, piece: bytes) -> bool:
        """Take the next bytes, at most as many as are ``wanted``; True if the frame is complete.

        Raises
        ------
        Malformed : as soon as the announced lengths are over the caps, or more came than these.
        """
        self._received += piece
        if self._lengths is None and len(self._received) >= LENGTHS.size:
            lengths = LENGTHS.unpack_from(self._received)
            _check_lengths(*lengths, self.caps)
            self._lengths = lengths
        if self._lengths is None:
            return False
        if self.wanted < 0:
            raise Malformed("more bytes than one frame has")
        return self.wanted == 0

    def tree(self) -> trees.Tree:
        """What the complete frame holds.

        Raises
        ------
        Malformed : if it isn't what ``encode`` writes.
        """
        start = LENGTHS.size + self._lengths[0]
        header = bytes(self._received[LENGTHS.size : start])
        return decode(header, memoryview(self._received)[start:], self.caps)


def decode(header: bytes, body: memoryview | bytes, caps: Caps) -> trees.Tree:
    """The tree in a frame's header and body, checked in every detail.

    Raises
    ------
    Malformed : if they aren't what ``encode`` writes.
    """
    try:
        content = json.loads(header)
    except (ValueError, RecursionError):  # not UTF-8, not JSON, a number too long, too deep
        raise Malformed("the header is not JSON") from None
    if not isinstance(content, list) or len(content) != 2 or not isinstance(content[1], list):
        raise Malformed("the header is not a skeleton with a list of arrays")
    skeleton, described = content
    if len(described) > caps.arrays:
        raise Malformed(f"{len(described)} arrays, where {caps.arrays} are allowed")
    arrays, start = [], 0
    for description in described:
        dtype, shape, order, writeable = _check_description(description, caps)
        size = math.prod(shape) * dtype.itemsize
        if size > len(body) - start:
            raise Malformed("the arrays are larger than what came with them")
        array = np.frombuffer(body[start : start + size], np.uint8)
        start += size
        arrays.append(_shape(array, dtype, shape, order, writeable))
    if start != len(body):
        raise Malformed("more bytes than the arrays have")
    return _rebuild(skeleton, arrays, caps.depth)


def _check_description(description: Any, caps: Caps) -> tuple[np.dtype, tuple[int, ...], str, bool]:
    match description:
        case [str(name), list(shape), "C" | "F" as order, bool(writeable)] if (
            name in DTYPES
            and len(shape) <= caps.dimensions
            and set(map(type, shape)) <= {int}
            and 0 <= min(shape, default=0) <= max(shape, default=0) <= caps.body
        ):
            return DTYPES[name], tuple(shape), order, writeable
    raise Malformed("an array is not described by dtype, shape, order and writeable")


def _shape(
    data: np.ndarray, dtype: np.dtype, shape: tuple[int, ...], order: str, writeable: bool
) -> np.ndarray:
    """The array in these bytes; a copy if it may be written to."""
    # A byte other than 0 and 1 makes a bool that is neither equal to True nor to False.
    typed = data != 0 if dtype.kind == "b" else data.view(dtype)
    try:
        array = typed.reshape(shape, order=order)
    except ValueError:  # a shape with a zero whose other sizes overflow
        raise Malformed("an array has an impossible shape") from None
    if writeable:
        array = array.copy(order="K")
    array.flags.writeable = writeable
    return array


def _rebuild(node: Any, arrays: list[np.ndarray], depth: int) -> trees.Tree:
    if depth < 0:
        raise Malformed("nested too deeply")
    if not isinstance(node, dict) or len(node) != 1:
        raise Malformed("a node is not one kind with its content")
    ((kind, content),) = node.items()
    match kind, content:
        case "array", int(number) if type(number) is int and 0 <= number < len(arrays):
            return arrays[number]
        case "value", None | bool() | int() | float() | str():
            return content
        case (("list" | "tuple"), list()):
            items = [_rebuild(item, arrays, depth - 1) for item in content]
            return tuple(items) if kind == "tuple" else items
        case "dict", list():
            return dict(_entry(entry, arrays, depth - 1) for entry in content)
    raise Malformed("a node of an unknown kind")


def _entry(entry: Any, arrays: list[np.ndarray], depth: int) -> tuple[Any, trees.Tree]:
    match entry:
        case [None | bool() | int() | float() | str() as key, value]:
            return key, _rebuild(value, arrays, depth)
    raise Malformed("an entry of a dict is not a key with its value")


def from_bytes(text: bytes) -> np.ndarray:
    """Bytes as an array, so that they travel in the body."""
    return np.frombuffer(text, np.uint8)
