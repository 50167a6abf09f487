"""One BLAS thread while a network trains."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

from threadpoolctl import ThreadpoolController

_lock = Lock()
_training = 0
_limit: Any = None


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Keep BLAS to one thread inside; what was set before returns when the last run leaves.

    The matrices are small: a second thread gains nothing on an idle machine, and on a busy one
    the two wait for each other, which was measured to take up to 20 times as long.
    """
    global _training, _limit
    with _lock:
        if _training == 0:
            _limit = _controller().limit(limits=1, user_api="blas")
        _training += 1
    try:
        yield
    finally:
        with _lock:
            _training -= 1
            if _training == 0:
                _limit.restore_original_limits()


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
