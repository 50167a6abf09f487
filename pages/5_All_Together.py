"""All tools on one page: tune on validation rows, compare, and open the test set once."""

from dataclasses import asdict

import pandas as pd
import streamlit as st

from regcore import Config, Fit
from regcore.config import LAMBDAS, LESSON_L2
from ui import charts, controls, page, session
from ui.charts import figure
from ui.charts.frames import curves, scores, wide
from ui.data import chosen
from ui.data.spec import split_of
from ui.glossary import note, say
from ui.navigation import PAGES
from ui.sections import pinned_runs, quiz, results, significance
from ui.sections.experiment import Experiment
from ui.sections.test_set import open_test, opened_configs, sealed
from ui.terms import meaning
from ui.text import count, escape, score
from ui.theme import LOSS
from ui.training import runs

PAGE = PAGES["all together"]
VALIDATION = 0.2
BATCHES = (16, 32, 64, 128, 256)
MAX_NOTICES = 3
STRENGTHS = (0.0, *LAMBDAS)
DROPOUT = 0.2  # of the lesson
RIVALS = ("with dropout", "with L2")


def settings() -> dict:
    """Every setting of the engine, grouped by tool, with a hint on when to turn each up."""
    values: dict = {}
    with st.expander("Network", key="tool_network"):
        note("More capacity, when even the training score stays low.")
        width, depth = controls.width(), controls.choice("Depth", (1, 2, 3), 1, key="depth")
        values["hidden_sizes"] = (width,) * depth
        values["seed"] = int(controls.whole("Seed", 0, 9999, 1, "all_seed", meaning("seed")))
    with st.expander("Descent", key="tool_descent"):
        note("Longer and faster, when the curves are still falling at the end.")
        values["epochs"] = controls.slider("Epochs", 100, 10_000, 5000, 100, key="all_epochs")
        values["lr"] = controls.learning_rate()
        momentum = controls.slider("Momentum μ", 0.0, 0.95, 0.9, 0.05, key="momentum")
        values["momentum"] = round(momentum, 2)
        full = controls.toggle("All rows in each step", True, key="all_rows")
        if not full:
            values["batch_size"] = controls.choice("Batch size", BATCHES, 64, key="all_batch")
    with st.expander("L2", key="tool_l2"):
        note("Turn it up when weights grow large and the curves drift apart.")
        values["l2"] = controls.scale("λ", STRENGTHS, 0.0, key="all_l2")
    with st.expander("Dropout", key="tool_dropout"):
        note("Turn it up when a wide network relies on few units.")
        values["dropout"] = round(controls.slider("Drop p", 0.0, 0.8, 0.0, 0.05, key="all_p"), 2)
    with st.expander("Early stopping", key="tool_stopping"):
        note("Use it when the validation curve turns upward: it only saves time.")
        if controls.toggle("Stop early", False, key="stop_early"):
            values["patience"] = controls.slider("Patience", 1, 300, 50, 1, key="all_patience")
            values["min_delta"] = controls.scale(
                "min_delta", controls.MIN_DELTAS, 0.0, key="all_delta"
            )
    return values


def configured(values: dict) -> Config | None:
    """Return the Config of these settings; None, with an error shown, if they are incompatible."""
    try:
        return Config(**values)
    except ValueError as error:
        st.error(str(error))
        return None


def rivals(config: Config) -> list[Config]:
    """Return two configs, dropout only and L2 only; [] if η is too large for the λ."""
    base = config.unregularized()
    try:
        return [base.but(dropout=DROPOUT), base.but(l2=LESSON_L2)]
    except ValueError:
        return []


def draw(named: dict[str, Fit]) -> None:
    """Draw one run in full, or the validation losses of several in one chart."""
    parts: tuple[str, ...] = ("training", "validation")
    marks = []
    best = min(named, key=lambda name: sealed(named[name])["validation loss"])
    epoch, lowest = named[best].kept_epoch, sealed(named[best])["validation loss"]
    if len(named) > 1:
        parts = ("validation",)
    elif named[best].config.patience is not None:
        marks = [(epoch, lowest, f"kept: {count(epoch)}")]
    lines = curves(named, "loss", parts)
    figure(
        charts.curves(lines, LOSS, marks=marks, top=results.loss_top(*named.values(), parts=parts)),
        f"{best[0].upper()}{best[1:]}: the weights of epoch {count(epoch)} are kept, with a "
        f"validation loss of {score(lowest)}"
        + (", the lowest of the runs drawn." if len(named) > 1 else "."),
        wide(lines),
    )


