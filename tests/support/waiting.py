"""Waits for what has to come, however busy the machine is."""

from __future__ import annotations

import signal
import subprocess
import time

PATIENCE = 900  # seconds, far more than a busy machine needs: they pass only where something hangs


def ended(process: subprocess.Popen[str], code: int) -> str:
    """Waits for a `verify`; asserts its exit code and that no traceback was printed; returns its stderr."""
    try:
        out, err = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        out, err = process.communicate()
        raise AssertionError(f"did not end:\n{out}{err}") from None
    print(out)
    assert "Traceback" not in err, err
    assert process.returncode == code, f"exit code {process.returncode}, not {code}:\n{out}{err}"
    return err


def until(found) -> None:
    """Waits until a condition holds."""
    end = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
