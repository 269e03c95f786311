"""Guards that the site builds and the reader's command runs where programs do not: on a system that is no Unix."""

from __future__ import annotations

import subprocess
import sys

from tests.support.repository import ROOT

# What such a system lacks, taken away before anything of this project is read.
ELSEWHERE = """
import os, signal, sys
import mkdocs.commands.build
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
for name in ("O_CLOEXEC", "O_NONBLOCK", "O_NOFOLLOW", "mkfifo", "fork", "getuid"):
    delattr(os, name)
for name in ("SIGHUP", "SIGXCPU", "SIGKILL"):
    delattr(signal, name)
"""
SHOWN = """
from markdown import Markdown
from headtohead.site import hook
from headtohead.site.extension import HeadToHead
print(Markdown(extensions=[HeadToHead(root=sys.argv[1])]).convert(open(sys.argv[1] + "/docs/a/b.md").read()))
"""
READ = "from headtohead.migrate import command; sys.exit(command(sys.argv[1:]))"


def elsewhere(code: str, argument: str) -> str:
    command = [sys.executable, "-c", ELSEWHERE + code, argument]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_pages_are_made_of_records_that_another_machine_wrote(project):
    project.settle(project.small(), printed={"Show": "here"})
    assert "here" in elsewhere(SHOWN, str(project.root))


def test_a_program_is_read(tmp_path):
    (tmp_path / "model.py").write_text("import torch\ntorch.abs(1)\n")
    assert ":2: torch.abs: " in elsewhere(READ, str(tmp_path / "model.py"))
