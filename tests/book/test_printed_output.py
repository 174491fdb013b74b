"""Pieces of printed output are joined where they were cut, wherever that is."""

from __future__ import annotations

from nbformat.v4 import new_output

from book.printed_output import join_pieces


def piece(text: str, name: str = "stdout") -> object:
    """Return one piece of what a cell printed."""
    return new_output("stream", name=name, text=text)


def test_a_line_cut_in_two_is_one_line() -> None:
    """In the middle of a line, and between a line and its end."""
    pieces = [piece("train"), piece(" (2,)\n  B   error"), piece("\n  1   4.93\n")]
    assert [o["text"] for o in join_pieces(pieces)] == ["train (2,)\n  B   error\n  1   4.93\n"]
    assert pieces[0]["text"] == "train"


def test_other_outputs_keep_their_place() -> None:
    """A figure stays between the streams' first pieces; each stream is one."""
    figure = new_output("display_data", data={"text/plain": "figure"})
    joined = join_pieces([piece("a"), piece("w\n", "stderr"), figure, piece("b\n")])
    assert [o.get("name", "figure") for o in joined] == ["stdout", "stderr", "figure"]
    assert joined[0]["text"] == "ab\n"
