"""All tools on one bench: tune on validation patients, compare, and open the test set once."""

from dataclasses import asdict

import pandas as pd
import streamlit as st

from regcore import Config, Fit
from regcore.script import script_for
from ui import charts, controls, page, pins, results, runs
from ui.look import LOSS, count, plain, score
from ui.records import curves, scores, wide

ROOM = page.PAGES[4]
VALIDATION = 0.2
DATA = runs.Data(validation_size=VALIDATION)
BATCHES = (16, 32, 64, 128, 256)
MOST_NOTICES = 3
STRENGTHS = (0.0, *controls.LAMBDAS)


def settings() -> dict:
    """Every setting of the engine, grouped by tool, each with a word on when to turn it up."""
    chosen: dict = {}
    with st.expander("Network", key="tool_network"):
        st.caption("More capacity, when even the training score stays low.")
        width, depth = controls.width(), controls.choice("Depth", (1, 2, 3), 1, key="depth")
        chosen["hidden_sizes"] = (width,) * depth
        chosen["seed"] = int(controls.whole("Seed", 0, 9999, 1, key="all_seed"))
    with st.expander("Descent", key="tool_descent"):
        st.caption("Longer and faster, when the curves are still falling at the end.")
        chosen["epochs"] = controls.slider("Epochs", 100, 10_000, 5000, 100, key="all_epochs")
        chosen["lr"] = controls.learning_rate()
        momentum = controls.slider("Momentum μ", 0.0, 0.95, 0.9, 0.05, key="momentum")
        chosen["momentum"] = round(momentum, 2)
        full = controls.toggle("All rows in each step", True, key="all_rows")
        if not full:
            chosen["batch_size"] = controls.choice("Batch size", BATCHES, 64, key="all_batch")
    with st.expander("L2", key="tool_l2"):
        st.caption("Turn it up when weights grow large and the losses part.")
        chosen["l2"] = controls.scale("λ", STRENGTHS, 0.0, key="all_l2")
    with st.expander("Dropout", key="tool_dropout"):
        st.caption("Turn it up when a wide network leans on few units.")
        chosen["dropout"] = round(controls.slider("Drop p", 0.0, 0.8, 0.0, 0.05, key="all_p"), 2)
    with st.expander("Early stopping", key="tool_stopping"):
        st.caption("Use it when validation loss turns and you cannot wait; it costs nothing.")
        if controls.toggle("Stop early", False, key="stop_early"):
            chosen["patience"] = controls.slider("Patience", 1, 300, 50, 1, key="all_patience")
            chosen["min_delta"] = controls.scale(
                "min_delta", controls.MIN_DELTAS, 0.0, key="all_delta"
            )
    return chosen


def sealed(run: Fit) -> dict[str, float]:
    """The scores of the weights that a run keeps, without a word about the test set."""
    found = scores(run.history, run.kept_epoch)
    kept = {k: v for k, v in found.items() if "test" not in k}
    return kept | {"gap": found["training"] - found["validation"]}


def draw(named: dict[str, Fit]) -> None:
    """One run in full; of several, only the validation losses, laid over each other."""
    parts, marks = ("training", "validation"), []
    best = min(named, key=lambda name: sealed(named[name])["validation loss"])
    epoch, lowest = named[best].kept_epoch, sealed(named[best])["validation loss"]
    if len(named) > 1:
        parts = ("validation",)
    elif named[best].config.patience is not None:
        marks = [(epoch, lowest, f"kept: {count(epoch)}")]
    lines = curves(named, "loss", parts)
    charts.figure(
        charts.curves(lines, LOSS, marks=marks, top=results.loss_top(*named.values(), parts=parts)),
        f"{best}: the weights of epoch {count(epoch)} are kept, with a validation loss of "
        f"{score(lowest)}" + (", the lowest of the runs drawn." if len(named) > 1 else "."),
        wide(lines),
    )


def manage() -> None:
    """The pinned runs: rename, remove, script."""
    for index, pin in enumerate(pins.pinned()):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input(
                f"Name of run {index + 1}", pin.name, max_chars=pins.LONGEST, key=f"name_{pin}"
            )
            if name != pin.name:
                pins.rename(index, name)
                if pins.pinned()[index] != pin:  # a space more is no other name
                    st.rerun()
            if st.button("Remove", key=f"remove_{pin}"):
                pins.remove(index)
                st.rerun()
            st.download_button(
                "Script",
                script_for(pin.name, pin.config, VALIDATION),
                file_name=pins.file_name(pin.name, ".py"),
                mime="text/x-python",
                key=f"script_{pin}",
                on_click="ignore",
            )


