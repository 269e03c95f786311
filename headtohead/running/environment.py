"""The environment variables of what runs: the same for each, and nothing of the person at the keyboard."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from headtohead.content import settings

# What it takes of the surroundings in which the command was given: where things are on this machine, and which kernels
# TensorFlow takes, without which the same machine could not be tried as another one. No setting of a person, no token.
PROJECT = Path(__file__).resolve().parents[2]
KEPT = ("PATH", "LD_LIBRARY_PATH", "CUDA_HOME", "TF_ENABLE_ONEDNN_OPTS")


def environment(cache: Path, kind: str, surroundings: Mapping[str, str | None] = {}) -> dict[str, str]:
    """The same surroundings for every program: one thread each, nobody's personal settings.

    Args:
        cache: A folder that may outlive the run.
        kind: `cpu` or `cuda`.
        surroundings: What is to be otherwise, by the name of the variable; None takes it away.
    """
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment = kept | settings.EVERYWHERE
    environment |= {
        "HOME": str(cache),
        "MPLBACKEND": "module://figure_backend",
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "PYTHONPATH": str(PROJECT),
        "TORCHINDUCTOR_CACHE_DIR": str(cache / "inductor"),
    }
    if kind == "cpu":
        environment |= settings.ON_A_CPU
    elif "CUDA_VISIBLE_DEVICES" in os.environ:
        environment["CUDA_VISIBLE_DEVICES"] = os.environ["CUDA_VISIBLE_DEVICES"]
    whole = environment | surroundings
    return {name: value for name, value in whole.items() if value is not None}
