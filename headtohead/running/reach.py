"""The reach of a job: the places of the machine that it may read, and those that it may change."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from headtohead.running.jobs import Job

# What every process of the machine is made of; each where it is.
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix/store", "/sys")
# Of /etc what libraries ask for: names, time, certificates, where shared libraries lie.
ETC = (
    *("group", "passwd", "nsswitch.conf", "host.conf", "hosts", "gai.conf", "protocols", "services"),
    *("localtime", "timezone", "locale.alias", "debian_version", "os-release", "mime.types", "fonts", "OpenCL"),
    *("ca-certificates", "pki", "ssl", "alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d"),
)
DEVICES = ("null", "zero", "full", "random", "urandom", "dri", "kfd")


@dataclass(frozen=True)
class Reach:
    """Places by their absolute paths; all are there.

    Attributes:
        reads: What may be read and run, with all below it.
        writes: What may be changed, with all below it.
        devices: Device files, or folders of them.
    """

    reads: list[Path]
    writes: list[Path]
    devices: list[Path]


def reach(job: Job, hidden: Path) -> Reach:
    """What a job may reach: the system, Python with its packages, and its own folders.

    Args:
        job: The job.
        hidden: What it has to do without, though this process imports from it: this project.
    """
    reads = [*map(Path, SYSTEM), *(Path("/etc", name) for name in ETC), *_python(hidden), job.aside]
    devices = [*(Path("/dev", name) for name in DEVICES), *sorted(Path("/dev").glob("nvidia*"))]
    there = [[each for each in places if each.exists()] for places in (reads, devices)]
    return Reach(there[0], [job.work, job.tmp, job.home], there[1])


def _python(hidden: Path) -> list[Path]:
    """Where the interpreter and its packages lie, and each link on the way to the interpreter."""
    packages = [Path(each) for each in sys.path if each and not _within(hidden, Path(each).resolve())]
    found = [Path(sys.base_prefix), Path(sys.prefix), *packages]
    link = Path(sys.executable)
    while link.is_symlink():
        found.append(link)
        link = link.parent / os.readlink(link)
    return [each.absolute() for each in (*found, link)]


def _within(folder: Path, place: Path) -> bool:
    """Whether a place is this folder, or holds it: with it the job would see all of the project."""
    return folder == place or place in folder.parents
