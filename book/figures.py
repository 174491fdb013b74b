"""Figures in the page: inlined SVG that follows the theme, named for those who can't see it.

A figure drawn in the style `book.figure` uses a few known colors. `recolor` turns each of them into
a CSS variable with that color as fallback; `static/book.css` gives the variables their values.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
# Pixels of the page for a point of the figure: 7 inches fill the column, text is the page's size.
POINT = 1.25
ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", XLINK)


def style_colors() -> dict[str, str]:
    """Return {color as matplotlib writes it in SVG: CSS variable}, read from the style itself."""
    style = files("book").joinpath("figure.mplstyle").read_text(encoding="utf-8")
    setting = dict(re.findall(r"^([\w.]+):\s*(.+?)\s*$", style, flags=re.MULTILINE))
    roles = {
        "--figure-paper": setting["figure.facecolor"],
        "--figure-text": setting["text.color"],
        "--figure-line": setting["axes.edgecolor"],
        "--figure-grid": setting["grid.color"],
    }
    cycle = re.findall(r'"([0-9a-f]{6})"', setting["axes.prop_cycle"])
    roles |= {f"--figure-c{i}": color for i, color in enumerate(cycle)}
    return {f"#{color}": variable for variable, color in roles.items()}


def recolor(style: str) -> str:
    """Replace the style sheet's colors in an SVG style attribute by CSS variables."""
    for color, variable in style_colors().items():
        style = re.sub(f"{color}(?![0-9a-f])", f"var({variable}, {color})", style)
    return style


def inline_svg(source: str, prefix: str, alt: str) -> str:
    """Return matplotlib's SVG document as an element for the page.

    `prefix` makes the ids unique, since a page's figures share one document; `alt` is its name.
    """
    svg = ElementTree.fromstring(source)
    for parent in svg.iter():
        for child in list(parent):
            # Metadata is for files. A style sheet in an inlined figure would restyle all of the
            # page: the two properties that matplotlib sets are inherited from the root instead.
            if child.tag in (f"{{{SVG}}}metadata", f"{{{SVG}}}style"):
                parent.remove(child)
    seen: set[str] = set()
    for element in svg.iter():
        if element.get("id") in seen:  # two images of the same pixels
            del element.attrib["id"]
        seen.add(element.get("id", ""))
        for name, value in element.attrib.items():
            if name == "id":
                element.set(name, prefix + value)
            elif name in ("href", f"{{{XLINK}}}href") and value.startswith("#"):
                element.set(name, "#" + prefix + value[1:])
            elif name == "d":
                # Hundredths of a point are finer than any screen, and half as long to write.
                element.set(name, re.sub(r"(\.\d\d)\d+", r"\1", " ".join(value.split())))
            else:
                value = value.replace("url(#", f"url(#{prefix}")
                element.set(name, recolor(value) if name in ("style", "fill", "stroke") else value)
        for name in ("fill", "stroke"):
            # var() is understood in style sheets and style attributes only.
            if element.get(name, "").startswith("var("):
                paint = f"{name}: {element.attrib.pop(name)}"
                element.set("style", "; ".join(filter(None, [element.get("style"), paint])))
    width = float(svg.attrib.pop("width").removesuffix("pt"))
    svg.attrib.pop("height", None)
    svg.attrib.pop("version", None)
    svg.set("class", "figure")
    svg.set("role", "img")
    svg.set("aria-label", alt)
    svg.set("style", f"stroke-linejoin: round; stroke-linecap: butt; width: {width * POINT:.0f}px")
    return ElementTree.tostring(svg, encoding="unicode", short_empty_elements=True)


class InlineFigures(SphinxPostTransform):
    """Put every SVG output into the page, and warn of every image without a name."""

    # After MyST-NB has selected the format of each output (4), before anything is written.
    default_priority = 20
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Transform this document."""
        for number, image in enumerate(list(self.document.findall(nodes.image)), start=1):
            alt = " ".join(str(image.get("alt", "")).split())
            if not alt:
                logger.warning(
                    "an image without alt text: say in words what is to be seen "
                    "(mystnb: image: alt: in the cell's metadata)",
                    location=image if image.line else image.parent,
                    type="book",
                    subtype="alt_text",
                )
            path = Path(self.app.srcdir) / image["uri"].lstrip("/")
            if path.suffix == ".svg" and path.is_file():
                svg = inline_svg(path.read_text(encoding="utf-8"), f"figure-{number}-", alt)
                html = f'<div class="figure-frame">{svg}</div>'
                image.replace_self(nodes.raw("", html, format="html"))


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.add_post_transform(InlineFigures)
