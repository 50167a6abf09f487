"""A program that is started from here, and ends with the block that started it."""

import socket
import subprocess
import tempfile
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from random import sample
from time import perf_counter, sleep
from types import TracebackType
from typing import IO, Self

START_SECONDS = 60.0
END_SECONDS = 10.0


def free_port() -> int:
    """A port of this machine at which nobody listens.

    None of those, from 32768 on, that the system itself gives away: the first to ask would have it
    before the program that is about to start.
    """
    for port in sample(range(20000, 30000), 100):
        with suppress(OSError), socket.create_server(("localhost", port)):
            return port
    raise OSError("A hundred ports between 20000 and 30000 are all in use.")


class Program(ABC):
    """`with Program() as it:` it is ready, has a folder of its own, and what it says is in `log`.

    Raises RuntimeError with its last words when it ends or is not ready after a minute.
    """

    def __init__(self) -> None:
        self._made = tempfile.TemporaryDirectory(prefix="reglab-load-")
        self.folder = Path(self._made.name)
        self.log = self.folder / "log"

    @abstractmethod
    def start(self, log: IO[bytes]) -> subprocess.Popen:
        """Start it; what it says goes to `log`."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether it does its work."""

    def __enter__(self) -> Self:
        with self.log.open("wb") as log:
            self.process = self.start(log)
        try:
            self._wait()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._made.cleanup()

    def kill(self) -> None:
        """As when its machine loses power."""
        self.process.kill()
        self.process.wait()

    def _wait(self) -> None:
        end = perf_counter() + START_SECONDS
        while not self.ready():
            if self.process.poll() is not None or perf_counter() > end:
                said = self.log.read_text()[-2000:]
                raise RuntimeError(f"{type(self).__name__} did not start: {said}")
            sleep(0.05)
