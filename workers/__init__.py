"""Executors: they run work in processes on this machine, on a Dask cluster or in this process.

Imports nothing else of this project. All executors have the interface of concurrent.futures and
an attribute `size`: the number of tasks that they run at once.
"""

import os
from concurrent.futures import Executor
from contextlib import suppress
from importlib import import_module

from loky import cpu_count

from workers import temporary
from workers.cluster import link, scheduler
from workers.faults import NO_FOLDER, fault
from workers.in_process import InProcess, in_process
from workers.processes import ProcessExecutor

VARIABLE = "REGLAB_WORKERS"
MAX_WORKERS = 60  # Windows cannot wait for more processes at once


def executor() -> Executor:
    """Return the cluster that REGLAB_SCHEDULER names, or else the executor of this machine.

    REGLAB_WORKERS is the number of processes on this machine, by default one for each core. If it
    is 0, a thread of this process does the work. No process starts before the first task.
    Raises ValueError if one of the two variables is invalid.
    """
    here, address = _here(), scheduler()
    in_process()  # now, because the system may have no thread left later
    return link(address).executor(here) if address else here


def warm(module: str) -> None:
    """Start the processes on this machine, if it does the work, and have each import `module`.

    Neither waits nor raises.
    """
    with suppress(Exception):  # the first task meets the same error, and is told it
        here = _here()
        if not scheduler() and here is not in_process():
            for _ in range(here.size):
                here.submit(_import, module)


def _import(module: str) -> None:
    import_module(module)


def trouble() -> str:
    """Return sentences on what currently fails and what still works; "" if all works."""
    address, folder = scheduler(), temporary.fault()
    fault.try_again()
    cluster = link(address).trouble if address else ""
    return " ".join(filter(None, (cluster, fault.sentence, folder and NO_FOLDER.format(folder))))


def _here() -> ProcessExecutor | InProcess:
    asked = os.environ.get(VARIABLE, "").strip()
    if not asked:
        return ProcessExecutor(min(cpu_count(), MAX_WORKERS))
    if asked not in map(str, range(MAX_WORKERS + 1)):
        allowed = f"a whole number from 0 to {MAX_WORKERS}"
        raise ValueError(f"{VARIABLE} is {asked!r:.120}; it must be {allowed}.")
    return ProcessExecutor(int(asked)) if int(asked) else in_process()
