"""The one kind of error a user of this project meets: a place, what is wrong, what to do."""

from __future__ import annotations

from pathlib import Path


class Problem(Exception):
    """Something a person has to mend, told in one line.

    Args:
        where: The file, relative to the repository root where it can be.
        what: What is wrong, as a clause without a full stop.
        line: The 1-based line in that file, if there is one.
        remedy: What to do about it, as a clause without a full stop.
    """

    def __init__(self, where: str | Path, what: str, *, line: int | None = None, remedy: str = ""):
        self.where, self.what, self.line, self.remedy = str(where), what, line, remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.where}:{self.line}" if self.line else self.where
        return f"{place}: {self.what}" + (f"; {self.remedy}" if self.remedy else "")
