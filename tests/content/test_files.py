"""Guards the reading of files: whatever is no plain file of the repository is one line, and nothing is waited for."""

from __future__ import annotations

import os
import socket

import pytest

from headtohead.content import files
from headtohead.errors import Problem


def link(path):
    path.with_name("other").write_text("x")
    path.symlink_to("other")


def bind(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def giant(path):
    with path.open("wb") as file:
        file.truncate(files.TEXT + 1)


# Each: what lies there, and what is said of it.
ODD = {
    "a link": (link, "a symbolic link, which is not followed; put there what it points to"),
    "a link to nothing": (lambda path: path.symlink_to("nowhere"), "a symbolic link, which is not followed"),
    "a pipe": (os.mkfifo, "a pipe where a file has to be; put a file there, or take it away"),
    "a socket": (bind, "a socket where a file has to be"),
    "a folder": (lambda path: path.mkdir(), "a folder where a file has to be"),
    "a giant": (giant, "has 300,001 bytes, and 300,000 are read; make it smaller"),
    "Latin-1": (lambda path: path.write_bytes(b"a\nb \xe9"), "not valid UTF-8; save it as UTF-8"),
    "UTF-16": (lambda path: path.write_bytes("a".encode("utf-16")), "not valid UTF-8"),
}


@pytest.mark.parametrize(("make", "told"), ODD.values(), ids=ODD)
def test_what_is_no_text_is_told(tmp_path, monkeypatch, make, told):
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    path = tmp_path / "x" / "a.txt"
    path.parent.mkdir()
    make(path.relative_to(tmp_path) if make is bind else path)
    with pytest.raises(Problem) as caught:
        files.text(path, "x/a.txt")
    assert str(caught.value).startswith(f"x/a.txt:{2 if make is ODD['Latin-1'][0] else ''}".rstrip(":"))
    assert told in str(caught.value)


def test_a_folder_on_the_way_is_no_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.txt").write_text("a")
    (tmp_path / "x").symlink_to("real")
    with pytest.raises(Problem, match=r"^x: a symbolic link, which is not followed"):
        files.text(tmp_path / "x/a.txt", "x/a.txt")


def test_the_repository_may_lie_behind_a_link(tmp_path):
    (tmp_path / "real/x").mkdir(parents=True)
    (tmp_path / "real/x/a.txt").write_text("a")
    (tmp_path / "root").symlink_to("real")
    assert files.text(tmp_path / "root/x/a.txt", "x/a.txt") == "a"


@pytest.mark.parametrize("name", ["x/a.txt", "a.txt/b", "a" * 300, "a\0"])
def test_nothing_there_is_nothing_there(tmp_path, name):
    (tmp_path / "a.txt").touch()
    with pytest.raises(FileNotFoundError):
        files.read(tmp_path / name, name)


@pytest.mark.skipif(os.geteuid() == 0, reason="whoever may read everything is run as")
def test_what_may_not_be_read_is_told(tmp_path):
    (tmp_path / "a.txt").touch(mode=0)
    for reads in (files.read, files.beside):
        with pytest.raises(Problem, match=r"^a.txt: cannot be read: Permission denied; give the right"):
            reads(tmp_path / "a.txt", "a.txt")
