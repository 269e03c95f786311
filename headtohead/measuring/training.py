"""Optimizers and schedules of either framework: what one holds after each of some steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

STEPS = 5  # of an optimizer, and of a schedule times two


def steps(optimizer: Any, other: Any, scale: float) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """What both sides hold after each of some steps, with gradients of a size."""
    start = optimizer.param_groups[0]["params"][0].detach().numpy().copy()
    return zip(walk(optimizer, start, scale), walk(other, start, scale))


def walk(optimizer: Any, start: np.ndarray, scale: float) -> Iterator[np.ndarray]:
    """What one side holds after each of some steps from a start; an optimizer of PyTorch has its start already."""
    rng = np.random.default_rng(1)
    gradients = [(scale * rng.normal(size=start.shape)).astype("float32") for _ in range(STEPS)]
    if hasattr(optimizer, "zero_grad"):
        import torch

        leaf = optimizer.param_groups[0]["params"][0]
        for gradient in gradients:
            leaf.grad = torch.tensor(gradient)
            optimizer.step()
            yield leaf.detach().numpy().copy()
    else:
        import keras

        variable = keras.Variable(start.copy())
        for gradient in gradients:
            optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
            yield variable.numpy()


def rates(schedule: Any) -> Iterator[np.ndarray]:
    """The learning rate at each of some steps of one side."""
    for step in range(2 * STEPS):
        if hasattr(schedule, "get_last_lr"):
            yield np.asarray(schedule.get_last_lr()[0])
            schedule.optimizer.step()
            schedule.step()
        else:
            yield np.asarray(float(schedule(step)))
