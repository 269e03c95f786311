"""Fixtures that several test files share."""

import contextlib
import importlib

import pytest
from fakes import Project

# A CUDA build of torch brings triton, which crashes the process if it is loaded after TensorFlow.
with contextlib.suppress(ImportError):
    importlib.import_module("triton")


@pytest.fixture
def project(tmp_path):
    """A made-up project without a topic."""
    return Project(tmp_path / "project")
