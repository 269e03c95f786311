"""Guards what counts as noise on stderr: what a framework or a library says on any machine, and nothing else."""

from __future__ import annotations

import pytest

from headtohead.running.noise import own

NOISE = {
    "absl": "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n",
    "oneDNN": "I0000 00:00:1796117656.396244   16126 port.cc:153] oneDNN custom operations are on.\n",
    "no GPU": "E0000 00:00:1796117682.828461   16126 cuda_platform.cc:52] failed call to cuInit: INTERNAL\n",
    "fonts": "Matplotlib is building the font cache; this may take a moment.\n",
}


@pytest.mark.parametrize("line", NOISE.values(), ids=NOISE)
def test_noise_is_left_out_and_what_stands_beside_it_is_not(line):
    said = "a.py:1: UserWarning: careful\n"
    assert own((line + said + line).encode()) == said


def test_what_only_looks_like_noise_is_a_programs_own():
    said = "he says: Matplotlib is building the font cache; I do not\n"
    assert own(said.encode()) == said
