"""What makes the book's pages work: Sphinx extensions, the figures' style, scripts and styles.

`extra_extensions: [book]` in `_config.yml` loads everything through `setup`. A kernel that asks for
`plt.style.use("book.figure")` imports this package too, so nothing of Sphinx is imported up here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PARTS = (
    "side_by_side",
    "kernels",
    "printed_output",
    "page_checks",
    "collapsed_cells",
    "framework_tabs",
    "figures",
    "quiz",
    "exercise_role",
    "citations",
    "notebook_download",
    "mathjax",
    "unbroken_math",
    "assets",
)


def setup(app: Sphinx) -> dict[str, object]:
    """Set up every part of the book's machinery; each module's docstring says what it is for."""
    for part in PARTS:
        import_module(f"book.{part}").setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
