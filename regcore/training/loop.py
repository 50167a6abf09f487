"""fit: train a network on a Split as a Config says; the result is a Fit.

`Trainer.step` is one pass over the data. `Recorder` writes the History and does not touch the
training arithmetic, so recording cannot change the result.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from hashlib import blake2b
from time import perf_counter
from types import MappingProxyType
from typing import Any

import numpy as np

from regcore import checks
from regcore.blas import one_blas_thread
from regcore.checks import Array
from regcore.config import Config
from regcore.data.dataset import Part, Split
from regcore.nn import network
from regcore.nn.parameters import Params, params_of
from regcore.training.history import History
from regcore.training.recorder import Recorder
from regcore.training.trainer import State, Trainer

PROGRESS_SECONDS = 0.03
MAX_NUDGE = 1e-3
Progress = Callable[[int, int], object]


@dataclass(frozen=True, eq=False)
class Fit:
    """A finished run; its arrays are read-only, since sessions share them.

    params       (W1, b1, ..., WL, bL): of the best epoch if patience was set, else of the last
    last_params  those of the last epoch, even if the best ones were restored
    snapshots    epoch -> params, for the epochs in `keep`
    checkpoints  states from which `weights_at` trains on to any epoch; empty if not requested
    trained_on   a digest of the training rows for `weights_at`; "" without checkpoints

    Raises TypeError when config or history has the wrong type.
    """

    config: Config
    params: Params
    history: History
    last_params: Params
    snapshots: Mapping[int, Params]
    checkpoints: tuple[State, ...] = ()
    trained_on: str = ""

    @property
    def kept_epoch(self) -> int:
        """The epoch of `params`: the best if patience was set, else the last."""
        best = self.history.best_epoch if self.config.patience is not None else None
        return self.history.stopped_epoch if best is None else best

    def predict_proba(self, X: Array) -> Array:
        """Probability of outcome 1, (n, 1), for standardized rows X (n, d); dropout is off.

        Raises ValueError when X has another number of columns than the training rows, is not
        finite or is too large for these weights.
        """
        return network.sigmoid(self._logits(X))

    def accuracy(self, part: Part) -> float:
        """Fraction of rows of `part` whose prediction, probability > 0.5, is right.

        Raises TypeError when `part` is not a Part, and ValueError as `predict_proba` does.
        """
        checks.check_kind("part", part, Part)
        return float(np.mean((self._logits(part.X) > 0.0) == part.y))

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays; an array that is stored twice counts once."""
        arrays = (*self._arrays(), *self.history.columns().values())
        return sum({id(array): array.nbytes for array in arrays}.values())

    def __post_init__(self) -> None:
        checks.check_kind("config", self.config, Config)
        checks.check_kind("history", self.history, History)
        object.__setattr__(self, "snapshots", MappingProxyType(dict(self.snapshots)))
        checks.freeze(*self._arrays())

    def _arrays(self) -> Iterator[Array]:
        """All arrays except those of the history, which freezes its own."""
        for params in (self.params, self.last_params, *self.snapshots.values()):
            yield from params
        for state in self.checkpoints:
            yield from (state.theta, state.velocity)

    def _logits(self, X: Array) -> Array:
        X, width = checks.numbers("X", X), len(self.params[0])
        if X.ndim != 2 or X.shape[1] != width:
            raise ValueError(f"X has shape {X.shape}; it must be (rows, {width}), as in training.")
        checks.check_finite(X)
        with np.errstate(all="ignore"):
            z = network.logits(X, self.params)
        if np.isnan(z).any():
            raise ValueError(f"X holds {np.abs(X).max():g}, which is too large for these weights.")
        return z

    def __reduce__(self) -> tuple[Any, ...]:
        # pickle and copy call the constructor, which makes the arrays read-only again
        values = {**vars(self), "snapshots": dict(self.snapshots)}
        return Fit, tuple(values[field.name] for field in fields(self))


