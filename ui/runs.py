"""The one place where a page asks for a trained network."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from regcore import (
    Config,
    Dataset,
    Fit,
    Split,
    load_breast_cancer,
    load_diabetes,
    make_two_moons,
    split,
)
from regcore.jobs import Job, Run, trained
from regcore.network import parameter_count
from regcore.sensitivity import NUDGE, may_amplify, with_spread
from regcore.tasks import in_line
from regcore.workers import workers
from ui.store import Report, Store
from ui.trouble import explained

BUNDLED = {"diabetes": load_diabetes, "breast cancer": load_breast_cancer}
MOONS = "two moons"
# The memory of a server is bounded: README.md, "How much memory it takes", adds these up.
MAX_BYTES = 256 * 2**20  # some 800 Memorize runs of 320 kB: more than a class tries in a lesson
MAX_OWN_BYTES = 32 * 2**20  # for the runs on a table that one visitor has brought: some 100
MAX_OWN_SPLITS = 16
# not in Streamlit's cache: any browser can have that emptied, by a message of two bytes
_shared_store = Store(MAX_BYTES)


@dataclass(frozen=True)
class Data:
    """Which rows and columns a run sees. With a Config it names a run, and is a cache key.

    own is the key of a table that this session has brought, "" for those that come with the app.
    """

    dataset: str = "diabetes"
    noise: float | None = None  # of the two moons
    own: str = ""
    features: tuple[str, ...] = ()  # () means all
    validation_size: float = 0.0
    train_rows: int | None = None
    seed: int = 42


class Request(NamedTuple):
    """A run that a page wants; keep, checkpoint_every and nudge as for `regcore.fit`."""

    data: Data
    config: Config
    keep: tuple[int, ...] = ()
    checkpoint_every: int | None = None
    nudge: float = 0.0

    def twin(self) -> "Request | None":
        """The run that shows which digits mean something; None where all three do."""
        # nothing is known beforehand about the columns of a visitor's own table
        if self.data.own or may_amplify(self.config):
            return Request(self.data, self.config, nudge=NUDGE)
        return None


class Own:
    """A table that a visitor has brought, with its runs: all of it ends with the session."""

    def __init__(self, key: str, dataset: Dataset) -> None:
        self.key, self.dataset = key, dataset
        self.store = Store(MAX_OWN_BYTES)
        self.studies: OrderedDict[Any, Any] = OrderedDict()  # see ui.repeats
        self._splits: dict[Data, Split] = {}

    def split(self, data: Data) -> Split:
        """The parts that `data` names; as many as a session moves between are kept."""
        if data not in self._splits:
            if len(self._splits) >= MAX_OWN_SPLITS:
                self._splits.clear()
            self._splits[data] = _split(data)
        return self._splits[data]


def own() -> Own | None:
    """The table of this session, if it has brought one."""
    return st.session_state.get("own")


def dataset(data: Data) -> Dataset:
    """The table that `data` names. Raises LookupError for one of another session."""
    if not data.own:
        return _bundled(data.dataset, data.noise)
    mine = own()
    if mine is None or mine.key != data.own:
        raise LookupError("This table belongs to another session, or has been replaced.")
    return mine.dataset


def prepare(data: Data) -> Split:
    """The standardised parts that `data` names."""
    mine = own() if data.own else None
    return mine.split(data) if mine else _shared(data)


def store(data: Data) -> Store:
    """The runs of all sessions of this server, or those on a table of this session alone."""
    mine = own() if data.own else None
    return mine.store if mine else shared_store()


def shared_store() -> Store:
    """The runs of all sessions of this server."""
    return _shared_store


@st.cache_resource(max_entries=32, show_spinner=False)
def _bundled(name: str, noise: float | None) -> Dataset:
    return make_two_moons(noise or 0.0) if name == MOONS else BUNDLED[name]()


@st.cache_resource(max_entries=256, show_spinner=False)
def _shared(data: Data) -> Split:
    return _split(data)


def _split(data: Data) -> Split:
    table = dataset(data)
    return split(
        table.select(data.features) if data.features else table,
        validation_size=data.validation_size,
        train_rows=data.train_rows,
        seed=data.seed,
    )


def train(requests: Sequence[Request], report: Report) -> list[Fit]:
    """The runs asked for, in order; those that anyone had before come from the store.

    The others are trained on all workers at once, or here if there are none. Several sessions
    that wait for the same run share it. The page's thread only waits, so that the next click
    interrupts at once. All requests are about bundled tables, or all about the visitor's own.

    Beside a run that may amplify rounding its twin is trained, and its History has a spread.
    """
    twins = {request: twin for request in requests if (twin := request.twin())}
    wanted = [*requests, *twins.values()]
    found = dict(zip(wanted, _trained(wanted, report), strict=True))
    return [with_spread(found[r], found[twins[r]]) if r in twins else found[r] for r in requests]


def _trained(requests: Sequence[Request], report: Report) -> list[Fit]:
    if not requests:
        return []
    pool, runs = workers(), store(requests[0].data)
    if pool is None:
        return [_here(runs, r, i, len(requests), report) for i, r in enumerate(requests)]
    tasks = {r: _task(r) for r in sorted(requests, key=_effort, reverse=True)}
    found = runs.get_all(
        tuple(tasks), lambda request: Job(pool, trained, tasks[request]), report, in_line(pool)
    )
    by_request = dict(zip(tasks, found, strict=True))
    return [by_request[request] for request in requests]


def train_ahead(request: Request) -> None:
    """Have a worker train, once, what visitors will ask for. Nobody waits, so nothing is raised."""
    _begin(store(request.data), request)


@lru_cache(1)  # asking for the workers on each page would have a cluster asked each time
def _begin(runs: Store, request: Request) -> None:
    try:
        if pool := workers():
            task = _task(request)
            runs.begin(request, lambda _: Job(pool, trained, task))
    except Exception:
        logging.getLogger(__name__).exception("%s was not trained ahead.", request)


def kept(data: Data, key: Hashable, compute: Callable[[], Any]) -> Any:
    """What `compute` gives, an array or the like; kept where the runs on `data` are."""
    return store(data).get((data, key), lambda _: compute(), lambda _: None)


@contextmanager
def progress(text: str) -> Iterator[Report]:
    """A bar that is there only while work is under way; every report lets a click interrupt.

    with progress("Training") as report:
        runs = train(requests, report)
    """
    slot = st.empty()
    draw = bar(slot)
    with explained(slot):
        yield lambda share: draw(share, text)
    slot.empty()


def bar(slot: DeltaGenerator) -> Callable[[float, str], None]:
    """Draws in `slot` what share is done, and a text. Every call lets a click interrupt.

    A bar that has not moved is not drawn again: thirty who wait in line would have that done ten
    times a second each.
    """
    drawn: tuple[int, str] | None = None

    def draw(share: float, text: str) -> None:
        nonlocal drawn
        now = min(int(100.0 * share), 100), text
        if now == drawn:
            _let_a_click_interrupt()
        else:
            slot.progress(now[0], text=text)
            drawn = now

    return draw


def _let_a_click_interrupt() -> None:
    """As all that is drawn does: Streamlit ends the script there when a click has come."""
    st.session_state.get("any key")


def _task(request: Request) -> Run:
    return prepare(request.data), *request[1:]


def _effort(request: Request) -> int:
    """Grows with the time of a run: the longest starts first, or one core would end up alone."""
    return request.config.epochs * parameter_count(1, request.config.hidden_sizes)


def _here(runs: Store, request: Request, index: int, total: int, report: Report) -> Fit:
    def compute(advance: Report) -> Fit:
        return trained(_task(request), lambda epoch, epochs: advance(epoch / epochs))

    return runs.get(request, compute, lambda share: report((index + share) / total))
