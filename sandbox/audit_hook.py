"""What a learner's code is told when it reaches beyond its folder; loaded in its process only.

The audit hook is for accidents: it stops them with one sentence that names the line. Where the
kernel has Landlock and seccomp, they hold what gets past it. Elsewhere nothing does: Python code
that means to get around the hook will.
"""

import ctypes
import importlib
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from os.path import normcase, realpath
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

MOST_WRITES = 200  # of files and folders; each file has a limit of its own
MOST_FOLDERS = 16  # one inside the other
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# what libraries look at while they are imported: processors, memory, time zones; and what the
# system's loader looks at, which only the kernel sees
SYSTEM = (
    *("/proc/stat", "/proc/cpuinfo", "/proc/meminfo", "/proc/self/maps"),
    *("/sys/fs/cgroup", "/sys/devices/system/cpu", "/usr/share/zoneinfo", os.devnull),
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"),
    *("/etc/ld.so.cache", "/etc/localtime"),
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
    **dict.fromkeys(("fcntl.fcntl", "fcntl.ioctl"), "control a file with fcntl"),
    "socket": "use the network",
    "syslog": "write to the system's log",
}
POSIX = ("os", "posix", "nt")  # a function of the system has two names
UNHEARD = (  # no audit event tells of these, and what they do outlives the process or leaves it
    *((POSIX, name) for name in ("mkfifo", "mknod", "nice", "setpriority", "pidfd_open")),
    *((POSIX, f"sched_set{what}") for what in ("affinity", "scheduler", "param")),
    *((("signal", "_signal"), "pidfd_send_signal"), (("_gdbm", "_dbm"), "open")),
    *((("_multiprocessing",), "SemLock"), (("_posixshmem",), "shm_open")),
    *((("_posixshmem",), "shm_unlink"), (("_socket",), "socketpair")),
)
WITHOUT_EFFECT = ("chmod", "chown", "utime")  # where the kernel refuses them
ASYNCIO = "run asyncio, which needs a socket"
ABSENT = ("pyarrow", "readline")  # write files unseen; pandas and pdb do without


class Forbidden(PermissionError):
    """The code tried what an exercise may not; the message is a sentence without its line."""


def guard(folder: str, libraries: Iterable[str], learner_file: str) -> None:
    """Forbid the rest of this process all that reaches beyond `folder`, for good.

    Files are read below `folder`, `libraries` and SYSTEM, and written below `folder` only.
    """
    for modules, name in UNHEARD:
        for module in modules:
            with suppress(ImportError):
                _replace(importlib.import_module(module), name)
    for name in WITHOUT_EFFECT:
        if hasattr(os, name):
            setattr(os, name, _WithoutEffect(getattr(os, name)))
    sys.meta_path.insert(0, _Absent)  # type: ignore[arg-type]
    sys.addaudithook(_Hook(folder, libraries, learner_file))


def _replace(module: ModuleType, name: str) -> None:
    if hasattr(module, name):
        setattr(module, name, _Refused())


class _Absent:
    """Finds no module of ABSENT, however it is imported; no audit event tells of import_module."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> None:
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r} in an exercise", name=name)


class _Refused:
    """Stands in for a function that no audit event tells of."""

    SEM_VALUE_MAX = 1  # multiprocessing looks at it when it is imported

    def __call__(self, *args: Any, **options: Any) -> NoReturn:
        _forbid(ASYNCIO if _called_by_asyncio() else "reach beyond its own process")


class _WithoutEffect:
    """Calls a function that seccomp refuses, wherever the file lies, and goes on without it.

    A mode, an owner or a time means nothing in a folder that is thrown away, and shutil.copy and
    Path.touch need the call.
    """

    def __init__(self, function: Callable[..., None]) -> None:
        self.function = function

    def __call__(self, path: Any, *args: Any, **options: Any) -> None:
        try:
            self.function(path, *args, **options)
        except Forbidden:
            raise
        except PermissionError:
            os.stat(path)  # noqa: PTH116 - it may be a descriptor; no file is another error


class _Hook:
    def __init__(self, folder: str, libraries: Iterable[str], learner_file: str) -> None:
        self.folder = _real(folder)
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
            self.write(_file_of_uri(args[0]) if family == "sqlite3" else args[0])
        elif event == "os.rename":
            self.write(args[0])
            self.write(args[1])
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
        if not _is_below(place, self.readable):
            _forbid(f"read {place}", "only read its own folder and Python's")

    def write(self, path: Any) -> None:
        if type(path) is int:
            return
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


def _called_by_asyncio() -> bool:
    frame: FrameType | None = sys._getframe(2)
    while frame and frame.f_globals.get("__package__") != "asyncio":
        frame = frame.f_back
    return frame is not None


def _file_of_uri(database: Any) -> Any:
    """The file that SQLite opens; it may be told by a URI, and in memory there is none."""
    name = os.fsdecode(database) if isinstance(database, (str, bytes, os.PathLike)) else database
    return unquote(urlsplit(name).path) if str(name).startswith("file:") else name


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
