"""A shared store of finished runs: what one visitor computed, the next one finds.

Streamlit's own caches replay every element drawn inside them and so cannot hold a function
that shows progress. This store holds values only; the waiting is drawn outside.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from itertools import islice
from threading import Condition, Thread
from typing import Any

from regcore.jobs import Job
from regcore.tasks import succeeded

Report = Callable[[float], None]
Start = Callable[[Any], Job]
WAIT_SECONDS = 0.1  # for a click to interrupt; thirty who wait share one interpreter


class Store:
    """Least recently used values up to `max_bytes`; a key is never computed twice at a time.

    `get` computes in the thread that asks: interrupted, it leaves nothing behind, and one of
    those who waited takes over. `get_all` lets jobs in other processes compute, which go on as
    long as anybody waits for them; what `begin` starts goes on to its end. Values have an
    attribute `nbytes`.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = self.computed = 0
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._running: dict[Hashable, float] = {}  # key -> share done
        self._jobs: dict[Hashable, Job] = {}
        self._changed = Condition()

    def get(self, key: Hashable, compute: Callable[[Report], Any], report: Report) -> Any:
        """The value of `key`, computed now if nobody has. `report` gets the share done.

        `report` may raise, which is how a click interrupts; it is called all the while.
        """
        while True:
            with self._changed:
                if key in self._values:
                    return self._used(key)
                mine = key not in self._running
                if mine:
                    self._running[key] = 0.0
                else:
                    self._changed.wait(WAIT_SECONDS)
                    share = self._running.get(key, 1.0)
            if mine:
                return self._compute(key, compute, report)
            report(share)

    def get_all(self, keys: Sequence[Any], start: Start, report: Report, at_once: int) -> list[Any]:
        """The values of `keys`, in order; start(key) hands the computing of one to an executor.

        All who ask for a key share its job. At most `at_once` jobs wait in line for one caller,
        so that every caller has a turn. `report` gets the share done of all keys ten times a
        second. It may raise: what nobody else waits for is then ended or never starts.
        """
        found = self._known(keys)
        total, jobs = len(set(keys)), dict[Any, Job]()
        line = iter([key for key in dict.fromkeys(keys) if key not in found])
        try:
            while len(found) < total:
                for key in islice(line, at_once - len(jobs)):
                    self._join(key, start, found, jobs)
                wait([job.future for job in jobs.values()], WAIT_SECONDS, FIRST_COMPLETED)
                for key in [key for key, job in jobs.items() if job.future.done()]:
                    found[key] = jobs[key].future.result()
                    self._leave(key, jobs.pop(key))
                report((len(found) + sum(job.share for job in jobs.values())) / total)
        finally:
            for key, job in jobs.items():
                self._leave(key, job)
        return [found[key] for key in keys]

    def begin(self, key: Any, start: Start) -> None:
        """Have `key` computed as in `get_all`, unless it is there; the store itself waits."""
        jobs = dict[Any, Job]()
        self._join(key, start, {}, jobs)
        if job := jobs.get(key):
            # not in the executor's own thread: who starts a job holds the lock, and may wait for
            # that thread to end a broken pool
            leave = Thread(target=self._leave, args=(key, job), name="ahead", daemon=True)
            job.future.add_done_callback(lambda _: leave.start())

    def _known(self, keys: Iterable[Any]) -> dict[Any, Any]:
        with self._changed:
            return {key: self._used(key) for key in keys if key in self._values}

    def _used(self, key: Hashable) -> Any:
        self._values.move_to_end(key)
        return self._values[key]

    def _join(self, key: Any, start: Start, found: dict[Any, Any], jobs: dict[Any, Job]) -> None:
        """Wait for the job of `key`, which may be new, unless the value has come meanwhile."""
        with self._changed:
            if key in self._values:
                found[key] = self._used(key)
                return
            if key not in self._jobs:
                self._jobs[key] = start(key)
            jobs[key] = self._jobs[key]
            jobs[key].waiting += 1

    def _leave(self, key: Hashable, job: Job) -> None:
        """Wait no longer. A value that is there is kept; the last to leave stops the job."""
        with self._changed:
            job.waiting -= 1
            if self._jobs.get(key) is job and (job.future.done() or not job.waiting):
                del self._jobs[key]
                if succeeded(job.future):
                    self._keep(key, job.future.result())
                else:
                    job.stop()

    def _compute(self, key: Hashable, compute: Callable[[Report], Any], report: Report) -> Any:
        def advance(share: float) -> None:
            self._running[key] = share
            report(share)

        try:
            value = compute(advance)
            self._keep(key, value)
            return value
        finally:
            with self._changed:
                del self._running[key]
                self._changed.notify_all()

    def _keep(self, key: Hashable, value: Any) -> None:
        with self._changed:
            self.computed += 1
            if key in self._values:
                return
            self._values[key] = value
            self.bytes += value.nbytes
            while self.bytes > self.max_bytes and len(self._values) > 1:
                _, dropped = self._values.popitem(last=False)
                self.bytes -= dropped.nbytes
