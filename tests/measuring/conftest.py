"""What the tests of this folder measure rows with."""

from __future__ import annotations

import pytest

from tests.support.projects import row


@pytest.fixture(scope="module")
def measured():
    pytest.importorskip("torch")
    pytest.importorskip("tensorflow")
    from headtohead.measuring.elsewhere import every
    from headtohead.measuring.measure import measure
    from headtohead.measuring.values import Disagree

    sets = every()

    def found(**texts):
        try:
            return measure(row(**texts), sets).to_json()
        except Disagree as why:
            return {"broken": str(why)}

    return found
