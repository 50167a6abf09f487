"""L2 weight decay: one added term in the gradient, and what it does."""

from functools import partial

import numpy as np
import streamlit as st

from regcore import PRESETS, Fit
from ui import charts, controls, layout, page
from ui.charts import animation, distributions, figure, player
from ui.charts.frames import curves, lowest, objective, scores, wide
from ui.data import chosen
from ui.glossary import note, say
from ui.navigation import PAGES
from ui.sections import memorizing, model_selection, results, take_along
from ui.sections.drawing import Sketch
from ui.sections.experiment import Experiment
from ui.sections.quiz.entries import ENTRIES
from ui.sections.story import derivation, stepper
from ui.sections.story import l2 as story
from ui.sections.studies import significance
from ui.sections.why import lies, refutation
from ui.text import count, stated
from ui.theme import LOSS, PLAIN, REGULARIZED
from ui.training import runs

PAGE = PAGES["l2"]
PARTS = ("training", "test")
NO_L2 = "no L2"


def show_curves(
    named: dict[str, Fit], steps: list[int], before: Fit | None, sketch: Sketch
) -> None:
    """Training and test loss of the runs on the same axes, over those shown before."""
    lines = curves(named, "loss", PARTS)
    top = sketch.top(results.loss_top(*named.values(), ghost=before))
    ghost = results.ghost(before, PARTS)
    drawing = charts.curves(lines, LOSS, top=top, ghost=ghost, against=[NO_L2])
    drawing = sketch.behind(drawing, lines, list(named)[-1])
    figure(animation.growing(drawing, steps), tell_curves(named), wide(lines))


def tell_curves(named: dict[str, Fit]) -> str:
    """Say how the losses of the runs end."""
    ends = [scores(run.history) for run in named.values()]
    epoch, best = lowest(next(iter(named.values())).history)
    sentence = (
        f"Without L2 the test loss is lowest at epoch {count(epoch)} ({stated(best)}) and ends "
        f"at {stated(ends[0]['test loss'])}, while training loss ends at "
        f"{stated(ends[0]['training loss'])}."
    )
    if len(ends) > 1:
        sentence += (
            f" With L2 the test loss ends at {stated(ends[1]['test loss'])}, training loss at "
            f"{stated(ends[1]['training loss'])}."
        )
    return sentence


def show_table(named: dict[str, Fit]) -> None:
    """The lesson's table: measured, and as printed where the setting is the lesson's."""
    rows = {f"{name}, measured": scores(run.history) for name, run in named.items()}
    for name, run in named.items() if chosen.has_printed_figures() else ():
        config = run.config
        if config.l2 in results.PRINTED and config.hidden_sizes == (results.PRINTED_WIDTH,):
            rows[f"{name}, as the lesson prints it"] = results.PRINTED[config.l2]
    results.table(rows, alt="Training and test accuracy, gap and losses without and with L2")
    if len(rows) > len(named):
        note(
            "The lesson's printed code stops after 2,000 steps and does not reach its printed "
            "figures. The Memorize preset reaches them: exactly without L2, and to within two "
            "training patients with λ = 0.05."
        )


def show_objective(run: Fit) -> None:
    """Data loss, penalty and their sum."""
    lines, history = objective(run.history), run.history
    total = history.train_loss[-1] + history.penalty[-1]
    top = max(1.0, 1.6 * total) if total < 100.0 else None
    figure(
        charts.curves(lines, "terms of the objective J", top=top),
        f"At the end the data loss is {stated(history.train_loss[-1])} and the penalty "
        f"{stated(history.penalty[-1])}; training minimizes their sum, {stated(total)}. Test loss "
        "is always reported without the penalty.",
        wide(lines),
    )


