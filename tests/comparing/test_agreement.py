"""Guards what it means that two arrays agree: shapes, dtypes, NaN, infinity, and the tolerances of torch itself."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict

import numpy as np
import pytest

from headtohead.comparing.agreement import MOST, agree, compare, moved, over_seeds
from headtohead.errors import Problem
from headtohead.records import freshness
from tests.support.records import ran
from tests.support.texts import LEFT, RIGHT, SVG

INF, NAN = np.inf, np.nan
BIG = 2**53  # from here on not every whole number is a float


def f32(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


# Each: PyTorch's array and TensorFlow's.
AGREE = {
    "equal": (f32(1, 2), f32(1, 2)),
    "within tolerance": (f32(1), f32(1 + 1e-6)),
    "small and within": (f32(0), f32(9e-6)),
    "nan": (f32(NAN, 1), f32(NAN, 1)),
    "infinite": (f32(INF, -INF), f32(INF, -INF)),
    "empty": (f32(), f32()),
    "empty matrices": (np.zeros((0, 3)), np.zeros((0, 3))),
    "scalars": (np.float32(1), np.float32(1)),
    "python numbers": (np.asarray(1.5), np.asarray(1.5)),
    "whole numbers": (np.array([BIG + 1]), np.array([BIG + 1])),
    "booleans": (np.array([True, False]), np.array([True, False])),
    "strings": (np.array(["a", "b"]), np.array(["a", "b"])),
    "bytes": (np.array([b"a"]), np.array([b"a"])),
    "complex": (np.array([1 + 2j], np.complex64), np.array([1 + 2.000001j], np.complex64)),
    "complex nan": (np.array([complex(NAN, 1)]), np.array([complex(NAN, 1)])),
    "half": (np.array([1], np.float16), np.array([1.001], np.float16)),
}
DISAGREE = {
    "too far": (f32(1, 2), f32(1, 2.001)),
    "nan on the left": (f32(NAN), f32(1)),
    "nan on the right": (f32(1), f32(NAN)),
    "nan and infinity": (f32(NAN), f32(INF)),
    "infinity on the left": (f32(INF), f32(1)),
    "infinity on the right": (f32(1), f32(INF)),
    "infinities": (f32(INF), f32(-INF)),
    "whole numbers": (np.array([1, 2]), np.array([1, 3])),
    "large whole numbers": (np.array([BIG]), np.array([BIG + 1])),
    "large unsigned numbers": (np.array([2**64 - 1], np.uint64), np.array([2**64 - 2], np.uint64)),
    "booleans": (np.array([True]), np.array([False])),
    "strings": (np.array(["a", "b"]), np.array(["a", "c"])),
    "scalars": (np.float32(1), np.float32(2)),
    "complex": (np.array([1 + 2j]), np.array([1 - 2j])),
    "shapes": (f32(1, 2), f32(1, 2).reshape(1, 2)),
    "a scalar and a vector": (np.float32(1), f32(1)),
    "dtypes": (f32(1), np.array([1.0])),
    "signedness": (np.array([1], np.int32), np.array([1], np.uint32)),
    "lengths of strings": (np.array(["a"]), np.array(["ab"])),
    "half": (np.array([1], np.float16), np.array([1.01], np.float16)),
}


@pytest.mark.parametrize(("one", "other"), AGREE.values(), ids=AGREE)
def test_these_agree(one, other):
    row, broken = compare("sum", np.asarray(one), np.asarray(other))
    assert broken is None
    assert (row.dtype, row.shape) == (str(one.dtype), list(one.shape))
    json.dumps(asdict(row), allow_nan=False)


@pytest.mark.parametrize(("one", "other"), DISAGREE.values(), ids=DISAGREE)
def test_these_do_not_agree(one, other):
    row, broken = compare("sum", np.asarray(one), np.asarray(other))
    assert broken.startswith("sum")
    json.dumps(asdict(row), allow_nan=False)
    # The same pair documented as a difference holds, and only then.
    assert compare("sum", np.asarray(one), np.asarray(other), differs="so it is")[1] is None


@pytest.mark.parametrize(("one", "other"), AGREE.values(), ids=AGREE)
def test_a_documented_difference_that_is_gone_is_broken(one, other):
    _, broken = compare("sum", np.asarray(one), np.asarray(other), differs="so it was")
    assert broken == "sum: documented to differ (so it was), but both give the same"


PAIRS = [*AGREE.values(), *DISAGREE.values()]
IN_TORCH = [(one, other) for one, other in PAIRS if not {one.dtype.kind, other.dtype.kind} & set("uSU")]


@pytest.mark.parametrize(("one", "other"), IN_TORCH)
def test_torch_judges_alike(one, other):
    """The same verdict as torch.testing.assert_close, wherever torch has the dtype."""
    torch = pytest.importorskip("torch", reason="torch is not installed, and it is the judge here")
    tensors = [torch.from_numpy(np.asarray(side)) for side in (one, other)]
    try:
        torch.testing.assert_close(*tensors, equal_nan=True)
        agrees = True
    except AssertionError:
        agrees = False
    assert (compare("sum", np.asarray(one), np.asarray(other))[1] is None) is agrees


@pytest.mark.parametrize(("off", "holds"), [(0.9, True), (1.1, False)])
@pytest.mark.parametrize("value", [0.0, 1.0, -1000.0])
def test_the_edge_is_where_the_formula_says(value, off, holds):
    rtol, atol = 1e-3, 1e-4
    one, other = np.array([value + off * (atol + rtol * abs(value))]), np.array([value])
    assert (compare("sum", one, other, rtol=rtol, atol=atol)[1] is None) is holds


def test_whole_numbers_know_no_tolerance():
    row, broken = compare("sum", np.array([1]), np.array([2]), rtol=1.0, atol=1.0)
    assert broken
    assert (row.rtol, row.atol) == (0, 0)


def test_a_row_says_how_far_apart_and_a_line_says_where():
    row, broken = compare("sum", np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 2.0], [2.5, 0.0]]))
    assert (row.absolute, row.relative) == (4.0, 0.2)
    assert broken.startswith("sum at [1, 1]: PyTorch 4, TensorFlow 0, off by 4, allowed 1e-07 + 1e-07 ")
    assert compare("sum", np.float64(1), np.float64(2))[1].startswith("sum: PyTorch 1, TensorFlow 2, off by 1, ")
    assert "float32 (2,) in PyTorch, float64 (1,) in" in compare("sum", f32(1, 2), np.array([1.0]))[1]


# A whole topic ---------------------------------------------------------------------------------


def proved(project, one: dict, other: dict, constants: str = ""):
    """A topic with a proof, and the arrays that each side wrote."""
    proof = f'"""Same sums."""\n{constants}\n'
    found = project.small({"in_pytorch.py": LEFT, "in_tensorflow.py": RIGHT, "parity.py": proof})
    store = project.store
    for program, arrays in zip(found.programs.values(), (one, other)):
        record = ran(program, drawn=SVG)
        buffer = io.BytesIO()
        np.savez(buffer, **arrays)
        store.write(record, {record.arrays: buffer.getvalue()} | {record.cells[-1].figures[0]: SVG.encode()})
    return found, store


def test_a_proof_states_tolerance_and_differences(project):
    one, other = {"a": f32(1), "b": f32(1)}, {"a": f32(1.01), "b": f32(2)}
    assert len(agree(*proved(project, one, other), "cpu").broken) == 2
    found, store = proved(project, one, other, 'RTOL = ATOL = 0.01\nDIFFERENT = {"b": "so it is"}')
    agreement = agree(found, store, "cpu")
    assert agreement.broken == []
    assert [(row.name, row.rtol, row.differs) for row in agreement.quantities] == [
        ("a", 0.01, None),
        ("b", 0.01, "so it is"),
    ]
    store.write_agreement(agreement)
    assert freshness.agreement(store, found) == agreement


@pytest.mark.parametrize(
    ("one", "other", "constants", "what"),
    [
        ({"a": f32(1)}, {"b": f32(1)}, "", "the sides return different quantities: a, b"),
        ({"a": f32(1), "b": f32(1)}, {"b": f32(1), "a": f32(1)}, "", "different quantities: their order"),
        ({"a": f32(1)}, {"a": f32(1)}, 'DIFFERENT = {"b": "so it is"}', "DIFFERENT names what no side returns: b"),
    ],
)
def test_sides_that_do_not_match_are_a_problem_of_the_proof(project, one, other, constants, what):
    with pytest.raises(Problem, match=r"^snippets/a/b/parity\.py: ") as caught:
        agree(*proved(project, one, other, constants), "cpu")
    assert what in caught.value.what


# Each: what both sides return, and what is said of it.
NOTHING = {
    "no quantity": ({}, "a proof of nothing: no quantity is compared; return what both sides have to agree in, or say"),
    "no element": (
        {"a": f32(1), "b": np.zeros((0, 3))},
        "a proof of nothing: 'b' has no element in PyTorch, shape (0, 3)",
    ),
    "no name": ({" ": f32(1)}, "a quantity called ' '; give it a name of one line"),
    "a name of two lines": ({"a\nb": f32(1)}, "a quantity called 'a\\nb'; give it a name of one line"),
    "a name that reads otherwise": ({"a\u202eb": f32(1)}, "a quantity called 'a\\u202eb'"),
    "a long name": ({"a" * 201: f32(1)}, "a quantity called 'aaa"),
}


@pytest.mark.parametrize(("arrays", "told"), NOTHING.values(), ids=NOTHING)
def test_a_proof_of_nothing_is_no_proof(project, arrays, told):
    with pytest.raises(Problem, match=r"^snippets/a/b/parity\.py: ") as caught:
        agree(*proved(project, arrays, arrays), "cpu")
    assert told in str(caught.value)
    assert str(caught.value).isprintable()


def member(header: str) -> bytes:
    """A file of arrays with this header of one of them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("a.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode("latin-1"))
    return buffer.getvalue()


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.npy", b"\0" * (MOST + 1))
    return buffer.getvalue()


def pickled() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, a=np.array([{}], dtype=object))
    return buffer.getvalue()


