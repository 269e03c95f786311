"""Guards the tolerances: those of torch itself."""

from __future__ import annotations

import re

import pytest

from headtohead.content.tolerances import BY_DTYPE


@pytest.mark.parametrize("name", BY_DTYPE)
def test_tolerances_are_those_of_torch(name):
    """Read from what torch.testing.assert_close itself says it allows."""
    torch = pytest.importorskip("torch", reason="torch is not installed, and its tolerances are the reference")
    dtype = getattr(torch, name)
    with pytest.raises(AssertionError) as caught:
        torch.testing.assert_close(torch.ones(2, dtype=dtype), torch.zeros(2, dtype=dtype))
    atol, rtol = map(float, re.findall(r"\(up to (\S+) allowed\)", str(caught.value)))
    assert BY_DTYPE[name] == (rtol, atol)
