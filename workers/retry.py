"""RetriedFuture: one future for a task that may be submitted more than once."""

from concurrent.futures import Future
from typing import Any


class RetriedFuture(Future[Any]):
    """The caller's future. The inner future, from a pool or cluster, may be replaced."""

    _inner: Future[Any]

    def follow(self, inner: Future[Any]) -> None:
        """Take over the result or error of `inner`, unless `retry` submits the task again."""
        self._inner = inner
        inner.add_done_callback(self._ended)

    def cancel(self) -> bool:
        """Cancel a waiting task. Return whether it was still waiting; if so, it never runs."""
        self._inner.cancel()
        return self.cancelled()  # False while `retry` submits it again

    def retry(self, inner: Future[Any]) -> bool:
        """Return whether the task was, or will be, submitted again. Must not block."""
        return False

    def _ended(self, inner: Future[Any]) -> None:
        if self.retry(inner):
            return
        if inner.cancelled():
            super().cancel()
            self.set_running_or_notify_cancel()
        elif (error := inner.exception()) is None:
            self.set_result(inner.result())
        else:
            self.set_exception(error)
