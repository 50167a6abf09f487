"""Sensitivity: how much rounding alone changes a run, so that only meaningful digits are shown.

Processors add in different orders, which changes the last bit of a sum. Some runs amplify that
change until their first digits differ. *Twins*, trained from starting weights with a change of
this size, show how much: see `nudge` of `regcore.fit`. There are two twins, because one may be
close to the run by chance.
"""

from dataclasses import replace

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from regcore.checks import Array
from regcore.config import Config
from regcore.nn.regularizers import regularizers_of
from regcore.training.loop import Fit

NUDGES = (1e-15, 3e-15)  # about the relative effect of another order of additions
SAFE_LR = 1.0


def may_amplify(config: Config) -> bool:
    """Whether rounding may change whole digits of a run with these settings.

    It does on some data with several hidden layers, mini-batches or learning rates above 1. No
    such run was found with one hidden layer, full batches and smaller learning rates.
    """
    jumps = any(regularizer.jumps for regularizer in regularizers_of(config, np.ones(1)))
    is_deep, is_split = len(config.hidden_sizes) > 1, config.batch_size is not None
    return jumps or is_deep or is_split or config.lr > SAFE_LR


def with_spread(run: Fit, *twins: Fit) -> Fit:
    """`run` with a History that has a spread: the distance to its twins, column by column.

    Curves may cross, so the spread at an epoch is the largest distance to a twin in the tenth of
    the run that ends there. A twin that has ended keeps its last values. At the epoch whose
    weights the run keeps, the distance to the scores that a twin keeps counts, too.
    """
    spreads = [_spread(run, twin) for twin in twins]
    spread = {name: np.fmax.reduce([one[name] for one in spreads]) for name in spreads[0]}
    return replace(run, history=replace(run.history, spread=spread))


def _spread(run: Fit, twin: Fit) -> dict[str, Array]:
    ours, theirs = run.history.columns(), twin.history.columns()
    kept, kept_by_twin = (one.history.row(one.kept_epoch) for one in (run, twin))
    spread = {}
    with np.errstate(all="ignore"):  # the losses of a diverging run may overflow
        for name, column in ours.items():
            spread[name] = _distances(column, theirs[name])
            between = abs(column[kept] - theirs[name][kept_by_twin])
            spread[name][kept] = np.fmax(spread[name][kept], between)
    return spread


def _distances(ours: Array, theirs: Array) -> Array:
    """Largest distance (n,) in the window that ends at each of the n rows of `ours`."""
    missing, window = max(len(ours) - len(theirs), 0), max(len(ours) // 10, 1)
    distances = np.abs(ours - np.pad(theirs, (0, missing), "edge")[: len(ours)])
    padded = np.concatenate([np.zeros(window - 1), distances])
    return np.fmax.reduce(sliding_window_view(padded, window), axis=1)
