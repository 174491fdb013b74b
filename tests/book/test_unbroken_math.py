"""Punctuation stays on the line of its formula."""

from __future__ import annotations

from pathlib import Path

from tests.book.small_book import build


def unbroken(folder: Path, text: str) -> list[str]:
    """Return the unbroken spans of a page with this text."""
    page = build(folder, f"# A page\n\n{text}\n").html()
    return [span.get_text() for span in page.select("span.unbroken")]


def test_punctuation_goes_with_its_formula(tmp_path: Path) -> None:
    """On both sides; words don't, and a formula by itself is left alone."""
    text = "Let $a$, ($b$): so $c$ is *free*, of $f$'s kind ($d$, say), and $e$.\n\n$g$ $h$/$i$"
    spans = unbroken(tmp_path, text)
    assert spans == [r"\(a\),", r"(\(b\)):", r"\(f\)’s", r"(\(d\),", r"\(e\).", r"\(h\)/"]


def test_nothing_is_lost(tmp_path: Path) -> None:
    """The text of the page is what it was."""
    page = build(tmp_path, "# A page\n\nIf ($x>0$), then “$y$”; else $z$, or not.\n").html()
    words = page.select_one("article").get_text()
    assert r"If (\(x>0\)), then “\(y\)”; else \(z\), or not." in words
