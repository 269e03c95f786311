"""A Matplotlib backend whose `show` writes each open figure as SVG, as a notebook would draw it."""

from __future__ import annotations

from pathlib import Path

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG as FigureCanvas
from matplotlib.backends.backend_svg import FigureManagerSVG as FigureManager

__all__ = ["FigureCanvas", "FigureManager", "folder", "prefix", "show"]

folder = Path(".")  # where `show` writes; set before a program starts
prefix = "figure"  # of the file names; set before each cell

# The same figure has to give the same bytes: no random ids, no date.
matplotlib.rcParams["svg.hashsalt"] = "headtohead"


def show(*, block: bool | None = None) -> None:
    """Writes all open figures and closes them."""
    from matplotlib import pyplot

    for number in pyplot.get_fignums():
        taken = len(list(folder.glob(f"{prefix}-*.svg")))
        path = folder / f"{prefix}-{taken}.svg"
        pyplot.figure(number).savefig(path, format="svg", bbox_inches="tight", metadata={"Date": None})
    pyplot.close("all")