def show_weights(named: dict[str, Fit]) -> None:
    """Histograms of all weights on the same axis, and the mean size of those in W1."""
    weights = {n: np.concatenate([W.ravel() for W in run.params[::2]]) for n, run in named.items()}
    reach = max(np.abs(values).max() for values in weights.values())
    bins = np.linspace(-reach, reach, 41)
    tables = {n: distributions.binned(values, bins, "weights") for n, values in weights.items()}
    top = max(table["weights"].max() for table in tables.values())
    pairs = zip(layout.beside(), named.items(), (PLAIN, REGULARIZED), strict=True)
    for column, (name, run), colour in pairs:
        mean = float(np.abs(run.params[0]).mean())
        drawing = distributions.histogram(
            tables[name], "weight", "number of weights", colour=colour, top=top
        )
        with column:
            st.metric(f"Mean |W1|, {name}", stated(mean))
            figure(
                drawing,
                f"With {name} the mean size of a weight in W1 is {stated(mean)}; "
                f"{np.mean(np.abs(weights[name]) < 0.05):.0%} of all weights are within ±0.05.",
                tables[name].round(3),
            )


contents = page.header(PAGE)
page.lead(
    "A network that memorizes needs large weights. L2 puts a price on their size: a weight stays "
    "large only if the data require it."
)
data = chosen.spec()
split = chosen.split(data)
experiment = Experiment("l2")
with experiment.controls():
    l2 = controls.strength()
    with st.expander("More settings"):
        preset, width = controls.preset(), controls.width()
        drawn = memorizing.settings()
without = PRESETS[preset].but(hidden_sizes=(width,))
configs = without, without.but(l2=l2)
entry = ENTRIES["l2"]
question = entry.ask(data, configs)
experiment.ask(question)
requests = [runs.Request(data, config) for config in configs]
run_without, run_with = trained = experiment.train(requests, "Training without and with L2")
named = {NO_L2: run_without, f"λ = {l2:g}": run_with}
scores_without, scores_with = (scores(run.history) for run in named.values())
sketch = experiment.sketch(question, run_with, "test", f"test loss with λ = {l2:g}")
experiment.reveal(*entry.judged(question, trained, data))
shown = experiment.known(named)
named_configs = dict(zip(named, configs, strict=True))
networks = memorizing.trained(drawn, named_configs, experiment)
steps = memorizing.steps(without, *shown.values())
with experiment.header:  # once all is trained: scores and pictures change together
    if experiment.is_open:
        results.header(scores_without, split, name=NO_L2)
    else:
        results.header(scores_with, split, against=scores_without, name=NO_L2)
with experiment.picture:
    player.show(steps, key="l2")
    if experiment.is_open and sketch.is_possible:
        left, right = layout.beside()
        with left:
            memorizing.draw_beside(drawn, {n: networks[n] for n in shown if n in networks}, shown)
        with right:
            sketch.ask(shown, PARTS)
    else:
        sketch.order(
            partial(memorizing.draw_beside, drawn, networks, shown, plain=NO_L2),
            partial(show_curves, shown, steps, experiment.before(requests[1]), sketch),
        )
if experiment.is_open:
    page.stop(PAGE)
with experiment.aside:
    take_along.offer(PAGE.title, data, run_with)
say(results.moved(run_without, run_with, split))

layout.section("One term in the gradient", "derivation")
derivation.derive(run_with.config)

with layout.deeper():
    for _ in layout.fold(refutation.TITLE, "refutation"):
        refutation.show(split, refutation.STRONGER, {"64 units, λ = 0.05": refutation.TAMED})
    for _ in layout.fold(story.TITLE, "story"):
        story.tell(run_without, run_with)
    for _ in layout.fold("The loop with L2, one line at a time", "loop"):
        stepper.show(data, l2, with_l2=True)
    for _ in layout.fold("Check the formula: measure the slope", "slope"):
        derivation.check(run_with.config)
    for _ in layout.fold("What training minimizes", "objective"):
        show_objective(run_with)
    for _ in layout.fold("What happens to the weights", "weights"):
        show_weights(named)
    for _ in layout.fold("Lie to the network: does L2 believe it?", "lies"):
        lies.compared(data, named_configs)
    for _ in layout.fold("Choosing λ with a validation set", "choosing"):
        model_selection.show()
    for _ in layout.fold("Is it real? The scores, and the comparison on many splits", "real"):
        show_table(named)
        ends = {NO_L2: scores_without, "L2": scores_with}
        significance.panel(data, named_configs, ends, "l2")

page.footer(PAGE, story.known(run_without, run_with), contents)
