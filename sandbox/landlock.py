"""Limit which files a process reads and writes with Landlock, a part of the Linux kernel.

See the kernel's userspace-api/landlock.rst. This module makes the three system calls through
ctypes, because the packages that wrap them are young.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # on every architecture
GET_VERSION, RULE_PATH_BENEATH, PR_SET_NO_NEW_PRIVS = 1, 1, 38
WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 14
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG, REFER = 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 13
FILE_RIGHTS = WRITE_FILE | READ_FILE | TRUNCATE  # all others apply to folders
READ = READ_FILE | READ_DIR  # nothing grants bit 0, to execute a program
CHANGE = WRITE_FILE | TRUNCATE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER
BIND_AND_CONNECT_TCP = ABSTRACT_SOCKETS_AND_SIGNALS = 3


def abi() -> int:
    """Return the version of Landlock that this kernel enforces; 0 where there is none."""
    if sys.platform == "linux":
        with suppress(OSError):
            return _call(CREATE_RULESET, None, 0, GET_VERSION)
    return 0


def file_rights(version: int) -> int:
    """Return the bits of all file rights in a version: 13, plus one each in versions 2, 3 and 5."""
    return (1 << 13 + (version >= 2) + (version >= 3) + (version >= 5)) - 1


def confine(folder: str, readable: Iterable[str]) -> None:
    """Permanently let this process read only below `readable` and change files only in `folder`.

    Does nothing without Landlock. Raises OSError when Landlock refuses.
    """
    version = abi()
    if not version:
        return
    known = file_rights(version)
    net = BIND_AND_CONNECT_TCP * (version >= 4)
    scoped = ABSTRACT_SOCKETS_AND_SIGNALS * (version >= 6)
    attributes = struct.pack("QQQ", known, net, scoped)  # zeros for older kernels
    ruleset = _call(CREATE_RULESET, attributes, len(attributes), 0)
    for path in readable:
        _allow(ruleset, path, READ)
    _allow(ruleset, folder, (READ | CHANGE) & known)
    _allow(ruleset, os.devnull, FILE_RIGHTS & known)
    if ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError("PR_SET_NO_NEW_PRIVS was refused")
    _call(RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # the library does not exist, or this user cannot reach it
        return
    try:
        if not os.path.isdir(path):  # noqa: PTH112
            rights &= FILE_RIGHTS
        _call(ADD_RULE, ruleset, RULE_PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)


def _call(number: int, *args: int | bytes | None) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    wide = [ctypes.c_long(arg) if type(arg) is int else arg for arg in args]
    result: int = libc.syscall(ctypes.c_long(number), *wide)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"Landlock: {os.strerror(ctypes.get_errno())}")
    return result
