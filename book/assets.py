"""What a page loads: the book's style and scripts, and no more of the theme than it uses.

Out of the box a first visit loads three megabytes, half of them icons that the theme never shows.
The theme's style sheet and script are written again without what the book doesn't use, with the
icons it does use as one small embedded font; pages refer to those (`templates/layout.html`).
"""

from __future__ import annotations

import base64
import io
import logging
import re
from html import escape
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from docutils import nodes
from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx
from sphinx.config import Config

HERE = Path(str(files("book")))
THEME = Path(str(files("pydata_sphinx_theme"))) / "theme" / "pydata_sphinx_theme" / "static"

# Extensions that Jupyter Book always loads bring these along; no page uses them. MyST-NB's style of
# cells is replaced by ours.
UNUSED = ("togglebutton", "design-tabs", "sphinx-thebe", "mystnb")
UNUSED_INLINE = ("THEBE_JS_URL", "thebe_selector", "toggleHint", "toggleOpenOnPrint")


def publish(app: Sphinx, config: Config) -> None:
    """Add the folder of styles and scripts to the site, and the templates to Sphinx's."""
    config.html_static_path.append(str(HERE / "static"))
    config.templates_path.append(str(HERE / "templates"))


def prepare_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Leave out what this page doesn't use, and give the template what it asks for."""
    context["before_paint"] = (HERE / "static" / "before-paint.js").read_text(encoding="utf-8")
    context["theme_version"] = version("pydata-sphinx-theme")
    lead = next(doctree.findall(nodes.paragraph), None) if doctree else None
    context["description"] = lead.astext().replace("\n", " ") if lead else app.config.html_title
    unused = UNUSED if "sd-" in context.get("body", "") else (*UNUSED, "sphinx-design")
    for kind in ("css_files", "script_files"):
        context[kind] = [asset for asset in context[kind] if not is_unused(asset, unused)]


def is_unused(asset: Any, unused: tuple[str, ...]) -> bool:
    """Whether a style sheet or script is one of the unused ones, by its name or its inline text."""
    name = Path(str(getattr(asset, "filename", asset) or "")).name
    body = (getattr(asset, "attributes", None) or {}).get("body") or ""
    return name.startswith(unused) or any(word in body for word in UNUSED_INLINE)


def icon_font(names: set[str]) -> str:
    """Return the named icons of the theme's Font Awesome as a WOFF font in a data URL."""
    path = THEME / "vendor" / "fontawesome" / "webfonts" / "fa-solid-900.ttf"
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    font = TTFont(path, recalcTimestamp=False)
    subsetter = subset.Subsetter()
    subsetter.populate(glyphs=sorted(names & set(font.getGlyphOrder())))
    subsetter.subset(font)
    font.flavor = "woff"
    buffer = io.BytesIO()
    font.save(buffer)
    return "data:font/woff;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def lean_style(css: str, names: set[str]) -> str:
    """Return the theme's style sheet with the rules and the font of the named icons only."""
    used = {f".fa-{name}:before" for name in names}
    css = re.sub(
        r"((?:\.fa-[\w-]+:before,?)+)\{content:[^}]*\}",
        lambda rule: rule[0] if used & set(rule[1].split(",")) else "",
        css,
    )
    css = re.sub(r"@font-face\{[^}]*Font Awesome[^}]*\}|/\*# sourceMappingURL=[^*]*\*/", "", css)
    face = f'font-family:"Font Awesome 6 Free";font-weight:900;src:url({icon_font(names)})'
    return f"@font-face{{{face}}}\n{css}"


def lean_script(js: str) -> str:
    """Return the theme's script, which can't write its diary to the reader's console any more."""
    js = re.sub(r"//# sourceMappingURL=.*", "", js)
    quiet = "const console = { ...window.console, log() {}, info() {}, debug() {} };"
    return f"{{\n{quiet}\n{js}\n}}\n"


def lean_theme(app: Sphinx, exception: Exception | None) -> None:
    """Write the lean style sheet and script, and take what no page loads out of the site."""
    if exception or app.builder.format != "html":
        return
    out, static = Path(app.outdir), Path(app.outdir) / "_static"
    pages = (page.read_text(encoding="utf-8") for page in out.rglob("*.html"))
    names = {name for page in pages for name in re.findall(r"\bfa-([a-z][a-z-]+)", page)}
    css = (THEME / "styles" / "pydata-sphinx-theme.css").read_text(encoding="utf-8")
    js = (THEME / "scripts" / "pydata-sphinx-theme.js").read_text(encoding="utf-8")
    basic = (static / "basic.css").read_text(encoding="utf-8")
    (static / "theme.css").write_text(basic + lean_style(css, names), encoding="utf-8")
    (static / "theme.js").write_text(lean_script(js), encoding="utf-8")
    for pattern in ("scripts/[bfp]*", "styles/[pt]*", "*/*.map", "vendor/**/*", "locales/**/*"):
        for path in static.glob(pattern):
            if path.is_file():
                path.unlink()
    for path in sorted(static.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def front_door(app: Sphinx, exception: Exception | None) -> None:
    """Write `index.html`, which leads to the book's first page, as a page that stands by itself."""
    first = f"{app.config.root_doc}.html"
    if exception or app.builder.format != "html" or first == "index.html":
        return
    title = escape(app.config.html_title)
    (Path(app.outdir) / "index.html").write_text(
        f"""\
<!DOCTYPE html>
<html lang="{app.config.language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url={first}">
<link rel="icon" href="_static/logo.svg">
<title>{title}</title>
<p><a href="{first}">{title}</a></p>
</html>
""",
        encoding="utf-8",
    )


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("config-inited", publish)
    app.connect("html-page-context", prepare_page, priority=950)
    app.connect("build-finished", lean_theme, priority=900)
    app.connect("build-finished", front_door, priority=901)
    app.add_css_file("book.css", priority=900)
    app.add_js_file("print.js", loading_method="defer")
