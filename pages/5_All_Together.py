"""All tools on one page: tune on validation rows, compare, and open the test set once."""

from dataclasses import asdict

import pandas as pd
import streamlit as st

from regcore import Config, Fit
from regcore.config import LAMBDAS, LESSON_L2
from ui import charts, controls, layout, page, session
from ui.charts import figure
from ui.charts.frames import curves, kept_early, scores, wide
from ui.data import chosen
from ui.glossary import note
from ui.navigation import PAGES
from ui.sections import pinned_runs, quiz, results, take_along
from ui.sections.experiment import Experiment
from ui.sections.quiz.entries import ENTRIES, TOOLS
from ui.sections.story import all_together as story
from ui.sections.studies import significance
from ui.sections.test_set import open_test, opened_configs, sealed
from ui.terms import meaning
from ui.text import count, escape, stated
from ui.theme import LOSS
from ui.training import runs

PAGE = PAGES["all together"]
VALIDATION = 0.2
BATCHES = (16, 32, 64, 128, 256)
MAX_NOTICES = 3
DROPOUT = 0.2  # of the lesson


def settings() -> dict:
    """Draw every setting of the engine: the tools first, each behind its switch."""
    values: dict = {}
    for old in ("all_l2", "all_p"):
        controls.implied(old, f"use_{old.removeprefix('all_')}")
    if controls.toggle("L2", False, "use_l2", "Turn it up when the curves drift apart."):
        values["l2"] = controls.scale("λ", LAMBDAS, LESSON_L2, key="all_l2")
    if controls.toggle("Dropout", False, "use_p", "Turn it up when a wide network overfits."):
        p = controls.slider("Dropout probability p", 0.05, 0.8, DROPOUT, 0.05, key="all_p")
        values["dropout"] = round(p, 2)
    if controls.toggle(
        "Early stopping",
        False,
        "stop_early",
        "Use it when validation loss starts to rise; it also saves time.",
    ):
        values["patience"] = int(controls.slider("Patience", 1, 300, 50, 1, key="all_patience"))
        deltas = controls.MIN_DELTAS
        values["min_delta"] = controls.scale("min_delta", deltas, 0.0, key="all_delta")
    with st.expander("Network and training"):
        values |= network_and_training()
    return values


def network_and_training() -> dict:
    """Draw the settings of the network and of its training."""
    width, depth = controls.width(), controls.choice("Depth", (1, 2, 3), 1, key="depth")
    values: dict = {"hidden_sizes": (width,) * depth}
    values["seed"] = int(controls.whole("Seed", 0, 9999, 1, "all_seed", meaning("seed")))
    values["epochs"] = int(controls.slider("Epochs", 100, 10_000, 5000, 100, key="all_epochs"))
    values["lr"] = controls.learning_rate()
    momentum = controls.slider("Momentum μ", 0.0, 0.95, 0.9, 0.05, key="momentum")
    values["momentum"] = round(momentum, 2)
    if not controls.toggle("All rows in each step", True, key="all_rows"):
        values["batch_size"] = controls.choice("Batch size", BATCHES, 64, key="all_batch")
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


def draw(named: dict[str, Fit], current: Fit | None) -> None:
    """Draw one run in full, or the validation losses of several in one chart.

    The present run is solid, those to compare with it are dashed in their order.
    """
    parts = ("training", "validation") if len(named) == 1 else ("validation",)
    best = min(named, key=lambda name: sealed(named[name])["validation loss"])
    epoch, lowest = named[best].kept_epoch, sealed(named[best])["validation loss"]
    kept = kept_early(named)
    marks = [(epoch, lowest, f"kept: {count(epoch)}")] if best in kept else []
    lines, top = curves(named, "loss", parts), results.loss_top(*named.values(), parts=parts)
    against = [name for name, run in named.items() if run is not current]
    drawing = charts.curves(lines, LOSS, marks=marks, top=top, against=against, kept=kept)
    figure(drawing, tell_kept(best, named), wide(lines), grows=True)


