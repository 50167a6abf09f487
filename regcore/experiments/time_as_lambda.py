"""Early stopping as an L2: which λ, trained to the end, answers most like a run that stops at t?

Two networks are compared in function space, by what they answer and not by their weights: the
distance is the root mean square of the differences of their logits over some rows. For least
squares and small steps, theory has the rule of thumb λ ≈ 1 / (η t) (Goodfellow et al., 2016,
section 7.8); for a network the match is measured.
"""

from collections.abc import Sequence

import numpy as np

from regcore.checks import Array
from regcore.config import Config
from regcore.nn.network import logits
from regcore.nn.parameters import Params

LAMBDAS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3)


def distances(X: Array, stopped: Sequence[Params], finished: Sequence[Params]) -> Array:
    """Distances (stopped, 1 + finished) in logits of the networks on rows X (n, d).

    Column 0 is the root mean square of the stopped network's own logits, which is its distance
    from the network that answers 0.5 to everything; it is the scale to judge the others by.
    """
    early = _answers(X, stopped)
    late = np.vstack([np.zeros(len(X)), _answers(X, finished)])
    with np.errstate(over="ignore"):  # of runs that diverge
        return np.array([np.sqrt(((late - z) ** 2).mean(axis=1)) for z in early])


def rule_of_thumb(config: Config, epoch: int) -> float:
    """λ ≈ (1 - μ) / (η t), infinite at t = 0; momentum μ makes a step 1 / (1 - μ) times as long.

    It counts an epoch as one step, as with the full batch.
    """
    return (1.0 - config.momentum) / (config.lr * epoch) if epoch else np.inf


def _answers(X: Array, networks: Sequence[Params]) -> Array:
    """Logits (networks, n)."""
    return np.array([logits(X, params)[:, 0] for params in networks])
