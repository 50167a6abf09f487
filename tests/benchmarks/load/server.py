"""The app in processes of its own, started as a user starts it and watched from outside."""

import os
import subprocess
import sys
from pathlib import Path
from typing import IO
from urllib.error import URLError
from urllib.request import urlopen

from .program import Program, free_port

ROOT = Path(__file__).resolve().parents[3]
COUNTING = Path(__file__).resolve().parent / "counting"
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Server(Program):
    """`with Server() as server:` the app listens at server.host, server.port until the end."""

    def __init__(self, **variables: str) -> None:
        """The server also gets these variables of the environment."""
        super().__init__()
        self.host, self.port = "localhost", free_port()
        self._variables = variables
        self._notes = self.folder / "trainings"

    def start(self, log: IO[bytes]) -> subprocess.Popen:
        """As README has it, with a worker's note of each training that ran to its end."""
        env = os.environ | {
            "PYTHONPATH": str(COUNTING),
            "REGLAB_LOAD_ROOT": str(ROOT),
            "REGLAB_LOAD_TRAININGS": str(self._notes),
            **self._variables,
        }
        options = {"port": self.port, "headless": "true"}
        told = [f"--server.{name}={value}" for name, value in options.items()]
        command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", *told]
        return subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)

    def ready(self) -> bool:
        """Whether the process lives and answers."""
        if self.process.poll() is not None:
            return False
        try:
            with urlopen(f"http://{self.host}:{self.port}/_stcore/health", timeout=5.0) as answer:
                return answer.status == 200
        except (URLError, OSError):
            return False

    def trainings(self) -> int:
        """How many trainings have run to their end."""
        return len(self._notes.read_text().splitlines()) if self._notes.exists() else 0

    def megabytes(self) -> float:
        """Resident memory of the server and its workers; NaN where there is no /proc."""
        sizes = [_field(pid, "VmRSS") for pid in self._pids()]
        return sum(sizes) / 1024 if sizes else float("nan")

    def cpu_seconds(self) -> float:
        """Processor time of the server and its workers so far; NaN where there is no /proc."""
        times = [_cpu(pid) for pid in self._pids()]
        return sum(times) if times else float("nan")

    def _pids(self) -> list[int]:
        """The server and all that it has started."""
        found = [self.process.pid] if Path("/proc/self/status").exists() else []
        parents = {pid: int(_field(pid, "PPid")) for pid in _all_pids()} if found else {}
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found


def _all_pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def _field(pid: int, name: str) -> float:
    """A figure from /proc/pid/status; 0 for a process that has just ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0.0)


def _cpu(pid: int) -> float:
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(after_name[11]) + int(after_name[12])) / TICKS  # utime, stime
