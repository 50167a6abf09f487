"""Time is a λ: the finished run with L2 that answers most like the long run at each epoch."""

import numpy as np
import pandas as pd

from regcore import Config
from regcore.checks import Array
from regcore.experiments.time_as_lambda import LAMBDAS, distances, rule_of_thumb
from regcore.nn.parameters import Params
from ui import layout
from ui.charts import figure, player
from ui.charts.why import nearest
from ui.data import chosen
from ui.data.spec import DataSpec, split_of
from ui.glossary import say
from ui.text import count
from ui.training import progress, runs

TITLE = "Time is a λ: stopping early is like a penalty"
FAR = 0.5  # of the logits' own size: a match farther away than this is none
ORDER = 10.0  # a rule that is off by a smaller factor gives the order of magnitude
LONGEST = 10.0  # of these shares, as drawn and said: at epoch 0 all logits may be 0
LOW, HIGH = 0.5 * LAMBDAS[0], 2.0 * LAMBDAS[-1]  # ends of the axis of λ


def show(data: DataSpec, config: Config, best: int, restored: Params) -> None:
    """Match each epoch of the long run `config` with a λ.

    best, restored  the epoch that early stopping restores, and its weights
    """
    say(
        "The weights start small. A run that stops early leaves them small, and so does L2. "
        f"Here {len(LAMBDAS)} networks are trained to the end, each with its own λ. Move the "
        "epoch: which of them gives the answers of the long run, stopped there? We compare the "
        f"logits of the validation {chosen.rows()}."
    )
    stopped, finished = _networks(data, config)
    stopped = dict(sorted({**stopped, best: restored}.items()))
    X = split_of(data).validation.X  # type: ignore[union-attr]  # the page has one
    key = ("time as λ", config, best)
    far = runs.computed(data, key, distances, X, list(stopped.values()), finished)
    _draw(config, list(stopped), best, far)


def _networks(data: DataSpec, config: Config) -> tuple[dict[int, Params], list[Params]]:
    """Return the weights of the long run by epoch, and those of the finished runs with L2."""
    steps = tuple(player.log_steps(config.epochs))
    long = runs.Request(data, config, keep=steps, digits=False)
    others = [runs.Request(data, config.but(l2=strength), digits=False) for strength in LAMBDAS]
    with progress.bar(f"Training {1 + len(others)} networks") as report:
        run, *finished = runs.train([long, *others], report)
    return dict(run.snapshots), [each.params for each in finished]


def _draw(config: Config, epochs: list[int], best: int, far: Array) -> None:
    """Draw the distances at the present epoch, and the nearest λ over the epochs."""
    relative = _relative(far)
    player.show(epochs, key="time_as_lambda")
    left, right = layout.beside()
    with left:
        figure(
            nearest.distances(_bars(relative), _headings(epochs, relative)),
            _tell_match(epochs, best, far),
            _table(config, epochs, far),
        )
    with right:
        figure(
            nearest.matches(_points(epochs, relative), _rule(config, epochs), LOW, HIGH),
            _tell_rule(config, epochs, relative),
            _epochs_table(config, epochs, relative),
        )


def _relative(far: Array) -> Array:
    """Return the distances (epochs, λ) as shares of the size of the long run's logits."""
    return far[:, 1:] / np.maximum(far[:, :1], 1e-12)


def _bars(relative: Array) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "moment": moment,
            "setting": f"{strength:g}",
            "distance": min(share, LONGEST),
            "is_nearest": share == row.min(),
            "text": _told(share) if share < 1.0 else "",
        }
        for moment, row in enumerate(relative, 1)
        for strength, share in zip(LAMBDAS, row, strict=True)
    )


def _headings(epochs: list[int], relative: Array) -> list[str]:
    """Return what is said of each epoch while the player is there."""
    near = relative.argmin(axis=1)
    return [
        f"epoch {count(epoch)}: λ = {LAMBDAS[k]:g} is nearest"
        + ("" if row[k] < FAR else ", but far")
        for epoch, k, row in zip(epochs, near, relative, strict=True)
    ]


