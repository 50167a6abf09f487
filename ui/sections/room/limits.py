"""How often something may be tried: a token bucket (Turner, 1986)."""

from threading import Lock
from time import monotonic


class Bucket:
    """Holds `burst` tokens at first, and gains `per_second` up to that number."""

    def __init__(self, burst: float, per_second: float) -> None:
        self._burst, self._per_second = burst, per_second
        self._left, self._at, self._lock = burst, monotonic(), Lock()

    def has_one(self) -> bool:
        """Whether a token is left."""
        with self._lock:
            return self._now() >= 1.0

    def take(self) -> bool:
        """Take a token; return whether there was one."""
        with self._lock:
            has_one = self._now() >= 1.0
            self._left -= has_one
            return has_one

    def _now(self) -> float:
        now = monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_second)
        self._at = now
        return self._left
