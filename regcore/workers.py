"""Workers: the processes that train, shared by all visitors of this server."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from functools import partial
from threading import Lock, Thread
from time import sleep
from typing import Any

from loky import cpu_count, get_reusable_executor
from loky.process_executor import ShutdownExecutorError

from regcore.cluster import link, scheduler
from regcore.config import shown
from regcore.relay import Relay

VARIABLE = "REGLAB_WORKERS"
MAX_WORKERS = 60  # Windows waits for no more at a time
IDLE_SECONDS = 300  # longer than a teacher's pause; then the memory is given back
NICENESS = 5  # pages go before trainings: a page takes 40 ms, and somebody waits for it
ATTEMPTS = 3  # a task that ends three pools is the one that kills them
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "BLIS")}


def workers() -> Executor | None:
    """Where to train: the cluster that REGLAB_SCHEDULER names, or the pool of this machine.

    The pool has as many processes as REGLAB_WORKERS says, by default one for each core. None for
    0: the work is done in this process. Starts none: the first task does.
    Raises ValueError when one of the two cannot be read.
    """
    pool, address = _pool(), scheduler()
    return link(address).executor(pool) if address else pool


def trouble() -> str:
    """One sentence for those who wait while the cluster cannot be reached, else ""."""
    address = scheduler()
    return link(address).trouble if address else ""


def _pool() -> "Workers | None":
    asked = os.environ.get(VARIABLE, "").strip()
    if not asked:
        return Workers(min(cpu_count(), MAX_WORKERS))
    if asked not in map(str, range(MAX_WORKERS + 1)):
        allowed = f"a whole number from 0 to {MAX_WORKERS}"
        raise ValueError(f"{VARIABLE} is {shown(asked)}; it must be {allowed}.")
    return Workers(int(asked)) if int(asked) else None


class Workers(Executor):
    """`size` worker processes with the futures interface; a killed one costs nothing but time.

    Every Workers of a size stands for the same processes. They are not the page's script started
    again (loky starts them from nothing), have one BLAS thread each, and end when this process
    does. `cancel()` works on tasks in line, not on those at work, as with any executor.
    """

    def __init__(self, size: int) -> None:
        self.size = size

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """fn(*args, **kwargs) in a worker. If its pool breaks, again in a fresh one.

        Tasks of a broken pool are tried again one after another; a future whose task was in
        three of them has the last one's BrokenProcessPool.
        """
        return _Task(self, partial(fn, *args, **kwargs))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes, at once if cancel_futures; the next task starts new ones."""
        self._pool().shutdown(wait=wait, kill_workers=cancel_futures)

    def start(self, call: Callable[[], Any]) -> Future[Any]:
        """`call` handed to the pool there is, or to a fresh one if that is broken or gone."""
        for _ in range(ATTEMPTS):
            try:
                return self._pool().submit(call)
            except (BrokenExecutor, ShutdownExecutorError):
                continue  # between asking for the pool and using it, somebody's task ended it
        return self._pool().submit(call)

    def _pool(self) -> Any:
        return get_reusable_executor(
            self.size, timeout=IDLE_SECONDS, initializer=_settle_in, env=ONE_THREAD
        )


# of the tasks that were in a pool when it broke, one may be to blame: it shall not take the others
# along again
_one_suspect_at_a_time = Lock()


class _Task(Relay):
    def __init__(self, workers: Workers, call: Callable[[], Any]) -> None:
        super().__init__()
        self._workers, self._call, self._attempts = workers, call, 0
        self._start()

    def _start(self) -> None:
        self._attempts += 1
        self.follow(self._workers.start(self._call))

    def again(self, inner: Future[Any]) -> bool:
        """In a fresh pool, when this one broke."""
        error = None if inner.cancelled() else inner.exception()
        if not isinstance(error, BrokenExecutor) or self._attempts >= ATTEMPTS:
            return False
        # in a thread of its own: this one belongs to the broken pool, which waits for its end
        Thread(target=self._start_alone, name="again", daemon=True).start()
        return True

    def _start_alone(self) -> None:
        with _one_suspect_at_a_time:
            try:
                self._start()
            except Exception as error:  # nobody else would tell those who wait
                self.set_exception(error)
            else:
                wait([self._inner])


def _settle_in() -> None:
    """What a worker does first."""
    # Ctrl-C in the terminal is for the parent, which ends its workers itself
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):  # not on Windows
        os.nice(NICENESS)
    Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    """End this process when its parent is gone, even if that was killed and could say nothing."""
    parent = os.getppid()
    while os.getppid() == parent:
        sleep(1.0)
    os._exit(1)
