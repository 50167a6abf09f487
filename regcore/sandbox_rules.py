"""What a learner's process may do; loaded in that process only, before the learner's first line.

The system's limits hold whatever the code does. The audit hook is for accidents: it stops them
with one sentence. It is no fortress: Python code that means to get around it will.
"""

import ctypes
import importlib
import math
import os
import signal
import struct
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from os.path import normcase, realpath
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

try:
    import resource
except ImportError:  # Windows: the parent's wall clock is the only limit
    resource = None  # type: ignore[assignment]

NOBODY = 65534
PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, CAPABILITY_VERSION_3 = 1, 8, 0x20080522  # <linux/*.h>
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1 << 1, 1 << 2  # a container may lack the second
MOST_WRITES = 200  # of files and folders; each file has a limit of its own
MOST_FOLDERS = 16  # one inside the other
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# what libraries look at while they are imported: processors, memory, time zones
SYSTEM = (
    *("/proc/stat", "/proc/cpuinfo", "/proc/meminfo", "/proc/self/maps"),
    *("/sys/fs/cgroup", "/usr/share/zoneinfo", os.devnull),
)
READS = {"os.listdir", "os.scandir", "os.getxattr", "os.listxattr"}
WRITES = {"shutil.rmtree", "sqlite3.connect", "os.removexattr"} | {
    f"os.{name}"
    for name in ("mkdir", "remove", "rmdir", "truncate", "chmod", "chown", "utime", "setxattr")
}
DEEDS = {  # an audit event, or the family before its dot -> what the code tried
    **dict.fromkeys(("os.fork", "os.forkpty", "os.exec", "os.posix_spawn"), "start a process"),
    **dict.fromkeys(("os.spawn", "os.system", "os.startfile", "subprocess"), "start a process"),
    **dict.fromkeys(("pty", "_winapi", "webbrowser"), "start a process"),
    **dict.fromkeys(("os.kill", "os.killpg", "signal", "sys.remote_exec"), "reach a process"),
    **dict.fromkeys(("resource.setrlimit", "resource.prlimit"), "change its limits"),
    **dict.fromkeys(("os.link", "os.symlink"), "make a link"),
    "socket": "use the network",
    "syslog": "write to the system's log",
}
UNHEARD = (  # no audit event tells of these, and what they do outlives the process or leaves it
    *(("os", name) for name in ("mkfifo", "mknod", "nice", "setpriority", "sched_setaffinity")),
    *(("posix", name) for name in ("mkfifo", "mknod", "setpriority", "sched_setaffinity")),
    *(("signal", "pidfd_send_signal"), ("_gdbm", "open"), ("_dbm", "open")),
    *(("_multiprocessing", "SemLock"), ("_posixshmem", "shm_open")),
)
ABSENT = ("pyarrow",)  # starts threads and writes files unseen; pandas does without


class Forbidden(PermissionError):
    """The code tried what an exercise may not; the message is a sentence without its line."""


def leave_root(folder: str, libraries: Iterable[str]) -> None:
    """As root, become nobody, to whom `folder` is given: no limit on processes holds for root.

    Where nobody cannot even read Python and the project (below /root, say), one capability is
    kept: reading any file. Raises OSError where there is no such capability to keep.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    os.chown(folder, NOBODY, NOBODY)
    Path(folder).parent.chmod(0o711)
    os.setgroups([])
    os.setgid(NOBODY)
    keep = sys.platform == "linux" and not _nobody_reads([*libraries, folder])
    if keep:
        ctypes.CDLL(None).prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setuid(NOBODY)
    if keep and not any(_keep_only(bit) for bit in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE)):
        raise OSError("Once it is no longer root, this process cannot read Python's own files.")


def _nobody_reads(paths: Iterable[str]) -> bool:
    there = [path for path in paths if Path(path).exists()]
    os.seteuid(NOBODY)
    try:
        return all(os.access(path, os.R_OK | os.X_OK, effective_ids=True) for path in there)
    finally:
        os.seteuid(0)


def _keep_only(capability: int) -> bool:
    header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)  # of this process
    effective_permitted_inheritable = struct.pack("6I", capability, capability, 0, 0, 0, 0)
    return ctypes.CDLL(None).capset(header, effective_permitted_inheritable) == 0


def end_with_parent() -> None:
    """Let the system end this process when the app's thread that started it ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def set_limits(cpu_seconds: int, memory_bytes: int, file_bytes: int) -> None:
    """Limit this process, for good; `cpu_seconds` count from now. Nothing on Windows."""
    if not resource:
        return
    seconds = math.ceil(time.process_time()) + cpu_seconds
    _limit("RLIMIT_CPU", seconds, seconds + 1)  # SIGXCPU, which tells the line; then SIGKILL
    for name, most in (
        *(("RLIMIT_AS", memory_bytes), ("RLIMIT_FSIZE", file_bytes), ("RLIMIT_CORE", 0)),
        *(("RLIMIT_NPROC", 0), ("RLIMIT_NOFILE", 64)),
    ):
        _limit(name, most, most)


