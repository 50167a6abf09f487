"""Workers: the processes that train, shared by all visitors of this server."""

import logging
import os
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Lock, Thread, Timer
from time import monotonic
from typing import Any

from loky import cpu_count

from regcore import temporary
from regcore.cluster import link, scheduler
from regcore.config import shown
from regcore.inprocess import in_process
from regcore.pool import GONE, Pool
from regcore.relay import Relay

VARIABLE = "REGLAB_WORKERS"
MAX_WORKERS = 60  # Windows waits for no more at a time
ATTEMPTS = 3  # a task that ends three pools is the one that kills them
RETRY_SECONDS = 20.0  # until a pool is tried again
NO_THREAD = "can't start new thread"  # Python's words; it has no error of its own for it
CANNOT_START = "The processes that train cannot be started ({})."
MEANWHILE = "Training goes on inside the app, one network at a time, and may take longer."
NO_FOLDER = (
    "The folder for temporary files cannot be written ({}). Pages and training work; bars may "
    "stand still, and your own code in the exercises may not run."
)


def workers() -> Executor | None:
    """Where to train: the cluster that REGLAB_SCHEDULER names, or the pool of this machine.

    The pool has as many processes as REGLAB_WORKERS says, by default one for each core. None for
    0: the work is done in this process. Starts none: the first task does.
    Raises ValueError when one of the two cannot be read.
    """
    pool, address = _pool(), scheduler()
    in_process()
    return link(address).executor(pool) if address else pool


def trouble() -> str:
    """What does not work here now and what still does, in a sentence each; "" if all does."""
    address, folder = scheduler(), temporary.fault()
    _fault.look_again()
    cluster = link(address).trouble if address else ""
    return " ".join(filter(None, (cluster, _fault.sentence, folder and NO_FOLDER.format(folder))))


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
        if pool := _pools.pop(self.size, None):
            pool.shutdown(wait=wait, kill_workers=cancel_futures)

    def start(self, call: Callable[[], Any]) -> tuple[Pool | None, Future[Any]]:
        """`call` handed to the pool there is, or to a fresh one if that is broken or gone.

        Where there can be no pool it goes to this process's own thread, and the pool is None.
        """
        for _ in range(ATTEMPTS):
            if _fault.is_fresh():
                break
            pool = None
            try:
                pool = self._pool()
                return pool, pool.submit(call)
            except Exception as error:
                self._drop(pool)
                if not isinstance(error, GONE):  # else somebody's task ended it meanwhile
                    _fault.tell(CANNOT_START.format(_reason(error)), self, error)
        return None, in_process().submit(call)

    def _pool(self) -> Pool:
        with _making:
            if self.size not in _pools:
                _pools[self.size] = Pool(self.size)
            return _pools[self.size]

    def _drop(self, pool: Pool | None) -> None:
        with _making:
            if pool and _pools.get(self.size) is pool:
                _pools.pop(self.size).shutdown(wait=False, kill_workers=False)


_pools: dict[int, Pool] = {}  # size -> the pool that all Workers of this size stand for
_making = Lock()


def _reason(error: BaseException | None) -> str:
    """The system's words, also from below another error that came of it."""
    while error:
        if isinstance(error, OSError):
            return error.strerror or type(error).__name__
        if str(error) == NO_THREAD:
            return "no thread is left"
        error = error.__context__
    return "the system does not say why"


class _Fault:
    """What is wrong with the pools of this process, until one has done a task again."""

    def __init__(self) -> None:
        self.sentence = ""
        self._next_try, self._lock = 0.0, Lock()
        self._file: Path | None = None

    def is_fresh(self) -> bool:
        """Whether it is too early to try again."""
        return bool(self.sentence) and monotonic() < self._next_try

    def tell(self, what: str, workers: Workers, error: BaseException) -> None:
        """Have everybody know, also `python -m regcore.health`, and try again after a while."""
        with self._lock:
            if self.is_fresh():
                return
            before, self.sentence = self.sentence, f"{what} {MEANWHILE}"
            self._next_try = monotonic() + RETRY_SECONDS
        if self.sentence != before:
            logging.getLogger(__name__).warning(self.sentence, exc_info=error)
        with suppress(OSError):
            self._file = self._file or temporary.path("reglab-trouble")
            if self._file:
                self._file.write_text(self.sentence, encoding="utf-8")
        self._workers, again = workers, Timer(RETRY_SECONDS, self.look_again)
        again.daemon = True
        with suppress(RuntimeError):  # no thread to be had: the next page looks
            again.start()

    def look_again(self) -> None:
        """Try whether a pool does a task now, unless it is too early. Does not wait for it."""
        if self.sentence and not self.is_fresh():
            self._workers.submit(int)

    def clear(self) -> None:
        """A pool has done a task."""
        if self.sentence:
            self.sentence = ""
            with suppress(OSError):
                if self._file:
                    self._file.unlink(missing_ok=True)


_fault = _Fault()


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
        self._pool, inner = self._workers.start(self._call)
        self.follow(inner)

    def again(self, inner: Future[Any]) -> bool:
        """In a fresh pool, when this one broke; in this process, when it was not the task's."""
        if self._pool is None or inner.cancelled():
            return False
        error = inner.exception()
        if not isinstance(error, BrokenExecutor):
            _fault.clear()
            return False
        if what := self._pool.fault(error):
            _fault.tell(what, self._workers, error)
            self._start()
            return True
        if self._attempts >= ATTEMPTS:
            return False
        # in a thread of its own: this one belongs to the broken pool, which waits for its end
        try:
            Thread(target=self._start_alone, name="again", daemon=True).start()
        except RuntimeError:  # no thread to be had
            return False
        return True

    def _start_alone(self) -> None:
        with _one_suspect_at_a_time:
            try:
                self._start()
            except Exception as error:  # nobody else would tell those who wait
                self.set_exception(error)
            else:
                wait([self._inner])
