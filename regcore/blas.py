"""One BLAS thread while a network trains."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from queue import SimpleQueue
from typing import Any

from threadpoolctl import ThreadpoolController

# How many runs train now, and what gives the threads back. Whoever has taken the pair out may
# change it: the queue holds one, so that no lock is needed.
_state: "SimpleQueue[tuple[int, Any]]" = SimpleQueue()
_state.put((0, None))


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Hold BLAS to one thread inside; what was set before returns when the last run leaves.

    The matrices are small: a second thread gains nothing on an idle machine, and on a busy one
    the two wait for each other, which was measured to take up to 20 times as long.
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
