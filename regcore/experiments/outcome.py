"""Outcome: the part of a run that a study keeps, small enough to send between processes."""

from dataclasses import dataclass
from math import ceil

from regcore.checks import shown
from regcore.config import Config
from regcore.data.dataset import Split
from regcore.training.history import History
from regcore.training.loop import Progress, fit

CURVE_POINTS = 100  # enough for a band of many curves


@dataclass(frozen=True, eq=False)
class Outcome:
    """A run's scores at the epoch whose weights it keeps, and its curves at about 100 epochs.

    kept_epoch  the best epoch by early stopping if the run had patience, else the last
    history     every `spacing(epochs)`-th epoch, the kept one and the last one
    """

    kept_epoch: int
    history: History

    def score(self, name: str) -> float:
        """A column of the History at the kept epoch, or "gap": training minus test accuracy.

        Raises KeyError when the History has no such column.
        """
        row = self.history.at(self.kept_epoch)
        row["gap"] = row["train_accuracy"] - row["test_accuracy"]
        if not isinstance(name, str) or name not in row:
            raise KeyError(f"score is {shown(name)}; it must be one of {', '.join(row)}.")
        return row[name]

    @property
    def nbytes(self) -> int:
        """Bytes of the curves."""
        return sum(column.nbytes for column in self.history.columns().values())


def spacing(epochs: int) -> int:
    """The distance between the epochs that an Outcome keeps of a run of `epochs`."""
    return max(1, ceil(epochs / CURVE_POINTS))


def train_outcome(split: Split, config: Config, on_progress: Progress | None = None) -> Outcome:
    """Train as `fit` does and keep the Outcome. Raises what `fit` raises."""
    every = spacing(config.epochs)
    run = fit(split, config, on_progress, record_every=every)
    epoch, kept = run.history.epoch, run.kept_epoch
    selected = (epoch % every == 0) | (epoch == kept) | (epoch == run.history.stopped_epoch)
    return Outcome(kept, run.history.select(selected))
