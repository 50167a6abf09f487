"""Recorder: scores a run epoch by epoch without touching its arithmetic."""

from typing import TYPE_CHECKING, Any

import numpy as np

from regcore.history import History, replay
from regcore.network import Pass, as_columns, cross_entropy

if TYPE_CHECKING:
    from regcore.data import Split
    from regcore.training import Trainer

BLOCK_CELLS = 49152  # 64 epochs of 768 rows: large enough to amortise calls, small enough for L2


class Recorder:
    """Writes down logits and turns them into losses and accuracies a block of epochs at a time.

    The training logits come from the trainer, which needs them anyway; validation and test rows
    go through a pass of their own.
    """

    def __init__(self, split: "Split", trainer: "Trainer", every: int, at_once: bool) -> None:
        self.trainer, self.every, self.epochs = trainer, every, trainer.config.epochs
        parts = {"train": split.train, "test": split.test}
        if split.validation is not None:
            parts["validation"] = split.validation
        ends = np.cumsum([len(part) for part in parts.values()])
        self.slices = {
            name: slice(end - len(part), end)
            for (name, part), end in zip(parts.items(), ends, strict=True)
        }
        self.y = np.concatenate([part.y[:, 0] for part in parts.values()])
        watched = np.concatenate([part.X for name, part in parts.items() if name != "train"])
        self.watched = Pass(trainer.blocks, len(watched))
        self.watched.A[0][:] = as_columns(watched)
        rows = len(range(0, self.epochs, every)) + 1
        self.epoch, self.penalty = np.zeros(rows, int), np.zeros(rows)
        self.scores = {
            f"{name}_{s}": np.empty(rows) for name in parts for s in ("loss", "accuracy")
        }
        size = 1 if at_once else max(1, min(64, BLOCK_CELLS // len(self.y)))
        self.block = np.empty((size, len(self.y)))
        self.train_rows = len(split.train)
        self.rows = self.pending = 0
        self.diverged = False
        self.checkpoint = trainer.state()

    def add(self, epoch: int) -> None:
        """Record the trainer's present weights as those after `epoch` passes, if it is due."""
        if epoch % self.every and epoch != self.epochs:
            return
        z, n = self.block[self.pending], self.train_rows
        z[:n] = self.trainer.logits()
        z[n:] = self.watched.forward()
        row = self.rows + self.pending
        self.epoch[row], self.penalty[row] = epoch, self.trainer.penalty()
        self.pending += 1
        if self.pending == len(self.block) or epoch == self.epochs:
            self._score_block()

    @property
    def last_epoch(self) -> int:
        """The last epoch with finite losses that was scored."""
        return int(self.epoch[self.rows - 1])

    @property
    def validation_loss(self) -> float:
        """That of the last epoch scored."""
        return float(self.scores["validation_loss"][self.rows - 1])

    def _score_block(self) -> None:
        rows = slice(self.rows, self.rows + self.pending)
        z = self.block[: self.pending]
        losses, right = cross_entropy(z, self.y), (z > 0.0) == (self.y > 0.5)
        for name, part in self.slices.items():
            self.scores[f"{name}_loss"][rows] = losses[:, part].mean(axis=1)
            count = np.count_nonzero(right[:, part], axis=1)
            self.scores[f"{name}_accuracy"][rows] = count / (part.stop - part.start)
        self.rows, self.pending = rows.stop, 0
        self._look_for_divergence(rows)
        if not self.diverged:
            self.checkpoint = self.trainer.state()

    def _look_for_divergence(self, rows: slice) -> None:
        watched = [self.scores[f"{name}_loss"][rows] for name in self.slices if name != "test"]
        finite = np.isfinite([*watched, self.penalty[rows]]).all(axis=0)
        if not finite.all():
            self.diverged = True
            self.rows = max(1, rows.start + int(np.argmin(finite)))

    def history(self, stop_reason: str, min_delta: float) -> History:
        """What was recorded so far, as read-only columns."""
        columns: dict[str, Any] = {"epoch": self.epoch, "penalty": self.penalty, **self.scores}
        columns = {name: column[: self.rows].copy() for name, column in columns.items()}
        epoch, losses = columns["epoch"], columns.get("validation_loss")
        return History(
            **{"validation_loss": None, "validation_accuracy": None, **columns},
            best_epoch=None if losses is None else int(epoch[replay(losses, None, min_delta).best]),
            stopped_epoch=int(epoch[-1]),
            stop_reason=stop_reason,
        )
