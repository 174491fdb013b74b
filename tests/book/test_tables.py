"""Tables that cells make: marked text, names for the cards of a phone, and for screen readers."""

import pytest
from bs4 import BeautifulSoup

from book.tables import inline_html, table


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b & *c*", "a &lt; b &amp; <i>c</i>"),
        ("`gain**2` isn't *2 x*", '<code class="literal">gain**2</code> isn’t <i>2 x</i>'),
        ("`he_normal`", '<code class="literal">he_<wbr>normal</code>'),
        ("`f(x, a=0.1)`", '<code class="literal">f(<wbr>x, a=0.1)</code>'),
        ('`mode="fan"`', '<code class="literal">mode=<wbr>"fan"</code>'),
    ],
)
def test_marked_text(text: str, html: str) -> None:
    assert inline_html(text) == html


def test_every_cell_knows_its_column() -> None:
    html = table(["", "*f*′", 'the "so"'], [["ReLU", "`1`", "<b>"]], "A & B").data
    page = BeautifulSoup(html, "html.parser")
    assert page.table["aria-label"] == "A & B" and page.table["role"] == "table"
    assert [th["scope"] for th in page.select("th")] == ["col", "col", "col", "row"]
    assert [td["data-column"] for td in page.select("td")] == ["f′", 'the "so"']
    assert page.select("td")[1].text == "<b>" and not page.select("td b")
    # Browsers take `display: block` for the end of a table, unless it is said in so many words.
    assert all(cell.get("role") for cell in page.select("thead, tbody, tr, th, td"))


def test_a_row_that_is_too_short_is_an_error() -> None:
    with pytest.raises(ValueError):
        table(["", "Keras", "PyTorch"], [["slope", "0.3"]], "Slopes")
