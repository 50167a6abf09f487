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
    waited takes over. Values have an attribute `nbytes`.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = self.computed = 0
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._running: dict[Hashable, float] = {}  # key -> share done
        self._changed = Condition()

    def get(self, key: Hashable, compute: Callable[[Report], Any], report: Report) -> Any:
        """The value of `key`, computed now if nobody has. `report` gets the share done.

        `report` may raise, which is how a click interrupts; it is called all the while.
        """
        while True:
            with self._changed:
                if key in self._values:
                    self._values.move_to_end(key)
                    return self._values[key]
                mine = key not in self._running
                if mine:
                    self._running[key] = 0.0
                else:
                    self._changed.wait(WAIT_SECONDS)
                    share = self._running.get(key, 1.0)
            if mine:
                return self._compute(key, compute, report)
            report(share)

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
            self._values[key] = value
            self.bytes += value.nbytes
            while self.bytes > self.max_bytes and len(self._values) > 1:
                _, dropped = self._values.popitem(last=False)
                self.bytes -= dropped.nbytes
