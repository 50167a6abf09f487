"""DataSpec: a dataset and a split of it by name, and functions that load them.

A page asks for its split some thirty times. Streamlit's caches hash each argument anew, field by
field, and any browser can empty them; lru_cache does neither.
"""

from dataclasses import dataclass
from functools import lru_cache

from regcore import Dataset, Split, flip_labels, split
from regcore.data.bundled import DATASETS
from regcore.data.splitting import folds
from ui import session

MOONS = "two moons"
NOISE = 0.6  # of the moons at first: with less, no network here overfits
MAX_OWN_SPLITS = 16  # of a visitor's own table, kept per session


@dataclass(frozen=True)
class DataSpec:
    """The rows and columns that a run sees. With a Config it is the cache key of the run.

    own is the key of a table that this session has uploaded, "" for a bundled dataset.
    """

    dataset: str = "diabetes"
    noise: float | None = None  # of the two moons
    own: str = ""
    features: tuple[str, ...] = ()  # () means all
    validation_size: float = 0.0
    train_rows: int | None = None
    seed: int = 42
    flipped: int = 0  # percent of the training labels


def dataset_of(spec: DataSpec) -> Dataset:
    """Return the dataset of `spec`. Raises LookupError for a table of another session."""
    return _own(spec).dataset if spec.own else _bundled(spec.dataset, spec.noise)


def split_of(spec: DataSpec) -> Split:
    """Return the standardized split of `spec`. Raises ValueError if it cannot be made."""
    if not spec.own:
        return _shared_split(spec)
    splits = _own(spec).kept.setdefault("splits", {})
    if spec not in splits:
        if len(splits) >= MAX_OWN_SPLITS:
            splits.clear()
        splits[spec] = _split(spec)
    return splits[spec]


def folds_of(spec: DataSpec, k: int) -> list[Split]:
    """Return the k folds of the training rows of `spec`; see `regcore.data.splitting.folds`."""
    return _folds(spec, k) if spec.own else _shared_folds(spec, k)


def _folds(spec: DataSpec, k: int) -> list[Split]:
    return [_flipped(parts, spec) for parts in folds(dataset_of(spec), k)]


def _own(spec: DataSpec) -> session.OwnTable:
    own = session.own_table()
    if own is None or own.key != spec.own:
        raise LookupError("This table belongs to another session, or has been replaced.")
    return own


@lru_cache(32)
def _bundled(name: str, noise: float | None) -> Dataset:
    return DATASETS[name]() if noise is None else DATASETS[name](noise)


def _split(spec: DataSpec) -> Split:
    table = dataset_of(spec)
    table = table.select(spec.features) if spec.features else table
    size, rows = spec.validation_size, spec.train_rows
    return _flipped(split(table, validation_size=size, train_rows=rows, seed=spec.seed), spec)


def _flipped(parts: Split, spec: DataSpec) -> Split:
    return flip_labels(parts, spec.flipped / 100, spec.seed)[0]


_shared_folds = lru_cache(32)(_folds)
_shared_split = lru_cache(256)(_split)
