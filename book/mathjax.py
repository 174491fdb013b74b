"""Formulas without another host: MathJax out of the Python package `sphinx-mathjax-offline`.

Only the parts that the book's formulas need are copied and loaded: TeX input, HTML output with its
fonts, and the MathML that screen readers read. The package's combined script is half as big again,
for menus and extensions that nobody asked for.
"""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

PARTS = (
    "startup.js",
    "core.js",
    "input/tex.js",
    "output/chtml.js",
    "output/chtml/fonts",
    "a11y/assistive-mml.js",
)


def configure(app: Sphinx, config: Config) -> None:
    """Point Sphinx at our copy. `loader` names the parts that the start-up script fetches."""
    config.mathjax_path = "mathjax/startup.js"
    config.mathjax3_config = {
        "loader": {"load": ["input/tex", "output/chtml", "a11y/assistive-mml"]},
        **(config.mathjax3_config or {}),
    }


def copy_parts(app: Sphinx, exception: Exception | None) -> None:
    """Copy the parts of MathJax that the pages load."""
    if exception or app.builder.format != "html":
        return
    source = Path(find_spec("sphinx-mathjax-offline").origin).parent / "static" / "mathjax"
    target = Path(app.outdir) / "_static" / "mathjax"
    for part in PARTS:
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, dirs_exist_ok=True)
        else:
            shutil.copyfile(source / part, target / part)


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("config-inited", configure, priority=400)
    app.connect("build-finished", copy_parts)
