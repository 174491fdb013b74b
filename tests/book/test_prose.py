"""One word for one thing: the prose of pages and notebooks, held to the rules in style.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
import yaml

from tests.book.conftest import ROOT

RULES = tomllib.loads((Path(__file__).parent / "style.toml").read_text("utf-8"))["rule"]
PAGES = sorted((ROOT / "chapters").rglob("*.md"))
NOTEBOOKS = sorted((ROOT / "solutions").rglob("*.ipynb"))

FENCE = re.compile(
    r"^(?P<fence>`{3,}|:{3,})(?P<head>[^\n]*)\n(?P<body>.*?)^(?P=fence) *$",
    re.MULTILINE | re.DOTALL,
)
# Directives whose body a reader reads. A code cell's caption and alt text are prose too.
PROSE = ("{quiz}", "{glossary}", "{admonition}", "{grid}", "{grid-item-card}", "{note}", "{tip}")
# A formula or a piece of code stands for a word: what is beside it isn't next to each other.
THING = "\N{WHITE SQUARE}"
NOT_PROSE = re.compile(
    r"""
      \A---\n.*?\n---$              # the page's header
    | ^\([\w-]+\)=$                 # a label
    | \$\$.*?\$\$(?:[ ]*\([\w-]+\))?
    | (?<!\\)\$[^$\n]*(?:\n[^$\n]+)?\$
    | (?:\{[\w:]+\})?`+[^`]+`+      # code, and roles
    | <[^<>\n]+>                    # HTML
    | !?\[\]?\([^)]*\) | \]\([^)]*\)
    | https?://\S+
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)


def blank(text: str) -> str:
    """Return a placeholder with as many lines as `text`."""
    return THING + "\n" * text.count("\n")


def figure_text(body: str) -> str:
    """Return a code cell's caption and alt text, on as many lines as the cell."""
    header = re.match(r"---\n(.*?\n)---\n", body, re.DOTALL)
    shown = yaml.safe_load(header[1]).get("mystnb", {}) if header else {}
    texts = shown.get("figure", {}).get("caption", ""), shown.get("image", {}).get("alt", "")
    return " ".join(" ".join(texts).split()) + blank(body)


def unfenced(match: re.Match[str]) -> str:
    """Return what a reader reads of a directive or a block of code."""
    head, body = match["head"], match["body"]
    if head.startswith("{code-cell}"):
        return "\n" + figure_text(body)
    if head.startswith(PROSE):
        return f"{head.partition('}')[2]}\n{FENCE.sub(unfenced, body)}"
    return blank(f"\n{body}")


def prose(markdown: str) -> str:
    """Return a page's prose, every line of it on the line where it was."""
    return NOT_PROSE.sub(lambda match: blank(match[0]), FENCE.sub(unfenced, markdown))


def prose_of(path: Path) -> str:
    """Return the prose of a page, or of a notebook's Markdown cells."""
    if path.suffix == ".md":
        return prose(path.read_text(encoding="utf-8"))
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(prose(cell.source) for cell in cells if cell.cell_type == "markdown")


def pattern(rule: dict[str, object]) -> re.Pattern[str]:
    """Return a rule's regular expression, for whole words."""
    flags = 0 if rule.get("case") else re.IGNORECASE
    return re.compile(rf"(?<!\w)(?:{rule['find']})(?!\w)", flags)


def violations(text: str, name: str = "") -> Iterator[str]:
    """Return what the rules find in a text: the line, the words, and what to say."""
    for rule in RULES:
        if name in rule.get("except", ()):
            continue
        for match in pattern(rule).finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{name}:{line}: {' '.join(match[0].split())!r}, say: {rule['say']}"


@pytest.mark.parametrize("name", [str(path.relative_to(ROOT)) for path in PAGES + NOTEBOOKS])
def test_one_word_for_one_thing(name: str) -> None:
    assert list(violations(prose_of(ROOT / name), name)) == []


# ---- the rules and the reader can fail ----


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["find"][:30])
def test_a_rule_finds_what_it_forbids_and_nothing_else(rule: dict[str, str]) -> None:
    assert set(rule) <= {"find", "say", "bad", "good", "case", "except"}
    assert any(rule["say"] in found for found in violations(rule["bad"]))
    assert list(violations(rule["good"])) == []
    assert all((ROOT / name).is_file() for name in rule.get("except", ()))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["find"][:30])
def test_an_exception_is_needed(rule: dict[str, str]) -> None:
    for name in rule.get("except", ()):
        assert pattern(rule).search(prose_of(ROOT / name))


PAGE = """\
---
title: minibatch 1
---

(minibatch-2)=
# A title, minibatch 3

Text, minibatch 4, $minibatch_5$, `minibatch 6`, {ref}`minibatch-7`, the `x` the.

$$
minibatch 8
$$ (eq-minibatch)

```{code-cell} ipython3
---
mystnb:
  figure:
    caption: "A caption, minibatch 9"
  image:
    alt: "Two panels, minibatch 10"
---
print("minibatch 11")
```

```{quiz} A question, minibatch 12?
- [x] Yes, minibatch 13 :: Because, minibatch 14.
```

:::{admonition} Minibatch 15
:class: tip

Inside, minibatch 16.

```bash
minibatch 17
```
:::

The last
last line, minibatch 18, [link, minibatch 19](https://minibatch-20).
"""


def test_prose_is_read_and_code_is_not() -> None:
    read = {int(n) for n in re.findall(r"minibatch (\d+)", prose(PAGE), re.IGNORECASE)}
    assert read == {3, 4, 9, 10, 12, 13, 14, 15, 16, 18, 19}
    found = list(violations(prose(PAGE), "page"))
    assert len(found) == len(read) + 1
    assert "page:8: 'minibatch', say: batch" in found
    last = PAGE.splitlines().index("The last") + 1
    assert f"page:{last}: 'last last', say: it once" in found


def test_a_notebook_s_markdown_is_read(tmp_path: Path) -> None:
    cells = [
        nbformat.v4.new_markdown_cell("A neuron."),
        nbformat.v4.new_code_cell("neuron = 1"),
        nbformat.v4.new_markdown_cell("A unit."),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "n.ipynb")
    assert len(list(violations(prose_of(tmp_path / "n.ipynb")))) == 1
