r"""The `{exercise}` role: a link that downloads an exercise notebook from the site itself.

{exercise}`hidden-layers/numpy` links to a copy of `exercises/hidden-layers/numpy.ipynb`.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

logger = logging.getLogger(__name__)


class ExerciseRole(SphinxRole):
    """A download link named after the notebook; a notebook that isn't there is reported."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link."""
        notebook = f"exercises/{self.text}.ipynb"
        label = f"notebook {self.text}"
        if not (Path(self.env.srcdir) / notebook).is_file():
            logger.warning(
                "exercise: there is no %s",
                notebook,
                location=self.get_location(),
                type="book",
                subtype="exercise",
            )
            return [nodes.emphasis(self.rawtext, label)], []
        link = addnodes.download_reference(
            self.rawtext,
            "",
            nodes.inline("", label),
            reftarget=f"/{notebook}",
            refdoc=self.env.docname,
        )
        self.set_source_info(link)
        return [link], []


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.add_role("exercise", ExerciseRole())