def compare(shown: list[pins.Pin], named: dict[str, Fit]) -> None:
    """Settings and scores side by side, and a warning where no single cause can be named."""
    results.table({name: sealed(run) for name, run in named.items()}, alt="Scores of the runs")
    st.table(
        pins.settings_table(shown),
        hide_index=True,
        border="horizontal",
        alt="Settings of the runs, those that differ first",
    )
    if doubtful := pins.confounded(shown):
        st.info(
            plain("; ".join(doubtful[:MOST_NOTICES]))
            + ". Where two runs differ in more than one setting, no single cause can be named."
        )
    rows = [
        {"run": pins.safe_cell(pin.name), **asdict(pin.config), **sealed(named[pin.name])}
        for pin in shown
    ]
    st.download_button(
        "Comparison as CSV",
        pd.DataFrame(rows).to_csv(index=False),
        file_name="comparison.csv",
        mime="text/csv",
        on_click="ignore",
    )


def opened_configs() -> list[Config]:
    """The settings of the runs that the test set has judged, in this session."""
    return st.session_state.setdefault("opened", [])


def unseal(config: Config) -> None:
    """Open the test set for a run; to look again at what is open costs nothing."""
    if config not in opened_configs():
        opened_configs().append(config)


def open_test(named: dict[str, Fit], split: runs.Split) -> None:
    """The deliberate act, counted, and what it reveals."""
    name = st.selectbox("Run to be judged", list(named), index=len(named) - 1, key="judged")
    judged = named[name].config
    st.button("Open the test set", type="primary", key="open_test", on_click=unseal, args=(judged,))
    opened = opened_configs()
    times = ("never", "once")[len(opened)] if len(opened) < 2 else f"{len(opened)} times"
    st.markdown(f"The test set has been opened **{times}** in this session.")
    if len(opened) > 1:
        st.caption("Each look makes the next one less honest: a choice made after it has seen it.")
    for label, run in named.items():
        if run.config in opened:
            st.markdown(f"**{plain(label)}**: {flattery(run, split)}")


def flattery(run: Fit, split: runs.Split) -> str:
    """How far the validation score was from the test score, and how far luck alone may be."""
    found = scores(run.history, run.kept_epoch)
    pairs = [(found[part], len(getattr(split, part))) for part in ("validation", "test")]
    luck = sum(share * (1.0 - share) / n for share, n in pairs) ** 0.5
    away = found["validation"] - found["test"]
    return (
        f"validation accuracy {score(found['validation'])}, test accuracy "
        f"**{score(found['test'])}**. The validation score "
        + (f"flattered it by {score(away)}" if away > 0 else f"was too modest by {score(-away)}")
        + f"; with {pairs[0][1]} and {pairs[1][1]} patients luck alone moves this by about "
        f"±{score(luck)}."
    )


page.frame(ROOM)
st.markdown(
    "Every tool of the lesson on one bench. Tune with training and validation patients, pin what "
    "you want to keep, and open the test set **once**, when you have chosen."
)
split, shown = runs.prepare(DATA), list(pins.pinned())
top = st.container()
left, right = st.columns([1, 3], gap="medium")
with left:
    try:
        config = Config(**settings())
    except ValueError as error:
        st.error(str(error))
        config = None
    if config is not None and config not in [pin.config for pin in shown]:
        shown.append(pins.Pin(pins.THIS_RUN, config))
    with runs.progress("Training") as report:
        trained = runs.train([runs.Request(DATA, pin.config) for pin in shown], report)
named = {pin.name: run for pin, run in zip(shown, trained, strict=True)}
now = next((run for run in trained if run.config == config), None)
if now is not None:
    with top:
        results.header(sealed(now), split, part="validation")
    with left:
        results.what_happened(now)
with right:
    if named:
        draw(named)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "Name", placeholder=f"run {len(pins.pinned()) + 1}", max_chars=pins.LONGEST, key="new"
        )
        no_room = len(pins.pinned()) >= pins.MOST or now is None
        if st.button("Pin this run", type="primary", disabled=no_room, key="pin"):
            pins.add(name, config)
            st.rerun()
    st.caption(
        f"Up to {pins.MOST} runs can be pinned. The button at the corner of the chart saves it as "
        "PNG. The settings are in the link of this page."
    )

if pins.pinned():
    st.header("Pinned runs", anchor=False)
    compare(shown, named)
    manage()

st.header("The test set is open" if opened_configs() else "The test set is sealed", anchor=False)
if named:
    open_test(named, split)
st.caption(
    "On the other pages test scores are shown to learn from. Here, as in real work, they stay "
    "closed until you have chosen."
)

page.way_on(ROOM)
