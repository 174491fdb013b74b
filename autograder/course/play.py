"""Which cells of a notebook need not run to be graded: those to play in that nobody touched.

They show a student something and earn nothing. One that is as it was handed out shows an instructor
nothing new, and running all of them takes as long as the exercises themselves.
"""

import ast
import functools
import re
import symtable
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.course.blank import Cell
from autograder.course.rebuild import Rebuilt

TAG = "play"
LONGEST = 20_000  # characters of a cell that is looked at
CHANGES_IN_PLACE = re.compile(r"[-+*/%@&|^<>]=|\bdel\b")
# Whoever uses one of these may see what any other cell did.
LOOKS_AROUND = frozenset(
    {
        *("In", "Out", "_", "__", "___", "get_ipython"),
        *("exec", "eval", "globals", "locals", "vars", "dir"),
    }
)


@dataclass(frozen=True)
class Names:
    """The global names that a cell assigns, imports or defines, and those that it uses."""

    made: frozenset[str]
    used: frozenset[str]


def untouched_play_cells(rebuilt: Rebuilt) -> set[str]:
    """The ids of the code cells that are tagged ``play``, are as the course wrote them, and make
    no name that a cell which runs may use."""
    code = [cell for cell in rebuilt.notebook["cells"] if cell["cell_type"] == "code"]
    left_out = {cell["id"] for cell in code if _is_play(cell) and cell["id"] not in rebuilt.changed}
    if not left_out:
        return left_out
    own = rebuilt.changed | rebuilt.extra
    names = {
        cell["id"]: (read_names if cell["id"] in own else _course_names)(cell["source"])
        for cell in code
    }
    while True:
        running = [found for cell, found in names.items() if cell not in left_out]
        if any(found is None or found.used & LOOKS_AROUND for found in running):
            return set()
        used = frozenset().union(*(found.used for found in running))
        needed = {cell for cell in left_out if names[cell] is None or names[cell].made & used}
        if not needed:
            return left_out
        left_out -= needed


def _is_play(cell: Cell) -> bool:
    return TAG in cell["metadata"].get("tags", ())


def read_names(source: str) -> Names | None:
    """The names of a cell; None for one that isn't plain Python, such as one with magics, or that
    is too long to be read."""
    if len(source) > LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            symbols = list(_global_symbols(symtable.symtable(source, "cell", "exec")))
            touched = _changed_in_place(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    made = {each.get_name() for each in symbols if each.is_assigned() or each.is_imported()}
    used = {each.get_name() for each in symbols if each.is_referenced()}
    return Names(frozenset(made), frozenset(used | (made & touched)))


# A class has the course's own cells again and again. What students wrote isn't kept.
_course_names = functools.lru_cache(1024)(read_names)


def _changed_in_place(source: str) -> set[str]:
    """The names in ``name += 1`` and ``del name``, which aren't references to a symbol table."""
    if not CHANGES_IN_PLACE.search(source):  # most cells: nothing to be parsed for
        return set()
    targets = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.AugAssign):
            targets.append(node.target)
        elif isinstance(node, ast.Delete):
            targets += node.targets
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _global_symbols(scope: symtable.SymbolTable) -> Iterator[symtable.Symbol]:
    is_module = scope.get_type() == "module"
    yield from (symbol for symbol in scope.get_symbols() if is_module or symbol.is_global())
    for inner in scope.get_children():
        yield from _global_symbols(inner)
