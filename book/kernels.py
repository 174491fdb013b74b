"""The kernels that run the pages' cells: figures are SVG, and nothing stale comes from a cache.

A figure's format is IPython's to choose, not matplotlib's, so no style sheet can ask for it, and in
every page it would be noise. So the build gives its kernels an IPython profile of their own, which
also keeps out whatever configuration the builder's home folder holds.

jupyter-cache knows a page by the text of its cells. What the cells import can change as well: the
figures' style, the course's package, the frameworks, and whether MNIST is there. A fingerprint of
those empties the cache.
"""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from autograder.student.digits import mnist_path

PROFILE = """\
c.InlineBackend.figure_formats = {"svg"}
# No date in the metadata: the same figure is the same bytes in every build.
c.InlineBackend.print_figure_kwargs = {"bbox_inches": "tight", "metadata": {"Date": None}}
c.HistoryManager.enabled = False
# What TensorFlow's C++ has to say of this machine belongs to the terminal, not into the page.
# Python's own stderr, warnings for instance, still reaches the page, and there fails the build.
c.IPKernelApp.capture_fd_output = False
"""
DISTRIBUTIONS = ("ipykernel", "keras", "matplotlib", "numpy", "scikit-learn", "tensorflow", "torch")


def fingerprint() -> str:
    """Return a digest of everything that cells import and whose text isn't on their page."""
    student = Path(str(files("autograder"))) / "student"
    book = Path(str(files("book")))
    sources = [book / "figure.mplstyle", book / "tables.py", *sorted(student.rglob("*.py"))]
    digest = sha256(PROFILE.encode())
    for distribution in DISTRIBUTIONS:
        digest.update(f"{distribution} {version(distribution)}\n".encode())
    for source in sources:
        digest.update(source.read_bytes())
    digest.update(b"MNIST" if mnist_path().is_file() else b"")
    return digest.hexdigest()


def forget_stale_runs(app: Sphinx, config: Config) -> None:
    """Empty the cache of executed pages if what they import has changed.

    The configuration value makes Sphinx read every page again.
    """
    config.book_fingerprint = fingerprint()
    note = Path(app.doctreedir) / "fingerprint"
    if not note.is_file() or note.read_text("utf-8") != config.book_fingerprint:
        shutil.rmtree(Path(app.outdir).parent / ".jupyter_cache", ignore_errors=True)
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(config.book_fingerprint, encoding="utf-8")


def use_book_profile(app: Sphinx) -> None:
    """Write the profile beside the doctrees and point the kernels to come at it."""
    folder = Path(app.doctreedir) / "ipython"
    profile = folder / "profile_default" / "ipython_kernel_config.py"
    profile.parent.mkdir(parents=True, exist_ok=True)
    profile.write_text(PROFILE, encoding="utf-8")
    os.environ["IPYTHONDIR"] = str(folder)
    # Sums in an order that doesn't depend on the processor, so that pages come out the same.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.add_config_value("book_fingerprint", "", "env", [str])
    app.connect("config-inited", forget_stale_runs)
    app.connect("builder-inited", use_book_profile)
