"""Optimizers and schedules of either framework: what one holds after each of some steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from headtohead.measuring.inputs import Walk


def steps(optimizer: Any, other: Any, given: Walk) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """What both sides hold after each of some steps."""
    start = optimizer.param_groups[0]["params"][0].detach().numpy().copy()
    return zip(walk(optimizer, start, given), walk(other, start, given))


def walk(optimizer: Any, start: np.ndarray, given: Walk) -> Iterator[np.ndarray]:
    """What one side holds after each of some steps from a start; an optimizer of PyTorch has its start already."""
    gradients = [each.astype(start.dtype) for each in given.gradients(start.shape)]
    if hasattr(optimizer, "zero_grad"):
        import torch

        leaf = optimizer.param_groups[0]["params"][0]
        for gradient in gradients:
            leaf.grad = torch.tensor(gradient)
            optimizer.step()
            yield leaf.detach().numpy().copy()
    else:
        import keras

        variable = keras.Variable(start.copy(), dtype=start.dtype.name)
        for gradient in gradients:
            optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
            yield variable.numpy()


def rates(schedule: Any, count: int) -> Iterator[np.ndarray]:
    """The learning rate at each of so many steps of one side."""
    for step in range(count):
        if hasattr(schedule, "get_last_lr"):
            yield np.asarray(schedule.get_last_lr()[0])
            schedule.optimizer.step()
            schedule.step()
        else:
            yield np.asarray(float(schedule(step)))
