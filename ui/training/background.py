"""Work that goes on in the background while its page is used, as long as the page shows it."""

from collections.abc import Hashable, Sequence
from concurrent.futures import Executor
from functools import partial
from threading import Thread
from time import monotonic

from regcore.experiments.parallel import Stopped
from ui.training import speed
from ui.training.cache import Cache, Start
from ui.training.progress import Estimate

UNSEEN_SECONDS = 60.0  # a page that trains its own runs does not look meanwhile


class Background:
    """Computes the values of `keys` in `cache` on `pool`, scheduled by a thread of its own.

    efforts  one for each key, see `speed.effort`
    share    the share that is done, 0 to 1
    error    the exception that ended it, if any

    It ends when `stop` is called, or `look` is not called for a minute: the visitor has left.
    """

    def __init__(
        self,
        keys: Sequence[Hashable],
        start: Start,
        cache: Cache,
        pool: Executor,
        efforts: Sequence[float],
    ) -> None:
        self.keys, known = tuple(keys), cache.known(keys)
        self.share = len(known) / max(len(keys), 1)
        self.error: Exception | None = None
        self._is_stopped = False
        self.look()
        missing = [one for key, one in zip(keys, efforts, strict=True) if key not in known]
        self.estimate = Estimate(self.share, speed.expected(missing, pool))
        work = partial(self._work, start, cache, pool, missing)
        self._thread = Thread(target=work, name="study", daemon=True)
        try:
            self._thread.start()
        except RuntimeError as error:  # no thread is left
            self.error = error

    @property
    def is_running(self) -> bool:
        """Whether it still computes."""
        return self._thread.is_alive() and not self._is_stopped

    def look(self) -> None:
        """Keep it going for another minute."""
        self._seen = monotonic()

    def stop(self) -> None:
        """End it. Values that have been computed stay in the cache."""
        self._is_stopped = True

    def _work(self, start: Start, cache: Cache, pool: Executor, missing: list[float]) -> None:
        try:
            with speed.measured(missing, pool):
                cache.get_all(self.keys, start, self._report, pool)
        except Stopped:
            pass
        except Exception as error:  # for the page, which knows words for it
            self.error = error

    def _report(self, share: float) -> None:
        self.share = share
        if self._is_stopped or monotonic() - self._seen > UNSEEN_SECONDS:
            raise Stopped
