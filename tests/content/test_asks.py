"""Guards that a record names all that its output depends on: what asks the machine or the day is told, by line."""

from __future__ import annotations

import ast

import pytest

from headtohead.content import parity
from headtohead.content.asks import asked
from headtohead.errors import Problem
from tests.support.projects import Project
from tests.support.texts import GOOD, program, proof

ASKS = {
    "import os\nos.cpu_count()": "asks os.cpu_count,",
    "import os as system\nprint(system.uname().nodename)": "asks os.uname,",
    "from os import sched_getaffinity as cores\ncores(0)": "asks os.sched_getaffinity,",
    "import platform\nname = platform.node": "asks platform.node,",
    "from platform import release\nrelease()": "asks platform.release,",
    "import datetime\ndatetime.datetime.now().year": "asks datetime.datetime.now,",
    "from datetime import date\ndate.today()": "asks datetime.date.today,",
    "import datetime as d\nnow = d.datetime.utcnow": "asks datetime.datetime.utcnow,",
    "import time\ntime.strftime('%Y')": "asks time.strftime for now,",
    "from time import localtime\nlocaltime()": "asks time.localtime for now,",
    "import time\nprint(time.time())": "asks time.time,",
    "import numpy as np\nnp.datetime64('today')": "asks numpy.datetime64 for now,",
    "import socket\nsocket.gethostname()": "asks socket.gethostname,",
    "import getpass\ngetpass.getuser()": "asks getpass.getuser,",
    "from importlib import metadata\nmetadata.version('scipy')": "asks importlib.metadata.version,",
    "from importlib.metadata import distributions\nlen(distributions())": "asks importlib.metadata.distributions,",
    "__import__('os').uname()": "asks os.uname,",
    "import importlib\nimportlib.import_module('os').getlogin()": "asks os.getlogin,",
    "import os\nprint(os.listdir('.'))": "prints a folder in an order",
    "from glob import glob\nprint([each for each in glob('*.csv')])": "prints a folder in an order",
    "from pathlib import Path\nprint(*Path('.').iterdir())": "prints a folder in an order",
    "import torch\nprint(torch.get_num_threads())": "asks torch.get_num_threads,",
    "from torch import __config__ as built\nbuilt.show()": "asks torch.__config__.show,",
    "import time\nprint(time.tzname)": "asks time.tzname,",
    "import shutil\nshutil.get_terminal_size().columns": "asks shutil.get_terminal_size,",
    "import time\ntime.clock_gettime(time.CLOCK_BOOTTIME)": "asks time.clock_gettime,",
    "import time\nprint(f'{time.perf_counter():.1f}')": "prints time.perf_counter, which counts from",
    "from time import monotonic_ns as now\nprint(now())": "prints time.monotonic_ns, which counts from",
    "x = 1\nopen('/proc/meminfo')": "names /proc/meminfo,",
    "x = 1\nopen(f'/sys/class/{x}')": "names /sys/class/,",
    "import importlib\nimportlib.import_module('sci' + 'py')": "imports a module by a name that is worked out",
    "name = 'scipy'\n__import__(name)": "imports a module by a name that is worked out",
    "from importlib import import_module as load\nload(name=chr(97))": "imports a module by a name that is worked out",
}
NOTHING = [
    "import time\nstart = time.perf_counter()\ntime.sleep(0)\ntime.strftime('%Y', time.gmtime(0))",
    "import time\nstart = time.monotonic()\nprint(time.monotonic() - start < 9)",
    "import datetime\ndatetime.date(2026, 1, 1)\ndatetime.datetime.fromtimestamp(0)",
    "import os\nos.path.join('a', 'b')\nsorted(os.listdir('.'))\nos.environ['A'] = 'b'",
    "import importlib\nimportlib.import_module('scipy')\n__import__('os').getpid()",
    "import numpy as np\nnp.datetime64('2026-01-01')",
    "from pathlib import Path\nprint(sorted(each.name for each in Path('.').iterdir()))\nlist(Path('.').rglob('*'))",
    "def now(platform, time):\n    return platform.node, time.time()",
    "print('proc/x', 'of /proc/x')",
]


@pytest.mark.parametrize(("text", "told"), ASKS.items())
def test_what_another_machine_or_day_answers_otherwise_is_told(text, told):
    line, what, remedy = min(asked(ast.parse(text)))
    assert what.startswith(told)
    assert line == text.count("\n") + 1
    assert remedy


@pytest.mark.parametrize("text", NOTHING)
def test_what_it_answers_alike_is_not(text):
    assert not list(asked(ast.parse(text)))


def test_a_program_is_told_with_its_line(project: Project):
    topic = project.topic("a/b", program("import os", "x = 1\nprint(os.cpu_count())", "x = 2"), GOOD)
    with pytest.raises(Problem) as told:
        topic.check()
    assert str(told.value) == (
        "snippets/a/b/in_pytorch.py:8: asks os.cpu_count, which answers otherwise on another machine or day; "
        "write its value out, or do without"
    )


def test_so_is_a_proof():
    with pytest.raises(Problem, match=r"^parity.py:11: asks time.time, which .*; write its value out, or do without$"):
        parity.parity("parity.py", proof('import time; return {"a": np.array(time.time())}'))


def test_so_is_a_difference(project: Project):
    text = (
        'title = "A"\nabout = "A."\norder = 1\n\n[[difference]]\nid = "a"\ntitle = "A"\nbites = "A."\nfix = "A."\n'
        'pytorch = "print(os.cpu_count())"\ntensorflow = "print(1)"\npytorch_fixed = "print(1)"\n'
    )
    with pytest.raises(Problem, match=r"a.toml:5: pytorch, line 3: asks os.cpu_count, which answers otherwise"):
        project.group("a", text)
