"""Temporary files whose names say which process made them, so that the next start can clear them.

`mark_names` has the tempfile module begin every name with reglab-<place>-<pid>-.
"""

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
    """Begin the names of this process's temporary files so that `clear` knows them."""
    tempfile.template = f"reglab-{_place()}-{os.getpid()}-"


def trouble_file() -> Path | None:
    """The file in which this process tells others what is wrong; None without a folder for it."""
    try:
        return Path(tempfile.gettempdir()) / f"reglab-{_place()}-{os.getpid()}-{TROUBLE}"
    except OSError:
        return None


def fault() -> str:
    """Why no temporary file can be written, in a few words; "" if one can."""
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"x")
    except FileNotFoundError:
        return "there is none"  # Python's own words list folders of the server
    except OSError as error:
        return error.strerror or "it cannot be written"
    return ""


def clear() -> None:
    """Remove the files and folders of this user's processes that have ended.

    Files of other users, other names and living processes stay, and links are not followed.
    """
    for entry in _entries():
        with suppress(OSError):
            if is_stale(entry):
                shutil.rmtree(entry, ignore_errors=True) if entry.is_dir() else entry.unlink()


def trouble_files() -> list[Path]:
    """The trouble files of this user's processes that may still be alive."""
    return [entry for entry in _entries() if entry.name.endswith(TROUBLE) and not is_stale(entry)]


def is_stale(entry: Path) -> bool:
    """Whether its process has ended; where that cannot be known, whether it is a day old."""
    match = NAME.fullmatch(entry.name)
    assert match is not None
    if match[1] == _place() and sys.platform != "win32":  # there os.kill would end the process
        return _has_ended(int(match[2]))
    return time() - entry.lstat().st_mtime > DAY


def _entries() -> Iterator[Path]:
    """This user's files and folders with such a name; no links."""
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
    """A digest of where a process id is unique: this machine, and a container in it."""
    namespace = ""
    with suppress(OSError):
        namespace = str(Path("/proc/self/ns/pid").readlink())
    return f"{crc32(f'{socket.gethostname()} {namespace}'.encode()):08x}"


def _has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except OSError:
        pass  # it lives, and is another user's
    return False
