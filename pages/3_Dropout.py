"""Dropout: a fresh mask in each pass, none in evaluation, and why the two agree."""

from collections.abc import Mapping

import streamlit as st

from regcore import PRESETS, Config, Fit
from regcore.nn import dropout, network
from ui import charts, controls, layout, page
from ui.charts import figure
from ui.charts.frames import curves, scores, wide
from ui.data import chosen
from ui.glossary import say
from ui.navigation import PAGES
from ui.sections import masks, results, take_along
from ui.sections.drawing import Sketch
from ui.sections.experiment import Experiment
from ui.sections.quiz.entries import ENTRIES
from ui.sections.story import dropout as story
from ui.sections.story import source_code
from ui.sections.studies import significance
from ui.sections.why import lies
from ui.terms import meaning
from ui.text import UNKNOWN, score, stated
from ui.theme import LOSS
from ui.training import runs

PAGE = PAGES["dropout"]
PARTS = ("training", "test")
NO_DROPOUT = "no dropout"
BATCHES = {"full": None, "128": 128, "64": 64, "32": 32}
SIZES = {size: label for label, size in BATCHES.items()}


def settings() -> tuple[Config, Config]:
    """Draw the controls; return the settings without and with dropout."""
    controls.renamed("keep", "p", lambda keep: f"{1.0 - keep:.2f}")
    told = meaning("probability of dropping")
    p = controls.slider("Dropout probability p", 0.05, 0.8, 0.2, 0.05, "p", told)
    with st.expander("More settings"):
        name, width = controls.preset(), controls.width()
        usual, key = controls.of_preset("batch_size", name, "batch")
        batch = controls.choice("Batch size", list(BATCHES), SIZES[usual], key)
    without = PRESETS[name].but(hidden_sizes=(width,), batch_size=BATCHES[batch])
    controls.changes(name, without)
    return without, without.but(dropout=round(p, 2))


def draw_curves(named: dict[str, Fit], before: Fit | None, sketch: Sketch) -> None:
    """Training and test loss of the runs on the same axes, over those shown before."""
    ends = [scores(run.history) for run in named.values()]
    lines, ghost = curves(named, "loss", PARTS), results.ghost(before, PARTS)
    top = sketch.top(results.loss_top(*named.values(), ghost=before))
    drawing = charts.curves(lines, LOSS, top=top, ghost=ghost, against=[NO_DROPOUT])
    figure(
        sketch.behind(drawing, lines, list(named)[-1]),
        f"With {'; with '.join(map(tell_end, named, ends))}. Losses are measured with dropout off.",
        wide(lines),
        grows=True,
    )


def tell_end(name: str, end: Mapping[str, float]) -> str:
    """Say how the losses of the run called `name` end, unless rounding decides them."""
    losses = end["test loss"], end["training loss"]
    if all(score(loss) == UNKNOWN for loss in losses):
        return f"{name}, rounding decides both losses at the end"
    test, training = map(stated, losses)
    return f"{name}, the test loss ends at {test}, training loss at {training}"


def show_code() -> None:
    """The mask, and where the engine multiplies by it."""
    say("A new mask is drawn for every batch:")
    source_code.show(dropout.dropout_mask)
    st.markdown("In training it multiplies the output of the ReLU; without masks nothing changes:")
    source_code.marked(network.logits, "A * masks[level]")
    say(
        "The backward pass needs the same mask: what was dropped gets no gradient, so "
        "`dZ1 = (dZ2 @ W2.T) * (Z1 > 0) * mask`. In exercise 5 you write both."
    )


contents = page.header(PAGE)
page.lead(
    "In every training pass each hidden unit is dropped with probability p. No unit can rely on "
    "another, so the network spreads what it learns. In evaluation all units are active."
)
data = chosen.spec()
split = chosen.split(data)
experiment = Experiment("dropout")
with experiment.controls():
    without, config = settings()
entry = ENTRIES["dropout"]
question = entry.ask(data, (without, config))
experiment.ask(question)
requests = [runs.Request(data, c) for c in (without, config)]
run_without, dropped = trained = experiment.train(requests, "Training without and with dropout")
named = {NO_DROPOUT: run_without, f"p = {config.dropout:g}": dropped}
scores_of = {name: scores(run.history) for name, run in named.items()}
wanted = f"test loss with p = {config.dropout:g}"
sketch = experiment.sketch(question, dropped, "test", wanted)
experiment.reveal(*entry.judged(question, trained, data))
with experiment.header:
    if experiment.is_open:
        results.header(scores_of[NO_DROPOUT], split, name=NO_DROPOUT)
    else:
        results.header(scores(dropped.history), split, scores_of[NO_DROPOUT], name=NO_DROPOUT)
with experiment.picture:
    shown = experiment.known(named)
    if experiment.is_open and sketch.is_possible:
        sketch.ask(shown, PARTS, grows=True)
    else:
        draw_curves(shown, experiment.before(requests[1]), sketch)
if experiment.is_open:
    page.stop(PAGE)
with experiment.aside:
    take_along.offer(PAGE.title, data, dropped)
say(results.moved(run_without, dropped, split))

layout.section(f"One {chosen.row()}, one pass", "pass")
number = masks.choose_row(len(split.test))
x = split.test.X[number - 1 : number]
masks.show_pass(dropped, x)

with layout.deeper():
    for _ in layout.fold(story.TITLE, "story"):
        story.tell(dropped)
    for _ in layout.fold("Why the two modes agree", "agree"):
        masks.show_agreement(data, dropped, number, x)
    for _ in layout.fold(
        "Training mode vs. evaluation mode: which loss a library reports", "modes"
    ):
        masks.show_modes(config)
    for _ in layout.fold("Lie to the network: does dropout believe it?", "lies"):
        lies.compared(data, dict(zip(named, (without, config), strict=True)))
    for _ in layout.fold("In code", "code"):
        show_code()
    for _ in layout.fold("Is it real? The scores, and the comparison on many splits", "real"):
        alt = "Training and test accuracy, gap and losses without and with dropout"
        results.table(scores_of, alt=alt)
        significance.panel(
            data, dict(zip(named, (without, config), strict=True)), scores_of, "dropout"
        )

page.footer(PAGE, story.known(run_without, dropped), contents)
