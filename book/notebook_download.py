"""An `.ipynb` of every page that computes, for readers to run and change.

jupytext turns the page's source into a notebook. What MyST adds to Markdown (quizzes, labels,
roles, admonitions) means nothing to JupyterLab and is put into plain Markdown; the code cells stay
as they are, with their tags and without outputs: the notebook runs by itself in a fresh kernel.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from book.page_checks import is_cell
from book.quiz import colon_fences, parse_choices

FENCE = re.compile(
    r"^(?P<fence>`{3,}|:{3,})\{(?P<name>[\w:-]+)\} *(?P<argument>[^\n]*)\n"
    r"(?P<body>.*?)^(?P=fence) *$",
    re.MULTILINE | re.DOTALL,
)
ROLE = re.compile(r"\{(?P<name>[\w:]+)\}`(?P<text>[^`]+)`")
TITLED = re.compile(r"(?P<title>.*?) *<(?P<target>[^<>]+)>", re.DOTALL)


def quiz_markdown(question: str, body: str) -> str:
    """Return a quiz as Markdown whose answers open on a click."""
    lines = [f"**Question.** {question}", ""]
    for choice in parse_choices(body.splitlines())[0]:
        verdict = "Right." if choice.right else "Not this one."
        text = " ".join(choice.text.split())
        lines += [f"- {text}", "", "  <details><summary>Answer</summary>", ""]
        lines += [f"  **{verdict}** {' '.join(choice.answer.split())}", "", "  </details>", ""]
    return "\n".join(lines)


def directive_markdown(match: re.Match[str]) -> str:
    """Return one directive as Markdown: a quiz, formulas, or a box with a title."""
    name, argument, body = match["name"], match["argument"].strip(), match["body"]
    if name == "quiz":
        return quiz_markdown(argument, body)
    body = re.sub(r"\A(?:---\n.*?\n---\n|(?: *:[\w-]+:[^\n]*\n)+)", "", body, flags=re.DOTALL)
    if name == "math":
        return f"$$\n{body.strip()}\n$$"
    if name == "bibliography":
        return ""
    body = to_markdown_blocks(body).strip()
    if name in ("grid", "grid-item", "toctree"):
        return body
    title = argument if argument and not name.startswith("code") else name.capitalize()
    return "\n".join(f"> {line}".rstrip() for line in [f"**{title}**", "", *body.splitlines()])


def to_markdown_blocks(text: str) -> str:
    """Replace directives and labels, from the outside in."""
    text = FENCE.sub(directive_markdown, text)
    text = re.sub(r"^\([\w-]+\)=(?:\n|\Z)", "", text, flags=re.MULTILINE)
    return re.sub(r"^\$\$ *\([\w-]+\) *$", "$$", text, flags=re.MULTILINE)


def role_markdown(names: Callable[[str, str], str | None]) -> Callable[[re.Match[str]], str]:
    """Return a substitution for roles; `names(role, target)` is the text of a reference."""

    def replace(match: re.Match[str]) -> str:
        role, text = match["name"], match["text"]
        titled = TITLED.fullmatch(text)
        if titled:
            return titled["title"]
        if role == "math":
            return f"${text}$"
        return names(role, text) or f"*{text}*"

    return replace


class Names:
    """What the references of a page are called in the built book."""

    def __init__(self, app: Sphinx, docname: str) -> None:
        self.env: BuildEnvironment = app.env
        self.docname = docname
        glued = Path(app.outdir).parent / "jupyter_execute" / f"{docname}.glue.json"
        self.glued = json.loads(glued.read_text("utf-8")) if glued.is_file() else {}

    def __call__(self, role: str, target: str) -> str | None:
        """Return the text of a reference, None where the role isn't one we know."""
        if role == "ref":
            label = self.env.get_domain("std").labels.get(target.lower())
            return f"*{label[2]}*" if label else None
        if role == "numref":
            return self.number(target.lower())
        if role == "eq":
            return f"({target})"
        if role.startswith("cite"):
            return ", ".join(self.citation(key.strip()) for key in target.split(","))
        if role == "glue:text":
            return self.value(*target.partition(":")[::2])
        if role == "exercise":
            return f"`exercises/{target}.ipynb`"
        return None

    def number(self, label: str) -> str | None:
        """Return "Fig. 3" for the label of a figure."""
        docname, anchor = self.env.get_domain("std").anonlabels.get(label, ("", ""))[:2]
        for kind, numbers in self.env.toc_fignumbers.get(docname, {}).items():
            if anchor in numbers:
                title = {"figure": "Fig.", "table": "Table", "code-block": "Listing"}.get(
                    kind, kind
                )
                return f"{title} {'.'.join(map(str, numbers[anchor]))}"
        return None

    def citation(self, key: str) -> str:
        """Return "Rumelhart et al. (1986)"."""
        entry = self.env.get_domain("cite").bibdata.data.entries.get(key)
        if entry is None:
            return key
        names = [" ".join(person.last_names) for person in entry.persons.get("author", [])]
        authors = f"{names[0]} et al." if len(names) > 2 else " and ".join(names) or key
        return f"{authors} ({entry.fields.get('year', 'n.d.')})"

    def value(self, key: str, spec: str) -> str | None:
        """Return a glued value, formatted."""
        text = self.glued.get(key, {}).get("data", {}).get("text/plain")
        if text is None:
            return None
        if not spec:
            return str(text).strip("'\"")
        number = re.search(r"-?(?:\d[\d_]*\.?\d*(?:e[+-]?\d+)?|inf|nan)", str(text))
        try:
            return format(float(number[0]), spec) if number else str(text)
        except ValueError:
            return format(int(float(number[0])), spec)


def page_notebook(source: str, names: Callable[[str, str], str | None]) -> nbformat.NotebookNode:
    """Return the notebook of a page's MyST source."""
    notebook = jupytext.reads(colon_fences(source), fmt="md:myst")
    notebook.metadata.pop("jupytext", None)
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            text = to_markdown_blocks(cell.source)
            cell.source = ROLE.sub(role_markdown(names), text).strip()
        # The same page is the same file in every build.
        cell.id = f"cell-{number}"
    notebook.cells = [cell for cell in notebook.cells if cell.source]
    return with_captions(notebook)


def with_captions(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Set every figure's caption below its cell, as Markdown."""
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        figure = cell.metadata.get("mystnb", {}).get("figure", {})
        if figure.get("caption"):
            caption = nbformat.v4.new_markdown_cell(figure["caption"], id=f"{cell.id}-caption")
            cells.append(caption)
    notebook.cells = cells
    return notebook


def name_notebook(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Tell the template of a page that computes where its notebook will be."""
    computes = doctree is not None and any(is_cell(n) for n in doctree.findall(nodes.container))
    if computes:
        source = Path(app.env.doc2path(pagename)).read_text(encoding="utf-8")
        notebook = page_notebook(source, Names(app, pagename))
        path = Path(app.outdir) / f"{pagename}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
    context["notebook"] = f"{pagename}.ipynb" if computes else None


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("html-page-context", name_notebook)
