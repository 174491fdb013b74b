"""Every page's notebook, as readers download it, runs by itself from top to bottom.

To run them all costs as much as the book. The book has run the same cells in the same order, in a
fresh kernel and an empty folder each; the tests hold the downloads to exactly that, and run for
themselves the notebook of each part that takes the least time. `make notebooks` runs every one.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from jupyter_cache import get_cache
from nbclient import NotebookClient

from tests.book.conftest import ROOT
from tests.book.test_site import CHAPTERS, TOC

COMPUTING = [name for name in CHAPTERS if "kernelspec:" in (ROOT / f"{name}.md").read_text("utf-8")]
PARTS = {
    part["caption"]: [c["file"] for c in part["chapters"] if c["file"] in COMPUTING]
    for part in TOC["parts"]
}


provided_by = cache(packages_distributions)


def code(notebook: nbformat.NotebookNode) -> list[tuple[str, bool]]:
    """Return the code cells in order, and whether each may raise."""
    return [
        (cell.source.strip(), "raises-exception" in cell.metadata.get("tags", []))
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def downloaded(html: Path, name: str) -> nbformat.NotebookNode:
    """Return the notebook that the page's own link leads to."""
    page = BeautifulSoup((html / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    link = page.select_one("a.notebook-link")["href"]
    return nbformat.read((html / f"{name}.html").parent / link, as_version=4)


def run_alone(notebook: nbformat.NotebookNode, folder: Path) -> None:
    """Run a notebook in a fresh kernel, in a folder where it is alone, as somebody new."""
    here = folder / "here"
    here.mkdir()
    nbformat.write(notebook, here / "page.ipynb")
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(here)}})
    # TensorFlow's C++ speaks up where nobody listens.
    client.execute(env={**os.environ, "IPYTHONDIR": str(folder), "TF_CPP_MIN_LOG_LEVEL": "3"})


def modules(source: str) -> Iterator[str]:
    """Return the top-level modules that a cell imports."""
    plain = "\n".join("" if re.match(r"\s*[%!]", line) else line for line in source.splitlines())
    for node in ast.walk(ast.parse(plain)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def seconds(name: str) -> float:
    """Return how long the book took for a page, the newest record first."""
    records = get_cache(ROOT / "_build" / ".jupyter_cache").list_cache_records()
    times = [
        record.data["execution_seconds"]
        for record in sorted(records, key=lambda record: record.created, reverse=True)
        if record.uri.endswith(f"/{name}.md")
    ]
    return times[0] if times else float("inf")


def test_the_book_runs_its_pages_in_empty_folders() -> None:
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert config["execute"]["run_in_temp"] is True
    assert config["execute"]["allow_errors"] is False


@pytest.mark.parametrize("name", COMPUTING)
def test_a_download_is_what_the_book_has_run(html: Path, name: str) -> None:
    ours = downloaded(html, name)
    ran = nbformat.read(html.parent / "jupyter_execute" / f"{name}.ipynb", as_version=4)
    assert code(ours) == code(ran) and code(ours)
    assert not any(cell.get("outputs") for cell in ours.cells)
    for cell in ran.cells:
        failed = any(output.output_type == "error" for output in cell.get("outputs", []))
        assert not failed or "raises-exception" in cell.metadata.get("tags", [])


@pytest.mark.parametrize("name", COMPUTING)
def test_what_a_page_imports_is_in_the_requirements(name: str) -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {re.sub(r"[-_.]+", "-", pin).lower() for pin in re.findall(r"^[\w.-]+", lock, re.M)}
    pinned.add("hidden-layers")
    cells = re.findall(
        r"^```\{code-cell\}[^\n]*\n((?:---\n.*?\n---\n|:[^\n]*\n)?)(.*?)^```$",
        (ROOT / f"{name}.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    for module in {m for _, source in cells for m in modules(source)} - sys.stdlib_module_names:
        names = {re.sub(r"[-_.]+", "-", d).lower() for d in provided_by().get(module, [])}
        assert names & pinned or (ROOT / module / "__init__.py").is_file(), module


@pytest.mark.parametrize("part", PARTS)
def test_the_quickest_download_of_a_part_runs(html: Path, tmp_path: Path, part: str) -> None:
    name = min(PARTS[part], key=seconds)
    assert seconds(name) < float("inf")
    run_alone(downloaded(html, name), tmp_path)


@pytest.mark.every_notebook
@pytest.mark.parametrize("name", COMPUTING)
def test_every_download_runs(html: Path, tmp_path: Path, name: str) -> None:
    run_alone(downloaded(html, name), tmp_path)


def test_a_download_that_needs_a_file_beside_it_fails(tmp_path: Path) -> None:
    cell = nbformat.v4.new_code_cell("open('references.bib')")
    with pytest.raises(Exception, match="FileNotFoundError"):
        run_alone(nbformat.v4.new_notebook(cells=[cell]), tmp_path)
