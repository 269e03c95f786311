"""Guards that the same figure has the same bytes with each run, whatever a program sets."""

from __future__ import annotations

import pytest


def test_a_program_that_takes_the_salt_away_draws_the_same_all_the_same(monkeypatch):
    pytest.importorskip("matplotlib")
    import matplotlib
    from matplotlib import pyplot

    from headtohead.running import figures

    drawn: list[bytes] = []
    monkeypatch.setattr(figures, "put", drawn.append)
    with matplotlib.rc_context({"svg.hashsalt": None, "backend": "svg"}):
        for _ in range(2):
            pyplot.figure()
            pyplot.fill([0, 1], [0, 1], hatch="/")
            figures.show()
    assert len(drawn) == 2
    assert drawn[0] == drawn[1]
