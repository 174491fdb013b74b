"""The graded notebook is the course's, with a student's contents in it and nothing else."""

import copy
import json

import nbformat
import pytest

from autograder.course.blank import CourseError, blank_notebook, find_checks, read_check
from autograder.course.reading import Unreadable
from autograder.course.rebuild import LONGEST_CODE, LONGEST_TEXT, MOST_EXTRA_CELLS, rebuild
from autograder.course.release import course_directory
from tests.course.course import (
    ASSIGNMENT,
    NOTEBOOK,
    cell_of,
    make_course,
    new_code,
    new_markdown,
    solved,
    to_bytes,
    without,
)


@pytest.fixture(scope="module")
def blank(tmp_path_factory) -> bytes:
    course = make_course(tmp_path_factory.mktemp("blank") / "course")
    return blank_notebook(course_directory(course), ASSIGNMENT, NOTEBOOK)


def build(blank, notebook):
    """The rebuilt notebook, which is always a valid one, and the notes."""
    result = rebuild(to_bytes(notebook), blank)
    nbformat.validate(nbformat.from_dict(copy.deepcopy(result.notebook)))
    return result


def sources(result):
    return [cell["source"] for cell in result.notebook["cells"]]


def test_contents_are_taken(blank):
    result = build(blank, solved())
    for name in ("count_parameters", "xor_network", "words"):
        assert cell_of(result.notebook, name)["source"] == cell_of(solved(), name)["source"]
    assert result.notes == []
    assert not result.extra


def test_nothing_but_contents_of_the_students_own_is_taken(blank):
    mine, theirs = solved(), solved()
    theirs["metadata"] = {
        "kernelspec": {"name": "evil", "language": "bash", "display_name": "evil"},
        "celltoolbar": "x",
    }
    for cell in theirs["cells"]:
        cell["metadata"]["tags"] = ["skip-execution"]
        cell["metadata"]["evil"] = True
        cell["attachments"] = {"x": {"image/png": "evil"}}
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "evil"}]
        cell["execution_count"] = 666
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["points"] = 666
            cell["metadata"]["nbgrader"] |= {"grade": False, "solution": False, "checksum": "evil"}
    assert build(blank, theirs).notebook == build(blank, mine).notebook


def test_solutions_of_the_course_are_never_in_it(blank):
    assert b"SOLUTION" not in blank
    empty = build(blank, without(solved(), "count_parameters", "xor_network", "words"))
    text = json.dumps(empty.notebook)
    assert "zip(layer_sizes" not in text
    assert "it stays linear" not in text
    assert empty.answers == {"count_parameters": None, "xor_network": None, "words": None}
    assert empty.notes == ["missing cells: count_parameters, xor_network, words"]


def test_test_cells_are_the_courses(blank):
    notebook = solved()
    cell_of(notebook, "check_xor_network")["source"] = "pass"
    cell_of(notebook, "question")["source"] = "Is it easy?"
    result = build(blank, notebook)
    assert cell_of(result.notebook, "check_xor_network")["source"].startswith("check(")
    assert cell_of(result.notebook, "question")["source"] == "Is it linear?"
    result = build(blank, without(solved(), "check_xor_network", "question"))
    assert [cell["id"] for cell in result.notebook["cells"]] == [
        cell["id"] for cell in json.loads(blank)["cells"]
    ]


def test_extra_code_runs_where_it_stands(blank):
    notebook = solved()
    at = notebook["cells"].index(cell_of(notebook, "xor_network"))
    notebook["cells"].insert(at, new_code("def helper(): ...", tags=["skip-execution"]))
    notebook["cells"].append(new_code("last = 1"))
    notebook["cells"].insert(0, new_code("first = 1"))
    result = build(blank, notebook)
    found = sources(result)
    assert found[0] == "first = 1"
    assert found[-1] == "last = 1"
    at = found.index("def helper(): ...")
    assert found[at - 1].startswith('check("count_parameters"')
    assert found[at + 1].startswith("def xor_network")
    assert result.notebook["cells"][at]["metadata"] == {}
    assert len(result.extra) == 3


def test_a_plain_cell_that_was_edited_stands_for_the_courses(blank):
    notebook = solved()
    cell_of(notebook, "imports")["source"] += "\nimport math"
    result = build(blank, notebook)
    assert [source for source in sources(result) if "import numpy" in source] == [
        "import numpy as np\n\nfrom autograder import check\nimport math"
    ]
    assert not result.extra


def test_a_plain_cell_that_was_deleted_runs_all_the_same(blank):
    result = build(blank, without(solved(), "imports", "play"))
    assert "import numpy as np\n\nfrom autograder import check" in sources(result)


def test_cells_without_ids_are_known_by_their_text(blank):
    notebook = solved()
    for cell in notebook["cells"]:
        del cell["id"]
    notebook["nbformat_minor"] = 4
    cell_of(notebook, "count_parameters")
    result = build(blank, notebook)
    assert not result.extra


def test_a_text_of_the_course_that_was_edited_is_shown_beside_it(blank):
    notebook = solved()
    cell_of(notebook, "intro")["source"] = "My answer <b>here</b>"
    result = build(blank, notebook)
    assert "# A small notebook" in sources(result)
    assert any(source.startswith("My answer") and "<b>" not in source for source in sources(result))


