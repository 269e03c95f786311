"""Guards that a record of rows says on which sets of inputs each holds, as the rows do."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from headtohead.records.form import agreement, data, measured, record
from headtohead.records.model import Agreement, CellRun, DataRecord, Measurement, OtherSets, Quantity, Record
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


RAN = Record(
    topic="a/b",
    framework="pytorch",
    label="cpu",
    date="2026-01-02",
    duration=1.0,
    device={"kind": "cpu", "name": "A", "system": "B"},
    versions={"python": "3", "numpy": "2", "torch": "2"},
    depends="c",
    cells=[CellRun("One", "d", "out")],
    guards=["namespaces", "own /proc", "Landlock", "seccomp"],
)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"guards": ["moon"]}, "no guard 'moon', or twice: there are namespaces,"),
        ({"guards": ["seccomp", "seccomp"]}, "no guard 'seccomp', or twice"),
        ({"device": RAN.device | {"name": "N" * 201}}, "the name has 201 characters, and 200 can be"),
        ({"versions": RAN.versions | {"torch": "2" * 201}}, "the torch has 201 characters"),
        (
            {"cells": [CellRun("One", "d", "x" * 32_001)]},
            "the output of 'One' has 32,001 characters, and 32,000 can be",
        ),
    ],
)
def test_a_record_holds_what_a_run_can_have_given(changed, told):
    assert record(asdict(RAN)) == RAN
    with pytest.raises(ValueError, match=told):
        record(asdict(replace(RAN, **changed)))


def test_a_guard_of_a_data_file_and_a_quantity_are_known_and_stand_once():
    with pytest.raises(ValueError, match="no guard 'moon'"):
        data(asdict(DataRecord("a", "2026-01-02", {}, ["moon"])))
    one = Quantity("loss", "float32", [], 0.0, 0.0, 0.0, 0.0)
    assert agreement(asdict(Agreement("a/b", "cpu", "c", [one]))).quantities == [one]
    with pytest.raises(ValueError, match="the quantity 'loss' stands twice"):
        agreement(asdict(Agreement("a/b", "cpu", "c", [one, one])))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"absolute": 1e300, "relative": 1e300}, "'loss' is off by 1e\\+300, and 4.433e\\+32 would agree at most"),
        ({"absolute": 2e-5, "rtol": 0.0}, "'loss' is off by 2e-05, and 1e-05 would agree at most"),
        ({"dtype": "int64", "absolute": 1.0, "rtol": 0.0, "atol": 0.0}, "is off by 1, and 0 would agree at most"),
        ({"rtol": 0.02}, "agrees within 0.02, which no proof may state"),
        ({"absolute": 1.0, "atol": 1e300}, "agrees within 1e\\+300, which no proof may state"),
    ],
)
def test_what_agrees_is_as_close_as_it_can_be(changed, told):
    one = replace(Quantity("loss", "float32", [], 1e-6, 1e-7, 1.3e-6, 1e-5), **changed)
    with pytest.raises(ValueError, match=told):
        agreement(asdict(Agreement("a/b", "cpu", "c", [one])))
    for other in (replace(one, differs="so"), replace(one, absolute=0.0, rtol=1e-7, atol=0.5)):
        assert agreement(asdict(Agreement("a/b", "cpu", "c", [other]))).quantities == [other]
    assert agreement(asdict(Agreement("a/b", "cpu", "c", [one], ["loss: off"]))).broken == ["loss: off"]
