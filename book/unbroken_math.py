"""No line begins with the comma that belongs to a formula at the end of the line before.

To a browser a formula is a box, and before and after a box it may break the line, whatever stands
there. So the punctuation beside a formula goes into one unbroken span with it.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

OPENING = re.compile(r"[(\[“‘]+$")
CLOSING = re.compile(r"^(?:’s\b)?[^\w\s(\[“‘]*")


class KeepPunctuation(SphinxPostTransform):
    """Wrap every formula in a line of text together with the punctuation that touches it."""

    default_priority = 800
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Wrap the formulas of this document."""
        for formula in list(self.document.findall(nodes.math)):
            parent = formula.parent
            unbroken = nodes.inline("", "", classes=["unbroken"])
            before = self.split(formula.parent, parent.index(formula) - 1, OPENING)
            after = self.split(formula.parent, parent.index(formula) + 1, CLOSING)
            if before or after:
                parent.replace(formula, unbroken)
                unbroken += [nodes.Text(before), formula, nodes.Text(after)]

    @staticmethod
    def split(parent: nodes.Element, position: int, pattern: re.Pattern[str]) -> str:
        """Take what `pattern` finds out of the text at `position`, and return it."""
        text = parent[position] if 0 <= position < len(parent) else None
        found = pattern.search(text) if isinstance(text, nodes.Text) else None
        if not found or not found[0]:
            return ""
        rest = pattern.sub("", text, count=1)
        parent.replace(text, nodes.Text(rest) if rest else [])
        return found[0]


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.add_post_transform(KeepPunctuation)
