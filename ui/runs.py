"""The one place where a page asks for a trained network."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import streamlit as st

from regcore import Config, Dataset, Fit, Split, fit, load_diabetes, split
from ui.store import Report, Store

DATASETS = {"diabetes": load_diabetes}
MAX_BYTES = 256 * 2**20  # some 1,000 Memorize runs of 250 kB: more than a class tries in a lesson


@dataclass(frozen=True)
class Data:
    """Which rows and columns a run sees. With a Config it names a run, and is a cache key."""

    dataset: str = "diabetes"
    features: tuple[str, ...] = ()  # () means all
    validation_size: float = 0.0
    train_rows: int | None = None
    seed: int = 42


class Request(NamedTuple):
    """A run that a page wants; keep and checkpoint_every as for `regcore.fit`."""

    data: Data
    config: Config
    keep: tuple[int, ...] = ()
    checkpoint_every: int | None = None


@st.cache_resource(show_spinner=False)
def dataset(name: str = "diabetes") -> Dataset:
    """The table of that name."""
    return DATASETS[name]()


@st.cache_resource(max_entries=256, show_spinner=False)
def prepare(data: Data) -> Split:
    """The standardised parts that `data` names."""
    table = dataset(data.dataset)
    return split(
        table.select(data.features) if data.features else table,
        validation_size=data.validation_size,
        train_rows=data.train_rows,
        seed=data.seed,
    )


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The runs of all sessions of this server."""
    return Store(MAX_BYTES)


def train(requests: Sequence[Request], report: Report) -> list[Fit]:
    """The runs asked for, in order; those that anyone had before come from the store."""
    return [_one(request, i, len(requests), report) for i, request in enumerate(requests)]


@contextmanager
def progress(text: str) -> Iterator[Report]:
    """A bar that is there only while work is under way; every report lets a click interrupt.

    with progress("Training") as report:
        runs = train(requests, report)
    """
    slot = st.empty()

    def report(share: float) -> None:
        slot.progress(min(share, 1.0), text=text)

    yield report
    slot.empty()


def _one(request: Request, index: int, total: int, report: Report) -> Fit:
    def compute(advance: Report) -> Fit:
        return fit(
            prepare(request.data),
            request.config,
            lambda epoch, epochs: advance(epoch / epochs),
            keep=request.keep,
            checkpoint_every=request.checkpoint_every,
        )

    return store().get(request, compute, lambda share: report((index + share) / total))
