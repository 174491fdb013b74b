"""What a student wrote runs nothing, loads nothing and links nowhere."""

import base64
import io
import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter
from nbformat import v4
from PIL import Image

from autograder.course import safe

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT src=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '<div style="position:fixed;top:0;left:0;width:100%;height:100%">5 / 5</div>',
    "<style>.score { display: none }</style>",
    "<!--><script>alert(1)</script>-->",
    "<?php ?><iframe src=javascript:alert(1)>",
    "[click](javascript:alert(1))",
    "[click](https://evil.example)",
    "![](https://evil.example/pixel.png)",
    "![x][y]\n\n[y]: https://evil.example/pixel.png",
    "[x]\n\n[x]: javascript:alert(1)",
    "[x][]\n\n[x]:javascript:alert(1)",
    "<https://evil.example>",
    "<javascript:alert(1)>",
    "`a` <b onclick=alert(1)> `c`",
    "```\n<script>\n```\n<script>alert(1)</script>",
    "    <script>alert(1)</script>",
    "\\<script>alert(1)</script>",
    "$<img src=x onerror=alert(1)>$",
    "\\begin{align}<script>alert(1)</script>\\end{align}",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "- > <script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</script>",
    "<\nscript>alert(1)</script>",
    "# words",
    "words\n=====",
    "> words\n> ---",
    "1. # words",
    "![x](attachment:picture.png)",
]


def page_of(cell) -> BeautifulSoup:
    exporter = HTMLExporter(template_name="basic")
    notebook = v4.new_notebook(cells=[cell])
    html, _ = exporter.from_notebook_node(notebook)
    return BeautifulSoup(html, "html.parser")


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_has_no_tags_links_or_images(text):
    page = page_of(v4.new_markdown_cell(safe.markdown(text)))
    assert not page.select("script, style, iframe, img, svg, object, embed, link, meta, form, b")
    links = [link["href"] for link in page.select("a[href]")]
    assert all(link.startswith("#") for link in links), links  # nbconvert's own, at headings
    for element in page.find_all(True):
        assert not [name for name in element.attrs if name.startswith("on")], element
        assert "position" not in element.get("style", "")
        assert element.get("id") != "words", "it takes the place of a field of formgrader's"


def test_hostile_markdown_would_do_harm_otherwise():
    page = page_of(v4.new_markdown_cell("\n\n".join(HOSTILE[:-1])))
    assert page.select("script")
    assert page.select("img")
    assert page.select('a[href^="https://evil"]')
    assert page.select("#words")


def test_markdown_keeps_what_answers_are_made_of():
    text = (
        "**No**, $W_2 (W_1 x) < 1$ and `a < b`:\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    )
    page = page_of(v4.new_markdown_cell(safe.markdown(text)))
    assert page.strong.text == "No"
    assert "$W_2 (W_1 x) < 1$" in page.text
    assert page.code.text == "a < b"
    assert len(page.select("li")) == 2
    assert page.table is not None
    assert safe.markdown(text) == text


@pytest.mark.parametrize(
    "command",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\style{position:fixed}{x}",
        r"\class{score}{x}",
        r"\cssId{words}{x}",
        r"\require{html}",
        r"\def\x{y}",
        r"\rlap{x}",
        r"\raise 90pt x",
        r"\raisebox{90pt}{x}",
        r"\hspace{-90em}x",
        r"\kern-90em x",
        r"\unicode{60}",
        r"\Rule{90em}{90em}{0em}",
    ],
)
def test_formulas_only_typeset(command):
    name = re.match(r"\\([A-Za-z]+)", command).group(1)
    assert not re.search(rf"\\{name}", safe.markdown(f"${command}$"))
    assert safe.markdown(r"$\frac{\partial L}{\partial W} \left( \right)$") == (
        r"$\frac{\partial L}{\partial W} \left( \right)$"
    )
    assert r"\\[" not in safe.markdown(r"$a \\[-20em] b$")


def test_long_lines_of_one_mark_are_quick():
    for mark in "-=#<[\\>*":
        safe.markdown(mark * 100_000 + "x")


def png_of(width: int, height: int, **options) -> str:
    content = io.BytesIO()
    Image.new("RGB", (width, height)).save(content, "png", **options)
    return base64.b64encode(content.getvalue()).decode()


def test_outputs_are_text_and_pictures():
    image = png_of(3, 2)
    data = {
        "text/html": "<script>alert(1)</script>",
        "application/javascript": "alert(1)",
        "image/svg+xml": "<svg onload=alert(1)>",
        "text/markdown": "<script>",
        "text/latex": r"\href{javascript:alert(1)}{x}",
        "application/vnd.jupyter.widget-view+json": {},
        "text/plain": "a table",
        "image/png": image,
    }
    (shown,) = safe.outputs([{"output_type": "execute_result", "data": data, "metadata": {}}])
    assert shown["output_type"] == "display_data"
    assert shown["data"] == {"text/plain": "a table", "image/png": image}
    nbformat.validate(v4.new_notebook(cells=[v4.new_code_cell("", outputs=[shown])]))


@pytest.mark.parametrize(
    "displayed",
    [
        None,
        {},
        [None, 1, "x", [], {}],
        [{"output_type": "stream", "name": ["stderr"], "text": {"a": 1}}],
        [{"output_type": "error", "ename": 1, "evalue": None, "traceback": "x"}],
        [{"output_type": "display_data", "data": []}],
        [{"output_type": "display_data", "data": {"image/png": 7}}],
        [{"output_type": "update_display_data", "data": {"text/plain": "x"}}],
    ],
)
def test_whatever_comes_is_valid_or_dropped(displayed):
    notebook = v4.new_notebook(cells=[v4.new_code_cell("", outputs=safe.outputs(displayed))])
    nbformat.validate(notebook)


def test_text_carries_colors_and_no_other_codes():
    text = "\x1b[31mred\x1b[0m\x1b[2J\x1b]0;title\x07\x08\u202e\x9b31m"
    shown = safe.colored(text)
    assert shown.startswith("\x1b[31mred\x1b[0m")
    assert not set("\x07\x08\u202e\x9b") & set(shown)
    assert "\x1b[2J" not in shown
    assert "\x1b" not in safe.plain(text)
    assert len(safe.colored("x" * 10**6)) < 10**6


def test_a_cell_displays_a_bounded_number_of_things():
    many = [{"output_type": "stream", "name": "stdout", "text": "x"}] * 1000
    assert len(safe.outputs(many)) <= safe.MOST_OUTPUTS + 1


def test_a_picture_is_written_again_without_its_comments():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>")
    kept = base64.b64decode(safe.png(png_of(3, 2, pnginfo=info)))
    assert b"script" not in kept
    assert Image.open(io.BytesIO(kept)).size == (3, 2)


@pytest.mark.parametrize(
    "content",
    [
        b"<script>alert(1)</script>",
        b"GIF89a",
        safe.PNG_SIGNATURE,
        safe.PNG_SIGNATURE + b"\x00\x00\x00\xffIHDR",
        base64.b64decode(png_of(3, 2))[:-20],
        base64.b64decode(png_of(3, 2)).replace(b"IDAT", b"IDAX"),
    ],
)
def test_what_is_no_picture_is_dropped(content):
    assert safe.png(base64.b64encode(content).decode()) is None


def test_pictures_have_a_bounded_size():
    assert safe.png(png_of(safe.LARGEST_SIDE, 1)) is not None
    assert safe.png(png_of(safe.LARGEST_SIDE + 1, 1)) is None
    assert safe.png("A" * 10**7) is None
    assert safe.png("not base64!") is None
