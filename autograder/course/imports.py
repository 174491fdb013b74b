"""Which modules a student's code imports that a notebook of its track has no use for.

Not a rule that anybody breaks: what protects the marks is the sandbox. It tells an instructor
where a second look may be worth it (THREATS, 10).
"""

import ast
import sys
from collections.abc import Iterable

LIBRARIES = frozenset({"numpy", "scipy", "matplotlib", "mpl_toolkits", "IPython", "autograder"})
OF_TRACK = {
    "keras": frozenset({"keras", "tensorflow"}),
    "pytorch": frozenset({"torch"}),
}
# Of the standard library, what reaches around a program rather than computing something.
ODD = frozenset(
    {
        *("_thread", "atexit", "builtins", "code", "codeop", "ctypes", "dis", "faulthandler"),
        *("fcntl", "gc", "http", "imp", "importlib", "inspect", "marshal", "mmap"),
        *("multiprocessing", "pickle", "pty", "resource", "signal", "site", "socket", "ssl"),
        *("subprocess", "sysconfig", "threading", "tracemalloc", "urllib", "weakref", "zipimport"),
    }
)


def unusual_imports(sources: Iterable[str], track: str) -> list[str]:
    """The top-level names of such modules, in alphabetical order.

    Code that doesn't parse imports nothing.
    """
    usual = LIBRARIES | OF_TRACK.get(track, frozenset()) | (sys.stdlib_module_names - ODD)
    found = {name for source in sources for name in _imported(source)}
    return sorted(found - usual)


def _imported(source: str) -> Iterable[str]:
    if "import" not in source:
        return
    try:
        tree = ast.parse(_without_magics(source))
        nodes = list(ast.walk(tree))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0][:40] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or ".").split(".")[0][:40]
        elif isinstance(node, ast.Call) and _is_import_function(node.func) and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value.split(".")[0][:40]


def _is_import_function(function: ast.expr) -> bool:
    name = getattr(function, "id", None) or getattr(function, "attr", None)
    return name in ("__import__", "import_module")


def _without_magics(source: str) -> str:
    lines = source.split("\n")
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
