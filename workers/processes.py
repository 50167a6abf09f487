"""ProcessExecutor: the worker processes that all visitors of this server share."""

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from functools import partial
from threading import Lock, Thread
from typing import Any

from workers.faults import CANNOT_START, fault, reason
from workers.in_process import in_process
from workers.pool import GONE, Pool
from workers.retry import RetriedFuture

ATTEMPTS = 3  # a task whose pool broke three times is taken to be the cause


class ProcessExecutor(Executor):
    """`size` worker processes with the futures interface. A killed worker costs only time.

    All ProcessExecutors of the same size share their processes. loky starts fresh processes, which
    do not run the page's script again; each has one BLAS thread and ends when this process does.
    `cancel()` works on waiting tasks, not on running ones, as with any executor.
    """

    def __init__(self, size: int) -> None:
        self.size = size

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run fn(*args, **kwargs) in a worker; if its pool breaks, again in a fresh one, alone.

        A task whose pool broke three times raises the last BrokenProcessPool.
        """
        return _Task(self, partial(fn, *args, **kwargs))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes, at once if cancel_futures; the next task starts new ones."""
        if pool := _pools.pop(self.size, None):
            pool.shutdown(wait=wait, kill_workers=cancel_futures)

    def start(self, call: Callable[[], Any]) -> tuple[Pool | None, Future[Any]]:
        """Submit `call` to the current pool, or to a fresh one if that is broken or gone.

        If no pool can be made, a thread of this process does the work, and the pool is None.
        """
        for _ in range(ATTEMPTS):
            if fault.is_recent():
                break
            pool = None
            try:
                pool = self._pool()
                return pool, pool.submit(call)
            except Exception as error:
                self._drop(pool)
                if not isinstance(error, GONE):  # otherwise another task broke the pool meanwhile
                    fault.tell(CANNOT_START.format(reason(error)), self, error)
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


_pools: dict[int, Pool] = {}  # size -> the pool that every ProcessExecutor of this size uses
_making = Lock()
_one_at_a_time = Lock()  # for tasks of a broken pool: one of them may have crashed it


class _Task(RetriedFuture):
    def __init__(self, executor: ProcessExecutor, call: Callable[[], Any]) -> None:
        super().__init__()
        self._executor, self._call, self._attempts = executor, call, 0
        self._start()

    def _start(self) -> None:
        self._attempts += 1
        self._pool, inner = self._executor.start(self._call)
        self.follow(inner)

    def retry(self, inner: Future[Any]) -> bool:
        """Submit the task again if its pool broke, to a fresh pool or to this process."""
        if self._pool is None or inner.cancelled():
            return False
        error = inner.exception()
        if not isinstance(error, BrokenExecutor):
            fault.clear()
            return False
        if what := self._pool.fault(error):
            fault.tell(what, self._executor, error)
            self._start()
            return True
        if self._attempts >= ATTEMPTS:
            return False
        # in a new thread: the current one belongs to the broken pool, which waits for it to end
        try:
            Thread(target=self._start_alone, name="again", daemon=True).start()
        except RuntimeError:  # no thread is left
            return False
        return True

    def _start_alone(self) -> None:
        with _one_at_a_time:
            try:
                self._start()
                wait([self._inner])
            except Exception as error:  # otherwise callers would wait for ever
                self.set_exception(error)
