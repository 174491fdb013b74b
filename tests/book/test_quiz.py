"""Quizzes: what a good one becomes, and that a bad one says what is wrong and where."""

from pathlib import Path

import pytest

from book.quiz import parse_choices
from tests.book.small_book import HEADER, build, cell

GOOD = """\
```{quiz} Which of $x$ and `h` is **hidden**?
- [ ] The input $x$ :: It is given.
- [x] The values `h` ::
  Nobody gives them,

  and nobody asks for them.
```
"""


def test_a_quiz_is_a_question_with_a_disclosure_for_each_choice(tmp_path: Path) -> None:
    book = build(tmp_path, HEADER + GOOD)
    (quiz,) = book.html().select(".quiz")
    assert quiz.select_one(".quiz-question").strong.text == "hidden"
    wrong, right = quiz.select("details.quiz-choice")
    assert "quiz-wrong" in wrong["class"] and "quiz-right" in right["class"]
    assert wrong.summary.select_one(".math")
    assert wrong.select_one(".quiz-verdict").text == "Not this one."
    assert right.select_one(".quiz-verdict").text == "Right."
    assert len(right.select(".quiz-answer > p")) == 3
    assert book.warnings == ""


BAD = {
    "no choices": ("", "at least two choices", 0),
    "one choice": ("- [x] a :: b", "at least two choices", 0),
    "none right": ("- [ ] a :: b\n- [ ] c :: d", "no choice is marked right", 0),
    "all right": ("- [x] a :: b\n- [x] c :: d", "every choice is marked right", 0),
    "no answer": ("- [x] a :: b\n- [ ] c", "a choice has no answer", 1),
    "empty answer": ("- [x] a :: b\n- [ ] c ::", "`c` has no answer", 1),
    "no box": ("- [x] a :: b\n- c :: d", "a choice has no box", 1),
    "wrong box": ("- [x] a :: b\n- [y] c :: d", "a choice has no box", 1),
    "text first": ("Well,\n- [x] a :: b\n- [ ] c :: d", "expected a choice", 0),
}


@pytest.mark.parametrize("name", BAD)
def test_a_malformed_quiz_has_a_problem(name: str) -> None:
    content, message, line = BAD[name]
    problems = parse_choices(content.splitlines())[1]
    assert [(message in problem, at) for problem, at in problems] == [(True, line)]


def test_the_problem_is_a_warning_with_page_and_line(tmp_path: Path) -> None:
    book = build(tmp_path, "# A page\n\n```{quiz} Why?\n- [x] a :: b\n- [ ] c\n```\n")
    assert "index.md:5: WARNING: quiz: a choice has no answer" in book.warnings


def test_a_question_with_code_swallows_nothing(tmp_path: Path) -> None:
    page = HEADER + GOOD + "\nBetween.\n\n" + GOOD + "\n" + cell("x = 1")
    html = build(tmp_path, page).html()
    assert len(html.select(".quiz")) == 2
    assert len(html.select("div.cell")) == 1
