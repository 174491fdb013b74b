"""Frames survive the wire; whatever isn't one is refused before anything is built from it."""

import contextlib
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox import wire
from autograder.student import trees

CAPS = wire.Caps(body=10_000)

DTYPES = st.sampled_from([np.dtype(name) for name in wire.NAMES])
ARRAYS = DTYPES.flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0))
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
TREES = st.recursive(
    ARRAYS | SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
    ),
    max_leaves=6,
)


def read(frame: bytes, caps: wire.Caps = CAPS, step: int = 10**9) -> trees.Tree:
    reader = wire.Reader(caps)
    while frame:
        size = min(reader.wanted, step)
        if reader.feed(frame[:size]):
            return reader.tree()
        frame = frame[size:]
    raise EOFError


@given(TREES, st.sampled_from([1, 7, 10**9]))
@settings(max_examples=150, deadline=None)
def test_a_tree_comes_out_as_it_went_in(tree, step):
    came = read(wire.encode(tree, CAPS), step=step)
    assert trees.equal(came, tree)


def test_memory_order_and_write_protection_travel():
    fortran = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    fixed = np.arange(3)
    fixed.flags.writeable = False
    came = read(wire.encode([fortran, fixed, fortran.T], CAPS))
    assert came[0].flags.f_contiguous and not came[0].flags.c_contiguous
    assert [array.flags.writeable for array in came] == [True, False, True]
    came[0][:] = 0  # a copy, not a view of what came


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_frame_or_malformed(data):
    with contextlib.suppress(wire.Malformed, EOFError):
        read(data)


@given(TREES, st.data())
@settings(max_examples=200, deadline=None)
def test_a_changed_byte_does_no_more_than_change_the_content(tree, data):
    frame = bytearray(wire.encode(tree, CAPS))
    place = data.draw(st.integers(0, len(frame) - 1))
    frame[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(wire.Malformed, EOFError):
        read(bytes(frame))


def frame_of(skeleton, arrays, body=b""):
    header = json.dumps([skeleton, arrays]).encode()
    return wire.LENGTHS.pack(len(header), len(body)) + header + body


def nested(depth):
    node = {"value": 1}
    for _ in range(depth):
        node = {"list": [node]}
    return node


A = {"array": 0}


@pytest.mark.parametrize(
    "frame",
    [
        frame_of(nested(CAPS.depth + 1), []),
        frame_of({"array": 1}, [["|u1", [1], "C", True]], b"x"),
        frame_of({"array": -1}, [["|u1", [1], "C", True]], b"x"),
        frame_of({"array": True}, [["|u1", [1], "C", True]] * 2, b"xx"),
        frame_of({"array": 0, "value": 1}, [["|u1", [1], "C", True]], b"x"),
        frame_of({"object": []}, []),
        frame_of({"value": [1]}, []),
        frame_of({"dict": [[[], {"value": 1}]]}, []),
        frame_of({"dict": [[1]]}, []),
        frame_of([], []),
        frame_of(A, [["|O", [1], "C", True]], b"12345678"),
        frame_of(A, [["<c16", [1], "C", True]], bytes(16)),
        frame_of(A, [["<U1", [1], "C", True]], bytes(4)),
        frame_of(A, [["<M8[s]", [1], "C", True]], bytes(8)),
        frame_of(A, [["(2,)<f8", [1], "C", True]], bytes(16)),
        frame_of(A, [[">f8", [1], "C", True]], bytes(8)),
        frame_of(A, [["<f8", [-1], "C", True]], bytes(8)),
        frame_of(A, [["<f8", [1.0], "C", True]], bytes(8)),
        frame_of(A, [["<f8", [2**40, 2**40], "C", True]], bytes(8)),
        frame_of(A, [["<f8", [0, 2**62], "C", True]]),
        frame_of(A, [["<f8", [0, 9_999] + [9_999] * 12, "C", True]]),
        frame_of(A, [["<f8", [1] * 17, "C", True]], bytes(8)),
        frame_of(A, [["<f8", [1], "K", True]], bytes(8)),
        frame_of(A, [["<f8", [1], "C", 1]], bytes(8)),
        frame_of(A, [["<f8", [2], "C", True]], bytes(8)),
        frame_of(A, [["<f8", [1], "C", True]], bytes(9)),
        frame_of(A, [["|u1", [0], "C", True]] * 5_000),
        wire.LENGTHS.pack(2, 0) + b"[]",
        wire.LENGTHS.pack(2, 0) + b"\xff\xff",
        wire.LENGTHS.pack(60_000, 0) + b"[" * 60_000,
        wire.LENGTHS.pack(20_004, 0) + b"[1" + b"0" * 20_000 + b",[]]"[:2],
    ],
)  # fmt: skip
def test_malformed_frames_are_refused(frame):
    with pytest.raises((wire.Malformed, EOFError)):
        read(frame)


@pytest.mark.parametrize("lengths", [(2**32 - 1, 0), (0, 2**32 - 1), (2**20 + 1, 1), (1, 10_001)])
def test_sizes_are_refused_before_anything_is_read(lengths):
    reader = wire.Reader(CAPS)
    with pytest.raises(wire.Malformed):
        reader.feed(wire.LENGTHS.pack(*lengths))
    assert reader.received == wire.LENGTHS.size


def test_a_cut_frame_is_never_complete():
    frame = wire.encode([np.ones(3), "text"], CAPS)
    for end in range(len(frame)):
        with pytest.raises(EOFError):
            read(frame[:end])


@pytest.mark.parametrize("step", [1, 8, 10**9])
def test_what_comes_after_a_frame_belongs_to_nothing(step):
    """A process that sends two replies to one request."""
    reader = wire.Reader(CAPS)
    frame = wire.encode([np.ones(3), "text"], CAPS)
    rest = frame + frame
    with pytest.raises(wire.Malformed, match="more bytes"):
        while not reader.feed(rest[:step]):
            rest = rest[step:]
        reader.feed(rest[step:])


def test_what_is_too_much_is_not_sent():
    with pytest.raises(wire.Malformed):
        wire.encode(np.zeros(10_001, np.uint8), CAPS)
    for other in (np.array([object()]), np.array([1j]), object()):
        with pytest.raises(TypeError):
            wire.encode(other, CAPS)


def test_a_forged_bool_is_true_or_false():
    forged = read(frame_of(A, [["|b1", [4], "C", True]], b"\x00\x01\x02\xff"))
    assert forged.tobytes() == b"\x00\x01\x01\x01"


def test_an_unusual_float_travels():
    values = np.array([math.nan, math.inf, -0.0, 5e-324])
    assert read(wire.encode(values, CAPS)).tobytes() == values.tobytes()
