"""Early stopping as a time machine: one long run, and the rule replayed on its record."""

import math

import numpy as np
import streamlit as st

from regcore import PRESETS, EarlyStopping, Fit, History, replay, weights_at
from regcore.history import Stop
from ui import charts, controls, page, results, runs, source
from ui.look import LOSS, count, score
from ui.records import curves, scores, wide

ROOM = page.PAGES[3]
MIN_DELTAS = (0.0, 0.0001, 0.001, 0.005, 0.01, 0.02, 0.05)


def rule_controls() -> tuple[int, float]:
    """Patience and min_delta: moving them trains nothing."""
    patience = st.slider(
        "Patience: epochs without improvement", 1, 300, 20, key="patience", bind="query-params"
    )
    min_delta = st.select_slider(
        "min_delta: what counts as improvement",
        MIN_DELTAS,
        format_func="{:g}".format,
        key="min_delta",
        bind="query-params",
    )
    return patience, min_delta


def draw_record(run: Fit, stop: Stop) -> None:
    """Training and validation loss with the best and the stopping epoch on them."""
    lines = curves({"": run}, "loss", ("training", "validation"))
    losses = run.history.validation_loss
    marks = [(stop.best, losses[stop.best], f"best: {count(stop.best)}")]
    if stop.stopped > stop.best:
        marks.append((stop.stopped, losses[stop.stopped], f"stop: {count(stop.stopped)}"))
    charts.figure(
        charts.curves(lines, LOSS, marks=marks, top=results.loss_top(run)),
        f"The rule finds the best validation loss, {score(losses[stop.best])}, at epoch "
        f"{count(stop.best)} and stops at epoch {count(stop.stopped)}. Without it the run goes on "
        f"to epoch {count(run.history.stopped_epoch)} and a validation loss of "
        f"{score(losses[-1])}.",
        wide(lines),
    )


def waiting(history: History, stop: Stop) -> str:
    """What the rest of the run would have brought."""
    rest, best = history.validation_loss[stop.stopped + 1 :], history.validation_loss[stop.best]
    if not len(rest):
        return "The patience outlasts the run: the rule never stops it."
    saved = f"It saves {count(len(rest))} of {count(history.stopped_epoch)} epochs."
    if rest.min() < best:
        epoch = stop.stopped + 1 + int(np.argmin(rest))
        return (
            f"{saved} But it gives up too soon: waiting longer would have brought "
            f"{score(rest.min())} instead of {score(best)}, at epoch {count(epoch)}."
        )
    return f"{saved} Waiting longer would have brought nothing better."


page.frame(ROOM)
st.markdown(
    "Watch validation patients, remember the best weights, and stop when nothing has improved for "
    "a while. The long run below is trained once; the rule is replayed on its record at once."
)
data = runs.Data(validation_size=0.2)
split = runs.prepare(data)
top = st.container()
left, right = st.columns([1, 3], gap="medium")
with left:
    patience, min_delta = rule_controls()
    with st.expander("The long run"):
        name, width = controls.preset(), controls.width()
    config = PRESETS[name].but(hidden_sizes=(width,))
    with runs.progress("Training the long run") as report:
        # checkpoints √E apart: any epoch's weights come back without keeping those of every epoch
        every = math.isqrt(config.epochs)
        (run,) = runs.train([runs.Request(data, config, checkpoint_every=every)], report)
history = run.history
stop = replay(history.validation_loss, patience, min_delta)
restored, ended = scores(history, stop.best), scores(history)
with top:
    results.header(restored, split, against=ended, name="no stop")
with right:
    draw_record(run, stop)
st.markdown(waiting(history, stop))

st.header("Restore the best weights, or lose them", anchor=False)
results.table(
    {
        f"Stopped, best weights restored (epoch {count(stop.best)})": restored,
        f"Stopped, not restored (epoch {count(stop.stopped)})": scores(history, stop.stopped),
        f"Never stopped (epoch {count(history.stopped_epoch)})": ended,
    },
    alt="Scores of the run stopped and restored, stopped and not restored, and never stopped",
)
best, last = (weights_at(split, run, epoch) for epoch in (stop.best, history.stopped_epoch))
st.markdown(
    f"Both sets of weights are at hand: the mean size of W1 is {score(np.abs(best[0]).mean())} at "
    f"the best epoch and {score(np.abs(last[0]).mean())} at the end. Training that stops for real "
    "with this patience gives the same best weights, bit for bit."
)

st.header("Three things that are easy to get wrong", anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    st.markdown(
        "- The rule watches **validation** patients, never the test set.\n"
        "- An improvement must be **strictly** below the best minus min_delta, and the best moves "
        "only then.\n"
        "- Without restoring, you keep the weights of `patience` epochs **after** the best."
    )
with right:
    source.show(EarlyStopping.update)

page.way_on(ROOM)
