r"""The `{quiz}` directive: a question, its choices, and an answer for every choice.

    ```{quiz} Which of these is a hidden layer?
    - [ ] The input :: Nothing is computed there.
    - [x] The layer between :: Its values are neither given nor asked for.
    ```

Every choice is a `<details>`: it opens with keyboard, mouse or screen reader, without any script.
Right and wrong are told by a word and a sign, not by color alone. In print every answer is open.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

CHOICE = re.compile(r"[-*] \[(?P<mark>[ xX])\] +(?P<choice>.+?) *:: *(?P<answer>.*)", re.DOTALL)
FENCED = re.compile(r"^(`{3,})(\{quiz\}[^\n]*\n.*?)^\1 *$", re.MULTILINE | re.DOTALL)


class Choice(NamedTuple):
    """One choice of a quiz: Markdown texts, and the line in the directive's content."""

    text: str
    answer: str
    right: bool
    line: int


class quiz(nodes.General, nodes.Element):
    """A quiz: a `quiz_question`, then `quiz_choice` nodes."""


class quiz_question(nodes.General, nodes.TextElement):
    """The question."""


class quiz_choice(nodes.General, nodes.Element):
    """One choice: attribute `right`, children `quiz_option` and the answer's body."""


class quiz_option(nodes.General, nodes.TextElement):
    """The choice itself, as the reader sees it before choosing."""


class quiz_answer(nodes.General, nodes.Element):
    """Why a choice is right or wrong: attribute `right`."""


def parse_choices(lines: list[str]) -> tuple[list[Choice], list[tuple[str, int]]]:
    """Split a quiz's content into choices and problems, each problem with its line (from 0)."""
    items: list[tuple[int, list[str]]] = []
    problems: list[tuple[str, int]] = []
    for number, line in enumerate(lines):
        if re.match(r"[-*] ", line):
            items.append((number, [line]))
        elif line.strip() and not items:
            problems.append((f"expected a choice `- [ ] choice :: answer`, found `{line}`", number))
        elif items:
            items[-1][1].append(line.strip())
    choices = []
    for number, item in items:
        match = CHOICE.fullmatch("\n".join(item).strip())
        if not match:
            start = item[0]
            wrong = "has no box" if not re.match(r"[-*] \[[ xX]\] ", start) else "has no answer"
            problems.append(
                (f"a choice {wrong}; write `- [ ] choice :: answer`: `{start}`", number)
            )
        elif not match["answer"].strip():
            problems.append((f"the choice `{match['choice']}` has no answer after `::`", number))
        else:
            right = match["mark"] != " "
            choices.append(Choice(match["choice"], match["answer"].strip(), right, number))
    if not problems:
        if len(choices) < 2:
            problems.append(("a quiz needs at least two choices", 0))
        elif not any(choice.right for choice in choices):
            problems.append(("no choice is marked right by `[x]`", 0))
        elif all(choice.right for choice in choices):
            problems.append(("every choice is marked right by `[x]`", 0))
    return choices, problems


class Quiz(SphinxDirective):
    """The directive; a malformed quiz is a warning that says what is wrong on which line."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the quiz as one node."""
        choices, problems = parse_choices(list(self.content))
        for problem, line in problems:
            logger.warning(
                "quiz: %s",
                problem,
                location=(self.env.docname, self.lineno + 1 + line),
                type="book",
                subtype="quiz",
            )
        question = quiz_question("", "", *self.inline(self.arguments[0], self.lineno))
        result = quiz("", question)
        for choice in choices:
            line = self.content_offset + choice.line
            option = quiz_option("", "", *self.inline(choice.text, line))
            answer = quiz_answer(right=choice.right)
            lines = type(self.content)(choice.answer.splitlines(), source=self.content.source(0))
            self.state.nested_parse(lines, line, answer)
            result += quiz_choice("", option, answer, right=choice.right)
        self.set_source_info(result)
        return [result]

    def inline(self, text: str, line: int) -> list[nodes.Node]:
        """Parse Markdown within a paragraph."""
        parsed, messages = self.state.inline_text(" ".join(text.split()), line)
        return parsed + messages


def colon_fences(source: str) -> str:
    """Return a page's source with quizzes fenced by colons.

    CommonMark allows no backtick in the first line of a block fenced by backticks, and questions
    have code in them. Such a quiz would be no quiz, and its last line would open a code block.
    """
    return FENCED.sub(r":::\2:::", source)


def read_colon_fences(app: Sphinx, docname: str, content: list[str]) -> None:
    """Fence quizzes by colons before the page is parsed."""
    content[0] = colon_fences(content[0])


def visit_choice(self: HTML5Translator, node: quiz_choice) -> None:
    """Open a choice."""
    verdict = "right" if node["right"] else "wrong"
    self.body.append(f'<details class="quiz-choice quiz-{verdict}">\n')


def visit_answer(self: HTML5Translator, node: quiz_answer) -> None:
    """Open an answer, beginning with its verdict in words."""
    verdict = "Right." if node["right"] else "Not this one."
    self.body.append(f'<div class="quiz-answer"><p class="quiz-verdict">{verdict}</p>\n')


def html(start: str, end: str) -> tuple:
    """Return visitors which write `start` before and `end` after a node's children."""
    return (
        lambda self, node: self.body.append(start),
        lambda self, node: self.body.append(end),
    )


def pass_through(self: nodes.NodeVisitor, node: nodes.Element) -> None:
    """Other formats write question, choices and answers one below another."""


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    other = dict.fromkeys(("latex", "text", "man", "texinfo"), (pass_through, pass_through))
    close_details, close_div = html("", "</details>\n")[1], html("", "</div>\n")[1]
    app.add_node(quiz, html=html('<div class="quiz">\n', "</div>\n"), **other)
    app.add_node(quiz_question, html=html('<p class="quiz-question">', "</p>\n"), **other)
    app.add_node(quiz_choice, html=(visit_choice, close_details), **other)
    app.add_node(quiz_option, html=html("<summary>", "</summary>\n"), **other)
    app.add_node(quiz_answer, html=(visit_answer, close_div), **other)
    app.add_directive("quiz", Quiz)
    app.connect("source-read", read_colon_fences)
