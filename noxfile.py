"""What can be done here: `nox -l` lists it. Each session makes its own environment from locked requirements."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.sessions = ["tests"]
nox.options.default_venv_backend = "virtualenv"  # pip alone finds torch's CPU build where one lies at hand
nox.options.reuse_venv = "yes"

BUILD = Path("build")  # what the tests record and build, apart from what is committed


def requirements(session: nox.Session, name: str) -> None:
    session.install("--require-hashes", "-r", f"requirements/{name}.txt", silent=True)


def mkdocs(session: nox.Session, *arguments: str, **environment: str) -> None:
    # As a module, so that this folder is on the path. The notice is about MkDocs 2, which is not used here.
    session.run("python", "-m", "mkdocs", *arguments, env={"NO_MKDOCS_2_WARNING": "1"} | environment)


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
@nox.parametrize("framework", ["pytorch", "tensorflow"])
def gpu(session: nox.Session, framework: str) -> None:
    """Run one framework's programs on the NVIDIA GPU, in an environment of its own."""
    requirements(session, f"gpu-{framework}")
    session.run("python", "-m", "headtohead", "verify", "--device", "cuda", "--framework", framework, *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run every program afresh, build the site from what that recorded, and check everything."""
    requirements(session, "tests")
    shutil.rmtree(BUILD, ignore_errors=True)
    fresh = {"HEADTOHEAD_RECORDS": str(BUILD / "records"), "HEADTOHEAD_BUILT": str(BUILD / "site")}
    session.run("python", "-m", "headtohead", "verify", "--device", "cpu", "--records", fresh["HEADTOHEAD_RECORDS"])
    for command in ("rows", "differences"):
        session.run("python", "-m", "headtohead", command, "--records", fresh["HEADTOHEAD_RECORDS"])
    if shutil.which("nvidia-smi"):
        for framework in ("pytorch", "tensorflow"):
            # Each in its own environment: the two want different CUDA libraries.
            session.notify(f"gpu(framework='{framework}')", posargs=["--all"])
    mkdocs(session, "build", "--strict", HEADTOHEAD_SITE=fresh["HEADTOHEAD_BUILT"], **fresh)
    session.run("python", "-m", "pytest", "tests", *session.posargs, env=fresh)
    session.run("python", "-m", "pytest", "--codeblocks", "README.md", "docs", env=fresh)


@nox.session
def lint(session: nox.Session) -> None:
    """Read the code, the workflow and the notebook without running them."""
    requirements(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", ".github/workflows/site.yml")
    session.run("zizmor", "--offline", "--quiet", ".github/workflows")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure both sides of every claim about speed and print the ratio: nox -s bench -- [name]."""
    requirements(session, "tests")
    session.run("python", "-m", "bench", *session.posargs, env={"NO_MKDOCS_2_WARNING": "1"})


@nox.session
def lock(session: nox.Session) -> None:
    """Write requirements/*.txt anew from requirements/*.in, with hashes."""
    session.install("uv")
    session.run("python", "requirements/lock.py")


if "CI" in os.environ:
    nox.options.error_on_missing_interpreters = True
