"""Pool: worker processes that send a heartbeat every second and are killed if it stops."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, InvalidStateError
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Lock, Thread
from time import sleep
from typing import Any

from loky import ProcessPoolExecutor
from loky.process_executor import ShutdownExecutorError

from workers import temporary

IDLE_SECONDS = 300  # longer than a teacher's pause; idle workers end then and free their memory
NICENESS = 5  # pages have priority: a visitor waits for each, and it takes only 40 ms
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "BLIS")}
BEAT_SECONDS = 1.0
# Limits are counted in looks, not seconds: there are none while the machine is suspended.
SILENT_LOOKS = 10  # a worker beats in a thread of its own, however long an epoch takes
START_LOOKS = 60  # a worker imports NumPy first, which is slow on a busy machine
GONE = (BrokenExecutor, ShutdownExecutorError)
STOOD_STILL = "The processes that train stood still and were ended."
ENDED_AT_ONCE = "The processes that train cannot be started (they end at once)."
MANAGER_CRASHED = "manager thread crashed"  # loky 3.7 has this message, but no class for the error
LOST_MANAGER = "The processes that train cannot be reached (a thread of the app has ended)."


class Pool:
    """`size` worker processes. If one of them ends unexpectedly, the pool is broken.

    Raises OSError or RuntimeError where the system has no semaphores, descriptors or threads left.
    """

    def __init__(self, size: int) -> None:
        self._has_beaten = self._stood_still = self._has_lost_manager = self._over = False
        self._silent: dict[int, int] = {}  # pid -> looks since its last beat
        self._under_way = set[Future[Any]]()
        self._reader, writer = Pipe(duplex=False)
        self._reading = Lock()
        self._executor: Any = ProcessPoolExecutor(
            size, timeout=IDLE_SECONDS, initializer=_settle_in, initargs=(writer,), env=ONE_THREAD
        )
        Thread(target=self._watch, name="watch", daemon=True).start()

    def fault(self, error: BrokenExecutor) -> str:
        """Return a sentence if `error` broke this pool and no task is to blame; else ""."""
        if self._stood_still:
            return STOOD_STILL
        if self._has_lost_manager or MANAGER_CRASHED in str(error):
            return LOST_MANAGER
        self._listen()
        return "" if self._has_beaten else ENDED_AT_ONCE

    def submit(self, call: Callable[[], Any]) -> Future[Any]:
        """Run `call()` in a worker. Raises one of GONE, or an error that ends the pool."""
        try:
            future: Future[Any] = self._executor.submit(call)
        except GONE:
            raise
        except Exception:
            self._discard()  # incomplete: it would accept tasks and never run them
            raise
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        return future

    def shutdown(self, wait: bool, kill_workers: bool) -> None:
        """Shut down loky's executor and end the watch thread."""
        self._executor.shutdown(wait=wait, kill_workers=kill_workers)
        self._over = True

    def _discard(self) -> None:
        """Kill the workers, so that unfinished tasks fail with a broken pool and are retried."""
        for pid in tuple(self._executor._processes):
            _kill(pid)
        self.shutdown(wait=False, kill_workers=False)

    def _watch(self) -> None:
        with self._reader:
            while not self._over:
                sleep(BEAT_SECONDS)
                self._look(self._listen())
                self._look_after_manager()
            self._listen()  # for the last time, before the pipe is closed

    def _look_after_manager(self) -> None:
        """Break the pool if its manager thread has ended, for example for lack of threads."""
        manager = self._executor._executor_manager_thread
        if self._over or manager is None or manager.is_alive() or not self._under_way:
            return
        self._has_lost_manager = True
        self._discard()
        for future in tuple(self._under_way):
            with suppress(InvalidStateError):
                future.set_exception(BrokenExecutor("The thread that manages the pool has ended."))

    def _listen(self) -> set[int]:
        """Return the processes that have sent a beat since the last call."""
        heard = set()
        with self._reading, suppress(OSError, EOFError):
            while self._reader.poll():
                heard.add(int(self._reader.recv_bytes()))
                self._has_beaten = True
        return heard

    def _look(self, heard: set[int]) -> None:
        """Count each worker's silent looks. Kill one that is silent too long: the pool breaks."""
        before, self._silent = self._silent, {}
        for pid in tuple(self._executor._processes):
            silent = 0 if pid in heard else before.get(pid, -START_LOOKS) + 1
            self._silent[pid] = silent
            if silent >= SILENT_LOOKS:
                self._stood_still = True
                _kill(pid)


def _kill(pid: int) -> None:
    """Kill a child process that has not been reaped yet, even if it is stopped."""
    with suppress(OSError):
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def _settle_in(writer: Connection) -> None:
    """Set up a worker process: signals, priority and beats."""
    # Ctrl-C in the terminal is meant for the parent, which ends its workers itself
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):  # not on Windows
        os.nice(NICENESS)
    Thread(target=_live, args=[writer], daemon=True).start()
    _beat(writer)  # before any task: a task that ends its worker must not look like a failed start


def _beat(writer: Connection) -> None:
    with suppress(OSError):  # the pool is over and its pipe is closed
        writer.send_bytes(str(os.getpid()).encode())


def _live(writer: Connection) -> None:
    """Send beats. End this process when its parent is gone, even if the parent was killed."""
    parent = os.getppid()
    while os.getppid() == parent:
        _beat(writer)
        sleep(BEAT_SECONDS)
    temporary.clear()  # the parent could not, if it was killed
    os._exit(1)
