"""Kernels on socket files: one runs, starts again, and leaves nothing."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_client import BlockingKernelClient, KernelManager
from nbclient import NotebookClient


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A short path, empty, for the folders that kernels make while socket files are asked for."""
    factory = "jupyter_client.provisioning.factory.KernelProvisionerFactory"
    monkeypatch.setattr(f"{factory}.default_provisioner_name", "socket-files")
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr("tempfile.tempdir", folder)
        yield Path(folder)


def run(client: BlockingKernelClient, code: str) -> str:
    client.wait_for_ready(timeout=60)
    replies = []
    client.execute_interactive(code, timeout=60, output_hook=replies.append)
    return "".join(reply["content"].get("text", "") for reply in replies)


def test_a_kernel_listens_on_five_files_and_starts_again(sockets: Path) -> None:
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.client()
    try:
        client.start_channels()
        assert run(client, "print(3 * 4)") == "12\n"
        assert len(list(sockets.glob("kernel-*/socket-*"))) == 5
        manager.restart_kernel(now=True)
        assert run(client, "print(1 + 1)") == "2\n"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert not list(sockets.glob("kernel-*"))


def test_a_notebook_runs_and_leaves_nothing(sockets: Path) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print(3 * 4)")])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    assert notebook.cells[0].outputs[0].text == "12\n"
    assert not list(sockets.glob("kernel-*"))
