"""Files in the folder for temporary files, named so that the next start can clear them away.

A name says which process made the file: reglab-share-<place>-<pid>-<random>.
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
from uuid import uuid4
from zlib import crc32

KINDS = ("reglab-share", "reglab-stop", "reglab-trouble", "my-answer")
NAME = re.compile(rf"({'|'.join(KINDS)})-([0-9a-f]{{8}})-(\d{{1,9}})-\w+")
DAY = 86_400.0  # seconds


def prefix(kind: str) -> str:
    """How the names of this process's files of a kind in KINDS begin."""
    return f"{kind}-{_place()}-{os.getpid()}-"


def path(kind: str) -> Path | None:
    """A new name for a file of a kind in KINDS; None where no folder can be written."""
    try:
        return Path(tempfile.gettempdir()) / (prefix(kind) + uuid4().hex)
    except OSError:
        return None


def fault() -> str:
    """Why nothing can be written there, in a few words; "" if it can."""
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"x")
    except FileNotFoundError:
        return "there is none"  # Python's own words list folders of the server
    except OSError as error:
        return error.strerror or "it cannot be written"
    return ""


def clear() -> None:
    """Remove what processes of this user have left behind that exist no more.

    Files of other users, other kinds and living processes stay, and links are not followed.
    """
    for entry in _entries():
        with suppress(OSError):
            if is_stale(entry):
                shutil.rmtree(entry, ignore_errors=True) if entry.is_dir() else entry.unlink()


def living(kind: str) -> list[Path]:
    """The files of this kind, made by this user, whose process may still exist."""
    return [entry for entry in _entries() if entry.name.startswith(kind) and not is_stale(entry)]


def is_stale(entry: Path) -> bool:
    """Whether its process has ended; where that cannot be known, whether it is a day old."""
    told = NAME.fullmatch(entry.name)
    assert told is not None
    if told[2] == _place() and sys.platform != "win32":  # there os.kill would end the process
        return _has_ended(int(told[3]))
    return time() - entry.lstat().st_mtime > DAY


def _entries() -> Iterator[Path]:
    """All files, and folders for learners' code, with a name of ours that belong to this user."""
    with suppress(OSError):
        for entry in Path(tempfile.gettempdir()).iterdir():
            if (told := NAME.fullmatch(entry.name)) is None:
                continue
            with suppress(OSError):
                found = entry.lstat()
                is_kind = stat.S_ISDIR if told[1] == "my-answer" else stat.S_ISREG
                if is_kind(found.st_mode) and (os.name == "nt" or found.st_uid == os.geteuid()):
                    yield entry


@cache
def _place() -> str:
    """Where the number of a process means something: this machine, and a container in it."""
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
