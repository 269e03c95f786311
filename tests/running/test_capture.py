"""Guards what is published: what a program printed, or nothing, whatever it does to the process that it shares."""

from __future__ import annotations

import pytest

from tests.support.faults import pattern
from tests.support.projects import Project
from tests.support.texts import good_beside, program

OUT = "import pathlib\nout = pathlib.Path('..', 'out')"
FORGE = """for name in 'report.json', 'result.json', 'stdout', 'progress':
    try:
        (out / name).write_text('forged')
    except OSError:
        pass"""
EVERY = """for number in range(3, 200):
    try:
        os.write(number, b'm' * 40)
    except OSError:
        pass"""
LATE = "import threading, time\ndef late():\n    time.sleep(0.3)\n    {what}"
START = "threading.Thread(target=late).start()"
BACK = "import sys\nimport matplotlib.pyplot\nback = sys.modules['figure_backend']"
SCRIPT = "back.put(b'<svg xmlns=\"http://www.w3.org/2000/svg\">'\n         b'<script/></svg>')"
# The channel, which a program finds as anybody may who shares a process.
FOUND = """import sys
frame = sys._getframe()
while 'self' not in frame.f_locals:
    frame = frame.f_back
channel = frame.f_locals['self'].channel"""
POINTS = "plt.plot(range(40000), '.')\n"
MOVES = """from matplotlib import animation
kept = animation.FuncAnimation(plt.figure(), plt.plot, [[1], [2]])
plt.show()"""
SHUT = "shut.shutdown(socket.SHUT_RD)"
CUT = "try:\n    os.ftruncate(1, 0)\nexcept OSError as error:\n    print(error.errno)"

ASIDE = """import contextlib, io, os, sys
with contextlib.redirect_stderr(io.StringIO()):
    sys.stderr.write('aside')
kept = os.dup(2)
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
os.write(2, b'aside')
os.dup2(kept, 2)"""

# name, cells, what each prints.
HONEST = [
    ("json is another", ["import json\njson.dumps = lambda *a, **k: '{}'", "print(2)"], ["", "2\n"]),
    ("json is none", ["import json\njson.dumps = None\njson.JSONEncoder = None", "print(2)"], ["", "2\n"]),
    (
        "os and time are others",
        ["import os, time\nos.getpid = os.write = time.monotonic = lambda *a: 'x'", "print(2)"],
        ["", "2\n"],
    ),
    ("files of the run are forged", [OUT, FORGE + "\nprint(2)"], ["", "2\n"]),
    ("stderr is another for a while", [ASIDE, "print(2)"], ["", "2\n"]),
    ("a late thread prints", [LATE.format(what="print('late')"), START], ["", "late\n"]),
    ("atexit prints", ["import atexit\natexit.register(print, 'BYE')", "print(2)"], ["", "2\nBYE\n"]),
    ("stdout is cut", ["import os\nprint(1, flush=True)", CUT], ["1\n", "22\n"]),
]

