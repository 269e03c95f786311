"""Writes the locked requirements from the `.in` files beside it, with hashes: `nox -s lock`.

On Linux, torch from the package index is built for CUDA and needs gigabytes of CUDA packages; its CPU build
needs none of them. So those packages are pinned in `cuda.txt`, as constraints: pip installs them if the build of
torch that it finds asks for them, and not otherwise. Earlier releases want others, and have constraints of their own.
"""

import re
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
LOCKS = {
    "cuda": ("nox", "docs", "programs", "tests", "lint", "properdocs", "zensical"),
    "cuda-before-1": ("before-1",),
    "cuda-before-2": ("before-2",),
}
GPU_LOCKS = ("gpu-pytorch", "gpu-tensorflow")
CUDA = re.compile(r"^(nvidia-|cuda-|triton)")


def blocks(name: str) -> list[str]:
    """The locked requirements of one `.in` file, each with its hashes, for all platforms and Pythons from 3.11."""
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-annotate", "--no-header", "--upgrade", f"{name}.in"]
    text = subprocess.run(command, cwd=HERE, check=True, stdout=subprocess.PIPE, text=True).stdout
    return re.split(r"\n(?=\S)", text.strip())


def write(name: str, head: list[str], found: list[str]) -> None:
    (HERE / f"{name}.txt").write_text("\n".join([*head, *found]) + "\n", encoding="utf-8")


def main() -> None:
    for constraints, names in LOCKS.items():
        cuda: set[str] = set()
        for name in names:
            found = blocks(name)
            own = [block for block in found if not CUDA.match(block)]
            cuda |= set(found) - set(own)
            head = [f"# Made from {name}.in by 'nox -s lock'."]
            write(name, head + [f"-c {constraints}.txt"] * (len(own) < len(found)), own)
        write(constraints, ["# Made by 'nox -s lock': what a CUDA build of torch asks for."], sorted(cuda))
    for name in GPU_LOCKS:
        write(name, [f"# Made from {name}.in by 'nox -s lock'."], blocks(name))


if __name__ == "__main__":
    main()
