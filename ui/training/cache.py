"""A cache of results that all sessions share: what one visitor computed, the next one finds.

Streamlit's own caches replay every element drawn inside them and so cannot hold a function that
shows progress; and any browser can empty them with a message of two bytes.
"""

from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable, Iterable, Sequence
from concurrent.futures import Executor
from threading import RLock
from typing import Any

from regcore.experiments.parallel import Job, Report, jobs_at_once, run_all
from ui import session
from ui.data.spec import DataSpec

# The memory of a server is bounded: README.md, "How much memory it takes", adds these up.
MAX_BYTES = 256 * 2**20  # some 800 Memorize runs of 320 kB: more than a class tries in a lesson
MAX_OWN_BYTES = 32 * 2**20  # for the runs on a table that one visitor has brought: some 100

Start = Callable[[Any], Job]


class Cache:
    """Least recently used values up to `max_bytes`; no key is computed twice at a time.

    Values have an attribute `nbytes`. `computed` counts those that were computed.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = self.computed = 0
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._jobs: dict[Hashable, Job] = {}
        self._lock = RLock()

    def known(self, keys: Iterable[Any]) -> dict[Any, Any]:
        """The values of those keys that are in the cache."""
        with self._lock:
            found = {key: self._values[key] for key in keys if key in self._values}
            for key in found:
                self._values.move_to_end(key)
        return found

    def grow(
        self, keys: Sequence[Any], start: Start, report: Report, executor: Executor
    ) -> Generator[dict[Any, Any], None, None]:
        """Yield {key: value} at once as far as known, and again whenever values have come in.

        start(key) makes the job of a key that nobody has; all who ask for the key share the job,
        which goes on as long as anybody waits. A caller starts only as many jobs at a time as
        `executor` works on, and one, so that everyone gets a turn. report gets the share done of
        all keys ten times a second and may raise, as a click does. That and closing the generator
        stop every job that nobody else waits for.
        """
        values = self.known(keys)
        missing = [key for key in dict.fromkeys(keys) if key not in values]
        total, done_before = len(missing) + len(values), len(values)

        def end(key: Any, job: Job) -> None:
            self._leave(key, job)
            if job.succeeded:
                values[key] = job.future.result()

        yield values
        for _ in run_all(
            missing,
            lambda key: self._join(key, start),
            end,
            lambda done: report((done_before + done) / total),
            jobs_at_once(executor),
        ):
            yield values

    def get_all(
        self, keys: Sequence[Any], start: Start, report: Report, executor: Executor
    ) -> list[Any]:
        """The values of `keys`, in order; see `grow`."""
        (*_, values) = self.grow(keys, start, report, executor)
        return [values[key] for key in keys]

    def begin(self, key: Any, start: Start) -> None:
        """Have `key` computed, unless it is there. The first who asks for it takes it over."""
        self._join(key, start)

    def _join(self, key: Any, start: Start) -> Job:
        """The job of `key`, which is started if there is none, with one more who waits."""
        with self._lock:
            if key in self._values:  # it came meanwhile
                return Job.ended(self._values[key])
            job = self._jobs.get(key)
            if job is None or (job.future.done() and not job.succeeded):
                job = self._jobs[key] = start(key)
            job.waiting += 1
            return job

    def _leave(self, key: Hashable, job: Job) -> None:
        """Wait no longer. A value that is there is kept; the last to leave stops the job."""
        with self._lock:
            job.waiting -= 1
            if self._jobs.get(key) is job and (job.future.done() or not job.waiting):
                del self._jobs[key]
                if job.succeeded:
                    self._keep(key, job.future.result())
                else:
                    job.stop()

    def _keep(self, key: Hashable, value: Any) -> None:
        self.computed += 1
        self._values[key] = value
        self.bytes += value.nbytes
        while self.bytes > self.max_bytes and len(self._values) > 1:
            _, dropped = self._values.popitem(last=False)
            self.bytes -= dropped.nbytes


SHARED = Cache(MAX_BYTES)


def cache_of(spec: DataSpec) -> Cache:
    """The cache of all sessions, or for a visitor's own table the one that ends with it."""
    own = session.own_table() if spec.own else None
    return own.kept.setdefault("cache", Cache(MAX_OWN_BYTES)) if own else SHARED
