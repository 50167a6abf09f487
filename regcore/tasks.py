"""Tasks: one piece of work on many things, in this process or in others, and how it is stopped."""

import os
from collections.abc import Callable, Generator, Hashable, Iterable, MutableMapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Any

from regcore import temporary

POLL_SECONDS = 0.05
SPARE = 1  # tasks in line behind those at work: so few that other visitors' tasks soon have a turn

Watch = Callable[[int, int], object]
Work = Callable[[Any, Watch], Any]
Report = Callable[[float], object]
Steps = Generator[None, None, None]


class Stopped(Exception):
    """Raised inside a task that nobody waits for any more."""


class StopSign:
    """A sign that tasks in other processes of this machine see: a file that appears.

    Its name travels with the task. Futures can be cancelled only before they have started, and
    workers cannot be killed, since others use them too. Where no folder can be written, only tasks
    in this process see it.
    """

    def __init__(self) -> None:
        self.path = temporary.path("reglab-stop")
        self._is_up = False

    def check(self, *_: int) -> None:
        """Raise Stopped if the sign is there. Takes what `fit` tells its `on_progress`."""
        if self.path.exists() if self.path else self._is_up:
            raise Stopped

    def stop(self, futures: Iterable[Future[Any]]) -> None:
        """End these: those in line now, those at work at their next `check`. Does not wait."""
        working = {future for future in futures if not future.cancel() and not future.done()}
        self._is_up = True

        def ended(future: Future[Any]) -> None:
            working.discard(future)
            if not working and self.path:
                with suppress(OSError):
                    self.path.unlink(missing_ok=True)

        if working and self.path:
            with suppress(OSError):  # a machine without a writable folder: they run to their end
                self.path.touch()
        for future in tuple(working):
            future.add_done_callback(ended)


def in_line(executor: Executor) -> int:
    """How many tasks one caller hands out at once: the executor's `size`, or the cores, and one."""
    return getattr(executor, "size", os.cpu_count() or 1) + SPARE


def succeeded(future: Future[Any]) -> bool:
    """Whether it has ended with a result."""
    return future.done() and not future.cancelled() and not future.exception()


def fill(
    found: MutableMapping[Any, Any],
    work: Work,
    tasks: Iterable[tuple[Hashable, Any]],
    executor: Executor | None = None,
    report: Report | None = None,
) -> Steps:
    """Put work(task, watch) into `found` for each (key, task); yield whenever something came in.

    `work` calls `watch(epoch, epochs)` now and then and lets through what it raises. With an
    executor, `work` is a function of a module, since it travels by name; only as many tasks are
    handed out as it works on at once (its attribute `size`, or the cores) and one more. Without
    one the work is done here, task by task.

    report(n) is called every few tens of milliseconds with the number of tasks done and may
    raise. That, an error in a task and closing the iterator end all of it: nothing is left in
    line, what is at work ends within moments, and `found` has all that was finished by then.
    """
    report = report or (lambda done: None)
    if executor is None:
        return _here(found, work, tasks, report)
    return _elsewhere(found, work, tasks, executor, report)


def _here(found: Any, work: Work, tasks: Iterable[Any], report: Report) -> Steps:
    for done, (key, task) in enumerate(tasks):
        found[key] = work(task, partial(_part_of, report, done))
        report(done + 1)
        yield


def _part_of(report: Report, done: int, epoch: int, epochs: int) -> None:
    report(done + epoch / max(epochs, 1))


def _elsewhere(
    found: Any, work: Work, tasks: Iterable[Any], executor: Executor, report: Report
) -> Steps:
    sign, line, done, at_once = StopSign(), iter(tasks), 0, in_line(executor)
    handed_out: dict[Future[Any], Hashable] = {}
    try:
        while True:
            for key, task in islice(line, at_once - len(handed_out)):
                handed_out[executor.submit(_watched, work, task, sign)] = key
            if not handed_out:
                return
            finished = wait(handed_out, POLL_SECONDS, FIRST_COMPLETED).done
            for future in finished:
                found[handed_out[future]] = future.result()
                del handed_out[future]
            done += len(finished)
            report(done)
            if finished:
                yield
    finally:
        for future, key in handed_out.items():
            if succeeded(future):
                found[key] = future.result()
        sign.stop(handed_out)


def _watched(work: Work, task: Any, sign: StopSign) -> Any:
    sign.check()
    return work(task, sign.check)
