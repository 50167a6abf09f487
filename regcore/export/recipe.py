"""Recipe: all that a notebook or a PyTorch script of a run is made of."""

import math
from dataclasses import dataclass
from typing import Any

from regcore.config import Config
from regcore.data.dataset import Split
from regcore.export.tables import Source
from regcore.training.early_stopping import replay
from regcore.training.history import History
from regcore.training.sensitivity import may_amplify

NAMES = {"training": "train", "validation": "validation", "test": "test"}
"""The parts as a page calls them -> as a History does."""

SCORES = ("loss", "accuracy")

ROUNDING_ERROR = 0.0005  # half of the last of three decimals
EXACT = "Its figures are those of the page to three decimals."
AMPLIFIED = (
    "With these settings a run may amplify rounding. On your computer its figures can differ from "
    "those of the page; the page shows which digits are stable."
)


@dataclass(frozen=True, eq=False)
class Recipe:
    """A run, its data, and the page's figures of it.

    name     any text; it is only ever written as a Python literal
    source   Python that makes the whole table, of n_rows rows
    split    what the page made of it, with validation_size and seed as in `regcore.split`
    history  of the run on the page, from which `figures` are read
    sealed   whether the test set stays closed until the reader opens it
    flipped  the share of the training labels that is turned over, as `flip_labels` does with `seed`
    """

    name: str
    config: Config
    source: Source
    n_rows: int
    split: Split
    history: History
    validation_size: float = 0.0
    seed: int = 42
    sealed: bool = False
    flipped: float = 0.0

    @property
    def is_deep(self) -> bool:
        """Whether the network is not the lesson's, which has one hidden layer."""
        return len(self.config.hidden_sizes) != 1

    @property
    def sizes(self) -> tuple[int, ...]:
        """The widths of all layers, from the columns of the table to the one output."""
        return (self.split.train.X.shape[1], *self.config.hidden_sizes, 1)

    @property
    def batch_size(self) -> int | None:
        """The rows of a batch; None when every step takes all of them."""
        size = self.config.batch_size
        return size if size is not None and size < len(self.split.train) else None

    @property
    def has_dropout(self) -> bool:
        """Whether the run drops any unit."""
        return self.config.dropout > 0.0 and len(self.config.hidden_sizes) > 0

    @property
    def epochs(self) -> int:
        """The epochs to train; those before the loss overflowed in a run that diverged."""
        is_diverged = self.history.stop_reason == "diverged"
        return self.history.stopped_epoch if is_diverged else self.config.epochs

    @property
    def rows_left_out(self) -> int:
        """Rows that are in no part, because fewer rows were chosen to train on."""
        parts = (self.split.train, self.split.validation, self.split.test)
        return self.n_rows - sum(len(part) for part in parts if part is not None)

    @property
    def parts(self) -> list[str]:
        """The parts whose losses are recorded: not the test set while it is sealed."""
        known = ["training", "validation", "test"][: 2 if self.sealed else 3]
        return [p for p in known if p != "validation" or self.split.validation is not None]

    @property
    def exactness(self) -> str:
        """A sentence on how far the figures agree with those of the page."""
        return AMPLIFIED if self._amplifies() else EXACT

    def _amplifies(self) -> bool:
        """Whether rounding may change the figures: as measured, or by the kind of run."""
        if self.history.spread is None:
            return may_amplify(self.config)
        row = self.history.row(self._kept_epoch())
        columns = (f"{NAMES[part]}_{score}" for part in self.parts for score in SCORES)
        return any(not self.history.spread[name][row] < ROUNDING_ERROR for name in columns)

    def figures(self) -> dict[str, dict[str, Any]]:
        """The page's loss and accuracy of each of `parts`, to three decimals; None if infinite."""
        row = self.history.at(self._kept_epoch())
        return {
            part: {score: _rounded(row[f"{NAMES[part]}_{score}"]) for score in SCORES}
            for part in self.parts
        }

    def _kept_epoch(self) -> int:
        patience, losses = self.config.patience, self.history.validation_loss
        if patience is None or losses is None:
            return self.history.stopped_epoch
        return replay(losses, patience, self.config.min_delta).best


def _rounded(value: float) -> float | None:
    return round(float(value), 3) if math.isfinite(value) else None
