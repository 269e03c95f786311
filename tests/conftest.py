"""Fixtures that several test files share."""

import pytest
from fakes import Project


@pytest.fixture
def project(tmp_path):
    """A made-up project without a topic."""
    return Project(tmp_path / "project")
