"""Asks: what a program asks of the machine or of the day, which no record knows and which is another one elsewhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator

IMPORTERS = ("import_module", "__import__")  # what imports as the statement does
# What answers otherwise on another machine or another day, and the same until then: the next run would not show it.
# What answers otherwise each time, as uuid4, is left to that. A name with a dot at its end stands for all below it.
OTHERWISE = (
    *("os.cpu_count", "os.process_cpu_count", "os.sched_getaffinity", "multiprocessing.cpu_count", "psutil."),
    *("os.uname", "platform.", "socket.gethostname", "socket.getfqdn", "socket.gethostbyname"),
    *("getpass.getuser", "os.getlogin", "os.getuid", "os.geteuid", "os.getgid", "os.getegid", "pwd.", "grp."),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
    *("time.time", "time.time_ns", "os.sysconf", "shutil.disk_usage", "os.statvfs", "resource.getpagesize"),
    *("os.getloadavg", "resource.getrusage", "time.clock_gettime", "time.clock_gettime_ns", "os.times"),
    *("time.tzname", "time.timezone", "time.altzone", "time.daylight", "locale.getlocale", "locale.getdefaultlocale"),
    *("os.get_terminal_size", "shutil.get_terminal_size", "torch.get_num_threads", "torch.get_num_interop_threads"),
    *(
        "torch.__config__.",
        "torch.backends.cpu.get_cpu_capability",
        "importlib.metadata.",
        "pkg_resources.",
        "pkgutil.iter_modules",
    ),
)
NOW = ("time.localtime", "time.gmtime", "time.ctime", "time.asctime", "time.strftime")  # where no moment is given
# What counts from when a machine was started: two runs print almost the same. What has passed is no such thing.
CLOCKS = {f"time.{name}{unit}" for name in ("perf_counter", "monotonic") for unit in ("", "_ns")}
# What lists a folder, and what gives the same in any order of it.
LISTS = ("os.listdir", "os.scandir", "os.walk", "glob.glob", "glob.iglob")
ORDERS = ("sorted", "set", "frozenset", "len", "sum", "min", "max", "any", "all")
PLACES = ("/proc/", "/sys/", "/etc/", "/dev/shm/")
GIVEN = "write its value out, or do without"


def asked(tree: ast.AST) -> Iterator[tuple[int, str, str]]:
    """What a program asks: the line, what is wrong with it, and a remedy."""
    full = _imported(tree)
    ordered, printed = _within(tree, ORDERS), _within(tree, ("print",))
    reckoned = {id(each) for outer in ast.walk(tree) if isinstance(outer, ast.BinOp) for each in ast.walk(outer)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(PLACES):
            yield node.lineno, f"names {node.value}, which is of this machine alone", GIVEN
        if isinstance(node, ast.Call):
            yield from _called(node, _dotted(node.func, full))
            if id(node) in printed - reckoned and (name := _dotted(node.func, full)) in CLOCKS:
                yield node.lineno, f"prints {name}, which counts from when the machine was started", GIVEN
            if id(node) in printed - ordered and _lists(node, full):
                yield node.lineno, "prints a folder in an order that each file system has for itself", "sort it"
        elif isinstance(node, (ast.Attribute, ast.Name)) and _otherwise(name := _dotted(node, full)):
            yield node.lineno, f"asks {name}, which answers otherwise on another machine or day", GIVEN


def _called(call: ast.Call, name: str) -> Iterator[tuple[int, str, str]]:
    given = [*call.args, *(each.value for each in call.keywords if each.arg == "name")][:1]
    if name.rpartition(".")[2] in IMPORTERS and given and not isinstance(given[0], ast.Constant):
        remedy = "write the name out: what a record depends on is read from there"
        yield call.lineno, "imports a module by a name that is worked out", remedy
    if name in NOW and len(call.args) < (2 if name == "time.strftime" else 1):
        yield call.lineno, f"asks {name} for now, which is another day tomorrow", GIVEN
    if name == "numpy.datetime64" and [each.value for each in given if isinstance(each, ast.Constant)] in (
        ["now"],
        ["today"],
    ):
        yield call.lineno, "asks numpy.datetime64 for now, which is another day tomorrow", GIVEN


def _within(tree: ast.AST, names: tuple[str, ...]) -> set[int]:
    """What stands within calls of these functions of Python's own."""
    calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call) and getattr(each.func, "id", "") in names]
    return {id(each) for call in calls for each in ast.walk(call)}


def _lists(call: ast.Call, full: dict[str, str]) -> bool:
    return _dotted(call.func, full) in LISTS or getattr(call.func, "attr", "") in ("iterdir", "rglob")


def _otherwise(name: str) -> bool:
    return any(name == each or (each.endswith(".") and name.startswith(each)) for each in OTHERWISE)


def _imported(tree: ast.AST) -> dict[str, str]:
    """The full dotted name of what each import binds, by the name that it has here."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.partition(".")[0]
                found[alias.asname or root] = alias.name if alias.asname else root
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _dotted(node: ast.AST, full: dict[str, str]) -> str:
    """The full dotted name of an attribute of what was imported, or of a name of Python's own; else nothing."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    if (
        isinstance(node, ast.Call) and _dotted(node.func, full).rpartition(".")[2] in IMPORTERS and node.args
    ):  # __import__("os").uname
        root = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
        return ".".join([str(root), *parts])
    if not isinstance(node, ast.Name):
        return ""
    root = full.get(node.id, node.id if node.id in IMPORTERS and not parts else "")
    return ".".join([root, *parts]) if root else ""