# name, cells, the line that a person sees.
TOLD = [
    (
        "an end that is forged",
        [OUT, FORGE + "\n__import__('os')._exit(0)", "print(3)"],
        "{py}:8: cell 'Two' ended the process with status 0 before the last cell had run; …",
    ),
    (
        "its very last act is to end the process",
        ["x = 1", "print(2, flush=True)\n__import__('os')._exit(0)"],
        "{py}:7: cell 'Two' ended the process with status 0 before the last cell had run; …",
    ),
    (
        "every descriptor is written to",
        ["import os", EVERY, "print(3)"],
        "{py}:7: cell 'Two' wrote to a descriptor that is not its own; let it write to those only that it opened",
    ),
    (
        "every descriptor is closed",
        ["import os", "os.closerange(3, 1000)", "print(3)"],
        "{py}:7: cell 'Two' closed a descriptor that is not its own; let it close those only that it opened",
    ),
    (
        "a fork that is forged before the first line",
        [FOUND, "channel.put('forked', b'0')"],
        "{py}:…: cell 'Two' forked a process that ran on past it; end it with os._exit(0)",
    ),
    (
        "a fork that is forged after the last line",
        [FOUND, "channel.put('forked', b'99999')"],
        "{py}:…: cell 'Two' forked a process that ran on past it; end it with os._exit(0)",
    ),
    (
        "the channel is shut",
        [FOUND + "\nimport os, socket\nshut = socket.socket(fileno=os.dup(channel._send.__self__.fileno()))", SHUT],
        "{py}:…: cell 'Two' closed a descriptor that is not its own; let it close those only that it opened",
    ),
    (
        "output that is forged by its name",
        [FOUND, "channel.put('stdout', b'forged')"],
        "{py}:…: cell 'Two' wrote to a descriptor that is not its own; …",
    ),
    (
        "ends of cells that are none",
        [FOUND, "for _ in range(9):\n    channel.mark()"],
        "{py}: claimed the ends of more cells than it has; let it leave alone what runs it",
    ),
    (
        "more figures than anybody counts",
        [FOUND, "for n in range(100000):\n    channel.put(f'figure-1-{n:03}.svg', b'')"],
        "{py}:…: cell 'Two' gave more than 1,000 figures; draw fewer",
    ),
    *(
        (name, ["import os, sys", text + "\nx = 1"], f"{{py}}:…: cell 'Two': Diverted: {what} is another one at its …")
        for name, text, what in (
            ("stdout is none", "sys.stdout = None", "sys.stdout"),
            ("stderr is none", "sys.stderr = None", "sys.stderr"),
            ("stdout is closed", "sys.stdout.close()", "sys.stdout"),
            ("stderr is detached", "sys.stderr.detach()", "sys.stderr"),
            ("what it prints goes nowhere", "os.dup2(os.open(os.devnull, os.O_WRONLY), 1)", "descriptor 1"),
            ("what it warns of goes nowhere", "os.dup2(os.open(os.devnull, os.O_WRONLY), 2)", "descriptor 2"),
            ("stderr is stdout", "os.dup2(1, 2)", "descriptor 2"),
        )
    ),
    (
        "atexit raises",
        ["import atexit", "atexit.register(lambda: 1 / 0)"],
        "{py}:7: cell 'Two' warns: Exception ignored in atexit callback…",
    ),
    (
        "atexit ends the process",
        ["import atexit, os", "atexit.register(os._exit, 3)"],
        "{py}:7: the end of the program ended the process with status 3 before its own end; …",
    ),
    (
        "a late thread raises",
        [LATE.format(what="1 / 0"), START],
        "{py}:10: cell 'Two' warns: Exception in thread …",
    ),
    (
        "Matplotlib's backend is another",
        ["import matplotlib.pyplot as plt", "plt.switch_backend('Agg')\nplt.plot([1])\nplt.show()\nplt.close('all')"],
        "{py}:…: cell 'Two': RuntimeError: the cell changes Matplotlib's backend: leave the choice to whoever runs it…",
    ),
    (
        "a figure that no page has room for",
        ["import matplotlib.pyplot as plt", POINTS + "plt.show()"],
        "{py}:7: cell 'Two' drew a figure of … bytes, 524,288 are room for; draw fewer points, or rasterize them",
    ),
    (
        "more figures than a cell has room for",
        ["import matplotlib.pyplot as plt", "for _ in range(13):\n    plt.plot([1])\n    plt.show()"],
        "{py}:7: cell 'Two' drew 13 figures, 12 are room for; draw fewer, or several in one",
    ),
    (
        "a figure with nothing in it",
        ["import matplotlib.pyplot as plt", "plt.figure()\nplt.show()"],
        "{py}:8: cell 'Two': ValueError: a figure with nothing in it: draw before plt.show(); …",
    ),
    (
        "a figure as large as a house",
        ["import matplotlib.pyplot as plt", "plt.figure(figsize=(3, 400))\nplt.plot([1])\nplt.show()"],
        "{py}:9: cell 'Two': ValueError: a figure of 3 x 400 inches: 40 are room for; …",
    ),
    (
        "a figure that moves",
        ["import matplotlib.pyplot as plt", MOVES],
        "{py}:9: cell 'Two': ValueError: an animation: a page shows pictures that stand still, draw those; …",
    ),
    (
        "a figure that tells a path",
        ["import matplotlib.pyplot as plt", "plt.title(__file__)\nplt.show()"],
        "{py}:7: cell 'Two' drew the path of the folder in which it ran, which is of this machine alone; …",
    ),
    (
        "figures without an end",
        ["import matplotlib.pyplot as plt", "for _ in range(100):\n    " + POINTS + "    plt.show()"],
        "{py}:7: cell 'Two' gave more than 32 MB of figures and numbers; draw and compare less",
    ),
    (
        "a figure that is a program",
        [BACK, SCRIPT],
        "{py}:9: cell 'Two' drew a figure that …; draw with Matplotlib, and call plt.show()",
    ),
]


def slug(name: str) -> str:
    return "t/" + "_".join(name.lower().replace("'", "").split())


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> tuple[Project, list[str]]:
    project = Project(tmp_path_factory.mktemp("capture") / "project")
    for name, cells, _ in (*HONEST, *TOLD):
        text = program(*cells)
        project.topic(slug(name), text, good_beside(text))
    return project, project.verify(code=1).splitlines()


@pytest.mark.parametrize(("name", "printed"), [pytest.param(name, out, id=name) for name, _, out in HONEST])
def test_what_is_recorded_is_what_was_printed(ran, name, printed):
    project, lines = ran
    assert not [line for line in lines if slug(name) + "/" in line]
    assert [cell.output for cell in project.store.read(slug(name), "pytorch").cells] == printed


@pytest.mark.parametrize(("name", "line"), [pytest.param(name, line, id=name) for name, _, line in TOLD])
def test_or_nothing_is_and_one_line_says_why(ran, name, line):
    project, lines = ran
    (said,) = [each for each in lines if slug(name) + "/" in each]
    assert pattern(line, slug(name)).fullmatch(said), said
    assert not project.record(slug(name), "pytorch.json").exists()
    assert project.record(slug(name), "tensorflow.json").exists()


def test_how_long_it_took_is_measured_outside(ran):
    """The clock of the program is another."""
    project, _ = ran
    assert 0 <= project.store.read(slug("os and time are others"), "pytorch").duration < 100
    assert 0.3 <= project.store.read(slug("a late thread prints"), "pytorch").duration < 100
