"""What a cell prints stands on the page as it was printed.

A kernel sends it in pieces, five times a second, and a piece may end in the middle of a line.
MyST-NB's `nb_merge_streams` joins them with a line break after each: where such a break falls is
chance, and another build has it elsewhere. So the pieces are joined before it sees them.
"""

from __future__ import annotations

from myst_nb.core import render
from myst_nb.core.utils import coalesce_streams
from nbformat import NotebookNode
from sphinx.application import Sphinx


def join_pieces(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs of a cell with one stream of each name, then as MyST-NB merges them."""
    joined: list[NotebookNode] = []
    streams: dict[str, NotebookNode] = {}
    for output in outputs:
        if output["output_type"] != "stream":
            joined.append(output)
        elif output["name"] in streams:
            streams[output["name"]]["text"] += output["text"]
        else:
            streams[output["name"]] = NotebookNode(output)
            joined.append(streams[output["name"]])
    return coalesce_streams(joined)


def setup(app: Sphinx) -> None:
    """Take the place of MyST-NB's function, which has no other door."""
    render.coalesce_streams = join_pieces
