"""Cells whose code is not the lesson are collapsed: `setup` behind "Set-up", `hide-input` behind
"Show the code". The summary's text is what a screen reader says; MyST-NB's own says "Toggle hidden
content" for every cell of the book.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.writers.html5 import HTML5Translator

from book.page_checks import is_cell


class CollapseSetup(SphinxTransform):
    """Mark cells tagged `setup` as collapsed; MyST-NB's post-transform does the wrapping."""

    default_priority = 390

    def apply(self, **kwargs: object) -> None:
        """Mark the cells of this document."""
        for cell in self.document.findall(nodes.container):
            if is_cell(cell) and "setup" in cell["cell_metadata"].get("tags", []):
                cell.attributes |= {
                    "hide_mode": "input",
                    "prompt_show": "Set-up",
                    "prompt_hide": "",
                }


def visit(self: HTML5Translator, node: HideCodeCellNode) -> None:
    """Open the collapsed part."""
    self.body.append(
        f'<details class="collapsed-code"><summary>{escape(node["prompt_show"])}</summary>\n'
    )


def depart(self: HTML5Translator, node: HideCodeCellNode) -> None:
    """Close the collapsed part."""
    self.body.append("</details>\n")


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.add_transform(CollapseSetup)
    app.add_node(HideCodeCellNode, override=True, html=(visit, depart))
