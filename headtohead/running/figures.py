"""A Matplotlib backend whose `show` hands over each open figure as SVG, as a notebook would draw it."""

from __future__ import annotations

import io
from collections.abc import Callable

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG as FigureCanvas
from matplotlib.backends.backend_svg import FigureManagerSVG as FigureManager
from matplotlib.figure import Figure

__all__ = ["FigureCanvas", "FigureManager", "put", "show"]

put: Callable[[bytes], None] = lambda data: None  # noqa: E731 - where `show` hands a figure; set before each cell

# The same figure has to give the same bytes: no random ids, no date.
SALT = {"svg.hashsalt": "headtohead"}
matplotlib.rcParams.update(SALT)
WIDEST = 40  # inches: a page is a quarter of that


def show(*, block: bool | None = None) -> None:
    """Hands over all open figures and closes them; raises `ValueError` for one that no page can show."""
    from matplotlib import pyplot

    for number in pyplot.get_fignums():
        figure, data = pyplot.figure(number), io.BytesIO()
        _check(figure)
        with matplotlib.rc_context(SALT):  # whatever the program made of it
            figure.savefig(data, format="svg", bbox_inches="tight", metadata={"Date": None})
        put(data.getvalue())
    pyplot.close("all")


def _check(figure: Figure) -> None:
    waiting = figure.canvas.callbacks.callbacks.get("draw_event", {}).values()
    if any(type(getattr(each(), "__self__", None)).__module__ == "matplotlib.animation" for each in waiting):
        raise ValueError("an animation: a page shows pictures that stand still, draw those")
    if len(figure.get_children()) < 2:  # its own background is one
        raise ValueError("a figure with nothing in it: draw before plt.show()")
    width, height = figure.get_size_inches()
    if max(width, height) > WIDEST:
        raise ValueError(f"a figure of {width:g} x {height:g} inches: {WIDEST} are room for")
