"""Recorder: scores a run at every epoch without touching its arithmetic, and ends it."""

from typing import Any

import numpy as np

from regcore.checks import Array
from regcore.data.dataset import Split
from regcore.nn.backprop import Pass, as_columns, write_cross_entropy
from regcore.training.early_stopping import EarlyStopping, replay
from regcore.training.history import LIE_COLUMNS, METRICS, History
from regcore.training.trainer import Trainer

BLOCK_CELLS = 49_152  # 64 epochs of 768 rows: amortises the calls and fits into the L2 cache


class Recorder:
    """Stores logits and weights, and scores them one block of epochs at a time.

    The training logits come from the trainer, which needs them anyway; validation and test rows
    have a Pass of their own. A run may train on to the end of a block in which it should have
    ended; the epochs after its end are dropped.

    theta  the weights of the last epoch that counts
    best   those of the best epoch by the early-stopping rule; None without patience
    ended  why the run ends: "completed", "patience" or "diverged"; "" while it goes on
    """

    def __init__(self, split: Split, trainer: Trainer, every: int) -> None:
        self.trainer, self.every, self.config = trainer, every, trainer.config
        self._lay_out(split)
        rows = len(range(0, self.config.epochs, every)) + 1
        self.epoch, self.penalty = np.zeros(rows, int), np.zeros(rows)
        names = [f"{part}_{metric}" for part in self.slices for metric in METRICS]
        self.flipped = split.flipped
        if self.flipped is not None:
            names += LIE_COLUMNS
        self.scores = {name: np.empty(rows) for name in names}
        size = BLOCK_CELLS // max(len(self.y), len(trainer.theta))
        self._z = np.empty((min(max(size, 1), 64), len(self.y)))
        self._losses, self._scratch = np.empty_like(self._z), np.empty_like(self._z)
        self._thetas = np.empty((len(self._z), len(trainer.theta)))
        self._pending = self.rows = 0
        self._rule = EarlyStopping(self.config.patience, self.config.min_delta)
        self.theta = trainer.theta.copy()
        self.best: Array | None = None
        self.ended = ""

    def _lay_out(self, split: Split) -> None:
        """Order the rows of all parts in one array, the training rows first."""
        parts = {"train": split.train, "test": split.test}
        if split.validation is not None:
            parts["validation"] = split.validation
        ends = np.cumsum([len(part) for part in parts.values()])
        spans = zip(parts.items(), ends, strict=True)
        self.slices = {name: slice(end - len(part), end) for (name, part), end in spans}
        self.y = np.concatenate([part.y[:, 0] for part in parts.values()])
        self._outcome = self.y > 0.5
        watched = np.concatenate([part.X for name, part in parts.items() if name != "train"])
        self.watched = Pass(self.trainer.blocks, len(watched))
        self.watched.A[0][:] = as_columns(watched)

    def add(self, epoch: int) -> bool:
        """Record the weights after `epoch` passes; return whether the run should end."""
        if epoch % self.every and epoch != self.config.epochs:
            return False
        z, row = self._z[self._pending], self.rows + self._pending
        z[self.slices["train"]] = self.trainer.logits()
        z[self.slices["train"].stop :] = self.watched.forward()
        self._thetas[self._pending] = self.trainer.theta
        self.epoch[row], self.penalty[row] = epoch, self.trainer.penalty()
        self._pending += 1
        if self._pending == len(self._z) or epoch == self.config.epochs:
            self._process_block()
        return bool(self.ended)

    @property
    def last_epoch(self) -> int:
        """The last epoch that was scored and counts."""
        return int(self.epoch[self.rows - 1])

    def _process_block(self) -> None:
        """Score the block, keep the last and the best weights, and set `ended` if the run ends."""
        first, finite = self.rows, self._score()
        self.ended = "completed" if self.last_epoch == self.config.epochs else ""
        count = len(finite)
        if not finite.all():
            count, self.ended = int(np.argmin(finite)), "diverged"
        if self.config.patience is not None:
            for row in range(count):
                if self._update_rule(first + row, self._thetas[row]):
                    count, self.ended = row + 1, "patience"
                    break
        if count:
            self.theta = self._thetas[count - 1].copy()
        self.rows = max(first + count, 1)

    def _score(self) -> Any:
        """Score the pending rows; return which of them have finite losses and penalty."""
        rows = slice(self.rows, self.rows + self._pending)
        z = self._z[: self._pending]
        losses, right = self._losses[: len(z)], (z > 0.0) == self._outcome
        write_cross_entropy(z, self.y, losses, self._scratch[: len(z)])
        for name, part in self.slices.items():
            self.scores[f"{name}_loss"][rows] = losses[:, part].mean(axis=1)
            count = np.count_nonzero(right[:, part], axis=1)
            self.scores[f"{name}_accuracy"][rows] = count / (part.stop - part.start)
        if self.flipped is not None:
            self._score_lies(rows, right[:, self.slices["train"]], self.flipped)
        self.rows, self._pending = rows.stop, 0
        watched = [self.scores[f"{name}_loss"][rows] for name in self.slices if name != "test"]
        return np.isfinite([*watched, self.penalty[rows]]).all(axis=0)

    def _score_lies(self, rows: slice, as_told: Any, flipped: Any) -> None:
        """Score honest and flipped rows; as_told (epochs, n): is each predicted as its label?"""
        fitted = as_told[:, flipped].mean(axis=1)
        shares = (as_told[:, ~flipped].mean(axis=1), fitted, 1.0 - fitted)
        for name, share in zip(LIE_COLUMNS, shares, strict=True):
            self.scores[name][rows] = share

    def _update_rule(self, row: int, theta: Array) -> bool:
        stop = self._rule.update(self.scores["validation_loss"][row])
        if self._rule.improved:
            self.best = theta.copy()
        return stop

    def history(self) -> History:
        """The History of a run that has ended."""
        columns: dict[str, Any] = {"epoch": self.epoch, "penalty": self.penalty, **self.scores}
        columns = {name: column[: self.rows].copy() for name, column in columns.items()}
        epoch, losses = columns["epoch"], columns.get("validation_loss")
        best = None if losses is None else replay(losses, None, self.config.min_delta).best
        return History(
            **{f"validation_{metric}": None for metric in METRICS} | columns,
            best_epoch=None if best is None else int(epoch[best]),
            stopped_epoch=self.last_epoch,
            stop_reason=self.ended,
        )
