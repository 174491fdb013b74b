"""Fold neighboring cells tagged `numpy`, `keras` or `torch`, with their outputs, into one tab set.

MyST-NB doesn't execute a code cell inside a directive, so that the cells stand one after another in
the page and are folded here, after execution.

sphinx-design's tabs are radio buttons with labels: a screen reader hears no tabs, and the choice is
applied after the first paint. The markup here is the tabs pattern of the ARIA Authoring Practices.
Which panel is visible is decided by one attribute of the root, `<html data-framework="keras">`, and
by rules of the style sheet on it, so that a page appears with the reader's framework at once. Where
that attribute is missing (no JavaScript), and in print, the panels stand one below another, each
under its name.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from book.page_checks import is_cell

logger = logging.getLogger(__name__)

FRAMEWORKS = {"numpy": "NumPy", "keras": "Keras", "torch": "PyTorch"}


class framework_tabs(nodes.General, nodes.Element):
    """A tab set; its children are `framework_panel` nodes."""


class framework_panel(nodes.General, nodes.Element):
    """What one framework computes and prints: attribute `framework`, children are cells."""


def framework_tags(node: nodes.Node) -> list[str]:
    """Return the frameworks that a node's tags name, none for any node but a cell."""
    tags = node["cell_metadata"].get("tags", []) if is_cell(node) else []
    return [tag for tag in tags if tag in FRAMEWORKS]


def framework_of(node: nodes.Node) -> str | None:
    """Return the framework that a cell belongs to."""
    return next(iter(framework_tags(node)), None)


class FoldFrameworkCells(SphinxTransform):
    """Replace every run of tagged cells that names at least two frameworks by a tab set."""

    default_priority = 400

    def apply(self, **kwargs: object) -> None:
        """Fold the cells of this document."""
        parents = {id(cell.parent): cell.parent for cell in self.document.findall(is_cell)}
        for cell in self.document.findall(is_cell):
            if len(tags := framework_tags(cell)) > 1:
                logger.warning(
                    "a cell belongs to one framework, this one is tagged %s",
                    " and ".join(tags),
                    location=cell,
                    type="book",
                    subtype="framework_tabs",
                )
        number = 0
        for parent in parents.values():
            for run in tagged_runs(parent):
                frameworks = {framework_of(cell) for cell in run}
                if len(frameworks) > 1:
                    number += 1
                    fold(run, f"frameworks-{number}")


def tagged_runs(parent: nodes.Element) -> list[list[nodes.Element]]:
    """Return the runs of neighboring tagged cells among the children of `parent`."""
    runs: list[list[nodes.Element]] = [[]]
    for child in parent.children:
        if framework_of(child):
            runs[-1].append(child)
        elif not isinstance(child, nodes.comment):
            runs.append([])
    return [run for run in runs if run]


def fold(cells: list[nodes.Element], name: str) -> None:
    """Move `cells` into one tab set where the first of them stood, in the order of `FRAMEWORKS`."""
    tabs = framework_tabs(name=name)
    cells[0].replace_self(tabs)
    for cell in cells[1:]:
        cell.parent.remove(cell)
    for framework, title in FRAMEWORKS.items():
        mine = [cell for cell in cells if framework_of(cell) == framework]
        if mine:
            heading = nodes.paragraph("", title, classes=["framework-name"])
            tabs += framework_panel("", heading, *mine, framework=framework, name=name)


def visit_tabs(self: HTML5Translator, node: framework_tabs) -> None:
    """Open the tab set and write its row of tabs, which shows only where the script runs."""
    present = [panel["framework"] for panel in node.children]
    self.body.append(f'<div class="framework-tabs" data-frameworks="{" ".join(present)}">\n')
    self.body.append('<div class="framework-tablist" role="tablist" aria-label="Framework">\n')
    for framework in present:
        self.body.append(
            f'<button type="button" role="tab" id="{node["name"]}-{framework}-tab"'
            f' aria-controls="{node["name"]}-{framework}" data-framework="{framework}">'
            f"{FRAMEWORKS[framework]}</button>\n"
        )
    self.body.append("</div>\n")


def visit_panel(self: HTML5Translator, node: framework_panel) -> None:
    """Open one framework's panel."""
    name, framework = node["name"], node["framework"]
    self.body.append(
        f'<div class="framework-panel" role="tabpanel" id="{name}-{framework}"'
        f' aria-labelledby="{name}-{framework}-tab" data-framework="{framework}">\n'
    )


def depart(self: HTML5Translator, node: nodes.Element) -> None:
    """Close the element."""
    self.body.append("</div>\n")


def pass_through(self: nodes.NodeVisitor, node: nodes.Element) -> None:
    """In other formats the panels stand one below another, each under its name."""


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    other = dict.fromkeys(("latex", "text", "man", "texinfo"), (pass_through, pass_through))
    app.add_node(framework_tabs, html=(visit_tabs, depart), **other)
    app.add_node(framework_panel, html=(visit_panel, depart), **other)
    app.add_transform(FoldFrameworkCells)
    app.add_js_file("framework-tabs.js", loading_method="defer")
