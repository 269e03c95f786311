"""Guards the sandbox of programs: no packet leaves, whatever a program starts."""

from __future__ import annotations

import subprocess

import pytest

from tests.support.texts import good_beside, program


def namespaces() -> bool:
    """Whether the system lets a process leave the network."""
    return any(
        subprocess.run(["unshare", *how, "true"], capture_output=True, check=False).returncode == 0
        for how in (["-n"], ["-rn"])
    )


@pytest.mark.skipif(not namespaces(), reason="this system allows no network namespace; the audit hook still stands")
def test_no_packet_leaves_from_what_a_program_starts(project):
    """Another process has no audit hook: there, the namespace has nothing but a loopback."""
    text = program(
        "import os, subprocess, sys",
        "with open('/proc/net/dev') as file:\n    print([line.split(':')[0].strip() for line in file][2:])",
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
