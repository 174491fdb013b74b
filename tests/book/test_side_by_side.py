"""Pages are read by several processes, which share a cache of executed pages."""

import multiprocessing
import sqlite3
from types import SimpleNamespace

import nbformat.v4
import pytest
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache.main import JupyterCacheBase

from book.side_by_side import prepare_cache, truncate_caches

PROCESSES, PAGES = 4, 25


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A cache as a build prepares it, also where it is there already."""
    monkeypatch.setattr(JupyterCacheBase, "truncate_caches", truncate_caches)
    folder = tmp_path / ".jupyter_cache"
    env = SimpleNamespace(mystnb_config=SimpleNamespace(execution_cache_path=str(folder)))
    for _ in range(2):
        prepare_cache(None, env, [])
    return folder


def execute_pages(folder, process):
    """Add pages to the cache, as a process that reads them does."""
    cache = get_cache(str(folder))
    for page in range(PAGES):
        cell = nbformat.v4.new_code_cell(f"{process}, {page}")
        notebook = nbformat.v4.new_notebook(cells=[cell])
        bundle = CacheBundleIn(notebook, f"{process}-{page}.md")
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def test_the_cache_is_there_before_pages_are_read(folder):
    with sqlite3.connect(folder / "global.db") as database:
        tables = {name for (name,) in database.execute("select name from sqlite_master")}
    assert {"settings", "nbcache"} <= tables


def test_no_process_removes_what_another_is_just_adding(folder):
    context = multiprocessing.get_context("fork")
    processes = [
        context.Process(target=execute_pages, args=(folder, process))
        for process in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    cache = get_cache(str(folder))
    for record in cache.list_cache_records():
        cache.get_cache_bundle(record.pk)
    assert len(cache.list_cache_records()) == PROCESSES * PAGES


def test_what_is_over_the_limit_goes_before_a_build(tmp_path, monkeypatch):
    monkeypatch.setattr(JupyterCacheBase, "truncate_caches", truncate_caches)
    folder = tmp_path / ".jupyter_cache"
    cache = get_cache(str(folder))
    execute_pages(folder, 0)
    cache.change_cache_limit(3)
    env = SimpleNamespace(mystnb_config=SimpleNamespace(execution_cache_path=str(folder)))
    prepare_cache(None, env, [])
    assert [record.uri for record in cache.list_cache_records()] == [
        f"0-{page}.md" for page in range(PAGES - 3, PAGES)
    ]