def tell_kept(best: str, named: dict[str, Fit]) -> str:
    """Say which weights the best run keeps, and how well they do on validation rows."""
    run, loss = named[best], sealed(named[best])["validation loss"]
    if run.history.stop_reason == "diverged" and run.kept_epoch == run.history.stopped_epoch:
        return f"“{best}” diverged: after epoch {count(run.kept_epoch)} it has no loss to compare."
    epoch = count(run.kept_epoch)
    if len(named) > 1:
        return (
            f"Of the weights that each run keeps, those of “{best}” from epoch {epoch} have the "
            f"lowest validation loss: {stated(loss)}."
        )
    name = "This run" if best == pinned_runs.THIS_RUN else f"“{best}”"
    return f"{name} keeps the weights of epoch {epoch}. Their validation loss is {stated(loss)}."


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


def pin_form(config: Config | None, current: Fit | None) -> None:
    """Draw the field and the button that pin the run on the screen."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        placeholder = f"run {len(pinned_runs.pinned()) + 1}"
        length = pinned_runs.MAX_NAME_LENGTH
        name = st.text_input("Name", placeholder=placeholder, max_chars=length, key="new")
        cannot_pin = len(pinned_runs.pinned()) >= pinned_runs.MAX_PINS or current is None
        if st.button("Pin this run", disabled=cannot_pin, key="pin") and config:
            pinned_runs.add(name, config)
            st.rerun()
    st.caption(f"You can pin up to {pinned_runs.MAX_PINS} runs.")


contents = page.header(PAGE)
page.lead(
    f"Tune with training and validation {chosen.rows()}, pin the runs that you want to keep, and "
    "open the test set **once**."
)
pinned_runs.tell_if_gone()
data = chosen.spec(validation_size=VALIDATION)
split, shown = chosen.split(data), list(pinned_runs.pinned())
experiment = Experiment("all together")
with experiment.controls():
    config = configured(settings())
    if config is not None and config not in [pin.config for pin in shown]:
        shown.append(session.Pin(pinned_runs.THIS_RUN, config))
pair = rivals(config) if config is not None else []
entry = ENTRIES["all together"]
question = entry.ask(data, pair) if pair else None
experiment.ask(question)
configs = [pin.config for pin in shown]
configs += pair if question and (experiment.is_open or quiz.is_answered(question)) else []
trained = experiment.train([runs.Request(data, config) for config in configs], "Training")
named = {pin.name: run for pin, run in zip(shown, trained, strict=False)}
compared = dict(zip(TOOLS, trained[len(shown) :], strict=False))
current = next((run for run in trained if run.config == config), None)
if compared:
    experiment.reveal(*entry.judged(question, list(compared.values()), data))
with experiment.header:
    if current is not None:
        results.header(sealed(current), split, part="validation", of=current)
with experiment.notices:
    if current is not None:
        results.what_happened(current)
with experiment.picture:
    if named:
        draw(named | compared if experiment.is_compared else named, current)
    if config is not None and not experiment.is_open:
        note(f"The run on the screen: {pinned_runs.in_words(config)}.")
if experiment.is_open:
    page.stop(PAGE)
with experiment.aside:
    pin_form(config, current)
    if current is not None:
        is_sealed = config not in opened_configs(data)
        take_along.offer(PAGE.title, data, current, sealed=is_sealed)

if pinned_runs.pinned():
    layout.section("Pinned runs", "pins")
    compare(shown, named)
    pinned_runs.manage(data, named)

is_unsealed = bool(opened_configs(data))
layout.section("The test set is open" if is_unsealed else "The test set is sealed", "test-set")
if named:
    open_test(data, named, split)
with layout.deeper():
    for _ in layout.fold(story.TITLE, "story"):
        story.tell()
    if current is not None:
        for _ in layout.fold("The same run in PyTorch, line by line", "pytorch"):
            take_along.in_pytorch(data, current)
    if len(named) > 1 and is_unsealed:
        for _ in layout.fold("Is it real? The first and the last run on many splits", "real"):
            ends = {name: named[name] for name in (next(iter(named)), list(named)[-1])}
            significance.panel(
                data,
                {name: run.config for name, run in ends.items()},
                {name: scores(run.history, run.kept_epoch) for name, run in ends.items()},
                "together",
            )
    elif pinned_runs.pinned():
        st.caption(
            "Is the difference between the first and the last run real? Repeating it over many "
            "splits can tell, but each split opens a test set, so open this one first."
        )

page.footer(PAGE, story.known(named) if named else (), contents)
