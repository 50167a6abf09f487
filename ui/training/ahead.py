"""Values computed ahead, one at a time, while nobody waits for anything."""

import logging
from collections.abc import Hashable, Iterable
from concurrent.futures import Executor
from threading import Thread
from time import monotonic, sleep

from regcore.experiments.parallel import Stopped
from ui.training.cache import Cache, Start, how_many_wait

IDLE_SECONDS = 5.0  # between the last visitor's wait and the next value
LOOK_SECONDS = 0.5


def begin(tasks: Iterable[tuple[Hashable, Start]], cache: Cache, pool: Executor) -> None:
    """Compute the value of each (key, start) into `cache`, in a thread that gives way to others.

    As soon as anybody else waits for a result, the value in progress is dropped; it is computed
    again when nobody has waited for a while. Neither waits nor raises.
    """
    try:
        Thread(target=_work, args=(tasks, cache, pool), name="ahead", daemon=True).start()
    except RuntimeError:  # no thread is left
        logging.getLogger(__name__).warning("Nothing is computed ahead: no thread is left.")


def _work(tasks: Iterable[tuple[Hashable, Start]], cache: Cache, pool: Executor) -> None:
    _wait_until_idle()
    try:
        for key, start in tasks:
            while not _computed(key, start, cache, pool):
                _wait_until_idle()
    except Exception:
        logging.getLogger(__name__).exception("Nothing more is computed ahead.")


def _computed(key: Hashable, start: Start, cache: Cache, pool: Executor) -> bool:
    """Compute one value; return False if it was dropped because somebody else waits."""
    try:
        cache.get_all([key], start, _give_way, pool)
    except Stopped:
        return False
    return True


def _wait_until_idle() -> None:
    """Wait until nobody has waited for a while."""
    busy = monotonic()
    while monotonic() - busy < IDLE_SECONDS:
        sleep(LOOK_SECONDS)
        if how_many_wait():
            busy = monotonic()


def _give_way(_share: float) -> None:
    if how_many_wait() > 1:  # others than this thread
        raise Stopped
