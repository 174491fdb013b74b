"""Pages are read by several processes, which find the cache of executed pages ready."""

import sqlite3
from types import SimpleNamespace

from book.side_by_side import create_cache


def test_the_cache_is_there_before_pages_are_read(tmp_path):
    folder = tmp_path / ".jupyter_cache"
    env = SimpleNamespace(mystnb_config=SimpleNamespace(execution_cache_path=str(folder)))
    for _ in range(2):  # also where it is there already
        create_cache(None, env, [])
    with sqlite3.connect(folder / "global.db") as database:
        tables = {name for (name,) in database.execute("select name from sqlite_master")}
    assert {"settings", "nbcache"} <= tables
