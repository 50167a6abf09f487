"""Trained networks, and results computed from them, on request of a page."""

import logging
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache, partial
from itertools import chain
from typing import Any, NamedTuple

from regcore import Config, Fit, fit
from regcore.experiments.parallel import Job, Report, Watch
from regcore.training.sensitivity import NUDGES, may_amplify, with_spread
from ui.data.spec import DataSpec, split_of
from ui.training import speed
from ui.training.cache import SHARED, cache_of
from workers import executor


class Request(NamedTuple):
    """A requested run; keep, checkpoint_every and nudge are those of `regcore.fit`.

    digits  whether its figures are shown, so that it matters which of them rounding changes
    """

    data: DataSpec
    config: Config
    keep: tuple[int, ...] = ()
    checkpoint_every: int | None = None
    nudge: float = 0.0
    digits: bool = True

    def twins(self) -> "list[Request]":
        """Return the nudged runs that show which digits are significant; [] if all three are."""
        if not self.digits:
            return []
        # the columns of a visitor's own table may have any scale
        if self.data.own or may_amplify(self.config):
            return [Request(self.data, self.config, nudge=nudge) for nudge in NUDGES]
        return []

    def work(self) -> Callable[..., Fit]:
        """Return the call of `fit` that trains the run."""
        settings = {name: getattr(self, name) for name in ("keep", "checkpoint_every", "nudge")}
        return partial(fit, split_of(self.data), self.config, **settings)


def train(requests: Sequence[Request], report: Report) -> list[Fit]:
    """Return the requested runs, in order, from the cache where possible.

    The page's thread only waits, so the next click interrupts at once. All requests use bundled
    datasets, or all use the visitor's own. If a run may amplify rounding, its twins are trained
    too, and its History gets a spread.
    """
    twins = {request: request.twins() for request in requests}
    runs = _trained([*twins, *chain.from_iterable(twins.values())], report)
    for request, nudged in twins.items():
        if nudged:
            runs[request] = with_spread(runs[request], *(runs[twin] for twin in nudged))
    return [runs[request] for request in requests]


def _trained(requests: Sequence[Request], report: Report) -> dict[Request, Fit]:
    if not requests:
        return {}
    # the longest first, or it would run alone at the end
    order = sorted(dict.fromkeys(requests), key=_effort, reverse=True)
    works, pool = {request: request.work() for request in order}, executor()
    shared = cache_of(order[0].data)
    known = shared.known(order)
    with speed.measured([_effort(r) for r in order if r not in known], pool):
        runs = shared.get_all(order, lambda request: Job(pool, works[request]), report, pool)
    return dict(zip(order, runs, strict=True))


def _effort(request: Request) -> float:
    return speed.effort(split_of(request.data), request.config)


def computed(data: DataSpec, key: Hashable, function: Callable[..., Any], *args: Any) -> Any:
    """Return the array function(*args), computed in a worker and cached like a run.

    `function` must be defined in a module; `key` names what it computes about `data`.
    """
    return all_computed(data, {key: partial(function, *args)}, lambda _: None)[0]


def all_computed(
    data: DataSpec, works: Mapping[Hashable, Callable[[], Any]], report: Report
) -> list[Any]:
    """Return the array of each work, in order: as `computed`, on all workers and with progress."""
    pool = executor()

    def start(key: tuple[DataSpec, Hashable]) -> Job:
        return Job(pool, partial(_without_watch, works[key[1]]))

    return cache_of(data).get_all([(data, key) for key in works], start, report, pool)


def _without_watch(work: Callable[[], Any], _: Watch) -> Any:
    return work()


@cache  # once: getting the executor may query a cluster
def train_ahead(request: Request) -> None:
    """Start to train a run before anyone requests it. Neither waits nor raises."""
    try:
        pool, work = executor(), request.work()
        SHARED.begin(request, lambda _: Job(pool, work))
    except Exception:
        logging.getLogger(__name__).exception("%s was not trained ahead.", request)
