"""Tables that cells make from data: real HTML tables, which a phone shows as one card a row.

The style is in `static/book.css`. Roles are written out, since a browser that shows a table's rows
as blocks would otherwise forget, for a screen reader, that it is a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.display import HTML

MARKED = re.compile(r"`(?P<code>[^`]+)`|\*(?P<italics>[^*]+)\*|(?P<quote>')")


def marked_html(match: re.Match[str]) -> str:
    """Return one piece of marked text as HTML."""
    if match["quote"]:
        return "’"
    if match["italics"]:
        return f"<i>{match['italics']}</i>"
    # A long name may break where a reader would take a breath.
    code = re.sub(r"(?<=[a-z])([_.(=])(?=[a-z\"])", r"\1<wbr>", match["code"])
    return f'<code class="literal">{code}</code>'


def inline_html(text: str) -> str:
    """Return `text` as HTML: `code` in backticks, *italics* in stars, ' as an apostrophe."""
    return MARKED.sub(marked_html, escape(text, quote=False))


def table(head: Sequence[str], rows: Sequence[Sequence[str]], label: str) -> HTML:
    """Return a table for the page; the first cell of a row is its heading.

    Parameters
    ----------
    head : the columns' headings.
    rows : as many cells each as `head`, in the notation of `inline_html`.
    label : what a screen reader calls the table.
    """
    from IPython.display import HTML

    columns = [inline_html(column) for column in head]
    lines = "".join(f'<th scope="col" role="columnheader">{column}</th>' for column in columns)
    lines = f'<thead role="rowgroup"><tr role="row">{lines}</tr></thead>'
    lines += '<tbody role="rowgroup">'
    names = [escape(re.sub("[*`]", "", column), quote=True) for column in head]
    for row in rows:
        first, *others = (inline_html(cell) for cell in row)
        cells = f'<th scope="row" role="rowheader">{first}</th>'
        for name, cell in zip(names[1:], others, strict=True):
            cells += f'<td role="cell" data-column="{name}"><span>{cell}</span></td>'
        lines += f'<tr role="row">{cells}</tr>'
    # The theme lays every other HTML output on light paper, in the dark as well.
    start = f'<table class="table dataframe cards" role="table" aria-label="{escape(label)}">'
    return HTML(f"{start}{lines}</tbody></table>")
