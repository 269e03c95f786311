"""Guards the sandbox: a program reaches the system and its own folders, and takes so much of the machine."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from headtohead.records.store import Store
from headtohead.running.watch import Allowance, Watch
from tests.support.guards import guards
from tests.support.projects import Project
from tests.support.repository import ROOT
from tests.support.texts import good_beside, program
from tests.support.waiting import until

spaces = pytest.mark.skipif("namespaces" not in guards(), reason="this system allows no namespaces to everybody")
walls = pytest.mark.skipif(not guards(), reason="this system allows neither namespaces nor Landlock")

UNGUARDED = "from headtohead.running import fork_server; fork_server.MODULE = 'tests.support.unguarded'"
TRY = """import json, os


def tried(what, *given):
    try:
        return type(what(*given)).__name__
    except OSError as error:
        return type(error).__name__


with open('places.json') as file:
    places = json.load(file)"""


def printed(project, places: list[Path | str], *cells: str) -> list[str]:
    """What the cells of a program print, which comes to its end; it knows some `places`."""
    text = program(TRY, *cells)
    project.topic("a/tries", text, good_beside(text))
    project.write({"snippets/a/tries/places.json": json.dumps(list(map(str, places)))})
    assert project.verify() == ""
    record = project.store.read("a/tries", "pytorch")
    assert record.guards == guards()
    return [cell.output.strip() for cell in record.cells[1:]]


@walls
def test_a_program_reads_the_system_and_its_own_folder_alone(project):
    project.write({"snippets/a/tries/.data": "hidden"})
    hidden = [ROOT / "README.md", project.file("a/tries", ".data"), project.file("a/tries", "parity.py"), "/etc/shadow"]
    said = printed(
        project,
        hidden,
        "for path in places:\n    print(tried(open, path))",
        "print(tried(open, 'places.json'), tried(open, '.data'))",
        "print(tried(os.listdir, os.path.expanduser('~')))",
    )
    assert len(said[0].split()) == len(hidden)
    assert set(said[0].split()) <= {"FileNotFoundError", "PermissionError"}
    assert said[1:] == ["TextIOWrapper FileNotFoundError", "list"]


@walls
def test_a_program_writes_its_own_folders_alone(project):
    made = project.root / "x"
    said = printed(
        project,
        ["/usr/x", "/etc/x", sys.prefix + "/x", made],
        "for path in places:\n    print(tried(open, path, 'w'))",
        "import tempfile\n\nprint(tried(tempfile.mkstemp), tried(open, 'x', 'w'))",
    )
    *elsewhere, _ = said[0].split()  # the last may lie below /tmp, of which it has its own
    assert len(elsewhere) == 3
    assert set(elsewhere) <= {"FileNotFoundError", "PermissionError", "OSError"}
    assert said[1] == "tuple TextIOWrapper"
    assert not made.exists()


def test_a_program_sees_no_variable_of_whoever_runs_it(project, monkeypatch):
    monkeypatch.setenv("PLANTED_TOKEN", "a secret")
    assert printed(project, [], "print('PLANTED_TOKEN' in os.environ, 'a secret' in str(os.environ))") == [
        "False False"
    ]


def test_a_program_finds_nothing_that_an_earlier_run_left(project):
    home = (
        "home = os.path.expanduser('~')\nprint(sorted(os.listdir(home)))\nopen(home + '/random.py', 'w').write('1 / 0')"
    )
    temporary = "import tempfile\n\nprint(sorted(os.listdir(tempfile.gettempdir())))\ntempfile.mkstemp()"
    for _ in range(2):
        assert printed(project, [], home, temporary) == ["[]", "[]"]
        assert project.verify("--all") == ""


@spaces
def test_a_program_sees_no_other_process(project):
    count = "print(sum(each.isdigit() for each in os.listdir('/proc')))\nprint(os.getppid())"
    assert printed(project, [], count) == ["2\n0"]


@spaces
def test_no_namespace_within_gives_back_what_was_taken(project):
    text = "import ctypes\n\nunshare = ctypes.CDLL(None).unshare\nprint(unshare(0x10000000), unshare(0x20000))"
    assert printed(project, [], text) == ["-1 -1"]


@pytest.mark.skipif("seccomp" not in guards(), reason="libseccomp is not installed")
def test_no_process_reads_the_memory_of_another(project):
    text = (
        "import ctypes\n\nlibc = ctypes.CDLL(None, use_errno=True)\nprint(libc.ptrace(0, 0, 0, 0), ctypes.get_errno())"
    )
    assert printed(project, [], text) == ["-1 1"]


@pytest.mark.skipif("seccomp" not in guards(), reason="libseccomp is not installed")
def test_no_socket_leads_out_of_a_virtual_machine_and_no_memory_is_left_to_the_next_program(project):
    sockets = "import socket\n\nfor kind in 1, 2, 10, 16, 40, 38, 17:\n    print(tried(socket.socket, kind, 2))"
    memory = "import ctypes\n\nprint(ctypes.CDLL(None).shmget(77, 4096, 0o1600))"
    said = printed(project, [], sockets, memory)
    assert said[0].split() == ["socket"] * 4 + ["PermissionError"] * 3
    assert said[1] == "-1"


@spaces
def test_a_folder_whose_name_is_no_text_has_the_same_guards(tmp_path):
    project = Project(tmp_path / "f\udcff")
    project.topic("a/good")
    assert project.verify("--framework", "pytorch") == ""
    assert project.store.read("a/good", "pytorch").guards == guards()


@spaces
def test_a_socket_of_the_machine_is_out_of_reach(project, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # its whole path would be too long for a socket
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("server")
        server.listen()
        ask = "import socket\n\nfor path in places:\n    print(tried(os.stat, path))"
        assert printed(project, [tmp_path / "server"], ask)[0] in ("FileNotFoundError", "PermissionError")


def test_all_files_together_have_a_limit(project):
    fills = (
        "for number in range(12):\n    with open(str(number), 'wb') as file:\n"
        "        for _ in range(10):\n            file.write(bytes(10**7))"
    )
    project.topic("a/fills", program("import time", f"{fills}\ntime.sleep(10**4)"), good_beside(program("1", "2")))
    told = "snippets/a/fills/in_pytorch.py:7: cell 'Two' wrote more than 1 GB and was stopped; write less\n"
    assert project.verify(code=1) == told


@spaces
def test_nobody_hides_what_it_takes(project):
    hides = "import ctypes, time\n\nctypes.CDLL(None).prctl(4, 0)\ntime.sleep(10**4)"
    project.topic("a/hides", program("x = 1", hides), good_beside(program("1", "2")))
    told = "snippets/a/hides/in_pytorch.py:7: cell 'Two' hid from whoever counts what it takes and was stopped; "
    assert project.verify("--asleep", "9", code=1) == told + "leave PR_SET_DUMPABLE as it is\n"


def test_what_a_program_leaves_goes_however_deep_it_is(project):
    """Deeper than Python lets calls nest, in what counts files too, and without a right to look into it."""
    deep = "import os, time\n\nfor _ in range(1500):\n    os.mkdir('d')\n    os.chdir('d')\nos.chmod('.', 0)"
    project.topic("a/deep", program(deep, "time.sleep(2)"), good_beside(program("1", "2")))
    assert project.verify() == ""
    project.unharmed()


@pytest.mark.parametrize(
    ("text", "allowed", "told"),
    [
        (
            "import mmap\nm = mmap.mmap(-1, 3 * 10**8)\nm.write(bytes(3 * 10**8))",
            {"memory": 2**28},
            "took more than 0.25 GB of memory and was stopped",
        ),
        (
            "import os\nf = os.memfd_create('x')\nfor _ in range(30): os.write(f, bytes(10**7))",
            {"files": 2**28},
            "wrote more than 0.25 GB and was stopped",
        ),
        (
            "import mmap, os\nf = open('x', 'wb+')\nf.write(bytes(3 * 10**8))\nf.flush()\n"
            "m = mmap.mmap(f.fileno(), 0)\nos.unlink('x')\nos.closerange(3, 99)",
            {"files": 2**28},
            "wrote more than 0.25 GB and was stopped",
        ),
        (
            "import os\nfor number in range(2000): os.mkdir(str(number))",
            {"entries": 1000},
            "made more than 1,000 files and folders and was stopped",
        ),
        (
            "import os, socket\na, b = socket.socketpair()\nf = os.memfd_create('x')\n"
            "socket.send_fds(a, [b'x'], [f])\nos.close(f)",
            {},
            "keeps files in its sockets, where nobody counts them, and was stopped",
        ),
        (
            "import os\nfor _ in range(9): os.fork() or time.sleep(900)",
            {"processes": 5},
            "had more than 5 processes and was stopped",
        ),
    ],
    ids=[
        "shared memory",
        "files without a name",
        "mapped files without a name",
        "many files",
        "files in flight",
        "processes",
    ],
)
def test_what_processes_take_together_has_a_limit(tmp_path, text, allowed, told):
    allowance = Allowance(900, 900, folder=tmp_path, **allowed)
    command = [sys.executable, "-c", f"import time\n{text}\ntime.sleep(900)"]
    process = subprocess.Popen(command, start_new_session=True, cwd=tmp_path)
    watch, over = Watch(process.pid), []

    def look() -> bool:
        watch.look()
        over.append(watch.over(allowance))
        return bool(over[-1])

    until(look)
    os.killpg(process.pid, 9)
    process.wait()
    assert over[-1].what == told


@spaces
def test_the_name_of_the_machine_is_nobodys(project):
    """Though what was imported before has asked for it, and Python keeps it."""
    text = program("import platform\nimport torch", "print(getattr(platform, 'node')())")
    project.topic("a/name", text, good_beside(text))
    assert project.verify("--framework", "pytorch") == ""
    assert project.store.read("a/name", "pytorch").cells[1].output == "localhost\n"


@spaces
def test_no_packet_leaves_from_what_a_program_starts(project):
    """Another process has no audit hook: there, the namespace has nothing but a loopback."""
    text = program(
        "import os, subprocess, sys",
        "path = os.path.join('/', 'proc', 'net', 'dev')\n"
        "with open(path) as file:\n    print([line.split(':')[0].strip() for line in file][2:])",
        "code = '''from socket import *\nprint(socket().connect_ex(('192.0.2.1', 80)))'''",
        "with open('connect.py', 'w') as file:\n    file.write(code)\n"
        "subprocess.run([sys.executable, file.name], check=True)",
        "os.system(f'{sys.executable} {file.name}')",
    )
    project.topic("net/out", text, good_beside(text))
    project.verify()
    record = project.record("net/out", "pytorch.json").read_text()
    assert "['lo']" in record
    assert record.count('"101\\n"') == 2, "connecting did not end in ENETUNREACH"


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("socket.getaddrinfo", ("example.org", 80)),
        ("socket.getaddrinfo", (b"example.org", 80)),
        ("socket.gethostbyname", ("example.org",)),
        ("socket.gethostbyaddr", ("192.0.2.1",)),
        ("socket.connect", (None, ("192.0.2.1", 80))),
        ("socket.connect", (None, ("2001:db8::1", 80, 0, 0))),
        ("socket.sendto", (None, ("192.0.2.1", 80))),
        ("socket.sendmsg", (None, ("192.0.2.1", 80))),
    ],
)
def test_the_audit_hook_forbids(event, arguments):
    """The second wall, where the system allows no namespace."""
    from headtohead.running.sandbox import forbid_network

    with pytest.raises(PermissionError, match="programs run without the network"):
        forbid_network(event, arguments)


def test_the_audit_hook_lets_a_program_talk_to_itself():
    from headtohead.running.sandbox import forbid_network

    forbid_network("socket.connect", (None, ("127.0.0.1", 80)))
    forbid_network("socket.connect", (None, "/tmp/socket"))
    forbid_network("socket.getaddrinfo", ("localhost", 80))


def test_without_guards_a_program_still_publishes_what_it_printed_or_nothing(project):
    """The supervisor takes and watches all the same."""
    forges = (
        "import pathlib\nfor name in 'report.json', 'stdout':\n    pathlib.Path('..', 'out', name).write_text('forged')"
    )
    project.topic("a/forges", program(forges, "print(2)"), good_beside(program("1", "2")))
    leaves = program("import os", "if os.fork() == 0:\n    import time\n    time.sleep(900)")
    project.topic("a/leaves", leaves, good_beside(leaves))
    told = "snippets/a/leaves/in_pytorch.py:7: left 1 process behind, which was ended; end what the program starts\n"
    assert project.verify(code=1, before=UNGUARDED) == told
    assert [cell.output for cell in project.store.read("a/forges", "pytorch").cells] == ["", "2\n"]


def test_a_system_without_guards_says_so_once(project):
    """Though several fork servers find it out."""
    project.topic("a/good")
    process = project.start(before=UNGUARDED)
    out, err = process.communicate()
    assert err == ""
    assert (
        out.count("not in force on this system: namespaces, own /proc, Landlock, seccomp; docs/security.md says") == 1
    )
    assert project.store.read("a/good", "pytorch").guards == []


def test_a_socket_has_room_for_its_name_however_deep_the_records_lie(project):
    """The workers of a DataLoader hand over what they made by one; where it cannot be made, all wait for ever."""
    binds = (
        "import os\nimport socket\nimport tempfile\n\nplace = os.path.join(tempfile.gettempdir(), 'a' * 50)\n"
        "with socket.socket(socket.AF_UNIX) as made:\n    made.bind(place)\nos.unlink(place)\nprint('bound')\n"
    )
    project.topic("a/b", program(binds), program(binds))
    deep = project.root / "/".join(["a-folder-within-a-folder"] * 4)
    project.verify("a/b", "--framework", "pytorch", "--records", str(deep))
    record = Store(project.root, deep).read("a/b", "pytorch")
    if "namespaces" not in record.guards:
        pytest.skip("this system has no namespaces, and /tmp is that of all")
    assert record.cells[0].output == "bound\n"