def test_of_two_cells_of_one_name_the_last_counts(blank):
    notebook = solved()
    double = copy.deepcopy(cell_of(notebook, "count_parameters"))
    double["source"] = "def count_parameters(layer_sizes): return 0"
    notebook["cells"].insert(2, double)
    result = build(blank, notebook)
    assert cell_of(result.notebook, "count_parameters") == cell_of(
        build(blank, solved()).notebook, "count_parameters"
    )
    assert sources(result).index(double["source"]) == 2  # runs before, as at the student's desk
    assert result.notes == ["two cells are called count_parameters; the last one counts"]


def test_answers_with_another_kind_of_cell_are_taken(blank):
    notebook = solved()
    cell_of(notebook, "xor_network")["cell_type"] = "markdown"
    cell_of(notebook, "words")["cell_type"] = "code"
    result = build(blank, notebook)
    assert cell_of(result.notebook, "xor_network")["cell_type"] == "code"
    assert cell_of(result.notebook, "words")["cell_type"] == "markdown"
    assert "it stays linear" in cell_of(result.notebook, "words")["source"]


def test_markdown_is_made_safe(blank):
    notebook = solved()
    cell_of(notebook, "words")["source"] = "<script>alert(1)</script>"
    notebook["cells"].append(new_markdown("<img src=x onerror=alert(1)>"))
    text = json.dumps(build(blank, notebook).notebook)
    assert "<script" not in text
    assert "<img" not in text


def test_half_characters_and_null_bytes_do_no_harm(blank):
    notebook = solved()
    cell_of(notebook, "xor_network")["source"] = "x = '\udc00\ud800'\x00"
    cell_of(notebook, "words")["source"] = "\udc00"
    json.dumps(build(blank, notebook).notebook, ensure_ascii=False).encode()


def test_everything_has_an_end(blank):
    notebook = solved()
    cell_of(notebook, "xor_network")["source"] = "#" * (LONGEST_CODE + 1)
    cell_of(notebook, "words")["source"] = "x" * (LONGEST_TEXT + 1)
    notebook["cells"] += [new_code("x = 1")] * 5000
    result = build(blank, notebook)
    assert len(cell_of(result.notebook, "xor_network")["source"]) == LONGEST_CODE
    assert len(cell_of(result.notebook, "words")["source"]) == LONGEST_TEXT
    assert len(result.extra) == MOST_EXTRA_CELLS
    assert len(result.notes) == 4


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"hello", "JSON"),
        (b"\xff\xfe\xfd", "JSON"),
        (b"[" * 100_000, "nested"),
        (b'{"a":' * 100_000, "nested"),
        (b'{"cells": [' + b"9" * 10_000 + b"]}", "JSON"),
        (b"[]", "no list of cells"),
        (b"{}", "no list of cells"),
        (b'{"cells": {}}', "no list of cells"),
        (b'{"worksheets": [{"cells": []}], "nbformat": 3}', "no list of cells"),
    ],
)
def test_what_is_no_notebook_is_refused_in_a_few_words(blank, content, why):
    with pytest.raises(Unreadable, match=why):
        rebuild(content, blank)


@pytest.mark.parametrize(
    "cell",
    [
        None,
        7,
        [],
        {},
        {"cell_type": 7, "source": 7},
        {"cell_type": "code", "source": [1, 2]},
        {"cell_type": "code", "source": {"a": 1}, "metadata": []},
        {"cell_type": "code", "source": "x", "metadata": {"nbgrader": 7}},
        {"cell_type": "code", "source": "x", "metadata": {"nbgrader": {"grade_id": []}}},
        {"cell_type": "code", "source": "x", "id": {"a": 1}},
        {"cell_type": "raw", "source": "x"},
        {"cell_type": "heading", "source": "x", "metadata": {"nbgrader": {"grade_id": "words"}}},
    ],
)
def test_cells_of_any_shape_do_no_harm(blank, cell):
    notebook = solved()
    notebook["cells"].insert(0, cell)
    result = build(blank, notebook)
    assert cell_of(result.notebook, "xor_network")["source"].startswith("def xor_network")


def test_another_format_is_said_and_graded(blank):
    result = build(blank, solved() | {"nbformat": 99})
    assert cell_of(result.notebook, "xor_network")["source"].startswith("def xor_network")
    assert "notebook format" in result.notes[0]


def test_a_check_is_one_line():
    assert read_check('check("a", b, c)').function_names == ("b", "c")
    for source in (
        "check(a, b)",
        'check("a", b())',
        'check("a", b, c=1)',
        'check("a", b); x',
        'x = check("a", b)',
        'autograder.check("a", b)',
        "check(",
        "",
        "((" * 10_000,
        "\x00",
    ):
        assert read_check(source) is None


def test_a_test_cell_that_checks_nothing_is_the_instructors_mistake(blank):
    for source, why in (
        ("assert True", "isn't one line"),
        ('check("nothing_of_the_kind", f)', "no exercise called"),
        ('check("xor_network", f, g)', "must name 1"),
    ):
        notebook = json.loads(blank)
        cell_of(notebook, "check_xor_network")["source"] = source
        with pytest.raises(CourseError, match=why):
            find_checks(notebook, f"{ASSIGNMENT}/{NOTEBOOK}")
