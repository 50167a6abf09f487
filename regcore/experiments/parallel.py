"""Run many tasks on an executor: a few at a time, with progress, and stopped at any time."""

import os
import tempfile
from collections.abc import Callable, Generator, Hashable, Iterable, MutableMapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import nullcontext, suppress
from itertools import islice
from pathlib import Path
from typing import Any

POLL_SECONDS = 0.1  # between calls of `report`; thirty waiting visitors share one interpreter
QUEUED_JOBS = 1  # behind the running ones; few, so that other visitors' jobs soon run

Watch = Callable[[float, float], object]  # called with (done, total), like `fit`'s on_progress
Work = Callable[[Watch], Any]
Report = Callable[[float], object]


class Stopped(Exception):
    """Raised inside a task whose result is no longer needed."""


class Signal:
    """Reports a task's progress and stops it, also in another process of this machine.

    The size of a file is the percentage done, because a size is updated atomically. A second file
    beside it means stop. Where no file can be written, and on other machines, this works only for
    tasks in this process.
    """

    def __init__(self) -> None:
        self._percent, self._is_stopped = 0, False
        try:
            descriptor, self._path = tempfile.mkstemp("-job")
            os.close(descriptor)
        except OSError:
            self._path = ""

    def tell(self, done: float, total: float) -> None:
        """Report that `done` of `total` is finished. Raises Stopped if the task should end."""
        if self._is_stopped or (self._path and self._stop_file.exists()):
            raise Stopped
        self._percent = int(100.0 * done / max(total, 1))
        if self._path:
            with suppress(OSError):  # the file is on another machine
                os.truncate(self._path, self._percent)

    @property
    def share(self) -> float:
        """The largest share seen so far; a task restarts when its worker is killed."""
        if self._path:
            with suppress(OSError):
                self._percent = max(self._percent, Path(self._path).stat().st_size)
        return self._percent / 100.0

    def stop(self) -> None:
        """End the task the next time it calls `tell`."""
        self._is_stopped = True
        if self._path:
            with suppress(OSError):
                self._stop_file.touch()

    def remove(self, _: object = None) -> None:
        """Remove the files."""
        if self._path:
            for file in (Path(self._path), self._stop_file):
                with suppress(OSError):
                    file.unlink(missing_ok=True)

    @property
    def _stop_file(self) -> Path:
        return Path(f"{self._path}-stop")


class Job:
    """work(watch) on an executor; `waiting` counts the callers that share the job.

    work is pickled for other processes: a function of a module, or a `partial` of one. It calls
    watch(done, total) regularly and must not catch what that raises.

    future  holds the result or the error
    """

    def __init__(self, executor: Executor, work: Work) -> None:
        self.waiting, self._signal = 0, Signal()
        self.future: Future[Any] = executor.submit(_run, work, self._signal)
        self.future.add_done_callback(self._signal.remove)

    @classmethod
    def ended(cls, result: Any) -> "Job":
        """A job that has ended with `result`."""
        job = cls.__new__(cls)
        job.waiting, job.future = 0, Future()
        job.future.set_result(result)
        return job

    @property
    def share(self) -> float:
        """The share that is done, 0 to 1. It stays 0 while the task runs on another machine."""
        return 1.0 if self.future.done() else self._signal.share

    def stop(self) -> None:
        """End the job: a queued one never starts, a running one ends at its next `watch`."""
        if not self.future.cancel():
            self._signal.stop()
            if self.future.done():  # it ended meanwhile; its stop file is new
                self._signal.remove()

    @property
    def succeeded(self) -> bool:
        """Whether it has ended with a result."""
        future = self.future
        return future.done() and not future.cancelled() and future.exception() is None


def _run(work: Work, signal: Signal) -> Any:
    signal.tell(0, 1)
    return work(signal.tell)


def unwatched(work: Callable[[], Any], _: Watch) -> Any:
    """Return work(), which is too short to be watched."""
    return work()


def jobs_at_once(executor: Executor) -> int:
    """How many jobs one caller submits at a time: the executor's `size`, or the cores, plus one."""
    return getattr(executor, "size", os.cpu_count() or 1) + QUEUED_JOBS


def run_all(
    keys: Iterable[Hashable],
    start: Callable[[Any], Job],
    end: Callable[[Any, Job], object],
    report: Report,
    at_once: int,
) -> Generator[None, None, None]:
    """Run start(key) for every key, at most `at_once` at a time; yields whenever some have ended.

    end(key, job) is called once for each job, ended or not, to keep the result or stop the job.
    report(n) gets the number of jobs done, with fractions for running ones, ten times a second.
    If it raises, a task fails or the iterator is closed, all jobs end.
    """
    queue, jobs, done = iter(keys), dict[Hashable, Job](), 0
    try:
        while True:
            for key in islice(queue, at_once - len(jobs)):
                jobs[key] = start(key)
            if not jobs:
                return
            wait([job.future for job in jobs.values()], POLL_SECONDS, FIRST_COMPLETED)
            ended = [key for key, job in jobs.items() if job.future.done()]
            for key in ended:
                job = jobs.pop(key)
                end(key, job)
                job.future.result()  # an error in the task
            done += len(ended)
            report(done + sum(job.share for job in jobs.values()))
            if ended:
                yield
    finally:
        # the queued ones first, or the worker that a stopped one frees would begin with them
        for key, job in reversed(jobs.items()):
            end(key, job)


def collect(
    results: MutableMapping[Any, Any],
    tasks: Iterable[tuple[Hashable, Work]],
    executor: Executor | None,
    report: Report,
) -> Generator[None, None, None]:
    """Put the result of each (key, work) into `results`; yields and reports as `run_all` does.

    Without an executor, the tasks run one at a time in a thread of this process. However it ends,
    `results` holds everything that has finished.
    """
    at_once = 1 if executor is None else jobs_at_once(executor)
    with ThreadPoolExecutor(1) if executor is None else nullcontext(executor) as chosen:

        def start(task: tuple[Hashable, Work]) -> Job:
            return Job(chosen, task[1])

        def end(task: tuple[Hashable, Work], job: Job) -> None:
            if job.succeeded:
                results[task[0]] = job.future.result()
            else:
                job.stop()

        yield from run_all(tasks, start, end, report, at_once)
