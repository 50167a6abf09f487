"""Early stopping: one long run, and the rule applied to its record for any patience."""

import math

import numpy as np
import streamlit as st

from regcore import PRESETS, EarlyStopping, Fit, replay, weights_at
from regcore.checks import Array
from regcore.training.early_stopping import Stop, missed
from ui import charts, controls, layout, page
from ui.charts import figure
from ui.charts.frames import column_of, curves, scores, wide
from ui.data import chosen
from ui.data.spec import split_of
from ui.glossary import say
from ui.navigation import PAGES
from ui.sections import results, take_along
from ui.sections.drawing import Sketch
from ui.sections.experiment import Experiment
from ui.sections.quiz.entries import ENTRIES
from ui.sections.story import early_stopping as story
from ui.sections.story import source_code
from ui.sections.studies import significance
from ui.sections.why import lies, time_as_lambda
from ui.terms import meaning
from ui.text import count, counted, stated
from ui.theme import LOSS
from ui.training import runs

PAGE = PAGES["early stopping"]
VALIDATION, PATIENCE = 0.2, 50
ROWS, DEFAULT_ROWS = (60, 120, 240), 120  # few: the validation loss rises steeply
WATCHED = ("training", "validation")


def rule_controls() -> tuple[int, float]:
    """Draw the controls of patience and min_delta; moving them trains nothing."""
    patience = controls.slider(
        "Patience: epochs without improvement", 1, 300, PATIENCE, 1, "patience", meaning("patience")
    )
    min_delta = controls.scale(
        "min_delta: what counts as improvement",
        controls.MIN_DELTAS,
        0.0,
        key="min_delta",
        help=meaning("min_delta"),
    )
    return int(patience), min_delta


def training_rows() -> int | None:
    """Draw the choice of how many rows to train on; few make the validation loss rise steeply."""
    every = len(split_of(chosen.spec(validation_size=VALIDATION)).train)
    choices = [n for n in ROWS if n < every] + [every]
    default = DEFAULT_ROWS if DEFAULT_ROWS in choices else every
    label, key = f"Training {chosen.rows()}", chosen.key("few_rows")
    rows = controls.choice(label, choices, default, key=key)
    return None if rows == every else rows


def draw_record(
    run: Fit, marks: dict[str, int], parts: tuple[str, ...], sentence: str, sketch: Sketch
) -> None:
    """Draw the losses of `parts`, with named epochs marked on the validation loss."""
    losses = column_of(run.history, "validation", "loss")
    names: dict[int, list[str]] = {}
    for name, epoch in marks.items():
        names.setdefault(epoch, []).append(name)
    places = [
        (epoch, losses[epoch], f"{', '.join(n)}: {count(epoch)}") for epoch, n in names.items()
    ]
    lines = curves({"": run}, "loss", parts)
    top = sketch.top(results.loss_top(run, parts=WATCHED))
    drawing = charts.curves(lines, LOSS, marks=places, top=top)
    figure(sketch.behind(drawing, lines), sentence, wide(lines), grows=True)


def tell_record(run: Fit, stop: Stop, stopped: bool) -> str:
    """Say where the rule stops, and what happens without it."""
    losses = column_of(run.history, "validation", "loss")
    end = (
        f"the rule stops {counted(stop.stopped - stop.best, 'epoch')} later, at "
        f"{stated(losses[stop.stopped])}."
        if stopped
        else "that is too close to the end for this patience to run out."
    )
    return (
        f"The last improvement is at epoch {count(stop.best)}, with a validation loss of "
        f"{stated(losses[stop.best])}; {end} Without the rule the loss is {stated(losses[-1])} "
        f"after {count(run.history.stopped_epoch)} epochs."
    )


def waiting(losses: Array, stop: Stop, stopped: bool) -> str:
    """Say what the rule saved, and what it missed before and after it stopped."""
    if not stopped:
        return "The rule never stops this run, and saves nothing."
    outcome = missed(losses, stop)
    sentences = [f"The rule saves {count(outcome.saved)} of {count(len(losses) - 1)} epochs."]
    if outcome.ignored is not None:
        sentences.append(
            f"It ignored a lower loss along the way, {stated(losses[outcome.ignored])} at epoch "
            f"{count(outcome.ignored)}: the improvement was not larger than min_delta."
        )
    if outcome.later is None:
        sentences.append("Waiting longer would not have reached a lower loss.")
    else:
        sentences.append(
            f"Waiting longer would have reached {stated(losses[outcome.later])}, at epoch "
            f"{count(outcome.later)}."
        )
    return " ".join(sentences)


