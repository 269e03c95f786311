"""What can be done here: `nox -l` lists it. Each session makes its own environment from locked requirements."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.sessions = ["tests"]
nox.options.default_venv_backend = "virtualenv"  # for pip, which leaves a build of torch that is there in its place
nox.options.reuse_venv = "yes"

ENGINES = ["properdocs", "zensical"]  # that build the site beside MkDocs
BEFORE = ["before-1", "before-2"]  # requirements of earlier releases, on which rows and differences run
OTHERS = ["3.12", "3.13"]  # Pythons on which programs run beside the one that starts nox

DOWNLOADS = (
    "This installs PyTorch, TensorFlow and what the programs name: 4 GB to download and 9 GB on disk with PyTorch's "
    "CUDA build, which is 3 GB and 5 GB of it; minutes, once. Then everything runs: a quarter of an hour on two quick "
    "cores, three quarters on slow ones."
)


def requirements(session: nox.Session, name: str) -> None:
    """Install what is locked; before it, where `TORCH_INDEX` names an index, its build of the torch that is pinned."""
    lock = Path("requirements", f"{name}.txt").read_text(encoding="utf-8")
    torch = re.search(r"^torch==[\w.]+", lock, re.MULTILINE)
    if torch and not name.startswith("gpu-") and (index := os.environ.get("TORCH_INDEX")):
        session.install("--no-deps", "--index-url", index, torch[0], silent=True)
    session.install("--require-hashes", "-r", f"requirements/{name}.txt", silent=True)


def mkdocs(session: nox.Session, *arguments: str) -> None:
    # The notice is about MkDocs 2, which is not used here.
    session.run("mkdocs", *arguments, env={"NO_MKDOCS_2_WARNING": "1"})


@nox.session
def serve(session: nox.Session) -> None:
    """Serve the site at http://127.0.0.1:8000 from the committed records; needs neither framework."""
    requirements(session, "docs")
    mkdocs(session, "serve", *session.posargs)


@nox.session
def site(session: nox.Session) -> None:
    """Build the site into site/, strictly, from the committed records."""
    requirements(session, "docs")
    mkdocs(session, "build", "--strict", *session.posargs)


@nox.session
def verify(session: nox.Session) -> None:
    """Run the programs that are stale on the CPU and write their records: nox -s verify -- [topic] [--all]."""
    requirements(session, "programs")
    session.run("python", "-m", "headtohead", "verify", "--device", "cpu", *session.posargs)


@nox.session
def rows(session: nox.Session) -> None:
    """Run the rows of the API map that are stale, and write what they gave: nox -s rows -- [area] [--all]."""
    requirements(session, "programs")
    session.run("python", "-m", "headtohead", "rows", *session.posargs)


@nox.session
def differences(session: nox.Session) -> None:
    """Run the differences that are stale, and write what they printed: nox -s differences -- [group] [--all]."""
    requirements(session, "programs")
    session.run("python", "-m", "headtohead", "differences", *session.posargs)


@nox.session
def errors(session: nox.Session) -> None:
    """Run the errors that are stale, and write what they raised: nox -s errors -- [group] [--all]."""
    requirements(session, "programs")
    session.run("python", "-m", "headtohead", "errors", *session.posargs)


@nox.session
def portable(session: nox.Session) -> None:
    """Run programs as other machines would, and say what moves: nox -s portable -- [surrounding] [--topic TOPIC]."""
    requirements(session, "programs")
    for version in [] if session.posargs else OTHERS:
        python = shutil.which(f"python{version}")
        if python and subprocess.run([python, "--version"], capture_output=True, check=False).returncode == 0:
            session.notify(f"portable-python-{version}")
        else:
            session.warn(f"Python {version} is not installed here: no program will be run on it")
    session.run("python", "-m", "headtohead", "portable", *session.posargs)


@nox.session(name="portable-python", python=OTHERS, default=False)
def portable_python(session: nox.Session) -> None:
    """Run every program on another Python, and say what moves."""
    requirements(session, "programs")
    session.run("python", "-m", "headtohead", "portable", "as it is", *session.posargs)


