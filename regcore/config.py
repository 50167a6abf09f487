"""Config: all settings of a training run, validated when it is created.

A browser can send any number, so the limits are enforced here and not in a slider.
"""

import math
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

from regcore.checks import ABOVE_ZERO, MAX_EPOCHS, UP_TO_A_MILLION, check_kind, real, shown, whole

MAX_DEPTH = 8
MAX_WIDTH = 1024
MAX_CONNECTIONS = 2**18  # weights between hidden layers: four layers of 256 have 196,608
MAX_LR = 10_000.0
MAX_SEED = 2**32 - 1
SHARE = (0.0, math.nextafter(1.0, 0.0), "at least 0 and below 1")


@dataclass(frozen=True)
class Config:
    """The settings of one run. Frozen and hashable, because it is a cache key.

    hidden_sizes  units in each hidden layer, e.g. (64,); () is logistic regression
    lr            learning rate η
    epochs        passes over the training rows
    l2            λ: the loss gains (λ / 2) * (sum of squared weights), biases left out
    dropout       p, the probability of dropping a hidden unit, in [0, 1)
    momentum      heavy-ball μ, in [0, 1): v ← μ v + gradient, θ ← θ - η v
    batch_size    rows for each step; None takes all of them (full-batch gradient descent)
    patience      epochs without improvement of the validation loss before the run stops;
                  None never stops early
    min_delta     an improvement counts only if it is larger than this
    seed          seed of the starting weights; the order of the rows and the dropout masks
                  use separate random streams made from the same seed

    Raises ValueError with one sentence that names the value and what is allowed.
    """

    hidden_sizes: tuple[int, ...] = (64,)
    lr: float = 0.1
    epochs: int = 2000
    l2: float = 0.0
    dropout: float = 0.0
    momentum: float = 0.0
    batch_size: int | None = None
    patience: int | None = None
    min_delta: float = 0.0
    seed: int = 1

    def __post_init__(self) -> None:
        checked = {
            "hidden_sizes": _widths(self.hidden_sizes),
            "lr": real("lr", self.lr, ABOVE_ZERO, MAX_LR, f"above 0 and at most {MAX_LR:,.0f}"),
            "epochs": whole("epochs", self.epochs, 0, MAX_EPOCHS),
            "l2": real("l2", self.l2, *UP_TO_A_MILLION),
            "dropout": real("dropout", self.dropout, *SHARE),
            "momentum": real("momentum", self.momentum, *SHARE),
            "min_delta": real("min_delta", self.min_delta, *UP_TO_A_MILLION),
            "seed": whole("seed", self.seed, 0, MAX_SEED),
        }
        for name, high in (("batch_size", 10**9), ("patience", MAX_EPOCHS)):
            if (value := getattr(self, name)) is not None:
                checked[name] = whole(name, value, 1, high)
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        if self.lr * self.l2 >= 1.0:
            raise ValueError(
                f"lr * l2 is {self.lr:g} * {self.l2:g} = {self.lr * self.l2:g}; it must be below "
                "1, or each step would flip the signs of the weights instead of shrinking them."
            )

    def but(self, **changes: Any) -> "Config":
        """A copy with some settings changed, checked again."""
        return replace(self, **changes)

    def unregularized(self) -> "Config":
        """A copy without L2, dropout and early stopping."""
        return self.but(l2=0.0, dropout=0.0, patience=None, min_delta=0.0)

    def differences(self, other: "Config") -> dict[str, tuple[Any, Any]]:
        """The settings in which two runs differ: name -> (value here, value in `other`).

        Raises TypeError when `other` is not a Config.
        """
        check_kind("other", other, Config)
        pairs = {f.name: (getattr(self, f.name), getattr(other, f.name)) for f in fields(self)}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _widths(sizes: Any) -> tuple[int, ...]:
    if not isinstance(sizes, tuple | list) or len(sizes) > MAX_DEPTH:
        raise ValueError(
            f"hidden_sizes is {shown(sizes)}; it must be a tuple of at most {MAX_DEPTH} widths."
        )
    widths = tuple(whole("width", size, 1, MAX_WIDTH) for size in sizes)
    connections = sum(a * b for a, b in pairwise(widths))
    if connections > MAX_CONNECTIONS:
        raise ValueError(
            f"hidden_sizes {widths} makes {connections:,} connections between hidden layers; "
            f"at most {MAX_CONNECTIONS:,} are allowed."
        )
    return widths


LAMBDAS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Strengths of L2, spaced so that each step has an effect."""

LESSON_L2 = 0.05
LESSON_SWEEP = (0.0, 0.01, 0.05, 0.2)
"""The strengths of L2 in the lesson's table and in its sweep."""

PRESETS: dict[str, Config] = {"as printed": Config(), "memorize": Config(momentum=0.9, epochs=5000)}
"""The lesson's own loop, and the settings that reproduce its headline figures."""
