"""Only regular files are read, of a bounded size, and never through a link."""

import contextlib
import os
import socket

import pytest

from autograder.course.reading import Unreadable, open_folder, printable, read_file


def read(path, **options):
    with open_folder(path.parent) as folder:
        return read_file(path.name, folder, **options)


def test_a_regular_file_is_read(tmp_path):
    (tmp_path / "a").write_bytes(b"content")
    assert read(tmp_path / "a") == b"content"


def test_no_file_is_no_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "a")


def make_symbolic_link(path):
    path.with_name("secret").write_text("somebody else's")
    path.symlink_to("secret")


def make_dangling_link(path):
    path.symlink_to("nowhere")


def make_hard_link(path):
    path.with_name("secret").write_text("somebody else's")
    os.link(path.with_name("secret"), path)


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as made, contextlib.chdir(path.parent):
        made.bind(path.name)  # by a short name: the path of a socket may have about 100 bytes


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (make_symbolic_link, "symbolic link"),
        (make_dangling_link, "symbolic link"),
        (make_hard_link, "hard link"),
        (os.mkfifo, "not a regular file"),
        (os.mkdir, "not a regular file"),
        (make_socket, "not a regular file"),
    ],
)
def test_anything_else_is_not(make, why, tmp_path):
    make(tmp_path / "a")
    with pytest.raises(Unreadable, match=why):
        read(tmp_path / "a")


def test_a_large_file_is_not_read(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 101)
    assert len(read(tmp_path / "a", largest=101)) == 101
    with pytest.raises(Unreadable, match="has 101 bytes, where 100 are read"):
        read(tmp_path / "a", largest=100)


def test_a_file_that_grows_while_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 1000)
    small = (tmp_path / "b").stat
    (tmp_path / "b").write_bytes(b"x")
    status = small()
    monkeypatch.setattr(os, "stat", lambda *_, **__: status)
    monkeypatch.setattr(os, "fstat", lambda *_: status)
    with pytest.raises(Unreadable, match="101 bytes"):
        read(path, largest=100)


def test_a_folder_that_is_a_link_is_not_entered(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    with pytest.raises(Unreadable), open_folder(tmp_path / "link"):
        pass
    with open_folder(tmp_path) as outer, pytest.raises(Unreadable), open_folder("link", outer):
        pass


def test_names_are_printed_without_codes():
    assert printable("a\x1b[31mb\n\u202ec") == "a\\x1b[31mb\\n\\u202ec"
    assert printable("ädä") == "ädä"
    assert len(printable("x" * 1000)) <= 120
    assert printable("\udcff").isascii()
