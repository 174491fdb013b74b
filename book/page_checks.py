"""A page whose cells didn't run is a warning, and so fails the build."""

from __future__ import annotations

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)


def is_cell(node: nodes.Node) -> bool:
    """Whether `node` is MyST-NB's container of one code cell with its outputs."""
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def check_cells_ran(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of every page with code cells for which no kernel reported success."""
    for docname in sorted(env.found_docs):
        if not any(is_cell(node) for node in env.get_doctree(docname).findall(nodes.container)):
            continue
        result = NbMetadataCollector.get_exec_data(env, docname)
        if not (result and result["succeeded"]):
            logger.warning(
                "the code cells of this page did not run to the end",
                location=docname,
                type="book",
                subtype="not_executed",
            )


def setup(app: Sphinx) -> None:
    """Connect to Sphinx. (MyST-NB itself warns of a code cell on a page without the header.)"""
    app.connect("env-check-consistency", check_cells_ran)