def _limit(name: str, soft: int, hard: int) -> None:
    which = getattr(resource, name)
    allowed = resource.getrlimit(which)[1]
    if allowed != resource.RLIM_INFINITY:
        soft, hard = min(soft, allowed), min(hard, allowed)
    try:
        resource.setrlimit(which, (soft, hard))
    except ValueError:  # macOS knows RLIMIT_AS and refuses it
        if sys.platform == "linux":
            raise


def guard(folder: str, libraries: Iterable[str], project: str, learner_file: str) -> None:
    """Forbid the rest of this process all that reaches beyond `folder`, for good.

    Files are read below `folder`, `libraries` and SYSTEM, and written below `folder` only.
    """
    for module, name in UNHEARD:
        with suppress(ImportError):
            setattr(importlib.import_module(module), name, _Refused())
    sys.addaudithook(_Hook(folder, libraries, project, learner_file))


class _Refused:
    """Stands in for a function that no audit event tells of."""

    SEM_VALUE_MAX = 1  # multiprocessing looks at it when it is imported

    def __call__(self, *args: Any, **options: Any) -> NoReturn:
        _forbid("reach beyond its own process")


class _Hook:
    def __init__(
        self, folder: str, libraries: Iterable[str], project: str, learner_file: str
    ) -> None:
        self.folder, self.project = _real(folder), _real(project)
        self.readable = tuple(map(_real, (folder, *libraries, *SYSTEM)))
        self.learner_file = learner_file
        self.writes_left = MOST_WRITES

    def __call__(self, event: str, args: tuple) -> None:
        family = event.partition(".")[0]
        deed = DEEDS.get(event) or DEEDS.get(family)
        if deed:
            _forbid(deed)
        elif event == "open":
            self.open(*args)
        elif event in READS:
            self.read(args[0])
        elif event in WRITES:
            self.write(args[0])
        elif event == "os.rename":
            self.write(args[0])
            self.write(args[1])
        elif event == "import" and args[0] in ABSENT:
            raise ModuleNotFoundError(f"No module named {args[0]!r} in an exercise", name=args[0])
        elif family == "ctypes" and self.called_by_learner():
            _forbid("call C code with ctypes")

    def open(self, path: Any, mode: str | None, flags: int) -> None:
        if type(path) is int:  # a descriptor, seen when it was opened
            return
        place = Path(_real(path))
        is_folder = mode is None and place.is_dir()  # its descriptor would lead anywhere
        if str(place) == self.folder:  # written to, it is a temporary file without a name
            return
        if flags & WRITING or is_folder:
            self.write(path)
        else:
            self.read(path)

    def read(self, path: Any) -> None:
        if type(path) is int:
            return
        place = _real(path)
        if place != self.project and not _is_below(place, self.readable):
            _forbid(f"read {place}", "only read its own folder and Python's")

    def write(self, path: Any) -> None:
        place = _real(path)
        inside = place.removeprefix(self.folder)
        if place == NOWHERE:
            return
        if place == self.folder:
            _forbid("remove or change its own folder")
        if not _is_below(place, (self.folder,)):
            _forbid(f"write to {place}", "only write inside its own folder")
        if inside.count(os.sep) > MOST_FOLDERS:
            _forbid(f"make folders more than {MOST_FOLDERS} deep")
        self.writes_left -= 1
        if self.writes_left < 0:
            _forbid(f"write files more than {MOST_WRITES} times")

    def called_by_learner(self) -> bool:
        frame: FrameType | None = sys._getframe(2)
        while frame and frame.f_code.co_filename == ctypes.__file__:
            frame = frame.f_back
        return frame is not None and frame.f_code.co_filename == self.learner_file


def _real(path: Any) -> str:
    if path is None:
        path = "."
    if type(path) is bytes:
        path = os.fsdecode(path)
    if type(path) is not str:
        _forbid("open something that has no plain name")
    return normcase(realpath(path))


NOWHERE = _real(os.devnull)


def _is_below(place: str, folders: Iterable[str]) -> bool:
    return any(place == folder or place.startswith(folder + os.sep) for folder in folders)


def _forbid(deed: str, may: str = "not") -> NoReturn:
    raise Forbidden(f"your code tried to {deed}; an exercise may {may}")
