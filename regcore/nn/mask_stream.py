"""MaskStream: which units dropout keeps, drawn ahead of the training by a second thread."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from itertools import cycle
from typing import Any

import numpy as np
from numpy.typing import NDArray

Kept = NDArray[np.bool_]
# Draws at a time. Blocks grow, so that a short run draws little in vain, up to where the two
# threads seldom wait for each other.
FIRST_BLOCK, LAST_BLOCK = 2**14, 2**18


class MaskStream:
    """The masks of one run: a unit is kept where `rng.random()` >= p, in the order of the draws.

    The draws take about as long as the rest of a training step. NumPy makes them without Python's
    lock: where there is a second core, a thread draws the next block while the network trains on
    this one. The masks are the same, bit for bit. The runs of a process share that thread.

    rng  a PCG64 generator that nobody else draws from
    p    the probability of dropping a unit
    """

    _rest: Kept

    def __init__(self, rng: np.random.Generator, p: float) -> None:
        self.p = p
        self._begin(rng)

    def apply(self, on: Kept) -> None:
        """Set the elements of `on` to False that the next mask drops; bool, contiguous."""
        flat = on.reshape(-1)
        while len(flat):
            if not len(self._rest):
                self._rest = self._next_block()
            kept = self._rest[: len(flat)]
            flat[: len(kept)] &= kept
            self._taken += len(kept)
            flat, self._rest = flat[len(kept) :], self._rest[len(kept) :]

    @property
    def state(self) -> Any:
        """The state of the random stream after the masks so far, whatever is drawn ahead."""
        return _stream(self._first).advance(self._taken).state if self._taken else self._first

    @state.setter
    def state(self, state: Any) -> None:
        self._begin(np.random.Generator(_stream(state)))

    def _begin(self, rng: np.random.Generator) -> None:
        self._first, self._taken, self._rest = rng.bit_generator.state, 0, np.empty(0, bool)
        self._blocks, self._process = _drawn_ahead(rng, self.p), os.getpid()

    def _next_block(self) -> Kept:
        if self._process != os.getpid():  # after a fork, what was begun never ends
            self.state = self.state
        return next(self._blocks)


def _stream(state: Any) -> np.random.PCG64:
    stream = np.random.PCG64(0)
    stream.state = state
    return stream


def _drawn_ahead(rng: np.random.Generator, p: float) -> Iterator[Kept]:
    """Yield blocks of `draw >= p`; while one is in use, the next is drawn."""
    draws, buffers = np.empty(LAST_BLOCK), cycle(np.empty((2, LAST_BLOCK), bool))

    def draw(size: int) -> Kept:
        rng.random(out=draws[:size])
        return np.greater_equal(draws[:size], p, out=next(buffers)[:size])

    size = FIRST_BLOCK
    block = draw(size)
    while True:
        size = min(2 * size, LAST_BLOCK)
        result = _submitted(partial(draw, size))
        yield block
        block = result()


def _submitted(job: Callable[[], Kept]) -> Callable[[], Kept]:
    """A function that returns the result of the job, which the helper begins if there is one."""
    helper = _helper(os.getpid())
    try:
        return helper.submit(job).result if helper else job
    except RuntimeError:  # Python is about to end
        return job


@cache
def _helper(process: int) -> ThreadPoolExecutor | None:
    """The thread that draws for all runs of a process; None without a second core or a thread."""
    if _cores() < 2:
        return None
    helper = ThreadPoolExecutor(1, "dropout masks")
    try:
        helper.submit(int).result()  # starts the thread
    except RuntimeError:
        return None
    return helper


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
