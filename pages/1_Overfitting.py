"""Overfitting: capacity, the gap, and memorizing made visible."""

from functools import partial

import streamlit as st

from regcore import PRESETS, Config, Fit
from regcore.nn.parameters import parameter_count
from ui import charts, controls, layout, page
from ui.charts import animation, figure, player
from ui.charts.frames import curves, lowest, lowest_epoch, scores, wide
from ui.data import chosen
from ui.data.spec import DataSpec, split_of
from ui.glossary import say
from ui.navigation import PAGES
from ui.sections import memorizing, results, take_along, tour
from ui.sections.drawing import Sketch
from ui.sections.experiment import Experiment
from ui.sections.quiz.entries import ENTRIES
from ui.sections.story import overfitting as story
from ui.sections.story import stepper, widths
from ui.sections.studies import significance
from ui.sections.why import confidence, lies, refutation, second_descent
from ui.terms import meaning
from ui.text import count, counted, stated
from ui.theme import ACCURACY, LOSS
from ui.training import progress, runs

PAGE = PAGES["overfitting"]
MIN_ROWS = 20  # to train on
PARTS = ("training", "test")
SMALL_WIDTH, DEFAULT_WIDTH = 4, 64


def settings() -> tuple[DataSpec, Config, DataSpec | None]:
    """Draw the controls; return data, settings, and the data of the network that is drawn."""
    width = controls.width()
    with st.expander("More settings"):
        name = controls.preset()
        depth = controls.choice("Depth: hidden layers", (1, 2, 3), 1, key="depth")
        epochs = controls.epochs(name)
        every = len(split_of(chosen.spec()).train)
        rows = training_rows(every)
        seed = controls.whole("Seed of the starting weights", 0, 9999, 1, "seed", meaning("seed"))
        lr = controls.learning_rate(name)
        drawn = memorizing.settings()
    sizes = (width,) * depth
    config = PRESETS[name].but(hidden_sizes=sizes, epochs=epochs, seed=int(seed), lr=lr)
    controls.changes(name, config)
    return chosen.spec(train_rows=None if rows == every else rows), config, drawn


def training_rows(every: int) -> int:
    """Return the number of rows to train on; a small table leaves no choice."""
    if every <= MIN_ROWS:
        return every
    label, step = f"Training {chosen.rows()}", max(4, round(every / 600) * 4)
    return int(controls.slider(label, MIN_ROWS, every, every, step, key=chosen.key("rows")))


def draw_losses(
    named: dict[str, Fit], steps: list[int], before: Fit | None, sketch: Sketch
) -> None:
    """Loss curves that grow with the moment, the first run's lowest test loss marked.

    before  the run that was shown before, drawn faintly behind it
    """
    name, run = next(iter(named.items()))
    epoch, best = lowest(run.history)
    lines = curves(named, "loss", PARTS)
    # a loss that only rises has nothing to point out
    marks = [(epoch, best, f"lowest at {lowest_epoch(run.history)}")] if epoch else []
    top = sketch.top(results.loss_top(*named.values(), ghost=before))
    ghost = results.ghost(before, PARTS)
    against = list(named)[1:]
    drawing = charts.curves(lines, LOSS, marks=marks, top=top, ghost=ghost, against=against)
    drawing = sketch.behind(drawing, lines, name)
    figure(animation.growing(drawing, steps), tell_losses(name, run), wide(lines))


def tell_losses(name: str, run: Fit) -> str:
    """Say where the test loss is lowest, and how the losses end."""
    (epoch, best), end = lowest(run.history), scores(run.history)
    when = f"at epoch {lowest_epoch(run.history)}" if epoch else "before training begins"
    sentence = (
        f"{name.capitalize()} and all features, as in the scores: test loss is lowest "
        f"{when} ({stated(best)})"
    )
    if run.history.stop_reason == "diverged":
        return f"{sentence}; later, training diverges."
    return (
        f"{sentence} and ends at {stated(end['test loss'])}; training loss ends at "
        f"{stated(end['training loss'])}."
    )


def draw_accuracies(run: Fit, baseline: float, majority: str) -> None:
    """Accuracy curves, with the accuracy of always predicting the majority class."""
    end, lines = scores(run.history), curves({"": run}, "accuracy", PARTS)
    figure(
        charts.curves(lines, ACCURACY, baseline=baseline),
        f"Training accuracy ends at {stated(end['training'])}, test accuracy at "
        f"{stated(end['test'])}: the gap is {stated(end['gap'])}. Always predicting the majority "
        f"class (“{majority}”) scores {stated(baseline)}.",
        wide(lines),
    )


