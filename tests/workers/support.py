"""Helpers that several tests of workers share."""

import errno
import os
from time import perf_counter, sleep

import numpy as np

from tests.support.executors import pool

PATIENT = 60.0  # seconds, for a busy machine; an idle one needs far less


def wait_until(true) -> None:
    end = perf_counter() + PATIENT
    while not true():
        assert perf_counter() < end, "the condition never became true"
        sleep(0.02)


def failing(error):
    def make(size):
        raise error

    return make


def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def processes() -> set[int]:
    """Return the ids of both workers. Submits many tasks: one fast worker may take them all."""
    pids: set[int] = set()
    for _ in range(200):
        tasks = [pool().submit(os.getpid) for _ in range(20)]
        pids |= {task.result(PATIENT) for task in tasks}
        if len(pids) == 2:
            break
    return pids


def slowly(n, watch):
    for _ in range(60):
        watch(1, 2)
        sleep(0.05)
    return np.full(3, n)
