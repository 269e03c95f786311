"""Guards how rows and differences run on other releases: each to its end, what fell named, what has run left alone."""

from __future__ import annotations

import io

import pytest

from headtohead.errors import Problem
from headtohead.records import pairs as kept
from headtohead.records.pairs import Fall
from headtohead.running import pairs
from tests.support.texts import AREA, DIFFERENCE, GROUP, ROW

VERSIONS = {"python": "3.11.7", "torch": "2.12.1", "tensorflow": "2.19.1", "keras": "3.13.2", "numpy": "2.1.3"}


@pytest.fixture
def older(monkeypatch):
    """The releases that seem to be installed."""
    versions = dict(VERSIONS)
    monkeypatch.setattr(pairs, "installed", lambda: dict(versions))
    return versions


def differs(name: str, before: str, after: str) -> str:
    return DIFFERENCE.replace('"one"', f'"{name}"').replace(before, after)


def test_each_runs_to_its_end_and_says_how_it_fell(project, older):
    missing = ROW.replace("torch.abs", "torch.no_such")
    refused = ROW.replace("ops.abs(x)", "ops.abs(x, no_such=1)")
    parts = ROW.replace("ops.abs", "ops.negative")
    dies = ROW.replace("torch.abs(x)", "torch.abs(x) + [torch][0].os._exit(3)")
    project.area("a", AREA + ROW + missing + refused + parts)
    project.area("b", AREA + ROW + dies + ROW.replace("abs", "sin"))
    gone = differs("gone", 'tensorflow = "print(2)"', 'tensorflow = "print(1)"')
    lacks = differs("lacks", '"print(1)"', '"print(math.no_such)"')
    warns = differs("warns", '"print(1)"', '''"""print(__import__('warnings').warn('be careful'))"""''')
    raises = differs("raises", 'fixed = "print(2)"', 'fixed = "print(1 / 0)"')
    project.group("a", GROUP + DIFFERENCE + gone + lacks + warns + raises)
    pair = pairs.run(project.store, [], out=io.StringIO())
    assert pair == kept.read(project.store, "torch-2.12.1-tensorflow-2.19.1")
    assert {key: len(ran) for key, ran in pair.ran.items()} == {"api/a": 4, "api/b": 3, "differences/a": 5}
    rows, others, entries = pair.fell["api/a"], pair.fell["api/b"], pair.fell["differences/a"]
    assert rows["torch-no-such--keras-ops-abs"] == Fall("missing", "torch.no_such is not there", "pytorch")
    assert (rows["torch-abs--keras-ops-abs-2"].how, rows["torch-abs--keras-ops-abs-2"].side) == (
        "refused",
        "tensorflow",
    )
    assert (rows["torch-abs--keras-ops-negative"].how, rows["torch-abs--keras-ops-negative"].side) == ("parts", "")
    assert {each.how for each in others.values()} == {"unrun"}
    assert list(others) == ["torch-abs--keras-ops-abs-2", "torch-sin--keras-ops-sin"]
    assert {name: (each.how, each.side) for name, each in entries.items()} == {
        "gone": ("parts", ""),
        "lacks": ("missing", "pytorch"),
        "raises": ("refused", "pytorch"),
        "warns": ("warns", "pytorch"),
    }
    assert "remedy" not in str(pair)
    assert "mend" not in str(pair)


def test_what_has_run_as_it_stands_is_left_alone(project, older, monkeypatch):
    ran = []

    def fared(store, todo, out):
        ran.append(list(todo))
        return [(name, {}) for name in todo]

    monkeypatch.setattr(pairs, "fared", fared)
    project.area("a", AREA + ROW)
    project.area("b", AREA + ROW)
    project.group("a", GROUP + DIFFERENCE)
    pairs.run(project.store, ["api/a"])
    pairs.run(project.store, [])
    project.area("b", AREA + ROW.replace("abs", "sin"))
    pair = pairs.run(project.store, [])
    assert ran == [["api/a"], ["api/b", "differences/a"], ["api/b"]]
    assert list(pair.ran["api/b"]) == ["torch-sin--keras-ops-sin"]
    older["numpy"] = "2.0.0"  # what ran with another one is no part of this
    assert list(pairs.run(project.store, ["api/a"]).ran) == ["api/a"]
    pairs.run(project.store, ["api/a"], again=True)
    assert ran[3:] == [["api/a"], ["api/a"]]
    with pytest.raises(Problem, match=r"api/c.toml: no such area and no such group; there are api/a, "):
        pairs.run(project.store, ["api/c"])


def test_the_pinned_releases_have_records_of_their_own(project, older):
    project.area("a", AREA + ROW)
    project.pin("".join(f"{name}=={version}\n" for name, version in VERSIONS.items()))
    with pytest.raises(Problem, match="versions: the pinned releases are installed"):
        pairs.run(project.store, [])


def test_records_of_other_releases_are_no_strays(project, older, monkeypatch):
    monkeypatch.setattr(pairs, "fared", lambda store, todo, out: [(name, {}) for name in todo])
    project.topic("a/b")
    project.verify()
    project.area("a", AREA + ROW)
    pairs.run(project.store, [])
    project.verify("--check")
