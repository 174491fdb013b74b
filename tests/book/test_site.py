"""The real book in a real browser: every page, both themes, a phone, the keyboard, paper."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect

from tests.book.conftest import ROOT

TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
CHAPTERS = [TOC["root"], *(c["file"] for part in TOC["parts"] for c in part["chapters"])]
BACK = [name for name in CHAPTERS if name.startswith("chapters/back/")]
CONTENT = [name for name in CHAPTERS if name.count("/") == 2 and name not in BACK]
PAGES = [f"{name}.html" for name in CHAPTERS] + ["search.html"]
TABS = "chapters/notation.html"
OTHER = "chapters/setup.html"
MANY_TABS = "chapters/hidden-layers/forward.html"


@pytest.fixture
def page(browser: Browser) -> Page:
    """A fresh reader: nothing remembered."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        yield context.new_page()


def soup(html: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((html / name).read_text(encoding="utf-8"), "html.parser")


def settled(page: Page, address: str) -> None:
    """Go to a page and wait until its formulas are set."""
    page.goto(address, wait_until="load")
    page.evaluate("() => window.MathJax?.startup?.promise")


# ---- every page ----


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_no_other_host_and_says_nothing(page: Page, site: str, name: str) -> None:
    hosts, said = set(), []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(f"failed: {request.url}"))
    settled(page, site + name)
    page.wait_for_load_state("networkidle")
    assert hosts - {""} == {urlsplit(site).netloc}
    assert said == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone(page: Page, site: str, name: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    settled(page, site + name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


CONTRAST = """
async () => {
  await Promise.all(document.getAnimations().map((fading) => fading.finished));
  const channels = (c) => (c.match(/[\\d.]+/g) ?? []).map(Number);
  const over = ([r, g, b, a = 1], under) => [r, g, b].map((c, i) => a * c + (1 - a) * under[i]);
  const luminance = (rgb) => rgb
    .map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      layers.push(channels(getComputedStyle(e).backgroundColor));
    }
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const low = new Map();
  for (const d of document.querySelectorAll("details")) d.open = true;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim()) continue;
    if (element.closest("script, style, noscript, svg")) continue;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const style = getComputedStyle(element);
    const under = behind(element);
    const [a, b] = [luminance(over(channels(style.color), under)), luminance(under)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const large = parseFloat(style.fontSize) >= 24
      || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) {
      low.set(`${element.tagName}.${element.className}`,
              `${ratio.toFixed(2)}: ${walker.currentNode.data.trim().slice(0, 30)}`);
    }
  }
  return Object.fromEntries(low);
}
"""


@pytest.mark.parametrize("name", PAGES)
def test_text_stands_out(page: Page, site: str, name: str) -> None:
    """WCAG 1.4.3: 4.5 to 1, large text 3 to 1. Code and its comments are text."""
    settled(page, site + name)
    for theme in ("light", "dark"):
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        assert page.evaluate(CONTRAST) == {}, theme


@pytest.mark.parametrize("name", PAGES)
def test_images_have_names_and_headings_are_in_order(html: Path, name: str) -> None:
    page = soup(html, name)
    assert page.html["lang"] == "en"
    assert page.title.text.strip()
    # The logo stands beside the title of the book: it adds nothing to hear.
    unnamed = [image for image in page.select("img:not(.logo__image)") if not image.get("alt")]
    unnamed += [svg for svg in page.select("svg") if not svg.get("aria-label")]
    assert not unnamed
    levels = [int(h.name[1]) for h in page.select("main :is(h1, h2, h3, h4, h5, h6)")]
    assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False))
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))


