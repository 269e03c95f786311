"""Guards that every reason of the API map is proved or says that it is by hand, and that all it names is there."""

from __future__ import annotations

import ast
import builtins
import functools
import importlib
import inspect
import re
from pathlib import Path

import pytest
import scipy.optimize
import sklearn.isotonic
from torch.utils.tensorboard import SummaryWriter

from headtohead.content.expressions import ROOTS
from headtohead.content.rows import areas
from headtohead.measuring.exports import there
from tests.reasons.frameworks import keras, tf, torch
from tests.reasons.proofs import BY_HAND, ELSEWHERE, PROVED, REASONS, code
from tests.support.repository import ROOT

HERE = sorted(Path(__file__).parent.glob("test_*.py"))
# What a short name in a reason is an object or a module of.
OBJECTS = {
    "model": "torch.nn.Module keras.Model keras.Sequential",
    "module": "torch.nn.Module",
    "layer": "keras.layers.Dense keras.layers.Embedding keras.Layer",
    "optimizer": "torch.optim.Optimizer torch.optim.Adam keras.optimizers.Optimizer",
    "self": "keras.Layer torch.nn.Module",
    "tape": "tf.GradientTape",
    "x": "torch.Tensor",
    "p": "torch.Tensor",
    "t": "torch.Tensor",
    "a": "torch.Tensor tf.data.Dataset",
    "v": "torch.Tensor",
    "loss": "torch.Tensor",
    "target": "torch.Tensor",
    "ctx": "torch.autograd.function.FunctionCtx",
}
PYTHON = (
    "PIL.Image",
    "copy",
    "csv",
    "functools",
    "functorch.dim",
    "hashlib",
    "itertools",
    "logging",
    "numpy",
    "random",
)
PYTHON += ("scipy.optimize", "scipy.special", "sklearn.isotonic", "tensorflow_probability", "tf2onnx", "threading")
PYTHON += ("time", "warnings", "zlib")
ALIASES = {"np": "numpy", "tfp": "tensorflow_probability"}
# Where a name without a place may be of: these, and the arguments of what follows.
PLACES = (
    torch.nn, torch.nn.functional, torch.nn.init, torch.nn.utils, torch.Tensor, torch.nn.Module, torch.utils.data,
    torch.optim.Optimizer, torch.optim.lr_scheduler, torch.optim.swa_utils, torch.distributions, torch.nn.parallel,
    torch.distributions.Distribution, SummaryWriter, keras.layers, keras.losses, keras.initializers, keras.Model,
    keras.optimizers.schedules, keras.Layer, keras.optimizers.Optimizer, tf.data.Dataset, tf.distribute, tf.math,
    tf.signal, builtins,
)  # fmt: skip
TAKEN = (
    torch.nn.functional.interpolate, torch.nn.functional.pad, torch.nn.Upsample, torch.topk, torch.linalg.matrix_norm,
    torch.linalg.solve_triangular, torch.autograd.grad, torch.utils.data.DataLoader, torch.export.export,
    torch.utils.checkpoint.checkpoint, torch.accelerator.current_accelerator, torch.nn.LinearCrossEntropyLoss,
    keras.layers.Dense, keras.layers.Embedding, keras.layers.Conv2D, keras.layers.Dropout.call, keras.Layer.add_weight,
    keras.Model.compile, keras.Model.export, keras.losses.SparseCategoricalCrossentropy, keras.optimizers.Adam,
    keras.callbacks.EarlyStopping, keras.optimizers.schedules.CosineDecay, keras.ops.dot_product_attention,
    tf.function, tf.quantization.quantize, tf.nn.ctc_loss, scipy.optimize.minimize,
    sklearn.isotonic.isotonic_regression,
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def proofs():
    for path in HERE:
        importlib.import_module(f"tests.reasons.{path.stem}")


def of_package(dotted):
    """Whether an installed package, or a module of Python's, has a dotted name."""
    root = next((each for each in PYTHON if f"{dotted}.".startswith(f"{each}.")), None)
    found = importlib.import_module(root) if root else None
    for part in dotted.removeprefix(root or "").strip(".").split("."):
        found = getattr(found, part, None) if part and found is not None else found
    return found is not None


@functools.cache
def taken():
    """The arguments of what reasons call with one; of what is written in C++, by its documentation."""
    found = set()
    for call in TAKEN:
        try:
            found |= set(inspect.signature(call).parameters)
        except ValueError:
            found |= set(re.findall(r"(\w+)[=,)]", (inspect.getdoc(call) or "").partition(" -> ")[0]))
    return found


def known(name):
    """Whether there is what looks like code in a reason."""
    first, _, rest = name.partition(".")
    if first in ELSEWHERE or name in NAMED:
        return True
    if first in ROOTS and there(f"{ROOTS[first]}.{rest}" if rest else ROOTS[first]):
        return True
    if rest and first in OBJECTS:
        return any(there(f"{owner}.{rest}") for owner in OBJECTS[first].split())
    if rest:
        return of_package(f"{ALIASES.get(first, first)}.{rest}")
    return name in taken() or any(hasattr(place, name) for place in PLACES)


# What is neither of a framework nor of a package that is installed: variables of a line, and a name of JAX'.
NAMED = {"jnp.vectorize", "self.name", "array.tobytes", "zero_point", "state_dicts", "equalize_clahe"}
NAMED |= {
    "CircleLoss",
    "cell",
    "optimizer.state",
    "function",
    "norm",
    "brightness",
    "contrast",
    "saturation",
    "hue",
    "shear",
    "translate",
}


def test_what_a_note_or_a_reason_names_is_there():
    texts = {f"{row.where}:{row.line}": f"{row.note} {row.holds}" for area in areas(ROOT) for row in area.rows}
    name = re.compile(rf"(?<![\w./-])(?:{'|'.join(ROOTS)})(?:\.[A-Za-z_]\w*)+")
    found = {each: where for where, text in (texts | REASONS).items() for each in name.findall(text)}
    found |= {each: name for name, why in REASONS.items() for each in code(why)}
    assert len(found) > 450
    assert {each: where for each, where in found.items() if not known(each)} == {}
    for wrong in ("torch.nn.no_such", "model.no_such", "no_such_argument", "NoSuchLayer", "np.no_such", "F.no_such"):
        assert not known(wrong)


def test_every_reason_is_proved_or_says_that_it_is_by_hand():
    said = {name for name, why in REASONS.items() if BY_HAND in why}
    assert {name for name in REASONS if name not in PROVED and name not in said} == set()
    assert set(PROVED) <= set(REASONS)
    assert len(PROVED) > 650
    assert len(said) < 130


def test_what_other_packages_have_is_by_hand():
    for name, why in REASONS.items():
        assert BY_HAND in why or not [each for each in code(why) if each.partition(".")[0] in ELSEWHERE], name


def test_a_reason_is_by_hand_in_one_form_of_words():
    found = re.compile(r"by hand", re.IGNORECASE)
    for name, why in REASONS.items():
        assert len(found.findall(why)) == why.count(BY_HAND), name


def test_a_name_has_its_reason_once():
    names = [name for area in areas(ROOT) for name in area.only]
    assert len(names) == len(set(names))


def test_a_page_that_a_reason_points_to_is_there():
    names = {path.stem.replace("_", " ").capitalize() for path in (ROOT / "docs").rglob("*.md")}
    pointed = {each for why in REASONS.values() for each in re.findall(r"see ([A-Z][\w ]+)", why)}
    assert {"Export", "Porting weights"} <= pointed <= names


@pytest.mark.parametrize("path", HERE, ids=lambda path: path.stem)
def test_a_proof_asserts(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            inner = list(ast.walk(node))
            called = {getattr(each.func, "id", "") for each in inner if isinstance(each, ast.Call)}
            assert "same" in called or any(isinstance(each, ast.Assert) for each in inner), node.name
