"""A shared store of finished runs: what one visitor computed, the next one finds.

Streamlit's own caches replay every element drawn inside them and so cannot hold a function
that shows progress. This store holds values only; the waiting is drawn outside.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Condition
from typing import Any

Report = Callable[[float], None]
WAIT_SECONDS = 0.05


class Store:
    """Least recently used values up to `max_bytes`; each key is computed by one thread at a time.

    A thread whose computation is interrupted leaves nothing behind, and one of those who
    waited takes over.
    """

    def __init__(self, max_bytes: int, size_of: Callable[[Any], int]) -> None:
        self.max_bytes, self.size_of = max_bytes, size_of
        self.bytes = self.computed = 0
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._running: dict[Hashable, float] = {}
        self._changed = Condition()

    def get(self, key: Hashable, compute: Callable[[Report], Any], report: Report) -> Any:
        """The value of `key`, computed now if nobody has. `report` gets the share done.

        `report` may raise, which is how a click interrupts; it is called all the while.
        """
        while not self._claim(key):
            if key in self._values:
                return self._touch(key)
            report(self._wait(key))
        try:
            value = compute(lambda share: self._advance(key, share, report))
            self._keep(key, value)
            return value
        finally:
            with self._changed:
                del self._running[key]
                self._changed.notify_all()

    def _claim(self, key: Hashable) -> bool:
        with self._changed:
            if key in self._values or key in self._running:
                return False
            self._running[key] = 0.0
            return True

    def _touch(self, key: Hashable) -> Any:
        with self._changed:
            self._values.move_to_end(key)
            return self._values[key][0]

    def _wait(self, key: Hashable) -> float:
        with self._changed:
            self._changed.wait(WAIT_SECONDS)
            return self._running.get(key, 0.0)

    def _advance(self, key: Hashable, share: float, report: Report) -> None:
        self._running[key] = share
        report(share)

    def _keep(self, key: Hashable, value: Any) -> None:
        size = self.size_of(value)
        with self._changed:
            self.computed += 1
            self._values[key] = (value, size)
            self.bytes += size
            while self.bytes > self.max_bytes and len(self._values) > 1:
                _, (_, freed) = self._values.popitem(last=False)
                self.bytes -= freed