@lru_cache
def ids_of(page: Path) -> set[str]:
    """Of all elements, which every page's links ask for: not worth parsing figures again."""
    return set(re.findall(r'\sid="([^"]*)"', page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(html: Path, name: str) -> None:
    broken = []
    for link in soup(html, name).select("a[href]"):
        url = urlsplit(link["href"])
        if url.scheme or url.netloc:
            continue
        target = (html / name).parent / unquote(url.path) if url.path else html / name
        if not target.is_file():
            broken.append(link["href"])
        elif target.suffix == ".html" and url.fragment:
            fragment = unquote(url.fragment)
            broken += [link["href"]] if fragment not in ids_of(target.resolve()) else []
    assert broken == []


def test_the_front_door_leads_to_the_first_page(page: Page, site: str) -> None:
    page.goto(site)
    page.wait_for_url(f"{site}{TOC['root']}.html")
    expect(page.locator("article h1")).to_contain_text("Hidden Layers")


def test_search_finds_a_page(page: Page, site: str) -> None:
    page.goto(f"{site}search.html?q=notation")
    expect(page.locator("#search-results a").first).to_be_visible()


def test_the_skip_link_comes_first(page: Page, site: str) -> None:
    settled(page, site + TABS)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}{TABS}#main-content")


# ---- form of the content pages ----


@pytest.mark.parametrize("name", CONTENT)
def test_a_content_page_keeps_the_form_of_the_book(html: Path, name: str) -> None:
    page = soup(html, f"{name}.html")
    endings = [h.find(string=True).strip() for h in page.select("article h2")][-4:]
    assert endings == ["Quick questions", "Exercises", "Summary", "Further reading"]
    assert 3 <= len(page.select(".quiz")) <= 5
    assert page.select(".framework-tabs")
    assert page.select("a.download[href$='.ipynb']")
    assert page.select("figure svg.figure")


@pytest.mark.parametrize("name", CONTENT + BACK)
def test_nothing_of_myst_is_left_in_the_text(html: Path, name: str) -> None:
    """What MyST could not make sense of would be left as it was written."""
    article = soup(html, f"{name}.html").select_one("article")
    for code in article.select("pre"):
        code.decompose()
    assert not re.search(
        r"\{(quiz|ref|numref|eq|cite|glue|term)[:}]|^\([\w-]+\)=", article.text, re.M
    )
    # A number glued as NumPy's own shows its type: np.int64(6).
    for code in article.select("code"):
        code.decompose()
    assert not re.search(r"\bnp\.(float|int|bool|str)\d*_?\(", article.text)


@pytest.mark.parametrize("name", BACK)
def test_a_page_at_the_back_is_computed_or_leads_on(html: Path, name: str) -> None:
    """A reference page: tables that its own cells made, or terms with a page for each."""
    page = soup(html, f"{name}.html")
    terms = page.select("dl.glossary > dd")
    assert all(term.select("a.reference.internal") for term in terms)
    if not terms:
        assert page.select(".cell_output table.cards tbody tr")
        assert page.select("a.notebook-link[href$='.ipynb']")


# ---- framework tabs ----


def visible(page: Page) -> list[str]:
    """The frameworks whose panels are showing, one for each tab set."""
    return page.eval_on_selector_all(
        ".framework-panel",
        "panels => panels.filter(p => p.checkVisibility()).map(p => p.dataset.framework)",
    )


def test_tabs_by_keyboard(page: Page, site: str) -> None:
    settled(page, site + TABS)
    tabs = page.get_by_role("tab")
    numpy, keras, torch = (tabs.nth(i) for i in range(3))
    expect(numpy).to_have_attribute("aria-selected", "true")
    numpy.focus()
    for key, tab, framework in (
        ("ArrowRight", keras, "keras"),
        ("ArrowRight", torch, "torch"),
        ("ArrowRight", numpy, "numpy"),
        ("ArrowLeft", torch, "torch"),
        ("Home", numpy, "numpy"),
        ("End", torch, "torch"),
    ):
        page.keyboard.press(key)
        expect(tab).to_be_focused()
        expect(tab).to_have_attribute("aria-selected", "true")
        assert [t.get_attribute("tabindex") for t in tabs.all()[:3]].count("0") == 1
        assert set(visible(page)) == {framework}
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "tabpanel"


def test_focus_is_visible(page: Page, site: str) -> None:
    settled(page, site + TABS)
    page.get_by_role("tab").first.focus()
    page.keyboard.press("ArrowRight")
    style = "getComputedStyle(document.activeElement)"
    assert page.evaluate(f"{style}.outlineStyle") == "solid"
    assert page.evaluate(f"parseFloat({style}.outlineWidth)") >= 2


def test_a_choice_holds_on_every_page_before_the_first_paint(page: Page, site: str) -> None:
    settled(page, site + TABS)
    page.get_by_role("tab", name="Keras").first.click()
    # Without the script that runs after the page is read, the right panel shows all the same.
    page.route("**/framework-tabs.js*", lambda route: route.abort())
    settled(page, site + OTHER)
    assert set(visible(page)) == {"keras"}


def test_a_choice_is_remembered(page: Page, site: str) -> None:
    settled(page, site + TABS)
    page.get_by_role("tab", name="PyTorch").first.click()
    again = page.context.new_page()
    settled(again, site + OTHER)
    assert set(visible(again)) == {"torch"}
    expect(again.get_by_role("tab", name="PyTorch").first).to_have_attribute(
        "aria-selected", "true"
    )


def test_other_windows_follow(page: Page, site: str) -> None:
    other = page.context.new_page()
    settled(other, site + TABS)
    settled(page, site + TABS)
    page.get_by_role("tab", name="Keras").first.click()
    expect(other.get_by_role("tab", name="Keras").first).to_have_attribute("aria-selected", "true")


def test_the_tab_set_in_use_stays_where_it_is(page: Page, site: str) -> None:
    settled(page, site + MANY_TABS)
    last = page.locator(".framework-tabs").last
    last.scroll_into_view_if_needed()
    for framework in ("Keras", "PyTorch", "NumPy"):
        tab = last.get_by_role("tab", name=framework)
        if tab.count():
            before = tab.bounding_box()["y"]
            tab.click()
            assert abs(tab.bounding_box()["y"] - before) <= 1  # a pixel of rounding


def test_a_link_into_a_hidden_panel_opens_it(page: Page, site: str, html: Path) -> None:
    panel = soup(html, TABS).select_one('.framework-panel[data-framework="torch"]')
    settled(page, f"{site}{TABS}#{panel['id']}")
    assert set(visible(page)) == {"torch"}
    settled(page, site + OTHER)
    assert set(visible(page)) == {"numpy"}  # a link is not a choice


def test_without_javascript_all_frameworks_show(browser: Browser, site: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site + TABS)
        for framework in ("NumPy", "Keras", "PyTorch"):
            panel = page.locator(f'.framework-panel:has(> .framework-name:text-is("{framework}"))')
            expect(panel.first).to_be_visible()
            expect(panel.first.locator(".framework-name")).to_be_visible()
        expect(page.locator('[role="tablist"]').first).to_be_hidden()


def test_without_javascript_a_quiz_answers(browser: Browser, site: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}{CONTENT[0]}.html")
        choice = page.locator(".quiz-choice").first
        expect(choice.locator(".quiz-verdict")).to_be_hidden()
        choice.locator("summary").click()
        expect(choice.locator(".quiz-verdict")).to_be_visible()


def test_on_paper_everything_shows(page: Page, site: str) -> None:
    settled(page, f"{site}{CONTENT[0]}.html")
    page.emulate_media(media="print")
    hidden = page.eval_on_selector_all(
        ".framework-panel, .framework-name, .quiz-answer, .collapsed-code .cell_input",
        """elements => elements
             .filter(e => !e.checkVisibility({ contentVisibilityAuto: true })
                          || e.getBoundingClientRect().height === 0)
             .map(e => e.className)""",
    )
    assert hidden == []
    assert page.locator('[role="tablist"]').first.is_hidden()


def test_a_quiz_by_keyboard(page: Page, site: str) -> None:
    settled(page, f"{site}{CONTENT[0]}.html")
    choice = page.locator(".quiz-right").first
    choice.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(choice.locator(".quiz-verdict")).to_have_text("Right.")
    expect(choice.locator(".quiz-verdict")).to_be_visible()


# ---- light and dark ----


def test_figures_follow_the_theme(page: Page, site: str) -> None:
    colors = {}
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        settled(page, f"{site}{TOC['root']}.html")
        colors[theme] = page.eval_on_selector(
            "svg.figure [style*='--figure-c0']",
            "e => { const s = getComputedStyle(e); return [s.fill, s.stroke].join(); }",
        )
    assert colors["light"] != colors["dark"]


def test_the_toggle_changes_and_keeps_the_theme(page: Page, site: str) -> None:
    page.emulate_media(color_scheme="light")
    settled(page, site + TABS)
    theme = "document.documentElement.dataset.theme"
    while page.evaluate(theme) != "dark":
        page.locator(".theme-switch-button").first.click()
    settled(page, site + OTHER)
    assert page.evaluate(theme) == "dark"


def test_a_first_visit_is_light(page: Page, site: str) -> None:
    """1.5 MB uncompressed with formulas, of which MathJax is a half; the theme alone had 3.3 MB."""
    sizes = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    settled(page, site + TABS)
    page.wait_for_load_state("networkidle")
    assert sum(sizes) < 1_500_000
