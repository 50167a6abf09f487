"""Executors for tests: one pool of processes for the whole session, and one worked by hand."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import cache

import numpy as np

from workers.processes import ProcessExecutor


@cache
def pool() -> ProcessExecutor:
    """Two worker processes, started by the first task, ended with the session."""
    return ProcessExecutor(2)


class Recorded(Executor):
    """Passes everything on to another executor and keeps the futures."""

    def __init__(self, inner: ProcessExecutor) -> None:
        self.inner, self.size = inner, inner.size
        self.futures: list[Future] = []

    def submit(self, fn: Callable, /, *args, **kwargs) -> Future:
        self.futures.append(self.inner.submit(fn, *args, **kwargs))
        return self.futures[-1]


class Shuffled(Executor):
    """Holds `size` tasks back and, when told to, does one of them, in an order of its own."""

    def __init__(self, size: int, seed: int = 0) -> None:
        self.size, self.rng = size, np.random.default_rng(seed)
        self.held: list[tuple[Future, Callable]] = []
        self.order: list[int] = []
        self.submitted = 0

    def submit(self, fn: Callable, /, *args, **kwargs) -> Future:
        future, number = Future(), self.submitted

        def call():
            self.order.append(number)
            return fn(*args, **kwargs)

        self.submitted += 1
        self.held.append((future, call))
        return future

    def work(self, *_) -> None:
        """Do one task; fits where a report goes, so that the loop that waits drives it."""
        self.held = [(future, call) for future, call in self.held if not future.cancelled()]
        if self.held:
            future, call = self.held.pop(self.rng.integers(len(self.held)))
            try:
                future.set_result(call())
            except Exception as error:
                future.set_exception(error)
