"""Seccomp: a process gives up system calls that no program of this project has a use for, for itself and its own.

By libseccomp (https://github.com/seccomp/libseccomp), which is a part of most systems. What is refused is what walls
have had holes in: other processes' memory, mounts, keys, the kernel's own programs and its newest interfaces.
"""

from __future__ import annotations

import ctypes
import errno
import socket
from functools import cache

ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM  # SCMP_ACT_ALLOW, SCMP_ACT_ERRNO(EPERM)
REFUSED = (
    *("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd"),
    *("mount", "umount", "umount2", "pivot_root", "move_mount", "open_tree", "mount_setattr"),
    *("fsopen", "fsconfig", "fsmount", "fspick", "chroot", "setns", "unshare"),
    *("add_key", "request_key", "keyctl", "bpf", "perf_event_open", "userfaultfd"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff"),
    *("shmget", "msgget", "semget"),  # what stays when a process has ended, uncounted, for the next one to find
    *("acct", "quotactl", "iopl", "ioperm", "personality", "open_by_handle_at", "settimeofday", "clock_settime"),
)
# Kinds of sockets that a program may make: of files, of the loopback, and what asks the kernel for its interfaces.
# Others, as AF_VSOCK to the machine outside of a virtual one, no namespace of networks holds.
ALLOWED_SOCKETS = {int(each) for each in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)}
KINDS_OF_SOCKETS = 64  # more than Linux has
EQUAL = 4  # SCMP_CMP_EQ


class _Argument(ctypes.Structure):
    """A condition on an argument of a system call: `scmp_arg_cmp`."""

    _fields_ = [
        ("number", ctypes.c_uint),
        ("how", ctypes.c_int),
        ("value", ctypes.c_uint64),
        ("unused", ctypes.c_uint64),
    ]


@cache
def library() -> ctypes.CDLL | None:
    """libseccomp, or None where it is not installed."""
    try:
        found = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    except OSError:
        return None
    found.seccomp_init.restype = ctypes.c_void_p
    found.seccomp_init.argtypes = [ctypes.c_uint32]
    found.seccomp_rule_add_array.argtypes = [
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_void_p,
    ]
    found.seccomp_load.argtypes = found.seccomp_release.argtypes = [ctypes.c_void_p]
    found.seccomp_release.restype = None
    return found


def restrict() -> None:
    """Refuses them from now on; with an error, so that a program can go on without.

    Raises:
        OSError: The system does not allow it.
    """
    if not (known := library()):
        raise OSError(errno.ENOSYS, "libseccomp is not installed")
    rules = known.seccomp_init(ALLOW)
    try:
        for name in REFUSED:
            number = known.seccomp_syscall_resolve_name(name.encode())
            if number != -1:  # of a newer kernel than the library's
                _done(known.seccomp_rule_add_array(rules, REFUSE, number, 0, None))
        made = known.seccomp_syscall_resolve_name(b"socket")
        for kind in set(range(KINDS_OF_SOCKETS)) - ALLOWED_SOCKETS:
            _done(known.seccomp_rule_add_array(rules, REFUSE, made, 1, ctypes.byref(_Argument(0, EQUAL, kind, 0))))
        _done(known.seccomp_load(rules))
    finally:
        known.seccomp_release(rules)


def _done(result: int) -> None:
    if result < 0:
        raise OSError(-result, "seccomp")
