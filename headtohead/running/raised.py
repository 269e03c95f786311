"""What a program raised that has to raise: whether its last statement did, and the error as Python prints it."""

from __future__ import annotations

import re
import sys
import sysconfig
from pathlib import Path

from headtohead.content.mistakes import culprit
from headtohead.running import places
from headtohead.running.jobs import Failed, Finished, Job

# What a traceback within a message underlines: other releases of Python underline more, or less.
CARETS = re.compile(r"^ *[~^][~^ ]*\n", re.MULTILINE)
ROOT = Path(__file__).parents[2]
# Which kernel of TensorFlow ran: another CPU has others.
NODE = re.compile(r"\{\{function_node \S+\}\} ?|\b_Mkl(?=[A-Z])")
# How a library marks text as bold, for a terminal.
STYLE = re.compile(r"\x1b\[[\d;]*m")
# A call within this project, in a list of calls that a message has; whoever runs the program has none.
CALL = re.compile(rf'^ *File "(?:{re.escape(str(ROOT))}/[^"\n]*|<frozen runpy>)", line \d+, in \S+\n\n?', re.MULTILINE)
# The program, by the end of its path on this machine.
PROGRAM = re.compile(r"[^\s(\"']*/work/(?=program\.py\b)")
MOST = 4_000  # characters of an error that a page may show
# Of something in memory, as Python writes it and as `id` gives it: another one each time.
ADDRESS = re.compile(r"(?<=\b0x)[0-9a-f]{6,}\b|\b1[34]\d{13}\b")


def odd(result: Finished | Failed, job: Job, text: str) -> str:
    """Why a program did not raise as it has to, as what follows its name; empty where it did."""
    if isinstance(result, Finished):
        return "raises nothing any more"
    at = f"line {result.line or '?'}: "
    if result.shown is None:
        return f"{at}raises what cannot be told: {result.what}"
    if result.outer not in (lines := culprit(text)):
        return f"{at}raises before its last statement, which begins in line {lines.start}: {result.what}"
    if (job.out / "stdout").stat().st_size:
        return "prints before it raises: let it do nothing else"
    if place := places.told(shown(result, job), {"the folder in which it ran": job.folder}, ROOT):
        return f"{at}its message tells the path of {place}, which is of this machine alone"
    return ""


def shown(result: Finished | Failed, job: Job) -> str:
    """What Python prints of an error, without what is of this machine alone: folders, addresses in memory, kernels."""
    text = (result.shown or "") if isinstance(result, Failed) else ""
    libraries = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    for folder in (*libraries, sysconfig.get_path("stdlib"), str(job.work), sys.prefix):
        text = text.replace(f"{folder}/", "")
    for odd_one, instead in ((CALL, ""), (PROGRAM, ""), (CARETS, ""), (NODE, ""), (STYLE, ""), (ADDRESS, "...")):
        text = odd_one.sub(instead, text)
    return text if len(text) <= MOST else text[:MOST].rpartition("\n")[0]
