"""Task 9: find the flipped rows.

A network learns what most rows agree on before it learns the exceptions (Arpit et al., 2017), so
the losses on the way tell the exceptions apart (Pleiss et al., 2020).
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from regcore.blas import one_blas_thread
from regcore.checks import Array
from regcore.config import Config
from regcore.data.dataset import Part
from regcore.exercises.grading import AnswerError, Task, call, graded, vector
from regcore.nn.network import cross_entropy
from regcore.training.trainer import Trainer

Rows = NDArray[np.int64]
RECORDS = 8
FEATURES, DISTANCE = 30, 3.5  # of the two classes from the border, in standard deviations
NEEDED = 0.8  # of 150 checks, the mean over all epochs has least 0.88, the last epoch most 0.64
TITLE = "Find the flipped rows"

TEXT = f"""
The labels of `k` training rows were flipped, and a network learned them all, lies included.
`losses[e, i]` is the loss of row `i` after `e` epochs. Name the `k` rows that look most like lies.

The check flips other rows and trains again. It requires a **precision** of {NEEDED:.0%}: that share
of the rows that you name must be flipped. Chance gives about 15%.
"""

STARTER = '''import numpy as np


def suspicious(losses, k):
    """losses (epochs + 1, rows).

    Returns the k most suspicious rows, from 0.
    """
    rows = np.arange(k)
    # your code here
    return rows
'''

HINTS = (
    "A network first learns what most rows agree on, and the exceptions late, one by one. Which "
    "losses stay high for long?",
    "Each row needs one number. At the last epoch all is learned, the lies too, so look at the "
    "epochs before.",
    "`losses.mean(axis=0)` is a number for each row, and `np.argsort` puts the rows in order, the "
    "highest last. Return the last `k`.",
)

SOLUTION = '''import numpy as np


def suspicious(losses, k):
    """The k rows with the highest mean loss over all epochs."""
    means = losses.mean(axis=0)
    order = np.argsort(means)
    return order[-k:]
'''


class Record(NamedTuple):
    """The losses (epochs + 1, rows) of a run in nats; which rows (rows,) have a flipped label."""

    losses: Array
    flipped: NDArray[np.bool_]

    @property
    def k(self) -> int:
        """The number of flipped rows."""
        return int(self.flipped.sum())


@graded
def check(suspicious: Any) -> str:
    """`suspicious(losses, k)`, on records of fresh runs."""
    records = draw(np.random.default_rng())
    named = [answer(suspicious, record) for record in records]
    share, chance = precision(records, named), float(np.mean([r.flipped.mean() for r in records]))
    if share >= NEEDED:
        return (
            f"Correct: in {len(records)} fresh records {share:.0%} of the rows that you name are "
            f"flipped, where chance gives {chance:.0%}. You have found them without their labels."
        )
    measured = f"{share:.0%} of the rows that you name are flipped, and chance gives {chance:.0%}."
    raise AnswerError(f"{_mistake(records, named)}{measured}")


def answer(suspicious: Any, record: Record) -> Rows:
    """The rows (k,) that the learner's function names; AnswerError if they are no k rows."""
    returned, (_, rows) = call(suspicious, record.losses.copy(), record.k), record.losses.shape
    if _is_mask(returned):
        raise AnswerError(
            "You return True and False, a mask. np.flatnonzero(mask) gives the rows themselves."
        )
    named = vector("The list of rows", returned, record.k)
    for row in named:
        if row % 1:
            raise AnswerError(f"{row:.4g} is not a row number. Return row numbers, not losses.")
        if not 0 <= row < rows:
            raise AnswerError(f"There is no row {row:.0f}: rows are counted from 0 to {rows - 1}.")
    found, times = np.unique(named.astype(np.int64), return_counts=True)
    if times.max() > 1:
        raise AnswerError(f"Row {found[times.argmax()]} is named more than once.")
    return found


def _is_mask(value: Any) -> bool:
    if type(value) is list or type(value) is tuple:
        return len(value) > 0 and all(type(item) is bool for item in value)
    return type(value) is np.ndarray and value.dtype == bool


def precision(records: list[Record], named: list[Rows]) -> float:
    """The share of the named rows that are flipped, in the mean of the records."""
    pairs = zip(records, named, strict=True)
    return float(np.mean([record.flipped[rows].mean() for record, rows in pairs]))


def draw(rng: np.random.Generator) -> list[Record]:
    """Records of runs that differ in rows, width, epochs and the share of flipped rows."""
    with one_blas_thread():
        return [_record(rng, share) for share in np.linspace(0.1, 0.2, RECORDS)]


def _record(rng: np.random.Generator, share: float) -> Record:
    """Train on points of two classes, some with a flipped label, until all are learned."""
    n, width, epochs = (int(rng.integers(*limits)) for limits in ((260, 340), (48, 80), (110, 150)))
    truth, flipped = rng.random((n, 1)) < 0.5, np.zeros(n, dtype=bool)
    flipped[rng.permutation(n)[: round(share * n)]] = True
    border = rng.standard_normal(FEATURES)
    centers = np.where(truth, DISTANCE, -DISTANCE) * border / np.linalg.norm(border)
    y = (truth[:, 0] != flipped).astype(float)[:, None]
    part = Part(centers + rng.standard_normal((n, FEATURES)), y)
    config = Config((width,), lr=0.2, momentum=0.9, epochs=epochs, seed=int(rng.integers(2**31)))
    return Record(_losses(part, config), flipped)


def _losses(part: Part, config: Config) -> Array:
    """The loss of each row before training and after each epoch (epochs + 1, rows)."""
    trainer = Trainer(part, config)
    losses = [cross_entropy(trainer.logits(), part.y[:, 0])]
    for _ in range(config.epochs):
        trainer.step()
        losses.append(cross_entropy(trainer.logits(), part.y[:, 0]))
    return np.array(losses)


MISTAKES: dict[str, Callable[[Array], Array]] = {  # a sentence -> the score of rows behind it
    "These rows have the highest loss at the last epoch. By then the lies are learned, too: ": (
        lambda losses: losses[-1]
    ),
    "These rows have the highest loss before training, when nothing is learned yet: ": (
        lambda losses: losses[0]
    ),
    "These rows have the lowest mean loss. Are the lies learned first, or last? ": (
        lambda losses: -losses.mean(axis=0)
    ),
    "These rows have the lowest loss at the last epoch. Are the lies learned first, or last? ": (
        lambda losses: -losses[-1]
    ),
}


def _mistake(records: list[Record], named: list[Rows]) -> str:
    """The sentence of the mistake that explains all these rows, or ""."""
    if precision(records, [rows - 1 for rows in named]) >= NEEDED:
        return "Rows are counted from 0; yours start at 1. "
    for sentence, score in MISTAKES.items():
        if all(map(partial(_are_highest, score), records, named)):
            return sentence
    fewest = min(len(rows) for rows in named)
    if len({tuple(rows[:fewest]) for rows in named}) == 1:
        return "These are the same rows in every record. Do you sort a score of each row, axis 0? "
    return ""


def _are_highest(score: Callable[[Array], Array], record: Record, rows: Rows) -> bool:
    scores = score(record.losses)
    return bool(scores[rows].min() >= np.delete(scores, rows).max())


TASK = Task("flipped-rows", 9, TITLE, "overfitting", TEXT, STARTER, HINTS, SOLUTION, check)
