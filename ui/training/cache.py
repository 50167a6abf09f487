"""A cache of results that all sessions share.

Streamlit's caches replay every element drawn inside them, so they cannot hold a function that shows
progress; and any browser can empty them with a two-byte message.
"""

from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from contextvars import ContextVar
from threading import RLock
from time import monotonic
from typing import Any

from regcore.experiments.parallel import Job, Report, jobs_at_once, run_all
from ui import session
from ui.data.spec import DataSpec

# A server's memory is limited: README.md, "How much memory it takes", adds these up.
MAX_BYTES = 256 * 2**20  # some 450 Memorize runs of 570 kB: more than a class tries in a lesson
MAX_OWN_BYTES = 32 * 2**20  # for one visitor's own table: some 100 runs
MAX_UNASKED = 1 / 16  # of a cache: what was computed ahead and nobody has asked for yet

Start = Callable[[Any], Job]
_waiters: set[object] = set()  # one for each caller of any cache, and for each page that waits
_last_wait = [float("-inf")]  # when it ended
_is_patient = ContextVar("is_patient", default=False)


@contextmanager
def waiting() -> Iterator[None]:
    """Count the caller among those who wait, during the block."""
    if _is_patient.get():
        yield
        return
    token = object()
    _waiters.add(token)
    try:
        yield
    finally:
        _last_wait[:] = [monotonic()]  # first, or there would be a moment that looks idle
        _waiters.discard(token)


@contextmanager
def patient() -> Iterator[None]:
    """Do not count this thread among those who wait, during the block: it gives way to them."""
    token = _is_patient.set(True)
    try:
        yield
    finally:
        _is_patient.reset(token)


def how_many_wait() -> int:
    """Return how many wait for a result of any cache, or for other work of a page."""
    return len(_waiters)


def idle_seconds() -> float:
    """Return how long nobody has waited; 0 while somebody does."""
    return 0.0 if _waiters else monotonic() - _last_wait[0]


class Cache:
    """An LRU cache of up to `max_bytes`; no key is computed twice at the same time.

    Values have an attribute `nbytes`. `computed` counts the values computed so far. Of the values
    that are computed ahead, in `patient`, the oldest that nobody has asked for make room first.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = self.computed = 0
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._unasked: OrderedDict[Hashable, int] = OrderedDict()  # their bytes
        self._jobs: dict[Hashable, Job] = {}
        self._lock = RLock()

    def known(self, keys: Iterable[Any]) -> dict[Any, Any]:
        """Return the values of those keys that are in the cache."""
        with self._lock:
            values = {key: self._values[key] for key in keys if key in self._values}
            for key in values:
                self._values.move_to_end(key)
                if key in self._unasked:
                    self._unasked.move_to_end(key)
                    if not _is_patient.get():
                        del self._unasked[key]
        return values

    def held(self) -> list[Any]:
        """Return the keys of all values, those used last at the end."""
        with self._lock:
            return list(self._values)

    def add(self, values: Mapping[Any, Any], instead_of: Hashable = None) -> None:
        """Cache values that follow from others, in place of the value `instead_of`."""
        with self._lock:
            if instead_of in self._values:
                self._drop(instead_of)
            for key, value in values.items():
                if key not in self._values:
                    self._keep(key, value, is_asked=not _is_patient.get())

    def grow(
        self, keys: Sequence[Any], start: Start, report: Report, executor: Executor
    ) -> Generator[dict[Any, Any], None, None]:
        """Yield the known {key: value} at once, and again whenever values have arrived.

        start(key) makes the job of a missing key. All callers that want the key share the job,
        which runs as long as anyone waits for it. A caller has at most one job more in progress
        than `executor` has workers, so that every caller gets a turn. report gets the share done
        ten times a second and may raise, as a click does. An exception and closing the generator
        stop every job that nobody else waits for.
        """
        values = self.known(keys)
        missing = [key for key in dict.fromkeys(keys) if key not in values]
        done_before, total = len(values), len(values) + len(missing)

        def end(key: Any, job: Job) -> None:
            self._leave(key, job)
            if job.succeeded:
                values[key] = job.future.result()

        yield values
        with waiting():
            for _ in run_all(
                missing,
                lambda key: self.begin(key, start),
                end,
                lambda done: report((done_before + done) / total),
                jobs_at_once(executor),
            ):
                yield values

    def get_all(
        self, keys: Sequence[Any], start: Start, report: Report, executor: Executor
    ) -> list[Any]:
        """Return the values of `keys`, in order; see `grow`."""
        (*_, values) = self.grow(keys, start, report, executor)
        return [values[key] for key in keys]

    def begin(self, key: Any, start: Start) -> Job:
        """Return the job of `key`, started if there is none, with one more waiter counted."""
        with self._lock:
            if known := self.known([key]):  # arrived meanwhile
                return Job.ended(known[key])
            job = self._jobs.get(key)
            if job is None or (job.future.done() and not job.succeeded):
                job = self._jobs[key] = start(key)
            job.waiting += 1
            return job

    def _leave(self, key: Hashable, job: Job) -> None:
        """Stop waiting for a job. A finished value is cached; the last waiter stops the job."""
        with self._lock:
            job.waiting -= 1
            if self._jobs.get(key) is job and (job.future.done() or not job.waiting):
                del self._jobs[key]
                if job.succeeded:
                    self.computed += 1
                    is_asked = not _is_patient.get() or job.waiting > 0
                    self._keep(key, job.future.result(), is_asked)
                else:
                    job.stop()

    def _keep(self, key: Hashable, value: Any, is_asked: bool) -> None:
        if key in self._values:  # two ways led to it
            self._drop(key)
        self._values[key] = value
        self.bytes += value.nbytes
        if not is_asked:
            self._unasked[key] = value.nbytes
            while sum(self._unasked.values()) > MAX_UNASKED * self.max_bytes:
                self._drop(next(iter(self._unasked)))
        while self.bytes > self.max_bytes and len(self._values) > 1:
            self._drop(next(iter(self._unasked or self._values)))

    def _drop(self, key: Hashable) -> None:
        self.bytes -= self._values.pop(key).nbytes
        self._unasked.pop(key, None)


SHARED = Cache(MAX_BYTES)


def cache_of(spec: DataSpec) -> Cache:
    """Return the shared cache, or for a visitor's own table the one that is kept with it."""
    own = session.own_table() if spec.own else None
    return own.kept.setdefault("cache", Cache(MAX_OWN_BYTES)) if own else SHARED
