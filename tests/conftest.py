"""Fixtures that several test files share."""

import contextlib
import importlib.util

import pytest

from tests.support.projects import Project

# What the tests import, as tests.in installs it.
NEEDS = (
    "bs4",
    "hypothesis",
    "keras",
    "markdown",
    "material",
    "mkdocs",
    "nbformat",
    "numpy",
    "playwright",
    "tensorflow",
    "torch",
)


def pytest_configure():
    lacking = [name for name in NEEDS if not importlib.util.find_spec(name)]
    if lacking:
        what = f"the tests need {', '.join(lacking)}, which this Python lacks"
        raise pytest.UsageError(f"{what}: use 'nox -s tests', or 'pip install -r requirements/tests.txt'")


# A CUDA build of torch brings triton, which crashes the process if it is loaded after TensorFlow.
with contextlib.suppress(ImportError):
    importlib.import_module("triton")


@pytest.fixture
def project(tmp_path):
    """A made-up project with nothing but its pins."""
    return Project(tmp_path / "project")
