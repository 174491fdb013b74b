"""Figures: inlined, recolored, named; and the colors themselves."""

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from book.figures import inline_svg, recolor, style_colors
from tests.book.small_book import HEADER, build, cell

BOOK = Path(__file__).parents[2] / "book"

DRAW = """\
import matplotlib.pyplot as plt
plt.style.use("book.figure")
fig, ax = plt.subplots()
ax.plot([1, 2, 3], "C1o-")
ax.grid()
plt.show()"""


def figure_cell(alt: str) -> str:
    image = f"  image:\n    alt: {alt}\n" if alt else ""
    return (
        f"```{{code-cell}} ipython3\n---\nmystnb:\n{image}  figure:\n    caption: Caption.\n"
        f"    name: fig-one\n---\n{DRAW}\n```\n\n"
    )


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory):
    page = HEADER + figure_cell("A rising line") + cell(DRAW)
    return build(tmp_path_factory.mktemp("figures"), page, execute=True)


def test_a_figure_is_inlined_with_the_colors_of_the_page(drawn) -> None:
    svg = drawn.html().select_one("figure svg")
    text = str(svg)
    assert "var(--figure-c1, #c9510c)" in text
    assert "var(--figure-text, #1f2329)" in text
    assert "var(--figure-grid, #d9dde2)" in text
    # No color of the light theme is left outside a variable.
    assert not set(re.findall(r"(?<!, )#[0-9a-f]{6}\b", text)) & set(style_colors())


def test_a_figure_has_a_name_and_a_caption(drawn) -> None:
    figure = drawn.html().select_one("figure")
    assert figure.svg["role"] == "img"
    assert figure.svg["aria-label"] == "A rising line"
    assert "Caption." in figure.figcaption.text


def test_ids_of_two_figures_do_not_clash(drawn) -> None:
    html = drawn.html()
    assert len(html.select("svg.figure")) == 2
    ids = [element["id"] for element in html.select("svg.figure [id]")]
    assert len(ids) == len(set(ids)) > 0
    for use in html.select("svg.figure use"):
        assert use["xlink:href"].removeprefix("#") in ids


def test_a_figure_styles_nothing_but_itself(drawn) -> None:
    assert not drawn.html().select("svg style, svg metadata")


def test_an_image_without_alt_text_is_a_warning_that_says_where(drawn) -> None:
    lines = re.findall(r"index\.md:(\d+): WARNING: an image without alt text", drawn.warnings)
    # MyST-NB counts a cell's lines from within it: the second cell stands in lines 29 to 37.
    assert len(lines) == 1 and 29 <= int(lines[0]) <= 37


def test_markdown_images_need_alt_text_too(tmp_path: Path) -> None:
    book = build(tmp_path, HEADER + "![](missing.png)\n")
    assert "an image without alt text" in book.warnings


def test_other_colors_and_longer_numbers_are_left_alone() -> None:
    assert recolor("fill: #123456") == "fill: #123456"
    assert recolor("fill: #0072b2ff") == "fill: #0072b2ff"
    assert recolor("stroke: #0072b2; x: 1") == "stroke: var(--figure-c0, #0072b2); x: 1"


def test_the_same_image_twice_is_one_id() -> None:
    image = '<image id="pixels" width="1pt" height="1pt"/>'
    source = f'<svg xmlns="http://www.w3.org/2000/svg" width="9pt">{image}{image}</svg>'
    assert inline_svg(source, "one-", "Two").count('id="one-pixels"') == 1


def test_presentation_attributes_become_style() -> None:
    source = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="72pt" viewBox="0 0 72 72">'
        '<clipPath id="a"/><path clip-path="url(#a)" fill="#0072b2" style="opacity: 0.5"/></svg>'
    )
    svg = ElementTree.fromstring(inline_svg(source, "one-", 'a "quoted" name'))
    path = svg[1]
    assert path.get("fill") is None
    assert path.get("style") == "opacity: 0.5; fill: var(--figure-c0, #0072b2)"
    assert path.get("clip-path") == "url(#one-a)"
    assert svg.get("aria-label") == 'a "quoted" name'


# ---- the colors ----


def theme(name: str) -> dict[str, str]:
    """The variables of one theme, {name: "#rrggbb"}, read from the style sheet."""
    css = (BOOK / "static" / "book.css").read_text(encoding="utf-8")
    selector = {"light": ":root:root {", "dark": 'html[data-theme="dark"]:root {'}[name]
    block = css[css.index(selector) :].split("}", 1)[0]
    colors = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{3,6});", block))
    return {
        variable: "#" + "".join(c * (2 if len(color) == 4 else 1) for c in color[1:])
        for variable, color in colors.items()
    }


def linear_rgb(color: str) -> np.ndarray:
    """sRGB "#rrggbb" to linear light, (3,)."""
    c = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""
    a, b = sorted(linear_rgb(c) @ [0.2126, 0.7152, 0.0722] for c in (one, other))
    return (b + 0.05) / (a + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """Linear RGB (3,) to CIELAB with the white of sRGB, (3,)."""
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = to_xyz @ rgb / (to_xyz @ np.ones(3))
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


# G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, "A physiologically-based model for
# simulation of color vision deficiency", IEEE TVCG 15 (2009), severity 1.0; for linear RGB.
SEEN_BY = {
    "everyone": np.eye(3),
    "protanopes": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopes": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}


@pytest.mark.parametrize("name", ["light", "dark"])
def test_lines_stand_out_from_the_page(name: str) -> None:
    colors = theme(name)
    paper = colors["--figure-paper"]
    for variable in [f"--figure-c{i}" for i in range(6)] + ["--figure-line"]:
        assert contrast(colors[variable], paper) >= 3, variable  # WCAG 1.4.11, graphics
    assert contrast(colors["--figure-text"], paper) >= 4.5  # WCAG 1.4.3, text


def test_light_theme_and_style_sheet_agree() -> None:
    light = theme("light")
    assert {v: c for c, v in style_colors().items() if v != "--figure-paper"} == {
        v: c for v, c in light.items() if v.startswith("--figure-") and v != "--figure-paper"
    }


@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_first_three_colors_are_told_apart(name: str, eyes: str) -> None:
    """Most figures draw two or three things. A difference of 10 in CIELAB is seen at a glance."""
    seen = [
        lab(np.clip(SEEN_BY[eyes] @ linear_rgb(theme(name)[f"--figure-c{i}"]), 0, 1))
        for i in range(3)
    ]
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(one - other) > 10
