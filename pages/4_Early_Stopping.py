"""Early stopping as a time machine: one long run, and the rule replayed on its record."""

import math

import numpy as np
import streamlit as st

from regcore import PRESETS, EarlyStopping, Fit, replay, weights_at
from regcore.checks import Array
from regcore.training.early_stopping import Stop, missed
from ui import charts, controls, page
from ui.charts import figure
from ui.charts.frames import column_of, curves, lowest, scores, wide
from ui.data import chosen
from ui.data.spec import split_of
from ui.glossary import say
from ui.navigation import PAGES
from ui.sections import quiz, results, significance, source_code
from ui.sections.experiment import Experiment
from ui.terms import meaning
from ui.text import count, score
from ui.theme import LOSS
from ui.training import runs

PAGE = PAGES["early stopping"]


def rule_controls() -> tuple[int, float]:
    """Draw the controls of patience and min_delta; moving them trains nothing."""
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
    return int(patience), min_delta


def draw_record(run: Fit, stop: Stop, stopped: bool, whole: bool, guess: int | None) -> None:
    """Training and validation loss with the best, the stopping and a guessed epoch on them."""
    losses = column_of(run.history, "validation", "loss")
    named = {"last improvement": stop.best}
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
        else "too close to the end of the run for this patience to run out: it never stops."
    )
    figure(
        charts.curves(lines, LOSS, marks=marks, top=top),
        f"The last improvement that the rule counts is at epoch {count(stop.best)}, to a "
        f"validation loss of {score(losses[stop.best])}, {end} Trained on to epoch "
        f"{count(run.history.stopped_epoch)}, the run reaches {score(losses[-1])}.",
        wide(lines),
    )


def waiting(losses: Array, stop: Stop, stopped: bool) -> str:
    """Say what the rule saved, and what it missed before and after it stopped."""
    if not stopped:
        return "The rule never stops this run, and saves nothing."
    outcome = missed(losses, stop)
    sentences = [f"The rule saves {count(outcome.saved)} of {count(len(losses) - 1)} epochs."]
    if outcome.ignored is not None:
        sentences.append(
            f"It ignored a lower loss on its way, {score(losses[outcome.ignored])} at epoch "
            f"{count(outcome.ignored)}: the improvement was not larger than min_delta."
        )
    if outcome.later is None:
        sentences.append("Waiting longer would have brought nothing better.")
    else:
        sentences.append(
            f"Waiting longer would have brought {score(losses[outcome.later])}, at epoch "
            f"{count(outcome.later)}."
        )
    return " ".join(sentences)


page.header(PAGE)
say(
    f"Early stopping watches validation {chosen.rows()}, remembers the best weights, and ends the "
    "training when nothing has improved for a while. The long run below is trained once; the rule "
    "is replayed on its record at once."
)
data = chosen.spec(validation_size=0.2)
split = split_of(data)
experiment = Experiment()
with experiment.controls:
    patience, min_delta = rule_controls()
    with st.expander("The long run"):
        name, width = controls.preset(), controls.width()
    whole = controls.toggle("Draw the whole run", False, key="whole")
config = PRESETS[name].but(hidden_sizes=(width,))
question = quiz.Epoch(
    "early stopping",
    f"The long run has {count(config.epochs)} epochs. After which of them is the loss of the "
    f"{len(split.validation or ())} validation {chosen.rows()} at its lowest?",
    config.epochs,
    about=(data, config),
)
experiment.ask(question)
# checkpoints √E apart: any epoch's weights come back without keeping those of every epoch
request = runs.Request(data, config, checkpoint_every=math.isqrt(config.epochs))
(run,) = experiment.train([request], "Training the long run")
history = run.history
losses = column_of(history, "validation", "loss")
stop = replay(losses, patience, min_delta)
stopped = stop.ran_out(patience)
restored, ended = scores(history, stop.best), scores(history)
with experiment.result(question, lowest(history, "validation")[0]):
    results.header(restored, split, against=ended, name="no stop")
with experiment.picture:
    draw_record(run, stop, stopped, whole, experiment.guess)
say(waiting(losses, stop, stopped))

st.header("Restore the best weights, or lose them", anchor=False)
rows = {f"Best weights restored (epoch {count(stop.best)})": restored}
if stopped:
    rows[f"Stopped, not restored (epoch {count(stop.stopped)})"] = scores(history, stop.stopped)
rows[f"Never stopped (epoch {count(history.stopped_epoch)})"] = ended
results.table(rows, alt="Scores with the best weights restored, not restored, and never stopped")
best, last = weights_at(split, run, stop.best), run.last_params
say(
    f"Both sets of weights are available: the mean size of W1 is {score(np.abs(best[0]).mean())} "
    f"at the best epoch and {score(np.abs(last[0]).mean())} at the end. Training that stops for "
    "real with this patience gives the same best weights, bit for bit."
)

rule = config.but(patience=patience, min_delta=min_delta)
significance.panel(
    data,
    {"Never stopped": config, f"Patience {patience}": rule},
    {"Never stopped": ended, "Stopped": restored},
    "early_stopping",
)

st.header("Three things that are easy to get wrong", anchor=False)
say(
    f"- The rule watches **validation** {chosen.rows()}, never the test set.\n"
    "- An improvement must be **strictly** below the best minus min_delta, and the best moves "
    "only then.\n"
    "- Without restoring, you keep the weights of `patience` epochs **after** the best."
)
source_code.show(EarlyStopping.update)

page.footer(PAGE)
