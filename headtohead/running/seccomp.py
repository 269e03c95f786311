"""Seccomp: a process gives up system calls that no program of this project has a use for, for itself and its own.

By libseccomp (https://github.com/seccomp/libseccomp), which is a part of most systems. What is refused is what walls
have had holes in: other processes' memory, mounts, keys, the kernel's own programs and its newest interfaces.
"""

from __future__ import annotations

import ctypes
import errno
from functools import cache

ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM  # SCMP_ACT_ALLOW, SCMP_ACT_ERRNO(EPERM)
REFUSED = (
    *("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd"),
    *("mount", "umount", "umount2", "pivot_root", "move_mount", "open_tree", "mount_setattr"),
    *("fsopen", "fsconfig", "fsmount", "fspick", "chroot", "setns", "unshare"),
    *("add_key", "request_key", "keyctl", "bpf", "perf_event_open", "userfaultfd"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff"),
    *("acct", "quotactl", "iopl", "ioperm", "personality", "open_by_handle_at", "settimeofday", "clock_settime"),
)


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
        _done(known.seccomp_load(rules))
    finally:
        known.seccomp_release(rules)


def _done(result: int) -> None:
    if result < 0:
        raise OSError(-result, "seccomp")
