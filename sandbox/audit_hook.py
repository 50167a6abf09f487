"""An audit hook that stops a learner's code when it reaches beyond its folder.

It stops accidents, and the error names the line. Python code can deliberately get around it; only
Landlock and seccomp, where the kernel has them, stop what does.
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

MAX_WRITES = 200  # of files and folders; the size of each file has its own limit
MAX_FOLDER_DEPTH = 16
WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
NULL_DEVICE = normcase(realpath(os.devnull))
SYSTEM_PATHS = (
    # libraries read these when they are imported: processors, memory, time zones
    *("/proc/stat", "/proc/cpuinfo", "/proc/meminfo", "/proc/self/maps", "/sys/fs/cgroup"),
    *("/sys/devices/system/cpu", "/usr/share/zoneinfo", "/etc/localtime", os.devnull),
    # the dynamic loader reads these; Landlock checks that, but no audit event reports it
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"),
)
READ_EVENTS = {"os.listdir", "os.scandir", "os.getxattr", "os.listxattr"}
WRITE_EVENTS = {"shutil.rmtree", "sqlite3.connect", "os.removexattr"} | {
    f"os.{name}"
    for name in ("mkdir", "remove", "rmdir", "truncate", "chmod", "chown", "utime", "setxattr")
}
FORBIDDEN_ACTIONS = {  # an audit event, or the part before its dot -> what the code tried to do
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
SYSTEM_FUNCTIONS = (
    *("mkfifo", "mknod", "nice", "setpriority", "pidfd_open"),
    *("sched_setaffinity", "sched_setscheduler", "sched_setparam"),
)
UNAUDITED_FUNCTIONS = {  # no audit event reports them; their effects outlast or leave the process
    **dict.fromkeys(("os", "posix", "nt"), SYSTEM_FUNCTIONS),
    **dict.fromkeys(("signal", "_signal"), ("pidfd_send_signal",)),
    **dict.fromkeys(("_gdbm", "_dbm"), ("open",)),
    "_multiprocessing": ("SemLock",),
    "_posixshmem": ("shm_open", "shm_unlink"),
    "_socket": ("socketpair",),
}
BEST_EFFORT_FUNCTIONS = ("chmod", "chown", "utime")  # ignored where the kernel refuses them
HIDDEN_MODULES = ("pyarrow", "readline")  # write files without an audit event; both are optional
ASYNCIO = "run asyncio, which needs a socket"


class Forbidden(PermissionError):
    """The code tried a forbidden action; the message is a sentence without the line number."""


def guard(folder: str, libraries: Iterable[str], learner_file: str) -> None:
    """Permanently forbid this process to reach beyond `folder`, except to read `libraries`."""
    for module_name, names in UNAUDITED_FUNCTIONS.items():
        with suppress(ImportError):
            _replace(importlib.import_module(module_name), names, lambda function: _Refused())
    _replace(os, BEST_EFFORT_FUNCTIONS, _best_effort)
    sys.meta_path.insert(0, _HiddenModules)  # type: ignore[arg-type]
    sys.addaudithook(_Hook(folder, libraries, learner_file))


def _replace(module: ModuleType, names: Iterable[str], make: Callable[[Any], Any]) -> None:
    for name in names:
        if hasattr(module, name):
            setattr(module, name, make(getattr(module, name)))


class _HiddenModules:
    """An import finder that refuses HIDDEN_MODULES; import_module raises no audit event."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> None:
        if name.partition(".")[0] in HIDDEN_MODULES:
            raise ModuleNotFoundError(f"No module named {name!r} in an exercise", name=name)


class _Refused:
    """Replaces a function that raises no audit event, and raises Forbidden when called."""

    SEM_VALUE_MAX = 1  # multiprocessing reads it on import

    def __call__(self, *args: Any, **options: Any) -> NoReturn:
        _forbid(ASYNCIO if _called_by_asyncio() else "reach beyond its own process")


def _best_effort(function: Callable[..., None]) -> Callable[..., None]:
    """Return a function that does nothing where seccomp refuses the call.

    Modes, owners and times do not matter in a temporary folder, but shutil.copy and Path.touch
    fail without the call.
    """

    def attempt(path: Any, *args: Any, **options: Any) -> None:
        try:
            function(path, *args, **options)
        except Forbidden:
            raise
        except PermissionError:
            os.stat(path)  # noqa: PTH116 - may be a descriptor; raises if there is no file

    return attempt


class _Hook:
    def __init__(self, folder: str, libraries: Iterable[str], learner_file: str) -> None:
        self.folder = _real(folder)
        self.readable = tuple(map(_real, (folder, *libraries, *SYSTEM_PATHS)))
        self.learner_file = learner_file
        self.writes_left = MAX_WRITES

    def __call__(self, event: str, args: tuple) -> None:
        family = event.partition(".")[0]
        action = FORBIDDEN_ACTIONS.get(event) or FORBIDDEN_ACTIONS.get(family)
        if action:
            _forbid(action)
        elif family == "ctypes":
            if self.called_by_learner():
                _forbid("call C code with ctypes")
        elif event == "os.rename":
            self.write(args[0])
            self.write(args[1])
        elif args and type(args[0]) is int:  # a descriptor, checked when it was opened
            return
        elif event == "open":
            self.open(*args)
        elif event in READ_EVENTS:
            self.read(args[0])
        elif event in WRITE_EVENTS:
            self.write(_file_of_uri(args[0]) if family == "sqlite3" else args[0])

    def open(self, path: Any, mode: str | None, flags: int) -> None:
        real_path = _real(path)
        if real_path == self.folder:  # opened for writing, it makes an unnamed temporary file
            return
        # the descriptor of a folder would give access to everything below it
        if flags & WRITE_FLAGS or (mode is None and Path(real_path).is_dir()):
            self.write(path)
        else:
            self.read(path)

    def read(self, path: Any) -> None:
        real_path = _real(path)
        if not _is_below(real_path, self.readable):
            _forbid(f"read {real_path}", "only read its own folder and Python's")

    def write(self, path: Any) -> None:
        real_path = _real(path)
        if real_path == NULL_DEVICE:
            return
        if real_path == self.folder:
            _forbid("remove or change its own folder")
        if not _is_below(real_path, (self.folder,)):
            _forbid(f"write to {real_path}", "only write inside its own folder")
        if real_path.removeprefix(self.folder).count(os.sep) > MAX_FOLDER_DEPTH:
            _forbid(f"make folders more than {MAX_FOLDER_DEPTH} deep")
        self.writes_left -= 1
        if self.writes_left < 0:
            _forbid(f"write files more than {MAX_WRITES} times")

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
    """Return the path of the file that SQLite opens, given a path or a URI."""
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


def _is_below(real_path: str, folders: Iterable[str]) -> bool:
    return any(real_path == folder or real_path.startswith(folder + os.sep) for folder in folders)


def _forbid(action: str, permission: str = "not") -> NoReturn:
    raise Forbidden(f"your code tried to {action}; an exercise may {permission}")
