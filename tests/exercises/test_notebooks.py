"""The notebooks: released ones are fresh and harmless, solutions earn everything."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.utils import determine_grade, is_grade, is_solution

from autograder.student.exercise import load_notebooks

ROOT = Path(__file__).parents[2]
NOTEBOOKS = [notebook.id for notebook in load_notebooks()]


def execute(path: Path) -> nbformat.NotebookNode:
    notebook = nbformat.read(path, 4)
    # 300 s: an import of TensorFlow on a machine that is busy with other tests.
    client = NotebookClient(notebook, timeout=300, allow_errors=True, kernel_name="python3")
    return client.execute()


def test_exercises_are_fresh(tmp_path):
    for name in ("nbgrader_config.py", "solutions"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    subprocess.run([sys.executable, "-m", "autograder.course.release"], cwd=tmp_path, check=True)
    fresh = {path.relative_to(tmp_path): path for path in tmp_path.glob("exercises/*/*")}
    released = {path.relative_to(ROOT) for path in ROOT.glob("exercises/*/*.*")}
    assert released == set(fresh), "stale: run `make release`"
    for name, path in fresh.items():
        assert (ROOT / name).read_bytes() == path.read_bytes(), f"{name} is stale: `make release`"


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_the_pages_that_exercises_name_are_there(notebook):
    part = notebook.split("/")[0]
    pages = [path.read_text("utf-8") for path in (ROOT / "chapters" / part).glob("*.md")]
    titles = {re.search(r"^# (.+)$", page, flags=re.M).group(1) for page in pages}
    named = re.findall(r"\*Page: (.+?)\.\*", (ROOT / f"solutions/{notebook}.ipynb").read_text())
    assert named or part == "capstone"
    assert set(named) <= titles


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_exercise_has_its_cells(notebook):
    solution = nbformat.read(ROOT / "solutions" / f"{notebook}.ipynb", 4)
    checks = [cell.source for cell in solution.cells if is_grade(cell) and not is_solution(cell)]
    exercises = {each.id: each.exercises for each in load_notebooks()}[notebook]
    named = [re.match(r'check\("(?:\w+/)?(\w+)", ([\w, ]+)\)$', source) for source in checks]
    assert [match.group(1) for match in named] == list(exercises)
    for match in named:
        assert len(match.group(2).split(", ")) == len(exercises[match.group(1)].takes)
    for cell in solution.cells:
        assert not cell.get("outputs"), "outputs are cleared in solutions/"


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_cells_to_play_in_are_tagged(notebook):
    cells = nbformat.read(ROOT / "solutions" / f"{notebook}.ipynb", 4).cells
    plain = [cell for cell in cells if cell.cell_type == "code" and "nbgrader" not in cell.metadata]
    assert "tags" not in plain[0].metadata, "the imports always run"
    for cell in plain[1:]:
        assert cell.source.startswith("# Play")
        # What a wrong answer breaks in it doesn't keep Run All from the check below it.
        assert cell.metadata.tags == ["play", "raises-exception"]


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_solution_earns_every_point(notebook):
    for cell in execute(ROOT / "solutions" / f"{notebook}.ipynb").cells:
        if cell.cell_type == "code":
            assert not any(output.output_type == "error" for output in cell.outputs), cell
            if is_grade(cell):
                points, most = determine_grade(cell)
                assert points == most


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_released_notebook_earns_nothing_and_breaks_nowhere(notebook):
    for cell in execute(ROOT / "exercises" / f"{notebook}.ipynb").cells:
        errors = [o for o in cell.get("outputs", []) if o.output_type == "error"]
        if cell.cell_type == "code" and is_grade(cell):
            assert determine_grade(cell)[0] == 0
            assert [error.ename for error in errors] == ["CheckFailed"]
            assert "not solved yet" in "\n".join(errors[0].traceback)
            assert "Traceback" not in "\n".join(errors[0].traceback)
        else:
            assert not errors, cell.source
    assert "SOLUTION" not in (ROOT / "exercises" / f"{notebook}.ipynb").read_text()
    assert "MARK SCHEME" not in (ROOT / "exercises" / f"{notebook}.ipynb").read_text()
