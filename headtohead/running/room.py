"""Room for what runs: what to do where a file of it could not be written."""

from __future__ import annotations

import errno


def remedy(error: OSError) -> str:
    """What to do about an error before it runs again: most of the time the disk is full."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR):  # as `git clean` leaves it
        return "remove nothing of the records while it runs"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "let it write there"
    return "free some room"
