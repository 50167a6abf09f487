"""Where work runs: in processes of this machine, on a Dask cluster, or in this process.

Imports nothing else of this project. All executors have the interface of concurrent.futures, and
an attribute `size`: how many tasks they work on at once.
"""

import os
from concurrent.futures import Executor

from loky import cpu_count

from workers import temporary
from workers.cluster import link, scheduler
from workers.faults import NO_FOLDER, fault
from workers.in_process import in_process
from workers.processes import ProcessExecutor

VARIABLE = "REGLAB_WORKERS"
MAX_WORKERS = 60  # Windows waits for no more at a time


def executor() -> Executor:
    """The cluster that REGLAB_SCHEDULER names, or else the executor of this machine.

    This machine has as many processes as REGLAB_WORKERS says, by default one for each core. With 0
    the work is done in a thread of this process. Starts no process: the first task does.
    Raises ValueError when one of the two variables cannot be read.
    """
    here, address = _here(), scheduler()
    in_process()  # early: later there may be no thread left
    return link(address).executor(here) if address else here


def trouble() -> str:
    """What does not work now and what still does, in one sentence each; "" if all works."""
    address, folder = scheduler(), temporary.fault()
    fault.try_again()
    cluster = link(address).trouble if address else ""
    return " ".join(filter(None, (cluster, fault.sentence, folder and NO_FOLDER.format(folder))))


def _here() -> Executor:
    asked = os.environ.get(VARIABLE, "").strip()
    if not asked:
        return ProcessExecutor(min(cpu_count(), MAX_WORKERS))
    if asked not in map(str, range(MAX_WORKERS + 1)):
        allowed = f"a whole number from 0 to {MAX_WORKERS}"
        raise ValueError(f"{VARIABLE} is {asked!r:.120}; it must be {allowed}.")
    return ProcessExecutor(int(asked)) if int(asked) else in_process()