@nox.session
@nox.parametrize("framework", ["pytorch", "tensorflow"])
def gpu(session: nox.Session, framework: str) -> None:
    """Run one framework's programs on the NVIDIA GPU, in an environment of its own."""
    requirements(session, f"gpu-{framework}")
    session.run("python", "-m", "headtohead", "verify", "--device", "cuda", "--framework", framework, *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run every program afresh, build the site from what that recorded, check everything, and report what failed."""
    session.log(DOWNLOADS)
    requirements(session, "tests")
    if shutil.which("nvidia-smi"):
        for framework in ("pytorch", "tensorflow"):
            # Each in its own environment: the two want different CUDA libraries.
            session.notify(f"gpu(framework='{framework}')", posargs=["--all"])
    session.run("python", "tests/suite.py", *session.posargs)


@nox.session
def newest(session: nox.Session) -> None:
    """Run everything with the newest releases, and say what would change: nox -s newest -- [topic] [--rows AREA]."""
    asked = Path("requirements", "programs.in").read_text(encoding="utf-8")
    packages = re.findall(r"^([\w.-]+(?:\[[\w,-]+\])?)==", asked, re.MULTILINE)
    index = ["--extra-index-url", index] if (index := os.environ.get("TORCH_INDEX")) else []
    session.install("--upgrade", "--upgrade-strategy", "eager", *index, *packages, silent=True)
    session.run("python", "-m", "headtohead", "newest", *session.posargs)


@nox.session
@nox.parametrize("releases", BEFORE)
def versions(session: nox.Session, releases: str) -> None:
    """Run rows and differences with earlier releases, and keep how each fared: nox -s versions -- [api/AREA]."""
    requirements(session, releases)
    session.run("python", "-m", "headtohead", "versions", *session.posargs)


@nox.session
def engines(session: nox.Session) -> None:
    """Build the site with MkDocs, ProperDocs and, as far as it goes, Zensical; test links; say what each lacks."""
    requirements(session, "docs")
    session.run("python", "-m", "tests.support.engines", "mkdocs")
    for name in ENGINES:
        session.notify(f"engine(engine='{name}')")


# Each in its own environment, as whoever changes over would have it; MkDocs' build, beside which they are held, is a
# folder that `engines` has just made, since Zensical's environment has neither the theme nor the notebook's page.
@nox.session(default=False)
@nox.parametrize("engine", ENGINES)
def engine(session: nox.Session, engine: str) -> None:
    """Build the site with another engine, and hold it against MkDocs' build."""
    requirements(session, engine)
    session.run("python", "-m", "tests.support.engines", engine)


@nox.session
def lint(session: nox.Session) -> None:
    """Read the code, the workflows and the notebook without running them."""
    requirements(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports", "--no-cache")
    workflows = map(str, Path(".github/workflows").glob("*.yml"))
    session.run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows)
    session.run("zizmor", "--offline", "--quiet", ".github/workflows")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure both sides of every claim about speed and print the ratio: nox -s bench -- [name]."""
    requirements(session, "tests")
    session.run("python", "-m", "bench", *session.posargs, env={"NO_MKDOCS_2_WARNING": "1"})


@nox.session
def fuzz(session: nox.Session) -> None:
    """Try every reader with files that nobody foresaw, for as long as asked: nox -s fuzz -- --seconds 600 [reader]."""
    requirements(session, "tests")
    session.run("python", "-m", "tests.fuzz", *session.posargs)


@nox.session
def mutate(session: nox.Session) -> None:
    """Change programs in one small thing each and say what nobody notices: nox -s mutate -- [topic] [--each 4]."""
    requirements(session, "tests")
    session.run("python", "-m", "tests.mutate", *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """Write requirements/*.txt anew from requirements/*.in, with hashes."""
    session.install("uv")
    session.run("python", "requirements/lock.py")


if "CI" in os.environ:
    nox.options.error_on_missing_interpreters = True
