"""Faults of this process's pools, as sentences that visitors read."""

import logging
from concurrent.futures import Executor
from contextlib import suppress
from threading import Lock, Timer
from time import monotonic

from workers import temporary

RETRY_SECONDS = 20.0  # before a pool is tried again
NO_THREAD = "can't start new thread"  # Python's message; there is no class for this error
CANNOT_START = "The processes that train cannot be started ({})."
MEANWHILE = "Training goes on inside the app, one network at a time, and may take longer."
NO_FOLDER = (
    "The folder for temporary files cannot be written ({}). Pages and training work; bars may "
    "stand still, and your own code in the exercises may not run."
)


def reason(error: BaseException | None) -> str:
    """Return the system's message, also if another error was raised while handling it."""
    while error:
        if isinstance(error, OSError):
            return error.strerror or type(error).__name__
        if str(error) == NO_THREAD:
            return "no thread is left"
        error = error.__context__
    return "the system does not say why"


class Fault:
    """The current fault of this process's pools. It ends when a pool completes a task."""

    def __init__(self) -> None:
        self.sentence = ""
        self._next_try, self._lock = 0.0, Lock()

    def is_recent(self) -> bool:
        """Return whether it is too early to try again."""
        return bool(self.sentence) and monotonic() < self._next_try

    def tell(self, what: str, executor: Executor, error: BaseException) -> None:
        """Publish the sentence, also for `python -m workers.health`, and try a pool again later."""
        with self._lock:
            if self.is_recent():
                return
            self._executor, self._timer = executor, Timer(RETRY_SECONDS, self.try_again)
            self._next_try = monotonic() + RETRY_SECONDS
            before, self.sentence = self.sentence, f"{what} {MEANWHILE}"
        if self.sentence != before:
            logging.getLogger(__name__).warning(self.sentence, exc_info=error)
        with suppress(OSError):
            temporary.trouble_file().write_text(self.sentence, encoding="utf-8")
        self._timer.daemon = True
        with suppress(RuntimeError):  # no thread is left: the next page tries again
            self._timer.start()

    def try_again(self) -> None:
        """Submit a trial task, unless it is too early. Does not wait for it."""
        if self.sentence and not self.is_recent():
            self._executor.submit(int)

    def clear(self) -> None:
        """Remove the sentence, because a pool has completed a task."""
        if self.sentence:
            self.sentence = ""
            self._timer.cancel()
            with suppress(OSError):
                temporary.trouble_file().unlink()


fault = Fault()
