"""flip_labels: turn over a share of the training labels, to see what a network does with lies."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from regcore.checks import check_kind, real, whole
from regcore.config import MAX_SEED
from regcore.data.dataset import Part, Split

FLIPPED = (0.0, 0.5, "from 0 to 0.5")
STREAM = 4  # of random numbers made from a seed; `Trainer` has those before it


def flip_labels(split: Split, share: float, seed: int = 42) -> tuple[Split, NDArray[np.bool_]]:
    """A Split in which this share of the training labels is turned over, and which rows they are.

    share  from 0 to 0.5 of the training rows, rounded to whole rows; with 0 the Split is `split`
    seed   of the choice of rows, which draws from a stream of its own; the seed of the split makes
           a run of the same data see the same lies

    The mask has shape (n,), n training rows; the new Split holds it as `flipped`, so that the
    History of a run tells honest and flipped rows apart. Validation and test labels stay true.

    Raises TypeError when split is not a Split; ValueError when share or seed is out of range, and
    when the labels of `split` are flipped already.
    """
    check_kind("split", split, Split)
    share = real("share", share, *FLIPPED)
    seed = whole("seed", seed, 0, MAX_SEED)
    if split.flipped is not None:
        raise ValueError("split has flipped labels already; flip those of the split it came from.")
    n = len(split.train)
    mask = np.zeros(n, dtype=bool)
    mask[np.random.default_rng([seed, STREAM]).permutation(n)[: round(share * n)]] = True
    if not mask.any():
        return split, mask
    y = np.where(mask[:, None], 1.0 - split.train.y, split.train.y)
    return replace(split, train=Part(split.train.X, y), flipped=mask), mask