HOSTILE = {
    "nothing": b"",
    "no archive": b"PK\x03\x04" + b"\0" * 40,
    "half of one": member("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }\n")[:-30],
    "no header": member(""),
    "a header that is no Python": member("{{{\n"),
    "a header that calls": member("__import__('os').abort()\n"),
    "a huge shape": member("{'descr': '<f8', 'fortran_order': False, 'shape': (10000000000000,), }\n"),
    "a shape below 0": member("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }\n"),
    "a shape that is none": member("{'descr': '<f8', 'fortran_order': False, 'shape': 'a', }\n"),
    "a dtype that is none": member("{'descr': '<q99', 'fortran_order': False, 'shape': (1,), }\n"),
    "objects": pickled(),
    "a giant, packed": bomb(),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_file_of_arrays_is_told(project, data):
    found, store = proved(project, {"a": f32(1)}, {"a": f32(1)})
    record = ran(found.programs["pytorch"])
    store.write(record, {record.arrays: data})
    with pytest.raises(Problem, match=r"^records/cpu/a/b/pytorch-cpu\.npz: no file of arrays: ") as caught:
        agree(found, store, "cpu")
    assert str(caught.value).isprintable()
    assert caught.value.remedy


def test_arrays_that_were_changed_are_not_compared(project):
    found, store = proved(project, {"a": f32(1)}, {"a": f32(1)})
    path = store.path("a/b", "pytorch").with_name("pytorch-cpu.npz")
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(Problem, match="not the file that was recorded"):
        agree(found, store, "cpu")


def test_a_side_without_arrays_is_a_problem_with_a_command(project):
    found, store = proved(project, {"a": f32(1)}, {"a": f32(1)})
    record = ran(found.programs["pytorch"])
    record.arrays = None
    store.write(record, {})
    with pytest.raises(Problem, match=r"PyTorch wrote no arrays; run 'nox -s verify -- a/b'"):
        agree(found, store, "cpu")


def packed(**given) -> bytes:
    out = io.BytesIO()
    np.savez(out, **given)
    return out.getvalue()


NO_ARRAYS = {
    "nothing": b"",
    "no archive": b"PK",
    "one array": b"\x93NUMPY\x01\x00",
    "half of it": packed(a=f32(1))[:-40],
    "other bytes within": packed(a=f32(1)).replace(b"NUMPY", b"LUMPY"),
    "more than there is room for": packed(a=f32(1)).replace(b"(1,), }", b"(9999999999999,), }"),
    "objects": packed(a=np.array([{}], object)),
    "days": packed(a=np.array(["2026-01-01"], "datetime64[D]")),
    "records": packed(a=np.zeros(1, [("x", "f4")])),
}


@pytest.mark.parametrize("data", NO_ARRAYS.values(), ids=NO_ARRAYS)
def test_a_sealed_file_of_no_arrays_is_a_problem_with_a_command(project, tmp_path, data):
    found, store = proved(project, {"a": f32(1)}, {"a": f32(1)})
    record = ran(found.programs["pytorch"])
    store.write(record, {record.arrays: data})
    said = r"^records/cpu/a/b/pytorch-cpu\.npz: no file of arrays: .*; run 'nox -s verify -- --all a/b'$"
    with pytest.raises(Problem, match=said):
        agree(found, store, "cpu")
    (tmp_path / "old.npz").write_bytes(data)
    assert moved(found, tmp_path / "old.npz", packed(a=f32(1))) == ["a"]


def test_a_quantity_that_is_new_has_moved(project, tmp_path):
    (tmp_path / "old.npz").write_bytes(packed(a=f32(1)))
    assert moved(project.small(), tmp_path / "old.npz", packed(a=f32(1), b=f32(1))) == ["b"]


# Over several seeds ----------------------------------------------------------------------------


def test_means_that_are_close_agree(project):
    found, records = project.scored([0.8, 0.9], [0.85, 0.95])
    row, broken = over_seeds(found, "score", *records)
    assert row.absolute == pytest.approx(0.05)
    assert (row.atol, row.rtol, broken) == (0.1, 0.0, [])


@pytest.mark.parametrize("noted", [{}, {"score": []}, {"score": [0.8]}, {"score": [0.8], "baseline": [0.5, 0.5]}])
def test_scores_that_were_not_noted_are_told(project, noted):
    found, (left, right) = project.scored([0.8, 0.9], [0.85, 0.95])
    right.seeds = noted
    with pytest.raises(
        Problem, match=r"parity.py: TensorFlow has \d values of score and \d of baseline; run 'nox -s ver"
    ):
        over_seeds(found, "score", left, right)


@pytest.mark.parametrize(
    ("left", "right", "rule", "told"),
    [
        ([0.8, 0.9], [0.6, 0.7], "{'within': 0.1, 'above': 'baseline'}", "off by 0.2, allowed 0.1"),
        ([0.8, float("nan")], [0.8, 0.9], "{'within': 0.1, 'above': 'baseline'}", "off by nan"),
        ([0.8, 0.8], [0.8, 0.9], "{'within': 0.1, 'above': 'baseline'}", "the same with each seed in PyTorch"),
        (
            [0.8, 0.9],
            [0.99, 0.5],
            "{'within': 0.2, 'above': 'baseline'}",
            "raised by 1: 0.5 in TensorFlow, which is not",
        ),
        (
            [0.4, 0.6],
            [0.4, 0.3],
            "{'within': 0.2, 'below': 'baseline'}",
            "raised by 1: 0.6 in PyTorch, which is not below",
        ),
    ],
)
def test_what_does_not_agree_is_told(project, left, right, rule, told):
    found, records = project.scored(left, right, rule)
    _, broken = over_seeds(found, "score", *records)
    assert len(broken) == 1 or "nan" in told
    assert told in broken[0]
