"""Guards mutants: each changes one thing, keeps every other line, and none is a change of what is only said."""

from __future__ import annotations

import pytest

from tests.mutate.mutants import mutants, sample

MADE = {
    "a number": ("x = f(2)", "number", "x = f(3)"),
    "a number with a point": ("x = f(0.5)", "number", "x = f(1.0)"),
    "nought": ("x = f(0.0)", "number", "x = f(1.0)"),
    "a rate by name": ("x = f(lr=0.01)", "rate", "x = f(lr=0.001)"),
    "a rate by place": ("x = keras.optimizers.Adam(0.01)", "rate", "x = keras.optimizers.Adam(0.001)"),
    "a rate by variable": ("rate = 0.01", "rate", "rate = 0.001"),
    "momentum is no rate": ("x = SGD(y, momentum=0.25)", "number", "x = SGD(y, momentum=0.5)"),
    "yes": ("x = f(bias=True)", "argument", "x = f(bias=False)"),
    "a mode by argument": ("x = Dropout(a)(b, training=True)", "mode", "x = Dropout(a)(b, training=False)"),
    "a mode by method": ("net = BatchNorm2d()\nnet.eval()", "mode", "net = BatchNorm2d()\nnet.train()"),
    "a choice": ('x = f("same")', "argument", 'x = f("valid")'),
    "an argument by name": ("x = f(y, axis=k)", "argument", "x = f(y)"),
    "a statement": ("f(x)", "statement", "pass"),
    "a statement of several lines": ("f(\n    x,\n)\ny = z", "statement", "pass\n\n\ny = z"),
    "a sum": ("x += y", "statement", "pass"),
    "what loads": ("net.load_state_dict(x)", "load", "pass"),
    "two names": ("x_train, x_test = y\nf = x_test", "exchange", "x_train, x_test = y\nf = x_train"),
    "two parts": ("x = y[:n]", "exchange", "x = y[n:]"),
    "letters of two bytes": ('x = f("é", 2)', "number", 'x = f("é", 3)'),
}
NONE = {
    "a seed": "torch.manual_seed(0)",
    "a seed by name": "x = f(random_state=0, seed=1)",
    "what is printed": 'print("a", 3, f(2))',
    "a figure": 'plt.title("sum")\naxes[0].contour(x, [0.5], colors="0.7")\nplt.show()',
    "a remark": "# sum of 2",
    "a docstring": '"""Adds 2."""',
    "a mode that nothing has": "net = Linear()  # no Dropout\nnet.eval()\nx = net(y, training=True)",
    "a place": "x = f(y, device=k)",
    "how many at a time": "x = f(y, num_workers=2)",
    "text that chooses nothing": 'x = "a text"',
    "a name that has no other": "x_train = y\nz = x_train",
}


@pytest.mark.parametrize(("text", "kind", "expected"), MADE.values(), ids=MADE)
def test_one_thing_is_changed(text, kind, expected):
    found = [mutant for mutant in mutants(text) if mutant.kind == kind]
    assert expected in [mutant.text for mutant in found]
    assert {mutant.text.count("\n") for mutant in found} == {text.count("\n")}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_what_is_only_said_or_drawn_is_left_alone(text):
    assert mutants(text) == []


def test_a_mutant_says_where_and_what():
    text = "a = 1\n\nb = f(x, axis=k)\n"
    assert [(each.line, each.what) for each in mutants(text)] == [
        (1, "1 became 2"),
        (3, "axis=k was left out of f()"),
    ]


def test_what_is_changed_twice_in_a_line_is_told_apart():
    assert [each.what for each in mutants("x = f(2, 2)\ny = 2\n")] == [
        "2 became 3",
        "2 became 3, place 2",
        "2 became 3",
    ]


def test_a_sample_is_the_same_for_a_seed_and_has_each_kind_first():
    found = mutants("a = 1, 2, 3, 4, 5, 6\nf(a)\nnet.load_state_dict(a)\nb = a[:c]\n")
    assert sample(found, 4, "0") == sample(found, 4, "0")
    assert {each.kind for each in sample(found, 4, "1")} == {"number", "statement", "load", "exchange"}
    assert len({tuple(sample(found, 5, str(seed))) for seed in range(20)}) > 1
    assert len(sample(found, 100, "0")) == len(found)