def show_restoring(run: Fit, stop: Stop, stopped: bool, W1: Array) -> None:
    """Compare three sets of weights: restored (with this W1), not restored, never stopped."""
    history = run.history
    rows = {f"Best weights restored (epoch {count(stop.best)})": scores(history, stop.best)}
    if stopped:
        rows[f"Stopped, not restored (epoch {count(stop.stopped)})"] = scores(history, stop.stopped)
    rows[f"Never stopped (epoch {count(history.stopped_epoch)})"] = scores(history)
    alt = "Scores with the best weights restored, not restored, and never stopped"
    results.table(rows, alt=alt)
    if stop.stopped == stop.best:
        say("The best epoch is the last one: there is nothing to restore.")
        return
    late = counted(stop.stopped - stop.best, "epoch")
    say(
        f"Without restoring, you keep the weights from {late} after the best one. Between the best "
        "epoch and the end of the run the weights keep growing: "
        f"the mean size of those in W1 goes from {stated(np.abs(W1).mean())} to "
        f"{stated(np.abs(run.last_params[0]).mean())}."
    )


contents = page.header(PAGE)
page.lead(
    f"Watch the loss on **validation** {chosen.rows()}, stop when it no longer improves, and "
    "restore the best weights."
)
experiment = Experiment("early stopping")
with experiment.controls():
    patience, min_delta = rule_controls()
    rows = training_rows()
    with st.expander("More settings"):
        name, width = controls.preset(), controls.width()
data = chosen.spec(validation_size=VALIDATION, train_rows=rows)
split = chosen.split(data)
config = PRESETS[name].but(hidden_sizes=(width,))
entry = ENTRIES["early stopping"]
question = entry.ask(data, [config])
experiment.ask(question)
# checkpoints √E apart: any epoch's weights come back without keeping those of every epoch
request = runs.Request(data, config, checkpoint_every=math.isqrt(config.epochs))
(run,) = experiment.train([request], "Training the long run")
losses = column_of(run.history, "validation", "loss")
stop = replay(losses, patience, min_delta)
stopped = stop.ran_out(patience)
restored, ended = scores(run.history, stop.best), scores(run.history)
sketch = experiment.sketch(question, run, "validation", "validation loss")
experiment.reveal(*entry.judged(question, [run], data))
with experiment.header:
    if experiment.is_open:
        results.no_header()
    else:
        results.header(restored, split, against=ended, name="full run")
with experiment.picture:
    if experiment.is_open and sketch.is_possible:
        sketch.ask({"": run}, ("training",), grows=True)
    elif experiment.is_open:
        end = stated(ended["training loss"])
        sentence = f"Training loss falls to {end}. Where does the validation loss start to rise?"
        draw_record(run, {}, ("training",), sentence, sketch)
    else:
        marks = {"restored": stop.best} | ({"stop": stop.stopped} if stopped else {})
        if experiment.guess is not None:
            marks |= {"your guess": experiment.guess, "lowest": int(losses.argmin())}
        draw_record(run, marks, WATCHED, tell_record(run, stop, stopped), sketch)
        say(
            waiting(losses, stop, stopped)
            + " Changing the rule needs no new training: the app applies it to the recorded run."
        )
if experiment.is_open:
    page.stop(PAGE)
with experiment.aside:
    rule = config.but(patience=patience, min_delta=min_delta)
    take_along.offer(PAGE.title, data, run, rule)

layout.section("Restore the best weights, or lose them", "restore")
best = weights_at(split, run, stop.best)
show_restoring(run, stop, stopped, best[0])

with layout.deeper():
    for _ in layout.fold(story.TITLE, "story"):
        story.tell(run, split, stop, losses)
    for _ in layout.fold("Lie to the network: stop before it believes", "lies"):
        lies.stopped(data, config, patience, min_delta)
    for _ in layout.fold(time_as_lambda.TITLE, "time"):
        time_as_lambda.show(data, config, stop.best, best)
    for _ in layout.fold("In code: three things that are easy to get wrong", "code"):
        say(
            f"- The rule watches **validation** {chosen.rows()}, never the test set.\n"
            "- An improvement must be **strictly** below the best minus min_delta, and only "
            "then does it become the new best.\n"
            "- Without restoring, you keep the weights from `patience` epochs **after** the best "
            "one."
        )
        source_code.show(EarlyStopping.update)
    for _ in layout.fold("Is it real? The comparison on many splits", "real"):
        significance.panel(
            data,
            {
                "Never stopped": config,
                f"Patience {patience}": config.but(patience=patience, min_delta=min_delta),
            },
            {"Never stopped": ended, "Stopped": restored},
            "early_stopping",
        )

page.footer(PAGE, story.known(run, stop, stopped, best[0], losses), contents)
