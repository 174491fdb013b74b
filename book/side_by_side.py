"""Pages are read, and with that executed, side by side: a kernel keeps one core busy, and most
machines have more.

Sphinx can do that, but neither `_config.yml` nor the command line of Jupyter Book can ask for it.
"""

from __future__ import annotations

import os

from jupyter_cache import get_cache
from jupyter_cache.cache.main import JupyterCacheBase
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

# They don't say so, but keep nothing of one page for another while pages are read.
SAFE = ("sphinx_jupyterbook_latex", "sphinx_multitoc_numbering")
truncate_caches = JupyterCacheBase.truncate_caches


def read_side_by_side(app: Sphinx, config: Config) -> None:
    """Two processes for each core, since Sphinx hands out pages in lots of unequal weight."""
    for name in SAFE:
        if name in app.extensions:
            app.extensions[name].parallel_read_safe = True
    app.parallel = 2 * len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2


def prepare_cache(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Create and tidy the cache of executed pages before several processes write to it.

    Two that create it at the same time stand in each other's way. And each removes, after each page
    it adds, what is over the cache's limit: every record that wasn't among the newest a moment ago,
    and so one that another process is just adding.
    """
    cache = get_cache(env.mystnb_config.execution_cache_path)
    truncate_caches(cache)
    cache.db.dispose()
    JupyterCacheBase.truncate_caches = leave_as_it_is


def leave_as_it_is(cache: JupyterCacheBase) -> None:
    """Stand in for `truncate_caches` while pages are read."""


def write_one_by_one(app: Sphinx, env: BuildEnvironment) -> None:
    """Writing takes seconds; what it collects about the pages stays in one process."""
    app.parallel = 1


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("config-inited", read_side_by_side)
    app.connect("env-before-read-docs", prepare_cache)
    app.connect("env-updated", write_one_by_one)
