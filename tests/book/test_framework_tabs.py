"""The fold: which cells become one tab set, and what its markup says."""

from pathlib import Path

from tests.book.small_book import HEADER, build, cell

THREE = cell("a = 1", "numpy") + cell("b = 2", "keras") + cell("c = 3", "torch")


def frameworks(tabs) -> list[str]:
    return [panel["data-framework"] for panel in tabs.select(":scope > .framework-panel")]


def test_neighboring_cells_become_one_tab_set(tmp_path: Path) -> None:
    book = build(tmp_path, HEADER + THREE + "Text.\n\n" + THREE)
    sets = book.html().select(".framework-tabs")
    assert [frameworks(tabs) for tabs in sets] == [["numpy", "keras", "torch"]] * 2
    assert book.warnings == ""


def test_text_between_cells_ends_a_tab_set(tmp_path: Path) -> None:
    page = HEADER + cell("a = 1", "numpy") + "Text.\n\n" + cell("b = 2", "keras")
    assert not build(tmp_path, page).html().select(".framework-tabs")


def test_an_untagged_cell_stands_alone(tmp_path: Path) -> None:
    html = build(tmp_path, HEADER + THREE + cell("assert a")).html()
    assert not [p for p in html.select(".framework-panel") if "assert" in p.text]


def test_two_of_three_frameworks_and_their_fixed_order(tmp_path: Path) -> None:
    page = HEADER + cell("t = 1", "torch") + cell("n = 2", "numpy") + cell("u = 3", "torch")
    (tabs,) = build(tmp_path, page).html().select(".framework-tabs")
    assert frameworks(tabs) == ["numpy", "torch"]
    assert tabs["data-frameworks"] == "numpy torch"
    torch = tabs.select_one('.framework-panel[data-framework="torch"]').text
    assert torch.index("t = 1") < torch.index("u = 3")


def test_a_cell_of_two_frameworks_is_a_warning(tmp_path: Path) -> None:
    book = build(tmp_path, HEADER + cell("a = 1", "numpy", "keras"))
    assert book.warnings.count("tagged numpy and keras") == 1


def test_tabs_and_panels_name_each_other(tmp_path: Path) -> None:
    html = build(tmp_path, HEADER + THREE).html()
    assert html.select_one('[role="tablist"]')["aria-label"] == "Framework"
    for tab in html.select('[role="tab"]'):
        panel = html.find(id=tab["aria-controls"])
        assert panel["role"] == "tabpanel"
        assert panel["aria-labelledby"] == tab["id"]
        # Without script and on paper, this is what tells the panels apart.
        assert panel.select_one(".framework-name").text == tab.text


def test_each_output_is_in_its_own_panel(tmp_path: Path) -> None:
    page = HEADER + "".join(cell(f"print('from' + ' {f}')", f) for f in ("numpy", "keras", "torch"))
    book = build(tmp_path, page, execute=True)
    for panel in book.html().select(".framework-panel"):
        outputs = [out.text.strip() for out in panel.select(".cell_output")]
        assert outputs == [f"from {panel['data-framework']}"]
    assert book.warnings == ""
