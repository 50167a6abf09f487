"""Relay: one future for a task that may be handed out more than once."""

from concurrent.futures import Future
from typing import Any


class Relay(Future[Any]):
    """What a visitor holds, while the futures of a pool or a cluster come and go."""

    _inner: Future[Any]

    def follow(self, inner: Future[Any]) -> None:
        """Have the outcome of `inner`, unless `again` finds another way when it has ended."""
        self._inner = inner
        inner.add_done_callback(self._ended)

    def cancel(self) -> bool:
        """Whether the task was still in line; if so it never runs."""
        self._inner.cancel()
        return self.cancelled()  # not if `again` is just handing it out once more

    def again(self, inner: Future[Any]) -> bool:
        """Whether the task was, or will be, handed out once more. Must not wait for anything."""
        return False

    def _ended(self, inner: Future[Any]) -> None:
        if self.again(inner):
            return
        if inner.cancelled():
            super().cancel()
            self.set_running_or_notify_cancel()
        elif (error := inner.exception()) is None:
            self.set_result(inner.result())
        else:
            self.set_exception(error)
