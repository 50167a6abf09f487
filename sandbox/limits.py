"""The user that a learner's process runs as, and its resource limits."""

import ctypes
import math
import os
import signal
import struct
import sys
import time
from collections.abc import Iterable
from pathlib import Path

try:
    import resource
except ImportError:  # Windows: the parent's wall clock is the only limit
    resource = None  # type: ignore[assignment]

NOBODY = 65534
PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, CAPABILITY_VERSION_3 = 1, 8, 0x20080522  # <linux/*.h>
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1 << 1, 1 << 2  # containers may lack the second
MAX_DESCRIPTORS = 64


def leave_root(folder: str, libraries: Iterable[str], confined: bool) -> None:
    """As root, become nobody and own `folder`: the limit on processes does not apply to root.

    If nobody cannot read Python and the project (below /root, say), the process keeps one
    capability: to read any file. Raises OSError if it is needed but not available, or not
    `confined`, that is limited by Landlock. Users other than root drop all capabilities.
    """
    if not hasattr(os, "geteuid"):
        return
    linux = sys.platform == "linux"
    if os.geteuid() != 0:
        if linux:
            _keep_only(0)
        return
    os.chown(folder, NOBODY, NOBODY)
    Path(folder).parent.chmod(0o711)
    os.setgroups([])
    os.setgid(NOBODY)
    keep = linux and not _nobody_reads([*libraries, folder])
    if keep and not confined:
        raise OSError(
            "the app runs as root, and Python lies where only root reads, so that your code could "
            "read every file of this machine; start the app as an ordinary user"
        )
    if keep:
        ctypes.CDLL(None).prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setuid(NOBODY)
    if keep and not any(_keep_only(bit) for bit in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE)):
        raise OSError(
            "the app runs as root, and an ordinary user cannot read Python's own files; start the "
            "app as an ordinary user, with a Python that this user can read"
        )


def _nobody_reads(paths: Iterable[str]) -> bool:
    existing = [path for path in paths if Path(path).exists()]
    os.seteuid(NOBODY)
    try:
        return all(os.access(path, os.R_OK | os.X_OK, effective_ids=True) for path in existing)
    finally:
        os.seteuid(0)


def _keep_only(capability: int) -> bool:
    header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)  # of this process
    effective_permitted_inheritable = struct.pack("6I", capability, capability, 0, 0, 0, 0)
    return ctypes.CDLL(None).capset(header, effective_permitted_inheritable) == 0


def end_with_parent() -> None:
    """On Linux, have the system end this process when the app's thread that started it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def set_limits(cpu_seconds: int, memory_bytes: int, file_bytes: int) -> None:
    """Limit this process permanently; `cpu_seconds` count from now. Does nothing on Windows."""
    if not resource:
        return
    seconds = math.ceil(time.process_time()) + cpu_seconds
    _limit("RLIMIT_CPU", seconds, 1)  # SIGXCPU, then SIGKILL
    _limit("RLIMIT_AS", memory_bytes)
    _limit("RLIMIT_FSIZE", file_bytes)
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_NPROC", 0)
    _limit("RLIMIT_NOFILE", MAX_DESCRIPTORS)


def _limit(name: str, soft: int, grace: int = 0) -> None:
    which, hard = getattr(resource, name), soft + grace
    allowed = resource.getrlimit(which)[1]
    if allowed != resource.RLIM_INFINITY:
        soft, hard = min(soft, allowed), min(hard, allowed)
    try:
        resource.setrlimit(which, (soft, hard))
    except ValueError:  # macOS has RLIMIT_AS but refuses to set it
        if sys.platform == "linux":
            raise
