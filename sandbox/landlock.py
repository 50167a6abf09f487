"""Which files a process reads and writes, held by Landlock, a part of the Linux kernel.

Documented in the kernel's userspace-api/landlock.rst. Called through ctypes: it is three calls, and
the packages that wrap them are young.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # on every architecture
ASK_VERSION, BENEATH_A_PATH, PR_SET_NO_NEW_PRIVS = 1, 1, 38
WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 14
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG, REFER = 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 13
OF_A_FILE = WRITE_FILE | READ_FILE | TRUNCATE  # all others are a folder's
READ = READ_FILE | READ_DIR  # a program is not executed: nothing grants bit 0
CHANGE = WRITE_FILE | TRUNCATE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER
BIND_AND_CONNECT_TCP = ABSTRACT_SOCKETS_AND_SIGNALS = 3


def abi() -> int:
    """Return the version of Landlock that this kernel has in force; 0 where there is none."""
    if sys.platform != "linux":
        return 0
    with suppress(OSError):
        return _call(CREATE_RULESET, None, 0, ASK_VERSION)
    return 0


def files_known(version: int) -> int:
    """Return the bits of all rights on files that a version knows: 13, and one more each time."""
    return (1 << 13 + (version >= 2) + (version >= 3) + (version >= 5)) - 1


def confine(folder: str, readable: Iterable[str]) -> None:
    """Let this process read below `readable` and change files below `folder` only, for good.

    It reaches no TCP port from version 4 on, and no other process's abstract socket or signal
    handler from version 6 on. Nothing where there is no Landlock. Raises OSError when it refuses.
    """
    version = abi()
    if not version:
        return
    known = files_known(version)
    net, scoped = (
        BIND_AND_CONNECT_TCP * (version >= 4),
        ABSTRACT_SOCKETS_AND_SIGNALS * (version >= 6),
    )
    attributes = struct.pack("QQQ", known, net, scoped)  # older kernels want zeros at the end
    ruleset = _call(CREATE_RULESET, attributes, len(attributes), 0)
    for path in readable:
        _allow(ruleset, path, READ)
    _allow(ruleset, folder, (READ | CHANGE) & known)
    _allow(ruleset, os.devnull, OF_A_FILE & known)
    if ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError("PR_SET_NO_NEW_PRIVS was refused")
    _call(RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # a library that is not there, or that this user cannot reach
        return
    try:
        if not os.path.isdir(path):  # noqa: PTH112
            rights &= OF_A_FILE
        _call(ADD_RULE, ruleset, BENEATH_A_PATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)


def _call(number: int, *args: int | bytes | None) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    wide = [ctypes.c_long(arg) if type(arg) is int else arg for arg in args]
    result: int = libc.syscall(ctypes.c_long(number), *wide)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"Landlock: {os.strerror(ctypes.get_errno())}")
    return result
