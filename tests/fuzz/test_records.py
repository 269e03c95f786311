"""Records: any bytes in their place, and sealed ones that hold something else than they should."""

from __future__ import annotations

import dataclasses
import json
import types
import typing

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from headtohead.content import differences, rows
from headtohead.errors import Problem
from headtohead.records import freshness, mutants, pairs, sealed
from headtohead.records.changes import same_text
from headtohead.records.model import Measurement
from headtohead.records.store import Store
from tests.fuzz.properties import outcome
from tests.fuzz.strategies import VALUES, contents, files, real
from tests.fuzz.words import ODD
from tests.support.repository import ROOT, STORE
from tests.support.texts import SVG

WORDS = [
    "null",
    "[]",
    "{}",
    '"seal"',
    '"cells"',
    "NaN",
    "Infinity",
    "-",
    "1e999",
    '"\\ud800"',
    "[" * 2000,
    '{"a":' * 2000,
]
DATA = {
    folder: [(STORE.data_path(folder, name)).read_text(encoding="utf-8")]
    for folder, name in ((rows.FOLDER, "fft"), (differences.FOLDER, "runtime"))
}


PAIR = {
    "date": "2026-11-30",
    "versions": {"python": "3.11.7", "torch": "1.0", "tensorflow": "2.0", "keras": "3.0", "numpy": "2.1"},
    "ran": {"api/a": {"b": "c", "d": "e"}, "differences/a": {"f": "g"}},
    "fell": {"api/a": {"b": {"how": "parts", "what": "off by 1", "side": ""}}},
}


# Of two programs: a file of all is too long to be changed a thousand times.
MUTANTS = {"programs": dict(list(json.loads(Store(ROOT).mutants_path().read_text())["programs"].items())[:2])}


def plain(text: str) -> dict[str, typing.Any]:
    content = json.loads(text)
    content.pop("seal", None)
    return content


@pytest.fixture(scope="module")
def kept(place):
    """The topic in small with its records, a record a form: by name, where it lies, what it holds, how it is read."""
    found = place.small()
    store = place.settle(found, drawn=SVG)
    program = found.programs["pytorch"]
    place.write({f"{folder}/a.toml": "" for folder in DATA})
    return {
        "record": (store.path("a/b", "pytorch"), lambda: store.read("a/b", "pytorch")),
        "fresh": (store.path("a/b", "pytorch"), lambda: freshness.program(store, program)),
        "agreement": (store.agreement_path("a/b"), lambda: store.read_agreement("a/b")),
        "mutants": (store.mutants_path(), lambda: mutants.read(store)),
        "failure": (store.path("a/b", "pytorch").with_suffix(".failed"), lambda: store.read_failure(program, "cpu")),
        "pair": (store.data_path(pairs.FOLDER, pairs.name_of(PAIR["versions"])), lambda: pairs.pairs(store)),
        **{
            folder: (store.data_path(folder, "a"), lambda folder=folder: store.read_data(folder, "a"))
            for folder in DATA
        },
    }


@pytest.fixture
def whole(kept):
    """Puts what lay there back."""
    before = {path: path.read_bytes() if path.exists() else None for path, _ in kept.values()}
    yield kept
    for path, data in before.items():
        path.unlink(missing_ok=True)
        if data is not None:
            path.write_bytes(data)


@given(
    kind=st.sampled_from(["record", "fresh", "agreement", "mutants", "failure", "pair", *DATA]),
    data=files(real("records/cpu/basics/tensors/*.json", "records/cpu/differences/runtime.json"), WORDS),
)
@example(kind="record", data=b"[" * 100_000)
@example(kind="failure", data=b"[" * 100_000)
@example(kind="failure", data=b'{"depends": 5, "failure": []}')
@example(kind="record", data=b'{"seal": 5}')
def test_any_bytes(whole, kind, data):
    path, read = whole[kind]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    outcome(read)


@given(
    content=contents([plain(text) for text in real("records/cpu/basics/tensors/*.json")]),
    kind=st.sampled_from(["record", "agreement"]),
)
def test_a_record_of_another_form_is_none(whole, content, kind):
    path, read = whole[kind]
    sealed.write(path, content) if isinstance(content, dict) else path.write_text("5")
    found = outcome(read)
    if not isinstance(found, Problem):
        assert_typed(found)


@given(content=contents([MUTANTS]))
def test_what_is_kept_of_mutants(whole, content):
    path, read = whole["mutants"]
    sealed.write(path, content) if isinstance(content, dict) else path.write_text("5")
    found = outcome(read)
    for each in found.values() if isinstance(found, dict) else ():
        assert_typed(each)


@given(content=contents([plain(text) for texts in DATA.values() for text in texts]), folder=st.sampled_from(list(DATA)))
def test_the_record_of_a_data_file(whole, content, folder):
    path, read = whole[folder]
    path.parent.mkdir(parents=True, exist_ok=True)
    sealed.write(path, content)
    outcome(read)


@given(content=contents([PAIR]))
def test_a_pair(whole, content):
    path, read = whole["pair"]
    path.parent.mkdir(parents=True, exist_ok=True)
    sealed.write(path, content) if isinstance(content, dict) else path.write_text("5")
    found = outcome(read)
    for pair in [] if isinstance(found, Problem) else found:
        assert_typed(pair)
        assert all(set(fell) <= set(pair.ran[key]) for key, fell in pair.fell.items())


def assert_typed(value: typing.Any) -> None:
    """Asserts that a data class holds what it states, with all in it."""
    for name, stated in typing.get_type_hints(type(value)).items():
        assert is_of(getattr(value, name), stated), f"{name} is {getattr(value, name)!r}, not {stated}"


def is_of(value: typing.Any, stated: typing.Any) -> bool:
    origin, inner = typing.get_origin(stated), typing.get_args(stated)
    if origin in (types.UnionType, typing.Union):
        return any(is_of(value, each) for each in inner)
    if origin is list:
        return isinstance(value, list) and all(is_of(each, inner[0]) for each in value)
    if origin is dict:
        return isinstance(value, dict) and all(is_of(k, inner[0]) and is_of(v, inner[1]) for k, v in value.items())
    if dataclasses.is_dataclass(stated):
        return isinstance(value, stated) and (assert_typed(value) is None)
    if stated is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, stated) and (stated is bool or not isinstance(value, bool))


@given(
    content=st.one_of(
        VALUES,
        st.fixed_dictionaries({}, optional=dict.fromkeys(("shape", "gradient", "edges", "sets", "absolute"), VALUES)),
    )
)
def test_a_measurement(content):
    def read() -> object:
        try:
            return Measurement.from_json(content)
        except (
            TypeError,
            KeyError,
            AttributeError,
        ) as error:  # whoever reads a record makes it a problem with its file
            return error

    outcome(read)


NUMBERS = st.lists(
    st.one_of(st.sampled_from([*ODD, "1.5", "-2.", ".5e3", "1e400", "nan", "0.1.2"]), st.text(max_size=3))
)


@given(one=NUMBERS.map("".join), other=NUMBERS.map("".join))
@example(one="1." + "0" * 20_000, other="1." + "1" * 20_000)
@example(one="." * 20_000, other="." * 19_999)
@example(one="1e" * 9_000, other="1e" * 9_001)
def test_two_outputs(one, other):
    assert outcome(lambda: same_text(one, one)) is True
    assert outcome(lambda: same_text(one, other)) in (True, False)
