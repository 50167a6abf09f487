"""Jobs: one task in another process, its progress seen from here, its end asked for from here."""

import os
from concurrent.futures import Executor, Future
from contextlib import suppress
from typing import Any

from regcore import temporary
from regcore.config import Config
from regcore.parts import Split
from regcore.tasks import StopSign, Watch, Work
from regcore.training import Fit, Progress, fit

HUNDRED = 100  # parts in which the progress is told
Run = tuple[Split, Config, tuple[int, ...], int | None, float]


def trained(run: Run, on_progress: Progress | None = None) -> Fit:
    """The Fit of (split, config, keep, checkpoint_every, nudge); see `fit` for what they mean."""
    split, config, keep, every, nudge = run
    return fit(split, config, on_progress, keep=keep, checkpoint_every=every, nudge=nudge)


class Gauge:
    """The share done of a task in another process of this machine: the size of a file, in percent.

    A size is never seen half written. The task makes the file and takes it away. Where no folder
    can be written, only tasks in this process show progress.
    """

    def __init__(self) -> None:
        self.path = temporary.path("reglab-share")
        self._last = 0.0

    def tell(self, epoch: int, epochs: int) -> None:
        """Called by the task."""
        percent = HUNDRED * epoch // max(epochs, 1)
        if self.path is None:
            self._last = max(self._last, percent / HUNDRED)
            return
        with suppress(OSError):
            self.path.touch()
            os.truncate(self.path, percent)

    def read(self) -> float:
        """The largest share seen so far: a task whose worker was killed begins again."""
        with suppress(OSError):
            if self.path:
                self._last = max(self._last, self.path.stat().st_size / HUNDRED)
        return self._last

    def clear(self, *_: object) -> None:
        """Take the file away, if there is one."""
        with suppress(OSError):
            if self.path:
                self.path.unlink(missing_ok=True)


class Job:
    """work(task, watch) handed to an executor; `waiting` is for those who share the job to count.

    future  has the result, or the error
    """

    def __init__(self, executor: Executor, work: Work, task: Any) -> None:
        self.waiting = 0
        self._sign, self._gauge = StopSign(), Gauge()
        self.future: Future[Any] = executor.submit(_told, work, task, self._sign, self._gauge)
        # once more, since a killed worker leaves the file behind
        self.future.add_done_callback(self._gauge.clear)

    @property
    def share(self) -> float:
        """How much of it is done. Stays 0 while it runs on another machine."""
        return 1.0 if self.future.done() else self._gauge.read()

    def stop(self) -> None:
        """If in line it never starts; if at work on this machine it ends within moments."""
        self._sign.stop([self.future])


def _told(work: Work, task: Any, sign: StopSign, gauge: Gauge) -> Any:
    sign.check()
    try:
        return work(task, _both(sign, gauge))
    finally:
        gauge.clear()


def _both(sign: StopSign, gauge: Gauge) -> Watch:
    def watch(epoch: int, epochs: int) -> None:
        sign.check()
        gauge.tell(epoch, epochs)

    return watch
