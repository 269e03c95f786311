"""One dense layer on both sides, with its inputs and targets, for what is shown of models and of steps."""

from __future__ import annotations

from tests.reasons.frameworks import keras, layers, nn, torch
from tests.reasons.proofs import GIVEN

X, Y = GIVEN["x"], GIVEN["y"][:, :2]
x, y = torch.tensor(X), torch.tensor(Y)


def pair():
    """One model of each framework with the same weights."""
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    module = nn.Linear(4, 2)
    model.set_weights([module.weight.detach().numpy().T, module.bias.detach().numpy()])
    return model, module


def weights(module):
    return [module.weight.T, module.bias]
