"""Overfitting: capacity, the gap, and memorizing made visible."""

import streamlit as st

from regcore import PRESETS, Config, Fit
from regcore.nn.parameters import parameter_count
from ui import charts, controls, layout, page
from ui.charts import figure, frames
from ui.charts.frames import curves, lowest, lowest_epoch, scores, wide
from ui.data import chosen
from ui.data.spec import DataSpec, split_of
from ui.glossary import note, say
from ui.navigation import PAGES
from ui.sections import memorizing, quiz, results, significance
from ui.sections.experiment import Experiment
from ui.terms import meaning
from ui.text import count, score
from ui.theme import ACCURACY, LOSS
from ui.training import progress, runs

PAGE = PAGES["overfitting"]
MIN_ROWS = 20  # to train on
PARTS = ("training", "test")
WIDTHS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
SMALL_WIDTH, DEFAULT_WIDTH = 4, 64


def settings() -> tuple[DataSpec, Config]:
    """Draw the controls; return the data and the settings of the run."""
    name = controls.preset()
    width = controls.width()
    depth = controls.choice("Depth: hidden layers", (1, 2, 3), 1, key="depth")
    every = len(split_of(chosen.spec()).train)
    with st.expander("More settings"):
        epochs = controls.epochs(name)
        rows = training_rows(every)
        seed = controls.whole("Seed of the starting weights", 0, 9999, 1, "seed", meaning("seed"))
        lr = controls.learning_rate()
    sizes = (width,) * depth
    config = PRESETS[name].but(hidden_sizes=sizes, epochs=epochs, seed=int(seed), lr=lr)
    controls.changes(name, config, ("epochs", "seed", "lr"))
    return chosen.spec(train_rows=None if rows == every else rows), config


def training_rows(every: int) -> int:
    """Return the number of rows to train on; a small table leaves no choice."""
    if every <= MIN_ROWS:
        return every
    label, step = f"Training {chosen.rows()}", max(4, round(every / 600) * 4)
    return int(controls.slider(label, MIN_ROWS, every, every, step, key=chosen.key("rows")))


def draw_losses(run: Fit) -> None:
    """Loss curves, with the lowest test loss marked."""
    epoch, best = lowest(run.history)
    end, lines = scores(run.history), curves({"": run}, "loss", PARTS)
    mark = (epoch, best, f"lowest at {lowest_epoch(run.history)}")
    figure(
        charts.curves(lines, LOSS, marks=[mark], top=results.loss_top(run)),
        f"Test loss is lowest at epoch {lowest_epoch(run.history)} with {score(best)} and ends at "
        f"{score(end['test loss'])}; training loss ends at {score(end['training loss'])}.",
        wide(lines),
    )


def draw_accuracies(run: Fit, baseline: float) -> None:
    """Accuracy curves, with the accuracy of always predicting the more frequent outcome."""
    end, lines = scores(run.history), curves({"": run}, "accuracy", PARTS)
    figure(
        charts.curves(lines, ACCURACY, baseline=baseline),
        f"Training accuracy ends at {score(end['training'])}, test accuracy at "
        f"{score(end['test'])}: a gap of {score(end['gap'])}. Always predicting the more frequent "
        f"outcome scores {score(baseline)}.",
        wide(lines),
    )


def draw_widths(swept: list[Fit], baseline: float) -> None:
    """Both accuracies over the width of the hidden layer."""
    small, large = (scores(run.history) for run in (swept[0], swept[-1]))
    lines = frames.sweep_lines(WIDTHS, swept, "accuracy", PARTS)
    figure(
        charts.sweep(lines, "units in the hidden layer", ACCURACY, baseline=baseline),
        f"With 1 unit training accuracy only reaches {score(small['training'])}, test accuracy "
        f"{score(small['test'])}; with 256 units they are {score(large['training'])} and "
        f"{score(large['test'])}. The gap goes from {score(small['gap'])} to "
        f"{score(large['gap'])}.",
        frames.sweep_table("units", WIDTHS, swept, PARTS),
    )


