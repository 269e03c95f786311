"""Guards what goes with a run: whatever a program made of its folder, it is no trouble to the next one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from headtohead.records.cleared import clear

NOBODY = 65534


def test_a_folder_that_is_shut_goes_too():
    """As a user without the rights of root, for whom such a folder is shut indeed."""
    root = Path(tempfile.mkdtemp())
    os.chmod(root, 0o777)
    if (child := os.fork()) == 0:
        if os.getuid() == 0:
            os.setuid(NOBODY)
        folder = root / "work"
        (folder / "a/b").mkdir(parents=True)
        (folder / "a/b/c").write_text("1")
        (folder / "link").symlink_to("/usr")
        os.chmod(folder / "a/b", 0)
        os.chmod(folder / "a", 0)
        clear(folder)
        os._exit(folder.exists())
    assert os.waitpid(child, 0)[1] == 0
    root.rmdir()
