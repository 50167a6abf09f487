"""One BLAS thread while a network trains."""

from collections.abc import Iterator
from contextlib import contextmanager
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
        limit = _controller().limit(limits=1, user_api="blas")
    _state.put((runs + 1, limit))
    try:
        yield
    finally:
        runs, limit = _state.get()
        if runs == 1:
            limit.restore_original_limits()
        _state.put((runs - 1, limit))


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
