"""Shows a program's author what Python hides: calls of what a framework has deprecated."""

from __future__ import annotations

import sys
import types
import warnings
from typing import Any

from headtohead.running.jobs import Script


def show_deprecations(script: Script) -> None:
    """Shows what Python hides: a call of something deprecated whose warning names the framework's own line.

    What a framework calls deep inside is not the program's to mend and stays hidden. A warning that is
    shown names the line of the program that led to it.
    """

    def show(message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: Any) -> None:
        if sys.stderr is None:  # `print` would take stdout instead
            return
        frame: types.FrameType | None = sys._getframe(1)
        calls = 0  # between the program and the warning
        while frame and frame.f_code.co_filename != script.path:
            calls += frame.f_globals.get("__name__") != "warnings"
            frame = frame.f_back
        deep = filename != script.path and (frame is None or calls > 2)
        if deep and issubclass(category, (DeprecationWarning, FutureWarning)):  # PyTorch's are of the second kind
            return
        if frame and filename != script.path:
            filename, lineno = script.path, frame.f_lineno
        print(f"{filename}:{lineno}: {category.__name__}: {message}", file=sys.stderr)

    if script.packages:
        packages = "|".join(script.packages)
        warnings.filterwarnings("always", category=DeprecationWarning, module=rf"({packages})(\.|$)")
    warnings.showwarning = show  # type: ignore[assignment]
