"""Early stopping as a time machine: one long run, and the rule replayed on its record."""

import math

import numpy as np
import streamlit as st

from regcore import PRESETS, EarlyStopping, Fit, replay, weights_at
from regcore.history import Stop
from ui import (
    charts,
    controls,
    layout,
    page,
    predict,
    results,
    runs,
    source,
    tables,
    verdict,
)
from ui.glossary import meaning, say
from ui.look import LOSS, count, score
from ui.records import curves, lowest, scores, wide
from ui.template import figure

ROOM = page.PAGES[3]


def rule_controls() -> tuple[int, float]:
    """Patience and min_delta: moving them trains nothing."""
    patience = controls.slider(
        "Patience: epochs without improvement", 1, 300, 20, 1, "patience", meaning("patience")
    )
    min_delta = controls.scale(
        "min_delta: what counts as improvement",
        controls.MIN_DELTAS,
        0.0,
        key="min_delta",
        help=meaning("min_delta"),
    )
    return patience, min_delta


def draw_record(run: Fit, stop: Stop, stopped: bool, whole: bool, guess: int | None) -> None:
    """Training and validation loss with the best, the stopping and a guessed epoch on them."""
    losses, named = run.history.validation_loss, {"last improvement": stop.best}
    if stopped:
        named["stop"] = stop.stopped
    if guess is not None:
        named = {"your guess": guess} | named | {"lowest": lowest(run.history, "validation")[0]}
    marks = [(epoch, losses[epoch], f"{name}: {count(epoch)}") for name, epoch in named.items()]
    shown = min(max(3 * stop.stopped, *named.values()), run.history.stopped_epoch)
    until = None if whole or not stopped else shown
    lines = curves({"": run}, "loss", ("training", "validation"), until)
    top = results.loss_top(run) or 1.1 * lines["value"].max()  # room for the names of the marks
    end = (
        f"and it stops {count(stop.stopped - stop.best)} epochs later, at {count(stop.stopped)}."
        if stopped
        else "too near to the end of the run for this patience to run out: it never stops."
    )
    figure(
        charts.curves(lines, LOSS, marks=marks, top=top),
        f"The last improvement that the rule counts is at epoch {count(stop.best)}, to a "
        f"validation loss of {score(losses[stop.best])}, {end} Trained on to epoch "
        f"{count(run.history.stopped_epoch)}, the run reaches {score(losses[-1])}.",
        wide(lines),
    )


def waiting(losses: np.ndarray, stop: Stop, stopped: bool) -> str:
    """What the rule saved, and what it missed before and after it stopped."""
    if not stopped:
        return "The rule never stops this run, and saves nothing."
    seen, rest, best = losses[: stop.stopped + 1], losses[stop.stopped + 1 :], losses[stop.best]
    told = [f"The rule saves {count(len(rest))} of {count(len(losses) - 1)} epochs."]
    if seen.min() < best:
        told.append(
            f"It ignored a lower loss on its way, {score(seen.min())} at epoch "
            f"{count(int(np.argmin(seen)))}: min_delta found the improvement too small."
        )
    if len(rest) and rest.min() < seen.min():
        epoch = stop.stopped + 1 + int(np.argmin(rest))
        told.append(
            f"Waiting longer would have brought {score(rest.min())}, at epoch {count(epoch)}."
        )
    else:
        told.append("Waiting longer would have brought nothing better.")
    return " ".join(told)


page.frame(ROOM)
say(
    f"Early stopping watches validation {tables.rows()}, remembers the best weights, and ends the "
    "training when nothing has improved for a while. The long run below is trained once; the rule "
    "is replayed on its record at once."
)
data = tables.data(validation_size=0.2)
split = runs.prepare(data)
top = st.container()
left, right = layout.bench()
with left:
    patience, min_delta = rule_controls()
    with st.expander("The long run"):
        name, width = controls.preset(), controls.width()
    whole = controls.toggle("Draw the whole run", False, key="whole")
config = PRESETS[name].but(hidden_sizes=(width,))
question = predict.Epoch(
    "early stopping",
    f"The long run has {count(config.epochs)} epochs. After which of them is the loss of the "
    f"{len(split.validation)} validation {tables.rows()} at its lowest?",
    config.epochs,
    about=(data, config),
)
with top:
    asked = predict.ask(question)
    header = results.place(not asked, compared=True)
with left, runs.progress("Training the long run") as report:
    # checkpoints √E apart: any epoch's weights come back without keeping those of every epoch
    every = math.isqrt(config.epochs)
    (run,) = runs.train([runs.Request(data, config, checkpoint_every=every)], report)
history = run.history
stop = replay(history.validation_loss, patience, min_delta)
stopped = stop.stopped == stop.best + patience  # else the run ended first
restored, ended = scores(history, stop.best), scores(history)
with header.container():
    guess = predict.reveal(question, lowest(history, "validation")[0]) if asked else None
    results.header(restored, split, against=ended, name="no stop")
with right:
    draw_record(run, stop, stopped, whole, guess)
say(waiting(history.validation_loss, stop, stopped))

st.header("Restore the best weights, or lose them", anchor=False)
rows = {f"Best weights restored (epoch {count(stop.best)})": restored}
if stopped:
    rows[f"Stopped, not restored (epoch {count(stop.stopped)})"] = scores(history, stop.stopped)
rows[f"Never stopped (epoch {count(history.stopped_epoch)})"] = ended
results.table(rows, alt="Scores with the best weights restored, not restored, and never stopped")
best, last = weights_at(split, run, stop.best), run.last_params
say(
    f"Both sets of weights are at hand: the mean size of W1 is {score(np.abs(best[0]).mean())} at "
    f"the best epoch and {score(np.abs(last[0]).mean())} at the end. Training that stops for real "
    "with this patience gives the same best weights, bit for bit."
)

rule = config.but(patience=patience, min_delta=min_delta)
verdict.panel(
    data,
    {"Never stopped": config, f"Patience {patience}": rule},
    {"Never stopped": ended, "Stopped": restored},
    "early_stopping",
)

st.header("Three things that are easy to get wrong", anchor=False)
say(
    f"- The rule watches **validation** {tables.rows()}, never the test set.\n"
    "- An improvement must be **strictly** below the best minus min_delta, and the best moves "
    "only then.\n"
    "- Without restoring, you keep the weights of `patience` epochs **after** the best."
)
source.show(EarlyStopping.update)

page.way_on(ROOM)
