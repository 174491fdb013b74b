"""The notebook of a page: plain Markdown, the same code, and it runs."""

import json
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from book.notebook_download import page_notebook
from tests.book.small_book import HEADER, build, cell

PAGE = (
    "(start)=\n\n+++\n\n(here)=\n"
    + HEADER.split("---\n")[-1]
    + """\
See {ref}`here`, {ref}`this <here>`, {numref}`fig-x`, {math}`x^2`, {glue:text}`value:.3f`.

```{quiz} Which `x`?
- [ ] One :: No.
- [x] Two :: Yes.
```

:::{admonition} A title
:class: tip
Inside.
:::

$$
a = b
$$ (eq-a)

"""
)
SOURCE = HEADER.rsplit("# A page", 1)[0] + PAGE


def names(role: str, target: str) -> str | None:
    return {"ref": "*A page*", "numref": "Fig. 1", "glue:text": "0.333"}.get(role)


def test_markdown_is_readable_without_myst() -> None:
    notebook = page_notebook(SOURCE + cell("x = 1", "numpy"), names)
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    assert "See *A page*, this, Fig. 1, $x^2$, 0.333." in text
    assert "**Question.** Which `x`?" in text
    assert "**Not this one.** No." in text and "**Right.** Yes." in text
    assert all(c.source for c in notebook.cells)
    assert [c.source for c in notebook.cells if c.cell_type == "code"] == ["x = 1"]
    assert "> **A title**\n>\n> Inside." in text
    assert "{" not in text and ")=" not in text and "(eq-a)" not in text


def test_the_download_runs_in_a_fresh_kernel(tmp_path: Path) -> None:
    page = HEADER + cell("x = 1", "setup") + "The value {glue:text}`third:.2f`.\n\n"
    page += cell("from myst_nb import glue\nglue('third', x / 3, display=False)\nprint(x + 1)")
    book = build(tmp_path, page, execute=True)
    link = book.html().select_one("a.notebook-link")
    notebook = nbformat.read(book.out / link["href"], as_version=4)
    assert any("The value 0.33." in c.source for c in notebook.cells)
    nbformat.validate(notebook)
    assert all(not c.get("outputs") for c in notebook.cells)
    NotebookClient(notebook, timeout=60).execute()
    assert notebook.cells[-1].outputs[-1].text == "2\n"


def test_the_same_page_is_the_same_bytes() -> None:
    first, second = (json.dumps(page_notebook(SOURCE, names)) for _ in range(2))
    assert first == second


def test_a_page_without_code_offers_no_notebook(tmp_path: Path) -> None:
    book = build(tmp_path, "# Text only\n\nNo code.\n")
    assert not book.html().select("a.notebook-link")
