"""A Matplotlib backend whose `show` hands over each open figure as SVG, as a notebook would draw it."""

from __future__ import annotations

import io
from collections.abc import Callable

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG as FigureCanvas
from matplotlib.backends.backend_svg import FigureManagerSVG as FigureManager

__all__ = ["FigureCanvas", "FigureManager", "put", "show"]

put: Callable[[bytes], None] = lambda data: None  # noqa: E731 - where `show` hands a figure; set before each cell

# The same figure has to give the same bytes: no random ids, no date.
matplotlib.rcParams["svg.hashsalt"] = "headtohead"


def show(*, block: bool | None = None) -> None:
    """Hands over all open figures and closes them."""
    from matplotlib import pyplot

    for number in pyplot.get_fignums():
        data = io.BytesIO()
        pyplot.figure(number).savefig(data, format="svg", bbox_inches="tight", metadata={"Date": None})
        put(data.getvalue())
    pyplot.close("all")