def show_printed() -> None:
    """Show the lesson's figures beside those of both presets, and why they differ."""
    st.header("What the lesson prints, and what was measured", anchor=False)
    with progress.bar("Training both presets") as report:
        requests = [runs.Request(chosen.spec(), preset) for preset in PRESETS.values()]
        measured = dict(zip(PRESETS, runs.train(requests, report), strict=True))
    results.table(
        {
            "The lesson prints": results.PRINTED[0.0],
            **{f"{n.capitalize()}, measured": scores(run.history) for n, run in measured.items()},
        },
        alt="Scores that the lesson prints beside those measured with both presets",
    )
    printed = scores(measured["as printed"].history)
    say(
        "64 units, no regularization. The lesson's code, run as it is printed, stops too early: "
        f"its 2,000 steps reach a training accuracy of {score(printed['training'])}, not "
        "1.000. Plain gradient descent needs about 20,000 epochs to memorize 576 patients. With "
        "momentum 0.9 and 5,000 epochs the measured figures match the printed ones to the last "
        "digit."
    )


page.header(PAGE)
say(
    "Every weight is a free parameter. Enough of them can fit every training example, "
    "**noise included**. The warning sign is the gap: training accuracy minus test accuracy."
)
experiment = Experiment()
with experiment.controls:
    data, config = settings()
    split = chosen.split(data)
    parameters = parameter_count(split.train.X.shape[1], config.hidden_sizes)
    st.markdown(
        f"**{count(parameters)} parameters** for {chosen.some(len(split.train))}: "
        f"{parameters / len(split.train):.1f} per {chosen.row()}."
    )
width = config.hidden_sizes[0]
other = SMALL_WIDTH if width != SMALL_WIDTH else DEFAULT_WIDTH
rival_config = config.but(hidden_sizes=(other,) * len(config.hidden_sizes))
question = quiz.gap(
    "overfitting",
    f"Here {width} {'unit learns' if width == 1 else 'units learn'} from "
    f"{chosen.some(len(split.train))}. If there were {other} instead, would the gap be smaller or "
    "larger?",
    (f"at width {width}", f"at width {other}"),
    len(split.test),
    about=(data, config),
)
experiment.ask(question, compared=False)
configs = (config, rival_config) if experiment.asked else (config,)
run, *others = experiment.train([runs.Request(data, c) for c in configs], "Training")
baseline = results.majority(split.test)
with experiment.result(question, *(scores(each.history)["gap"] for each in (run, *others))):
    results.header(scores(run.history), split)
with experiment.controls:
    results.what_happened(run)
with experiment.picture:
    left, right = layout.beside()
    with left:
        draw_losses(run)
    with right:
        draw_accuracies(run, baseline)
    note(
        "Why do the two turn at different epochs? Accuracy only asks on which side of 0.5 a "
        "prediction falls. Loss punishes confident mistakes: being wrong with 0.99 costs five "
        "times as much as being wrong with 0.6. It rises while the network grows ever more "
        "confident in its mistakes."
    )

with progress.bar("Training the other width") as report:
    (rival,) = runs.train([runs.Request(data, rival_config)], report)
significance.panel(
    data,
    {f"{other} units": rival_config, f"{width} units": config},
    {"other": scores(rival.history), "this": scores(run.history)},
    "overfitting",
)

if chosen.is_lesson():
    show_printed()

st.header("Too small, too large: a sweep over the width", anchor=False)
say(
    "Few units **underfit**: they cannot even fit the training examples. Many units **memorize** "
    "them, and the two lines drift apart. Does the network get better, or does only the gap grow? "
    f"One test {chosen.row()} is worth {score(1 / len(split.test))}, so small differences mean "
    "little. The next page keeps the capacity and tames it."
)
left, right = layout.bench(align="bottom")
with left:
    base = PRESETS[controls.preset("widths_preset")]
with right, progress.bar(f"Training {len(WIDTHS)} networks") as report:
    requests = [runs.Request(chosen.spec(), base.but(hidden_sizes=(width,))) for width in WIDTHS]
    swept = runs.train(requests, report)
draw_widths(swept, baseline)

st.header("Memorizing made visible", anchor=False)
memorizing.show()

page.footer(PAGE)
