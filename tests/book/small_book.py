"""Build books of a page or two, to see what one part of the machinery makes of them."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

HEADER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
# A page

"""
NOT_RUN = "the code cells of this page did not run to the end"


@dataclass
class SmallBook:
    """A built book: where it is, and what the build warned of."""

    out: Path
    warnings: str

    def html(self, page: str = "index") -> BeautifulSoup:
        """Return a page's HTML, parsed."""
        return BeautifulSoup((self.out / f"{page}.html").read_text(encoding="utf-8"), "html.parser")


def cell(code: str, *tags: str) -> str:
    """Return a code cell in MyST Markdown."""
    return f"```{{code-cell}} ipython3\n:tags: [{', '.join(tags)}]\n{code}\n```\n\n"


def build(folder: Path, page: str, *, execute: bool = False, **files: str) -> SmallBook:
    """Build a book of `page` (MyST Markdown) in `folder`; its warnings are returned, not raised.

    Without `execute` no kernel starts, and the warning that cells didn't run is left out.
    """
    (folder / "source").mkdir(exist_ok=True)
    (folder / "source" / "index.md").write_text(page, encoding="utf-8")
    for name, text in files.items():
        (folder / "source" / f"{name}.md").write_text(text, encoding="utf-8")
    stream = io.StringIO()
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            srcdir=folder / "source",
            confdir=None,
            outdir=folder / "build" / "html",
            doctreedir=folder / "build" / "doctrees",
            buildername="html",
            confoverrides={
                "extensions": ["myst_nb", "sphinx_book_theme", "book"],
                "html_theme": "sphinx_book_theme",
                "html_theme_options": {"article_header_end": ["page-tools.html"]},
                "nb_execution_mode": "force" if execute else "off",
                "nb_execution_show_tb": True,
                "nb_output_stderr": "warn",
                "numfig": True,
                "exclude_patterns": ["exercises"],
                "suppress_warnings": ["toc.not_included"],
                "myst_enable_extensions": ["dollarmath", "colon_fence"],
            },
            status=None,
            warning=stream,
        )
        app.build()
    warnings = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())
    if not execute:
        warnings = "".join(x for x in warnings.splitlines(keepends=True) if NOT_RUN not in x)
    return SmallBook(folder / "build" / "html", warnings)