def show_printed() -> None:
    """Show the lesson's figures beside those of all presets, and why they differ."""
    with progress.bar("Training all presets") as report:
        requests = [runs.Request(chosen.spec(), preset) for preset in PRESETS.values()]
        measured = dict(zip(PRESETS, runs.train(requests, report), strict=True))
    results.table(
        {
            "The lesson prints": results.PRINTED[0.0],
            **{f"{n.capitalize()}, measured": scores(run.history) for n, run in measured.items()},
        },
        alt="Scores that the lesson prints beside those measured with all presets",
    )
    printed = scores(measured["as printed"].history)
    say(
        "64 units, no regularization. The lesson's code, run as it is printed, stops too early: "
        f"its 2,000 steps reach a training accuracy of {stated(printed['training'])}, not "
        "1.000. Plain gradient descent needs about 20,000 epochs to memorize 576 patients. With "
        "momentum 0.9 and 5,000 epochs the measured figures match the printed ones to the last "
        "digit."
    )


contents = page.header(PAGE)
page.lead(
    "Every weight is a free parameter. With enough of them a network can fit every training "
    "example, **noise included**, instead of learning what generalizes to new ones."
)
experiment = Experiment("overfitting")
with experiment.controls():
    data, config, drawn = settings()
split = chosen.split(data)
width = config.hidden_sizes[0]
other = SMALL_WIDTH if width != SMALL_WIDTH else DEFAULT_WIDTH
rival_config = config.but(hidden_sizes=(other,) * len(config.hidden_sizes))
entry = ENTRIES["overfitting"]
question = entry.ask(data, (config, rival_config))
experiment.ask(question)
own_name, other_name = counted(width, "unit"), f"{other} units"
named_configs = {own_name: config, other_name: rival_config}
trained = experiment.train([runs.Request(data, c) for c in named_configs.values()], "Training")
named = dict(zip(named_configs, trained, strict=True))
run, rival = trained
sketch = experiment.sketch(question, run, "test", "test loss")
experiment.reveal(*entry.judged(question, trained, data))
# after the answer both, as long as the settings are those that the answer was about; but not in
# the tour, whose next step compares them
is_compared = experiment.is_compared and not (experiment.guess is None and tour.is_at(PAGE.path))
shown = named if is_compared else {own_name: run}
ahead = named_configs if is_compared or experiment.is_open else {own_name: config}
networks = memorizing.trained(drawn, ahead, experiment)
before = None if is_compared else experiment.before(runs.Request(data, config))
steps = memorizing.steps(config, *shown.values())
with experiment.header:  # once all is trained: scores and pictures change together
    results.header(scores(run.history), split, of=run)
with experiment.notices:
    results.what_happened(run)
with experiment.picture:
    player.show(steps, key="overfitting")
    if is_compared:
        sketch.order(
            partial(memorizing.draw_beside, drawn, networks, networks, plain=other_name),
            partial(draw_losses, shown, steps, before, sketch),
        )
    else:
        left, right = layout.beside()
        with left:
            alone = {name: networks[name] for name in networks if name == own_name}
            memorizing.draw_beside(drawn, alone, alone)
        with right:
            if experiment.is_open and sketch.is_possible:
                sketch.ask({"": run}, ("training",))
            else:
                draw_losses(shown, steps, before, sketch)
if experiment.is_open:
    page.stop(PAGE)
with experiment.aside:
    take_along.offer(PAGE.title, data, run)

parameters = parameter_count(split.train.X.shape[1], config.hidden_sizes)
say(
    f"**{count(parameters)} parameters** for {chosen.some(len(split.train))}: "
    f"{parameters / len(split.train):.1f} per {chosen.row()}. The warning sign is the gap: "
    "training accuracy minus test accuracy."
)
layout.section("The gap", "accuracy")
baseline = results.majority(split.test)
draw_accuracies(run, baseline, results.majority_class(split.test))

with layout.deeper():
    for _ in layout.fold(refutation.TITLE, "refutation"):
        refutation.show(split, refutation.GAP, {"4 units": refutation.NARROW})
    for _ in layout.fold(story.TITLE, "story"):
        story.tell(run, split)
    for _ in layout.fold("The network in code: six functions", "functions"):
        story.code()
    for _ in layout.fold("The loop, one line at a time", "loop"):
        stepper.show(data)
    for _ in layout.fold(confidence.TITLE, "confidence"):
        confidence.show(data, config)
    for _ in layout.fold("Too small, too large: a sweep over the width", "widths"):
        widths.show(baseline, len(split.test))
    for _ in layout.fold(second_descent.TITLE, "descent"):
        second_descent.show()
    for _ in layout.fold("Lie to the network", "lies"):
        lies.overfitted(data, config, drawn)
    if drawn is not None and drawn.noise is not None:
        for _ in layout.fold("The truth behind the moons", "truth"):
            memorizing.draw_truth(drawn, drawn.noise)
    for _ in layout.fold(f"Is it real? {other_name} vs. {own_name} on many splits", "real"):
        significance.panel(
            data,
            {other_name: rival_config, own_name: config},
            {"other": scores(rival.history), "this": scores(run.history)},
            "overfitting",
        )
    if chosen.has_printed_figures():
        for _ in layout.fold("What the lesson prints, and what was measured", "printed"):
            show_printed()

page.footer(PAGE, story.known(run, split), contents)
