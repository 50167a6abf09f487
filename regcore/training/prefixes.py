"""Runs that differ only in when they end are prefixes of one another.

`shortened` reads a run from a longer one, and `lengthened` trains on where a shorter one ended.
Both give bit for bit what `fit` gives.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from regcore.blas import one_blas_thread
from regcore.checks import check_kind
from regcore.config import Config
from regcore.data.dataset import Split
from regcore.nn.parameters import Params
from regcore.training.early_stopping import replay
from regcore.training.history import History
from regcore.training.loop import Fit, Progress, finished, train, weights_at
from regcore.training.recorder import Recorder
from regcore.training.trainer import Trainer


def family(config: Config) -> Config:
    """What the runs have in common that differ from `config` only in when they end."""
    return config.but(epochs=0, patience=None, min_delta=0.0)


def covers(run: Fit, config: Config) -> bool:
    """Whether `run` lasted long enough to read from it the run of a Config of its family.

    It must have checkpoints and every epoch in its History, and no rule may have ended it.
    """
    return _is_whole(run) and (
        config.epochs <= run.history.stopped_epoch or run.history.stop_reason == "diverged"
    )


def can_go_on(run: Fit) -> bool:
    """Whether a longer run of the same family can go on where `run` ended."""
    return _is_whole(run) and run.history.stop_reason == "completed"


def _is_whole(run: Fit) -> bool:
    history = run.history
    every_epoch = len(history.epoch) == history.stopped_epoch + 1
    return bool(run.checkpoints) and run.config.patience is None and every_epoch


def shortened(split: Split, run: Fit, config: Config, keep: Iterable[int] = ()) -> Fit:
    """The Fit of `config`, read from a longer run of its family.

    Only its weights are trained anew, from the checkpoint before them.

    split  the one of the run
    keep   epochs whose weights become `snapshots`, as in `fit`

    Raises ValueError unless `covers(run, config)` and both are of one family, and as `weights_at`.
    """
    check_kind("run", run, Fit)
    check_kind("config", config, Config)
    if family(config) != family(run.config) or not covers(run, config):
        raise ValueError("run does not cover config: it is another run, or it ended earlier.")
    history, best = _ended(run.history, config)
    end = history.stopped_epoch
    last = run.last_params if end == run.history.stopped_epoch else weights_at(split, run, end)
    return Fit(
        config,
        last if best is None or best == end else weights_at(split, run, best),
        history,
        last,
        _snapshots(split, run, (epoch for epoch in keep if epoch <= end), {}),
        tuple(state for state in run.checkpoints if state.epoch <= end),
        run.trained_on,
    )


def _ended(history: History, config: Config) -> tuple[History, int | None]:
    """The History as far as the run of `config` goes, and its best epoch if it has patience."""
    end, reason = min(config.epochs, history.stopped_epoch), "completed"
    if end < config.epochs:
        reason = history.stop_reason
    losses, best = history.validation_loss, None
    if losses is not None and config.patience is not None:
        stop = replay(losses[: end + 1], config.patience, config.min_delta)
        end, best = stop.stopped, stop.best
        reason = "patience" if stop.ran_out(config.patience) else reason
    part = history.select(slice(0, end + 1))
    seen = part.validation_loss
    lowest = None if seen is None else replay(seen, None, config.min_delta).best
    return replace(part, best_epoch=lowest, stopped_epoch=end, stop_reason=reason), best


def lengthened(
    split: Split,
    run: Fit,
    config: Config,
    on_progress: Progress | None = None,
    *,
    keep: Iterable[int] = (),
    checkpoint_every: int | None = None,
) -> Fit:
    """The Fit of `config`, trained on from the last checkpoint of a shorter run of its family.

    The other arguments are those of `fit`, which gives the same Fit. Neither run may have patience.

    Raises ValueError unless the run is a shorter one of the family with checkpoints.
    """
    check_kind("run", run, Fit)
    check_kind("config", config, Config)
    is_family = family(config) == family(run.config) and config.epochs >= run.config.epochs
    if not is_family or config.patience is not None or not can_go_on(run):
        raise ValueError("run cannot be continued to config: it is another run, or has no end.")
    keep, start = frozenset(keep), run.checkpoints[-1]
    with one_blas_thread(), np.errstate(all="ignore"):
        trainer = Trainer(split.train, config)
        trainer.rewind(start, start.epoch)
        recorder = Recorder(split, trainer, 1)
        snapshots, states = train(trainer, recorder, keep, checkpoint_every, on_progress)
    rest = finished(trainer, recorder, snapshots, states, run.trained_on)
    joined = replace(
        rest,
        history=_joined(run.history, rest.history, start.epoch),
        checkpoints=run.checkpoints + tuple(s for s in rest.checkpoints if s.epoch > start.epoch),
    )
    return replace(joined, snapshots=_snapshots(split, joined, keep, run.snapshots))


def _joined(before: History, after: History, epoch: int) -> History:
    """The History of two runs, of which the second begins at `epoch` of the first."""
    ours, theirs = before.select(slice(0, epoch + 1)).columns(), after.columns()
    columns: dict[str, Any] = {n: np.concatenate([ours[n], theirs[n][1:]]) for n in ours}
    losses = columns.get("validation_loss")
    best = None if losses is None else replay(losses, None).best
    return replace(after, best_epoch=best, **columns)


def _snapshots(
    split: Split, run: Fit, keep: Iterable[int], known: Mapping[int, Params]
) -> dict[int, Params]:
    """The weights of `run` after the epochs in `keep`, as far as it lasted."""
    known = {**run.snapshots, **known}
    return {
        epoch: known[epoch] if epoch in known else weights_at(split, run, epoch)
        for epoch in sorted(keep)
        if epoch <= run.history.stopped_epoch
    }
