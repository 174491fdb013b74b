"""Links to exercise notebooks."""

from pathlib import Path

from tests.book.small_book import build

PAGE = "# A page\n\nNow {exercise}`part/numpy`.\n"


def test_the_notebook_is_copied_into_the_site(tmp_path: Path) -> None:
    notebook = tmp_path / "source" / "exercises" / "part" / "numpy.ipynb"
    book = build_with(tmp_path, notebook)
    link = book.html().select_one("a.download")
    assert link.text == "notebook part/numpy"
    assert (book.out / link["href"]).read_text() == notebook.read_text()


def test_a_missing_notebook_is_a_warning(tmp_path: Path) -> None:
    assert "there is no exercises/part/numpy.ipynb" in build(tmp_path, PAGE).warnings


def build_with(folder: Path, notebook: Path):
    notebook.parent.mkdir(parents=True)
    notebook.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    return build(folder, PAGE)