def fit(
    split: Split,
    config: Config,
    on_progress: Progress | None = None,
    *,
    record_every: int = 1,
    keep: Iterable[int] = (),
    checkpoint_every: int | None = None,
    nudge: float = 0.0,
) -> Fit:
    """Train a network on split.train with the settings `config`, and score all parts meanwhile.

    on_progress(epoch, epochs) is called every 30 ms and may raise to cancel the run.
    record_every thins the History (a run with patience records every epoch regardless); keep
    lists the epochs whose weights become `snapshots`; checkpoint_every is the number of epochs
    between `checkpoints`, None for none. nudge is the relative size of a random change of the
    starting weights, from 0 to 0.001: see `regcore.training.sensitivity`.

    Raises TypeError when split, config, on_progress or keep has the wrong type; ValueError when
    patience is set and the split has no validation part, or when record_every, keep,
    checkpoint_every or nudge is out of range.
    """
    checks.check_kind("split", split, Split)
    checks.check_kind("config", config, Config)
    _check_patience(split, config)
    checks.real("nudge", nudge, 0.0, MAX_NUDGE, f"from 0 to {MAX_NUDGE:g}")
    checks.optional_call("on_progress", on_progress)
    record_every = checks.whole("record_every", record_every, 1, checks.MAX_EPOCHS)
    every = 1 if config.patience else record_every
    listed = checks.items("keep", keep, "a list of epochs")
    kept_epochs = frozenset(checks.whole("keep", epoch, 0, config.epochs) for epoch in listed)
    if checkpoint_every is not None:
        checkpoint_every = checks.whole("checkpoint_every", checkpoint_every, 1, checks.MAX_EPOCHS)
    with one_blas_thread(), np.errstate(all="ignore"):  # divergence is reported, not warned about
        trainer = Trainer(split.train, config, nudge)
        recorder = Recorder(split, trainer, every)
        snapshots, checkpoints = train(
            trainer, recorder, kept_epochs, checkpoint_every, on_progress
        )
    trained_on = _digest(split) if checkpoints else ""
    return finished(trainer, recorder, snapshots, checkpoints, trained_on)


def train(
    trainer: Trainer,
    recorder: Recorder,
    keep: Collection[int],
    checkpoint_every: int | None,
    on_progress: Progress | None,
) -> tuple[dict[int, Params], list[State]]:
    """Train from the trainer's epoch to the end of the run: its snapshots and checkpoints."""
    snapshots: dict[int, Params] = {}
    checkpoints: list[State] = []
    first = trainer.epoch
    for epoch in _epochs(first, trainer.config.epochs, on_progress):
        if epoch > first:
            trainer.step()
        if epoch in keep:
            snapshots[epoch] = trainer.params()
        if checkpoint_every and epoch % checkpoint_every == 0:
            checkpoints.append(trainer.state())
        if recorder.add(epoch):
            break
    return snapshots, checkpoints


def finished(
    trainer: Trainer,
    recorder: Recorder,
    snapshots: dict[int, Params],
    checkpoints: list[State],
    trained_on: str,
) -> Fit:
    """The Fit, without weights from after the epoch at which the run ended."""
    end = recorder.last_epoch
    last = params_of(recorder.theta, trainer.shapes)
    best = last if recorder.best is None else params_of(recorder.best, trainer.shapes)
    snapshots = {epoch: params for epoch, params in snapshots.items() if epoch <= end}
    states = tuple(state for state in checkpoints if state.epoch <= end)
    return Fit(trainer.config, best, recorder.history(), last, snapshots, states, trained_on)


def _digest(split: Split) -> str:
    """A digest of the training rows, equal for equal rows."""
    digest = blake2b(repr(split.train.X.shape).encode(), digest_size=16)
    for array in (split.train.X, split.train.y):
        digest.update((array + 0.0).tobytes())  # -0.0 equals 0.0
    return digest.hexdigest()


def weights_at(split: Split, run: Fit, epoch: int) -> Params:
    """The weights of `run` after `epoch` passes, bit for bit the same as in training.

    Trains on from the last checkpoint up to `epoch`: with one every √E of E epochs, √E of them
    are kept and at most √E epochs are trained again. `split` must be the one of the run.

    Raises TypeError when `split` is not a Split or `run` not a Fit, and ValueError when the run
    has no checkpoints, ended before `epoch` or was trained on other rows.
    """
    checks.check_kind("split", split, Split)
    checks.check_kind("run", run, Fit)
    epoch = checks.whole("epoch", epoch, 0, run.history.stopped_epoch)
    if not run.checkpoints:
        raise ValueError("The run has no checkpoints; fit it with checkpoint_every.")
    if run.trained_on != _digest(split):
        raise ValueError(
            f"split has {len(split.train)} training rows that are not those of the run; "
            "it must be the split that the run was trained on."
        )
    state = max((s for s in run.checkpoints if s.epoch <= epoch), key=lambda s: s.epoch)
    with one_blas_thread(), np.errstate(all="ignore"):
        trainer = Trainer(split.train, run.config)
        trainer.rewind(state, epoch)
    return trainer.params()


def _epochs(first: int, epochs: int, on_progress: Progress | None) -> Iterator[int]:
    """first, ..., epochs; reports progress a few dozen times a second."""
    due = perf_counter() + PROGRESS_SECONDS
    for epoch in range(first, epochs + 1):
        if on_progress is not None and perf_counter() >= due:
            on_progress(epoch, epochs)
            due = perf_counter() + PROGRESS_SECONDS
        yield epoch


def _check_patience(split: Split, config: Config) -> None:
    if config.patience is not None and split.validation is None:
        raise ValueError(
            f"patience is {config.patience}, but there is no validation part to watch; "
            "split with validation_size above 0, or set patience to None."
        )
