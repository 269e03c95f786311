"""Both frameworks, in the one order in which they can be imported; whoever lacks one skips what needs them."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("torch._dynamo")  # before TensorFlow, which it does not bear to come after
tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

nn, F = torch.nn, torch.nn.functional
layers, ops = keras.layers, keras.ops