def compare(shown: list[pinned_runs.Pin], named: dict[str, Fit]) -> None:
    """Show settings and scores side by side, and warn if several settings differ."""
    results.table({name: sealed(run) for name, run in named.items()}, alt="Scores of the runs")
    st.table(
        pinned_runs.settings_table(shown),
        hide_index=True,
        border="horizontal",
        alt="Settings of the runs, those that differ first",
    )
    if doubtful := pinned_runs.confounded(shown):
        st.info(
            escape("; ".join(doubtful[:MAX_NOTICES]))
            + ". Where two runs differ in more than one setting, no single cause can be named."
        )
    rows = [
        {
            "run": pinned_runs.safe_cell(pin.name),
            "data": chosen.dataset().name,
            **asdict(pin.config),
            **sealed(named[pin.name]),
        }
        for pin in shown
    ]
    st.download_button(
        "Comparison as CSV",
        pd.DataFrame(rows).to_csv(index=False),
        file_name="comparison.csv",
        mime="text/csv",
        on_click="ignore",
    )


page.header(PAGE)
say(
    "Every tool of the lesson on one page. Tune with training and validation "
    f"{chosen.rows()}, pin what you want to keep, and open the test set **once**, when you have "
    "chosen."
)
pinned_runs.tell_if_gone()
data = chosen.spec(validation_size=VALIDATION)
split, shown = split_of(data), list(pinned_runs.pinned())
experiment = Experiment()
with experiment.controls:
    config = configured(settings())
    if config is not None and config not in [pin.config for pin in shown]:
        shown.append(session.Pin(pinned_runs.THIS_RUN, config))
pair = rivals(config) if config is not None else []
question = quiz.lower(
    "all together",
    f"Two runs with the settings below, but one has dropout (p = {DROPOUT:g}) as its only tool, "
    f"the other L2 (λ = {LESSON_L2:g}). Which ends with the lower validation loss?",
    "validation loss",
    RIVALS,
    about=(data, config),
)
experiment.ask(
    question if pair else None, part="validation", compared=False, header=config is not None
)
configs = [pin.config for pin in shown] + (pair if experiment.asked else [])
with experiment.controls:
    if config is not None:
        note(f"{pinned_runs.in_words(config)}.")
trained = experiment.train([runs.Request(data, config) for config in configs], "Training")
named = {pin.name: run for pin, run in zip(shown, trained, strict=False)}
compared = dict(zip(RIVALS, trained[len(shown) :], strict=False))
current = next((run for run in trained if run.config == config), None)
losses = (sealed(run)["validation loss"] for run in compared.values())
with experiment.result(question, *losses):
    if current is not None:
        results.header(sealed(current), split, part="validation")
if current is not None:
    with experiment.controls:
        results.what_happened(current)
with experiment.picture:
    if named:
        draw(named if pinned_runs.pinned() else named | compared)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "Name",
            placeholder=f"run {len(pinned_runs.pinned()) + 1}",
            max_chars=pinned_runs.MAX_NAME_LENGTH,
            key="new",
        )
        cannot_pin = len(pinned_runs.pinned()) >= pinned_runs.MAX_PINS or current is None
        if st.button("Pin this run", type="primary", disabled=cannot_pin, key="pin") and config:
            pinned_runs.add(name, config)
            st.rerun()
    st.caption(
        f"Up to {pinned_runs.MAX_PINS} runs can be pinned. The button in the corner of the chart "
        "saves it as PNG. The settings are in the link of this page."
    )

if pinned_runs.pinned():
    st.header("Pinned runs", anchor=False)
    compare(shown, named)
    pinned_runs.manage(data)

st.header(
    "The test set is open" if opened_configs(data) else "The test set is sealed", anchor=False
)
if named:
    open_test(data, named, split)
st.caption(
    "The other pages show test scores for teaching. Here, as in real work, they stay hidden until "
    "you have chosen."
)
if len(named) > 1 and opened_configs(data):
    ends = {name: named[name] for name in (next(iter(named)), list(named)[-1])}
    significance.panel(
        data,
        {name: run.config for name, run in ends.items()},
        {name: scores(run.history, run.kept_epoch) for name, run in ends.items()},
        "together",
    )
elif pinned_runs.pinned():
    st.caption(
        "Is the difference between the first and the last run real? Repeating it over many splits "
        "can tell, but each split opens a test set, so open this one first."
    )

page.footer(PAGE)
