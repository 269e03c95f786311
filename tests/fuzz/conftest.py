"""How Hypothesis looks for what breaks a reader: the same few examples in the tests, others by `nox -s fuzz`."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, configuration, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from tests.support.projects import Project
from tests.support.repository import ROOT

CORPUS = ROOT / ".cache" / "fuzz"  # what broke a reader once is tried first
FEW = 60  # examples of each property in the tests

configuration.set_hypothesis_home_dir(CORPUS)
# A machine may be slow: what is measured is CPU time, in `tests.fuzz.properties`. Real files are large as examples go.
common = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
settings.register_profile("few", common, max_examples=FEW, derandomize=True, database=None)
corpus = DirectoryBasedExampleDatabase(CORPUS / "corpus")
many = int(os.environ.get("HEADTOHEAD_FUZZ", "0"))
settings.register_profile("many", common, max_examples=many or FEW, database=corpus)
settings.load_profile("many" if many else "few")


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """A made-up project that all examples write into: each its own file, anew."""
    return Project(tmp_path_factory.mktemp("fuzz"))
