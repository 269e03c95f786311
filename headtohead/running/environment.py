"""The environment variables of what runs: the same for each, and nothing of the person at the keyboard."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from headtohead.content import settings

# Settings of the person at the keyboard that would change what a program prints. Which kernels TensorFlow takes is one
# of the machine: without it the same machine could not be tried as another one.
PERSONAL = re.compile(
    r"^(PYTHON|TF_(?!ENABLE_ONEDNN_OPTS$)|KERAS_|TORCH|OMP_|MKL_|OPENBLAS_|MPL|XLA_|CUDA_VISIBLE_DEVICES$|HOME$)"
)


def environment(cache: Path, kind: str, surroundings: Mapping[str, str | None] = {}) -> dict[str, str]:
    """The same surroundings for every program: one thread each, nobody's personal settings.

    Args:
        cache: A folder that may outlive the run.
        kind: `cpu` or `cuda`.
        surroundings: What is to be otherwise, by the name of the variable; None takes it away.
    """
    kept = {name: value for name, value in os.environ.items() if not PERSONAL.match(name)}
    environment = kept | settings.EVERYWHERE
    environment |= {
        "HOME": str(cache),
        "MPLBACKEND": "module://figure_backend",
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "TORCHINDUCTOR_CACHE_DIR": str(cache / "inductor"),
    }
    if kind == "cpu":
        environment |= settings.ON_A_CPU
    elif "CUDA_VISIBLE_DEVICES" in os.environ:
        environment["CUDA_VISIBLE_DEVICES"] = os.environ["CUDA_VISIBLE_DEVICES"]
    whole = environment | surroundings
    return {name: value for name, value in whole.items() if value is not None}
