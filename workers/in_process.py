"""An executor in this process, used where no other process can train."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import cache, partial
from queue import SimpleQueue
from threading import Thread
from typing import Any

from threadpoolctl import threadpool_limits


@cache
def in_process() -> "InProcess":
    """Return this process's only InProcess. Call it early, while the system has threads left."""
    return InProcess()


class InProcess(Executor):
    """Runs one task at a time, in a daemon thread, with one BLAS thread.

    The limit holds for the whole process, as it does in the worker processes. OpenBLAS, where the
    system refuses it a second thread, would wait for that thread for ever.
    """

    size = 1

    def __init__(self) -> None:
        threadpool_limits(limits=1, user_api="blas")
        self._line = SimpleQueue[tuple[Future[Any], Callable[[], Any]]]()
        Thread(target=self._work, name="in process", daemon=True).start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run fn(*args, **kwargs) after the tasks before it."""
        future = Future[Any]()
        self._line.put((future, partial(fn, *args, **kwargs)))
        return future

    def _work(self) -> None:
        while True:
            _do(*self._line.get())


def _do(future: Future[Any], call: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = call()
    except BaseException as error:  # also SystemExit, because the next task needs the thread
        future.set_exception(error)
    else:
        future.set_result(result)
