"""Counts what the packages export against what the API map accounts for. Needs the frameworks.

    python -m headtohead.measuring.exports [NAMESPACE...]

prints, for each namespace, how many of its names a row, an alias or `[only]` accounts for; with namespaces named,
also those that none does.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import sys
import warnings
from pathlib import Path
from typing import Any

from headtohead.content.rows import FOLDER, Area, areas

# Namespaces whose every name has to be accounted for, and those that are counted only.
WHOLE = (
    "torch.nn",
    "torch.nn.functional",
    "torch.optim",
    "torch.optim.lr_scheduler",
    "torch.nn.init",
    "torch.linalg",
    "torch.fft",
    "keras.layers",
    "keras.losses",
    "keras.optimizers",
    "keras.optimizers.schedules",
    "keras.activations",
    "keras.initializers",
    "keras.ops",
)
COUNTED = (
    "torch",
    "torch.Tensor",
    "torch.special",
    "torch.distributions",
    "torch.utils.data",
    "keras.metrics",
    "keras.callbacks",
    "tf",
    "tf.math",
    "tf.linalg",
    "tf.signal",
    "tf.nn",
    "tf.image",
    "tf.data",
)


def resolve(name: str) -> Any:
    """The object of a full dotted name, as `tf.nn.relu`; raises `AttributeError` where there is none."""
    first, *rest = name.split(".")
    found = importlib.import_module("tensorflow" if first == "tf" else first)
    for part in rest:
        found = getattr(found, part)
    return found


def exported(namespace: str) -> list[str]:
    """The names of a namespace that a user calls: functions and classes of its own, no helpers and no modules."""
    import torch

    place = resolve(namespace)
    names = [name for name in dir(place) if not name.startswith("_")]
    found = {name: getattr(place, name, None) for name in names}
    found = {name: each for name, each in found.items() if callable(each) and not inspect.ismodule(each)}
    if namespace == "torch":
        overridable = {getattr(each, "__name__", "") for each in torch.overrides.get_overridable_functions()[torch]}
        return sorted(name for name in found if name in overridable)
    if namespace == "torch.Tensor":
        return sorted(
            name
            for name in found
            if not (callable(getattr(torch, name, None)) or name.endswith("_") or hasattr(torch.nn.functional, name))
        )
    if namespace == "torch.nn":
        return sorted(name for name, each in found.items() if inspect.isclass(each))
    if namespace in ("torch.optim", "torch.distributions"):
        return sorted(name for name, each in found.items() if inspect.isclass(each))
    if namespace in (
        "torch.nn.init",
        "torch.optim.lr_scheduler",
        "torch.utils.data",
        "torch.fft",
        "torch.linalg",
        "torch.special",
    ):
        listed = getattr(place, "__all__", None)
        return sorted(name for name in found if not listed or name in listed)
    return sorted(found)


def accounted(found: list[Area]) -> dict[str, str]:
    """What accounts for a name: `row`, `alias` or `only`, by full name."""
    said: dict[str, str] = {}
    for area in found:
        said |= dict.fromkeys(area.only, "only") | dict.fromkeys(area.alias, "alias")
    for area in found:
        for row in area.rows:
            said |= dict.fromkeys(row.names.values(), "row")
            # A row of a method is one of its class too.
            said |= {name.rpartition(".")[0]: "row" for name in row.names.values() if name.rpartition(".")[0][:1]}
    return said


def count(root: Path) -> dict[str, dict[str, list[str]]]:
    """For each namespace the names that a row, an alias or `[only]` accounts for, and those that are left.

    A name that is the same object as an accounted one is an alias of it.
    """
    said = accounted(areas(root))
    objects = set()
    for name in said:
        try:
            objects.add(id(resolve(name)))
        except (AttributeError, ImportError):
            continue
    result = {}
    for namespace in WHOLE + COUNTED:
        kinds: dict[str, list[str]] = {"row": [], "alias": [], "only": [], "left": []}
        for name in exported(namespace):
            full = f"{namespace}.{name}"
            kind = said.get(full) or ("alias" if id(resolve(full)) in objects else "left")
            kinds[kind].append(name)
        result[namespace] = kinds
    return result


def gone(root: Path) -> list[str]:
    """What `[only]` or `[alias]` names and the installed packages do not have: where it stands, and the name."""
    return [
        f"{FOLDER}/{area.name}.toml: {name} is not there"
        for area in areas(root)
        for name in (*area.only, *area.alias)
        if not there(name)
    ]


def there(name: str) -> bool:
    """Whether there is such a name; of an attribute of objects, whether the class sets it."""
    for module in (name, name.rpartition(".")[0]):  # one that nothing has imported so far
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    try:
        resolve(name)
    except ImportError:
        return False
    except AttributeError:
        place, _, attribute = name.rpartition(".")
        try:
            source = inspect.getsource(resolve(place))
        except (AttributeError, ImportError, TypeError, OSError):
            return False
        return f"self.{attribute}" in source or f'"{attribute}"' in source
    return True


def main(chosen: list[str]) -> None:
    warnings.simplefilter("ignore")
    found = count(Path(__file__).parents[2])
    for namespace, kinds in found.items():
        total = sum(map(len, kinds.values()))
        if not chosen or namespace in chosen:
            words = ", ".join(f"{len(names)} {kind}" for kind, names in kinds.items() if kind != "left")
            print(f"{namespace}: {total - len(kinds['left'])} of {total} ({words})")
        if namespace in chosen:
            print("  left:", " ".join(kinds["left"]) or "none")


if __name__ == "__main__":
    main(sys.argv[1:])
