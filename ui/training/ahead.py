"""Work done ahead, in one thread for all visitors, while nobody waits for anything.

A task is called with a report, which ends it when it has to give way; it is done again later.
"""

import logging
from collections import deque
from collections.abc import Callable, Hashable, Iterable
from threading import Lock, Thread
from time import sleep

from regcore.experiments.parallel import Report, Stopped
from ui.training.cache import how_many_wait, idle_seconds, patient
from workers import executor
from workers.in_process import in_process

NEIGHBOURS, PAGES, STUDIES = range(3)  # ranks: the first goes first
# Since a visitor last waited, for each rank. What one visitor may ask for next has to wait longer
# than what all will: in a busy class it is not worth its memory.
IDLE_SECONDS = (1.0, 0.6, 5.0)
LOOK_SECONDS = 0.1
MAX_OFFERS = 64  # the oldest goes

Task = Callable[[Report], object]
Place = tuple[int, Hashable]  # rank, owner


def _has_workers() -> bool:
    """Whether there are workers, which do not hold up the pages."""
    try:
        return executor() is not in_process()
    except Exception:
        logging.getLogger(__name__).exception("Nothing is done ahead.")
        return False


class Ahead:
    """Offers of tasks by rank and owner; owners of one rank take turns."""

    def __init__(
        self,
        idle_seconds: tuple[float, ...] = IDLE_SECONDS,
        may_begin: Callable[[], bool] = _has_workers,
    ) -> None:
        self._idle_seconds, self._may_begin = idle_seconds, may_begin
        self._offers: dict[Place, deque[Task]] = {}
        self._lock, self._is_at_work = Lock(), False

    def offer(
        self, rank: int, owner: Hashable, tasks: Iterable[Task], *, anew: bool = True
    ) -> None:
        """Put `tasks` in the place of what this owner has offered. Neither waits nor raises.

        anew  whether they replace tasks that still wait
        """
        with self._lock:
            if not anew and self._offers.get((rank, owner)):
                return
            self._offers.pop((rank, owner), None)
            self._offers[rank, owner] = deque(tasks)
            while len(self._offers) > MAX_OFFERS:
                del self._offers[next(iter(self._offers))]
            if self._is_at_work:
                return
            self._is_at_work = True
        try:
            Thread(target=self._work, name="ahead", daemon=True).start()
        except RuntimeError:  # no thread is left
            self._is_at_work = False
            logging.getLogger(__name__).warning("Nothing is done ahead: no thread is left.")

    def _work(self) -> None:
        while self._has_offers():
            if (place := self._first()) is None:
                sleep(LOOK_SECONDS)
            elif self._may_begin():
                self._do(place)
            else:
                with self._lock:
                    self._offers.clear()

    def _has_offers(self) -> bool:
        """Whether there is a task; if there is none, the thread ends."""
        with self._lock:
            self._offers = {place: tasks for place, tasks in self._offers.items() if tasks}
            self._is_at_work = bool(self._offers)
            return self._is_at_work

    def _first(self) -> Place | None:
        """Return the place of the next task that nobody has to wait for; None if there is none."""
        idle = idle_seconds()
        with self._lock:
            places = [place for place, tasks in self._offers.items() if tasks]
        may_begin = [place for place in places if idle >= self._idle_seconds[place[0]]]
        return min(may_begin, key=lambda place: place[0], default=None)

    def _do(self, place: Place) -> None:
        """Do the first task of a place, unless it has to give way; then the next owner's turn."""
        tasks = self._offers.get(place)
        if not tasks:  # withdrawn meanwhile
            return
        try:
            with patient():
                tasks[0](self._watch(place, tasks))
        except Stopped:
            return
        except Exception:
            logging.getLogger(__name__).exception("A task was not done ahead.")
        with self._lock:
            tasks.popleft()
            if self._offers.get(place) is tasks:
                self._offers[place] = self._offers.pop(place)

    def _watch(self, place: Place, tasks: deque[Task]) -> Report:
        """Return a report that ends a task if it is withdrawn, or holds up a visitor.

        A study gives way to what comes first, too; the others are short.

        A visitor is granted one look: who wants the very run in progress joins it meanwhile.
        """
        looks = 0

        def report(_share: float) -> None:
            nonlocal looks
            looks = looks + 1 if how_many_wait() else 0
            if looks > 1 or not self._is_due(place, tasks):
                raise Stopped

        return report

    def _is_due(self, place: Place, tasks: deque[Task]) -> bool:
        first = self._first() if place[0] == STUDIES else None
        return self._offers.get(place) is tasks and (first is None or first[0] == STUDIES)


offer = Ahead().offer
