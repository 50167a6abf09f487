"""Trained networks, and results computed from them, on request of a page.

Runs that differ only in when they end are read from the longest one, or go on where a shorter one
ended: see `regcore.training.prefixes`.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain
from math import ceil
from typing import Any, NamedTuple

from regcore import Config, Fit, fit
from regcore.experiments.parallel import Job, Report, unwatched
from regcore.nn.parameters import parameter_count
from regcore.training.prefixes import can_go_on, covers, family, lengthened, shortened
from regcore.training.sensitivity import NUDGES, may_amplify, with_spread
from ui.data.spec import DataSpec, split_of
from ui.training import speed
from ui.training.ahead import Task
from ui.training.cache import Cache, cache_of
from workers import executor

MAX_CHECKPOINTS, MIN_CHECKPOINTS = 24, 4  # of a run from which others are read
MAX_CHECKPOINT_BYTES = 2**20
MAX_EFFORT_AHEAD = 5.0  # see `speed.effort`
MAX_REPEATED = 2  # snapshots of a run that are trained again when it is read from another


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

    def whole(self) -> "Request":
        """Return what is trained for this request: the run without a rule that ends it.

        It gets checkpoints, from which shorter runs are read, unless they would be too large.
        """
        every = self.checkpoint_every or _spacing(split_of(self.data).train.X.shape[1], self.config)
        config = self.config if every is None else self.config.but(patience=None, min_delta=0.0)
        return self._replace(config=config, checkpoint_every=every, digits=True)

    def work(self, shorter: Fit | None = None) -> Callable[..., Fit]:
        """Return the call that trains the run, on from where a shorter one ended."""
        settings: dict[str, Any] = {"keep": self.keep, "checkpoint_every": self.checkpoint_every}
        if shorter is None:
            return partial(fit, split_of(self.data), self.config, nudge=self.nudge, **settings)
        return partial(lengthened, split_of(self.data), shorter, self.config, **settings)


def _spacing(features: int, config: Config) -> int | None:
    """Return the epochs between two checkpoints; None for a network that is too large for them."""
    state = 16 * parameter_count(features, config.hidden_sizes)  # weights and velocity
    count = min(MAX_CHECKPOINTS, MAX_CHECKPOINT_BYTES // state)
    return max(1, ceil(config.epochs / count)) if count >= MIN_CHECKPOINTS else None


@lru_cache(4096)
def _kin(request: Request) -> Hashable:
    """Return what those requests have in common that differ only in when their runs end."""
    return request.data, family(request.config), request.nudge


def _relatives(request: Request, shared: Cache) -> list[Fit]:
    """Return the known runs that differ from the requested one only in when they end."""
    keys = (key for key in shared.held() if isinstance(key, Request) and key.data == request.data)
    return list(shared.known(key for key in keys if _kin(key) == _kin(request)).values())


def _known(request: Request, shared: Cache) -> Fit | None:
    """Return the requested run if it is in the cache, by itself or as what is trained for it."""
    whole = request.whole()
    known = shared.known((request, whole))  # both are asked for: others are read from the whole
    return known.get(request) or (known.get(whole) if whole.config == request.config else None)


def _read(request: Request, shared: Cache, relatives: Sequence[Fit]) -> Fit | None:
    """Return the requested run if it can be read from one of its relatives."""
    for run in relatives:
        repeated = set(request.keep) - set(run.snapshots)
        if covers(run, request.config) and len(repeated) <= MAX_REPEATED:
            short = shortened(split_of(request.data), run, request.config, request.keep)
            shared.add({request: short})
            return short
    return None


def _start(config: Config, relatives: Sequence[Fit]) -> Fit | None:
    """Return the longest of the shorter runs from which training can go on."""
    shorter = [run for run in relatives if can_go_on(run) and run.config.epochs < config.epochs]
    return max(shorter, key=lambda run: run.config.epochs, default=None)


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
    shared, runs, starts = cache_of(requests[0].data), {}, {}
    for request in dict.fromkeys(requests):
        run = _known(request, shared)
        if run is None:  # only then is the cache searched
            relatives = _relatives(request, shared)
            # it may have arrived meanwhile: two sessions must not hold two copies of one run
            run = _known(request, shared) or _read(request, shared, relatives)
            if run is None:
                starts[request] = _start(request.config, relatives)
                continue
        runs[request] = run
    wholes = {request.whole(): start for request, start in starts.items()}
    trained = _train(wholes, shared, report)
    for request in starts:
        run = trained[request.whole()]
        runs[request] = _known(request, shared) or _read(request, shared, [run]) or run
    return runs


def _train(
    starts: Mapping[Request, Fit | None], shared: Cache, report: Report
) -> dict[Request, Fit]:
    """Return the runs, trained in the pool, each on from its start."""
    efforts = {request: _effort(request, start) for request, start in starts.items()}
    # the longest first, or it would run alone at the end
    order = sorted(efforts, key=lambda request: efforts[request], reverse=True)
    works, pool = {request: request.work(starts[request]) for request in order}, executor()
    with speed.measured([efforts[request] for request in order], pool):
        runs = shared.get_all(order, lambda request: Job(pool, works[request]), report, pool)
    return dict(zip(order, runs, strict=True))


def _effort(request: Request, start: Fit | None) -> float:
    left = request.config.epochs - (start.config.epochs if start else 0)
    return speed.effort(split_of(request.data), request.config.but(epochs=left))


def tasks(requests: Sequence[Request]) -> list[Task]:
    """Return the work of training each of these runs ahead, without those that take long."""
    short = [request for request in requests if _effort(request, None) <= MAX_EFFORT_AHEAD]
    return [partial(train, [request]) for request in short]


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
        return Job(pool, partial(unwatched, works[key[1]]))

    return cache_of(data).get_all([(data, key) for key in works], start, report, pool)


def computed_each(
    data: DataSpec,
    name: Hashable,
    of: Mapping[Any, Any],
    function: Callable[..., Any],
    *args: Any,
) -> list[Any]:
    """Return the rows of function(*args, list(of.values())), each cached under its key in `of`.

    Only the rows that are not known yet are computed, together.
    """
    cache, keys = cache_of(data), {key: (data, (name, key)) for key in of}
    known = cache.known(keys.values())
    if missing := {key: value for key, value in of.items() if keys[key] not in known}:
        together = (name, tuple(missing))
        rows = computed(data, together, function, *args, list(missing.values()))
        known |= {keys[key]: row for key, row in zip(missing, rows, strict=True)}
        cache.add(known, instead_of=(data, together))
    return [known[key] for key in keys.values()]
