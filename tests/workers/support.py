"""What several tests of workers share."""

import errno
import os
from time import perf_counter, sleep

import numpy as np

from tests.support.executors import pool

PATIENT = 60.0  # seconds that a loaded machine may take; a quiet one needs a small part


def wait_until(true) -> None:
    end = perf_counter() + PATIENT
    while not true():
        assert perf_counter() < end, "in vain"
        sleep(0.02)


def failing(error):
    def make(size):
        raise error

    return make


def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def processes() -> set[int]:
    """The ids of both workers; many short tasks, since a quick one may take them all."""
    found: set[int] = set()
    for _ in range(200):
        tasks = [pool().submit(os.getpid) for _ in range(20)]
        found |= {task.result(PATIENT) for task in tasks}
        if len(found) == 2:
            break
    return found


def slowly(n, watch):
    for _ in range(60):
        watch(1, 2)
        sleep(0.05)
    return np.full(3, n)
