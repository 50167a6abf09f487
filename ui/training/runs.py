"""Where a page asks for trained networks, and for what is computed from them."""

import logging
from collections.abc import Callable, Hashable, Sequence
from functools import cache, partial
from itertools import chain
from typing import Any, NamedTuple

from regcore import Config, Fit, fit
from regcore.experiments.parallel import Job, Report
from regcore.nn.parameters import parameter_count
from regcore.training.sensitivity import NUDGES, may_amplify, with_spread
from ui.data.spec import DataSpec, split_of
from ui.training.cache import SHARED, cache_of
from workers import executor


class Request(NamedTuple):
    """A run that a page wants; keep, checkpoint_every and nudge as for `regcore.fit`."""

    data: DataSpec
    config: Config
    keep: tuple[int, ...] = ()
    checkpoint_every: int | None = None
    nudge: float = 0.0

    def twins(self) -> "list[Request]":
        """The runs that show which digits mean something; none where all three do."""
        # nothing is known beforehand about the columns of a visitor's own table
        if self.data.own or may_amplify(self.config):
            return [Request(self.data, self.config, nudge=nudge) for nudge in NUDGES]
        return []

    def work(self) -> Callable[..., Fit]:
        """The call of `fit` that trains it."""
        return partial(
            fit,
            split_of(self.data),
            self.config,
            keep=self.keep,
            checkpoint_every=self.checkpoint_every,
            nudge=self.nudge,
        )


def train(requests: Sequence[Request], report: Report) -> list[Fit]:
    """The runs asked for, in order; those that anyone had before come from the cache.

    The page's thread only waits, so that the next click interrupts at once. All requests are about
    bundled datasets, or all about the visitor's own.

    Beside a run that may amplify rounding its twins are trained, and its History has a spread.
    """
    twins = {request: request.twins() for request in requests}
    wanted = list(dict.fromkeys([*requests, *chain.from_iterable(twins.values())]))
    runs = dict(zip(wanted, _trained(wanted, report), strict=True))
    return [
        with_spread(runs[request], *(runs[twin] for twin in twins[request]))
        if twins[request]
        else runs[request]
        for request in requests
    ]


def _trained(requests: Sequence[Request], report: Report) -> list[Fit]:
    if not requests:
        return []
    # the longest first, or one core would end up alone with it
    order = sorted(requests, key=_effort, reverse=True)
    works, pool = {request: request.work() for request in order}, executor()
    runs = cache_of(order[0].data).get_all(
        order, lambda request: Job(pool, works[request]), report, pool
    )
    by_request = dict(zip(order, runs, strict=True))
    return [by_request[request] for request in requests]


def _effort(request: Request) -> int:
    """Grows with the time that a run takes."""
    return request.config.epochs * parameter_count(1, request.config.hidden_sizes)


def computed(data: DataSpec, key: Hashable, function: Callable[..., Any], *args: Any) -> Any:
    """function(*args), an array, computed where runs are trained and cached like them.

    It is a function of a module, and `key` names what it computes about `data`.
    """
    pool = executor()
    work = partial(_without_watch, function, *args)
    (value,) = cache_of(data).get_all([(data, key)], lambda _: Job(pool, work), _ignore, pool)
    return value


def _without_watch(function: Callable[..., Any], *args: Any) -> Any:
    return function(*args[:-1])


def _ignore(share: float) -> None:
    pass


def train_ahead(request: Request) -> None:
    """Have a run trained before anybody asks for it. Neither waits nor raises."""
    _train_ahead(request)


@cache  # asking for the executor on each page would have a cluster asked each time
def _train_ahead(request: Request) -> None:
    try:
        pool, work = executor(), request.work()
        SHARED.begin(request, lambda _: Job(pool, work))
    except Exception:
        logging.getLogger(__name__).exception("%s was not trained ahead.", request)
