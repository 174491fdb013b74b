"""What `make links` asks of other sites, with a site of our own in their place."""

import json
import socket
import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from book.citations import doi_record
from tests.book.conftest import Quiet


def test_a_doi_is_asked_for_at_its_registry() -> None:
    record = "https://doi.org/api/handles/10.1038/323533a0"
    assert doi_record(None, "https://doi.org/10.1038/323533a0") == record
    assert doi_record(None, "https://arxiv.org/abs/1312.6120") is None


@pytest.fixture
def default_timeout() -> Iterator[None]:
    """Sphinx sets one for all sockets that this process makes from then on."""
    before = socket.getdefaulttimeout()
    yield
    socket.setdefaulttimeout(before)


def test_a_dead_link_is_found(tmp_path: Path, default_timeout: None) -> None:
    source, site = tmp_path / "source", tmp_path / "site"
    source.mkdir()
    site.mkdir()
    (site / "there.html").write_text("<p>Here.</p>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_port}"
    (source / "index.md").write_text(f"# A page\n\n<{here}/there.html> <{here}/gone.html>\n")
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            source,
            None,
            tmp_path / "out",
            tmp_path / "doctrees",
            "linkcheck",
            confoverrides={"extensions": ["myst_nb", "book"], "nb_execution_mode": "off"},
            status=None,
            warning=None,
        )
        app.build()
    server.shutdown()
    lines = (tmp_path / "out" / "output.json").read_text().splitlines()
    found = {line["uri"].rpartition("/")[2]: line["status"] for line in map(json.loads, lines)}
    assert found == {"there.html": "working", "gone.html": "broken"}
    assert app.statuscode
