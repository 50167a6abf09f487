"""Why time is capacity, why a third part of the data is needed, and what patience is for."""

import numpy as np

from regcore import Fit, Split
from regcore.checks import Array
from regcore.training.early_stopping import Stop
from ui.charts.frames import scores
from ui.data import chosen
from ui.glossary import say
from ui.text import ROUNDING_ERROR, count, counted, stated

TITLE = "Read on: why the last epoch is not the best"


def tell(run: Fit, split: Split, stop: Stop, losses: Array) -> None:
    """Tell the story with the figures of this run and of the rule."""
    rows = chosen.rows()
    say(
        "**Time is capacity, too.** Weights start small and grow while the network trains. Early "
        "on they can only express what is simple; steep bends around individual "
        f"{rows} take thousands of steps. So each epoch is a network of its own, a little less "
        "simple than the one before, and the whole range costs only one run."
    )
    say(
        "**Why a third set?** The epoch is a choice, and a choice must not be made on the test "
        "set: the best of many test scores is best partly by luck. So "
        f"{chosen.some(len(split.validation or ()))} are taken out of the training set to choose "
        "with. That is the price of the method: the network learns from fewer examples."
    )
    say(
        "**Why patience?** Walking through a valley in fog, you notice that you have passed the "
        "lowest point only when you have climbed for a while. Patience is how long you climb "
        "before you turn around, and restoring the best weights is the way back down. Here the "
        f"lowest point that the rule knows is epoch {count(stop.best)}; turn around too early, and "
        "any small bump ends the training."
    )
    say(
        "**What else it does.** It saves time, it changes neither the loss function nor the "
        "architecture, and "
        "it combines with every other tool. But the epoch that it finds is no more certain than "
        f"{chosen.some(len(split.validation or ()))} can make it: the validation loss at epoch "
        f"{count(int(losses.argmin()))}, {stated(losses.min())}, is a measurement with noise."
    )


def known(run: Fit, stop: Stop, stopped: bool, restored: Array, losses: Array) -> list[str]:
    """Return the key points of the page, with the figures of this run."""
    end, kept = scores(run.history), scores(run.history, stop.best)
    waited = stop.stopped - stop.best
    middle = (
        f"The rule waited {counted(waited, 'epoch')} without improvement, stopped at epoch "
        f"{count(stop.stopped)}, and went back to epoch {count(stop.best)}."
        if stopped
        else "With this patience the rule never stopped; it still knows the best epoch, "
        f"{count(stop.best)}."
    )
    return [
        _end(stop, losses),
        middle,
        f"With the restored weights test accuracy is {stated(kept['test'])}, at the end "
        f"{stated(end['test'])}; the mean |W1| has grown from "
        f"{stated(np.abs(restored[0]).mean())} to {stated(np.abs(run.last_params[0]).mean())}.",
    ]


def _end(stop: Stop, losses: Array) -> str:
    """Say how the last weights compare with the restored ones."""
    change = losses[-1] - losses[stop.best]
    ended = f"Validation loss reached {stated(losses[stop.best])} and ended at {stated(losses[-1])}"
    if abs(change) < ROUNDING_ERROR:
        return (
            f"Validation loss ended at {stated(losses[-1])}, as low as at the restored epoch: "
            "this run may be too short to overfit."
        )
    if change < 0:
        return f"{ended}: the rule stopped too early."
    return f"{ended}: the last weights are not the best ones."
