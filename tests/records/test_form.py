"""Guards that a record of rows says on which sets of inputs each holds, as the rows do."""

from __future__ import annotations

import pytest

from headtohead.records.form import measured
from headtohead.records.model import Measurement, OtherSets
from tests.support.texts import AREA, ROW

SAYS = 'holds = "without ties"\nparts = ["ties"]\n'


def gave(row, **sets):
    found = Measurement([[2]], [["float32", "float32"]], 0.5, names=row.names, category="same", sets=OtherSets(**sets))
    return {row.id: found.to_json()}


def test_a_record_parts_where_its_row_says_so_and_nowhere_else(project):
    area = project.area("a", AREA + ROW + SAYS)
    (row,) = area.rows
    (found,) = measured(gave(row, held=["one row"], parted={"ties": "off by 1"}), area).values()
    assert found.sets == OtherSets(held=["one row"], parted={"ties": "off by 1"})
    for parted in ({}, {"ties": "off by 1", "float64": "off by 2"}, {"float64": "off by 2"}):
        with pytest.raises(ValueError, match="parts on other sets of inputs than its row says"):
            measured(gave(row, parted=parted), area)


@pytest.mark.parametrize(
    ("sets", "told"),
    [
        ({"held": ["tie"]}, "no set of inputs 'tie': did you mean 'ties'"),
        ({"held": ["ties"], "unrun": {"ties": "raises"}}, "a set of inputs stands twice"),
        ({"unrun": {"first": "raises"}}, "no set of inputs 'first'"),
    ],
)
def test_a_set_is_one_that_there_is_and_stands_once(project, sets, told):
    area = project.area("a", AREA + ROW)
    with pytest.raises(ValueError, match=told):
        measured(gave(area.rows[0], **sets), area)
