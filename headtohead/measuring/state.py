"""State: what a framework keeps for whoever comes next; by what a row leaves there, the next ones might agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from headtohead.measuring.values import Disagree


def _kept() -> dict[str, tuple[Callable[[], Any], Callable[[Any], Any]]]:
    """What is kept, by what changes it: how to ask for it, and how to put it back."""
    import keras
    import tensorflow as tf
    import torch

    config = keras.config
    return {
        "torch.set_default_dtype": (torch.get_default_dtype, torch.set_default_dtype),
        "torch.set_default_device": (torch.get_default_device, torch.set_default_device),
        "torch.set_grad_enabled": (torch.is_grad_enabled, torch.set_grad_enabled),
        "torch.set_num_threads": (torch.get_num_threads, torch.set_num_threads),
        "torch.use_deterministic_algorithms": (
            torch.are_deterministic_algorithms_enabled,
            torch.use_deterministic_algorithms,
        ),
        "keras.config.set_floatx": (config.floatx, config.set_floatx),
        "keras.config.set_epsilon": (config.epsilon, config.set_epsilon),
        "keras.config.set_dtype_policy": (lambda: config.dtype_policy().name, config.set_dtype_policy),
        "keras.config.set_image_data_format": (config.image_data_format, config.set_image_data_format),
        "tf.config.run_functions_eagerly": (tf.config.functions_run_eagerly, tf.config.run_functions_eagerly),
        "np.seterr": (np.geterr, lambda before: np.seterr(**before)),
    }


@contextmanager
def unchanged() -> Iterator[None]:
    """Raises `Disagree` where what is done within changes what a framework keeps; puts that back first."""
    kept = _kept()
    before = {name: ask() for name, (ask, _) in kept.items()}
    try:
        yield
    finally:
        changed = [name for name, (ask, _) in kept.items() if ask() != before[name]]
        for name in changed:
            kept[name][1](before[name])
    if changed:
        raise Disagree(f"leaves what {changed[0]} sets as another one for all rows after it: let it set nothing")
