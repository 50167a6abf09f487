"""One BLAS thread while a network trains."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from queue import SimpleQueue
from typing import Any

from threadpoolctl import ThreadpoolController

# The number of runs in training, and the limiter that restores the threads. Taking this one pair
# out of the queue is the lock.
_state: "SimpleQueue[tuple[int, Any]]" = SimpleQueue()
_state.put((0, None))


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Limit BLAS to one thread; restore the earlier limit when the last concurrent run ends.

    The matrices are small: a second thread gains nothing on an idle machine, and on a busy one
    the two wait for each other: runs were measured to take up to 20 times as long.
    """
    runs, limit = _state.get()
    if not runs:
        limit = _limit()
    _state.put((runs + 1, limit))
    try:
        yield
    finally:
        runs, limit = _state.get()
        if runs == 1:
            limit.__exit__(None, None, None)
        _state.put((runs - 1, limit))


def _limit() -> Any:
    """Limit BLAS where it has more threads; OpenBLAS may start threads even to have fewer."""
    blas = _controller().select(user_api="blas")
    limited = all(library.num_threads == 1 for library in blas.lib_controllers)
    return nullcontext() if limited else blas.limit(limits=1)


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