def _points(epochs: list[int], relative: Array) -> pd.DataFrame:
    strengths = np.array(LAMBDAS)[relative.argmin(axis=1)]
    points = pd.DataFrame({"moment": range(1, len(epochs) + 1), "epoch": epochs})
    return points.assign(strength=strengths, is_far=relative.min(axis=1) >= FAR)


def _rule(config: Config, epochs: list[int]) -> pd.DataFrame:
    later = epochs[1:]  # at epoch 0 it is infinite
    return pd.DataFrame({"epoch": later, "strength": [rule_of_thumb(config, t) for t in later]})


def _tell_match(epochs: list[int], best: int, far: Array) -> str:
    """Say which λ answers most like the restored network, and how near the last epoch gets."""
    relative, place = _relative(far), epochs.index(best)
    k, last = int(relative[place].argmin()), int(relative[-1].argmin())
    sentence = (
        f"Early stopping restores epoch {count(best)}. The finished run with λ = {LAMBDAS[k]:g} "
        f"answers most like it: its logits differ by {far[place, 1 + k]:.2g} (root mean square), "
        f"{_told(relative[place, k])} of their size."
    )
    if relative[-1, last] < FAR:
        return sentence
    return (
        f"{sentence} At epoch {count(epochs[-1])} even the nearest, λ = {LAMBDAS[last]:g}, is "
        f"{_told(relative[-1, last])} away: none of these runs ends like that."
    )


def _tell_rule(config: Config, epochs: list[int], relative: Array) -> str:
    """Say how far the rule of thumb is from what was measured."""
    ratios = [s / rule_of_thumb(config, t) for s, t in _matched(epochs, relative)]
    formula = "(1 − μ)/(ηt)" if config.momentum else "1/(ηt)"
    close = max(*ratios, *(1.0 / ratio for ratio in ratios)) < ORDER
    worth = "gives the order of magnitude" if close else "misses even the order of magnitude here"
    return (
        f"The rule of thumb λ ≈ {formula} {worth}. At the epochs that match each "
        f"λ best, the measured λ is {min(ratios):.2g} to {max(ratios):.2g} times as large."
    )


def _matched(epochs: list[int], relative: Array) -> list[tuple[float, int]]:
    """Return each λ with the epoch, from 1 on, whose answers are nearest to it."""
    places = 1 + relative[1:].argmin(axis=0)
    return [(strength, epochs[place]) for strength, place in zip(LAMBDAS, places, strict=True)]


def _table(config: Config, epochs: list[int], far: Array) -> pd.DataFrame:
    """Return the table twin: a row for each epoch."""
    relative = _relative(far)
    near = relative.argmin(axis=1)
    rows = np.arange(len(epochs))
    return pd.DataFrame(
        {
            "epoch": epochs,
            "nearest λ": [f"{LAMBDAS[k]:g}" for k in near],
            "distance": [f"{value:.2g}" for value in far[rows, 1 + near]],
            "of their size": [_told(share) for share in relative[rows, near]],
            "rule of thumb": [f"{rule_of_thumb(config, epoch):.2g}" for epoch in epochs],
        }
    )


def _epochs_table(config: Config, epochs: list[int], relative: Array) -> pd.DataFrame:
    """Return the table twin: a row for each λ."""
    pairs = _matched(epochs, relative)
    return pd.DataFrame(
        {
            "λ": [f"{strength:g}" for strength, _ in pairs],
            "nearest epoch": [epoch for _, epoch in pairs],
            "distance": [_told(share) for share in relative[1:].min(axis=0)],
            "rule of thumb": [f"{rule_of_thumb(config, epoch):.2g}" for _, epoch in pairs],
        }
    )


def _told(share: float) -> str:
    return f"{share:.0%}" if share < LONGEST else f"over {LONGEST:.0%}"
