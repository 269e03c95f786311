"""The two frameworks: their names in files and on pages, the packages of each, what is imported before a program."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Framework:
    """One side of a comparison.

    Attributes:
        name: The key in file names and records.
        label: The name on a page; linked tabs match on it across the whole site.
        packages: What every program of this side runs on, whatever it imports.
        warm: Modules that a fork server imports besides what the programs name.
        cold: Modules that it leaves to the programs, with all below them: they read what a program sets first.
    """

    name: str
    label: str
    packages: tuple[str, ...]
    warm: tuple[str, ...]
    cold: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        return f"in_{self.name}.py"


# torch's optimizers import torch._dynamo at their first use, a second each time. A program puts Keras on PyTorch before
# it imports Keras; torch.utils.tensorboard would, with TensorFlow, which it imports where that is installed.
FRAMEWORKS = {
    framework.name: framework
    for framework in (
        Framework(
            "pytorch",
            "PyTorch",
            ("torch", "numpy"),
            ("torch", "torch._dynamo"),
            cold=("keras", "torch.utils.tensorboard"),
        ),
        Framework("tensorflow", "TensorFlow", ("tensorflow", "keras", "numpy"), ("tensorflow", "keras")),
        Framework(
            "both",
            "Both",
            ("torch", "tensorflow", "keras", "numpy"),
            ("torch", "torch._dynamo", "tensorflow", "keras"),
        ),
    )
}
SIDES = (FRAMEWORKS["pytorch"], FRAMEWORKS["tensorflow"])
PACKAGES = FRAMEWORKS["both"].packages  # what rows and differences run on
PRIMARY = "cpu"  # the label of the device whose records every page needs; others stand beside it

# Where the name to import differs from the name to install.
DISTRIBUTIONS = {"pyro": "pyro-ppl", "skimage": "scikit-image", "sklearn": "scikit-learn"}
