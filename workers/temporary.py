"""Temporary files named reglab-<place>-<pid>-..., so that the next start can remove them."""

import os
import re
import shutil
import socket
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from time import time
from zlib import crc32

NAME = re.compile(r"reglab-([0-9a-f]{8})-(\d{1,9})-\w[\w.-]*")
TROUBLE = "trouble"
DAY = 86_400.0  # seconds


def mark_names() -> None:
    """Give this process's temporary files a prefix by which `clear` recognizes them."""
    tempfile.template = f"reglab-{_place()}-{os.getpid()}-"


def trouble_file() -> Path:
    """Return the path of this process's trouble file. Raises OSError if there is no folder."""
    return Path(tempfile.gettempdir()) / f"reglab-{_place()}-{os.getpid()}-{TROUBLE}"


def fault() -> str:
    """Return why no temporary file can be written, in a few words; "" if one can."""
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"x")
    except FileNotFoundError:
        return "there is none"  # Python's own message lists folders of the server
    except OSError as error:
        return error.strerror or "it cannot be written"
    return ""


def clear() -> None:
    """Remove the files and folders of this user's ended processes; links are not followed."""
    for entry in _entries():
        with suppress(OSError):
            if is_stale(entry):
                shutil.rmtree(entry, ignore_errors=True) if entry.is_dir() else entry.unlink()


def trouble_files() -> list[Path]:
    """Return the trouble files of this user's processes that may still be running."""
    return [entry for entry in _entries() if entry.name.endswith(TROUBLE) and not is_stale(entry)]


def is_stale(entry: Path) -> bool:
    """Return whether its process has ended or, if that is unknown, whether it is a day old."""
    match = NAME.fullmatch(entry.name)
    assert match is not None
    if match[1] == _place() and sys.platform != "win32":  # there os.kill would end the process
        return _has_ended(int(match[2]))
    return time() - entry.lstat().st_mtime > DAY


def _entries() -> Iterator[Path]:
    """Yield this user's files and folders with such names; no links."""
    with suppress(OSError):
        for entry in Path(tempfile.gettempdir()).iterdir():
            if not NAME.fullmatch(entry.name):
                continue
            with suppress(OSError):
                status = entry.lstat()
                is_ours = os.name == "nt" or status.st_uid == os.geteuid()
                if is_ours and (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
                    yield entry


@cache
def _place() -> str:
    """Return a digest of the machine and container, within which a process id is unique."""
    namespace = ""
    with suppress(OSError):
        namespace = str(Path("/proc/self/ns/pid").readlink())
    return f"{crc32(f'{socket.gethostname()} {namespace}'.encode()):08x}"


def _has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError as error:  # another one says that it is running, as another user
        return isinstance(error, ProcessLookupError)
    return False
