"""Pages that didn't run must not get through."""

from pathlib import Path

from tests.book.small_book import HEADER, NOT_RUN, build, cell


def test_a_page_that_ran_passes(tmp_path: Path) -> None:
    assert build(tmp_path, HEADER + cell("x = 1"), execute=True).warnings == ""


def test_a_cell_that_raises_is_a_warning(tmp_path: Path) -> None:
    warnings = build(tmp_path, HEADER + cell("1 / 0"), execute=True).warnings
    assert "ZeroDivisionError" in warnings
    assert NOT_RUN in warnings


def test_python_writing_to_stderr_is_a_warning(tmp_path: Path) -> None:
    page = HEADER + cell("import warnings\nwarnings.warn('odd')")
    assert "stderr was found" in build(tmp_path, page, execute=True).warnings


def test_a_page_without_the_jupytext_header_is_a_warning(tmp_path: Path) -> None:
    warnings = build(tmp_path, "# A page\n\n" + cell("x = 1"), execute=True).warnings
    assert "Jupytext header content was missing" in warnings


def test_set_up_is_collapsed_under_its_name(tmp_path: Path) -> None:
    html = build(tmp_path, HEADER + cell("x = 1", "setup") + cell("y = 1", "hide-input")).html()
    first, second = html.select("details.collapsed-code")
    assert first.summary.text == "Set-up"
    assert second.summary.text.startswith("Show code cell")
