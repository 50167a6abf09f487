"""Memorizing made visible: a network of two features, and its prediction epoch by epoch."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from regcore import PRESETS, Fit
from regcore.data.bundled import NOT_MEASURED, two_moons_truth
from regcore.experiments.decision_surface import in_units, surfaces, true_surface
from ui import controls, layout, session
from ui.charts import animation, decision_surface, figure
from ui.charts.frames import column, scores
from ui.data import chosen
from ui.data.spec import DataSpec, split_of
from ui.sections import results
from ui.text import count, score, share_of
from ui.theme import neutral, type_size
from ui.training import progress, runs

SNAPSHOTS = (0, 1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 400, 500, 700, 1000, 1400, 2000, 3000)
DEFAULT_ROWS = 120  # to train on: few enough to see each one
PARTS, KINDS = ("training", "test"), ("accuracy", "loss")


def show() -> None:
    """Draw the controls, the animated surface, and for the moons the true probability."""
    names = chosen.dataset().feature_names
    if len(names) < 2:
        st.caption("A surface needs two features, and this table has one.")
        return
    st.markdown(
        "A network with two hidden layers sees only two features. Press *Play* below the chart, or "
        f"move through the epochs by hand: its prediction bends around single {chosen.rows()}."
    )
    left, right = layout.bench()
    with left:
        data = settings(names)
        chosen.split(data)
    config = PRESETS["memorize"].but(hidden_sizes=(64, 64), epochs=SNAPSHOTS[-1])
    with right:
        with progress.bar("Training on two features") as report:
            (run,) = runs.train([runs.Request(data, config, keep=SNAPSHOTS)], report)
        draw_memorizing(data, run)
        if data.noise is not None:
            draw_truth(data, data.noise)


def settings(names: tuple[str, ...]) -> DataSpec:
    """Draw the controls; return the data with two features and a number of rows."""
    first, second = ("glucose", "bmi") if chosen.is_lesson() else names[:2]
    key = session.register_control(chosen.key("across"))
    x = st.selectbox("Across", names, names.index(first), key=key, persist_state="session")
    others = [name for name in names if name != x]
    default = others.index(second if x != second else first)
    key = session.register_control(chosen.key("up"))
    y = st.selectbox("Up", others, default, key=key, persist_state="session")
    every = len(split_of(chosen.spec()).train)
    choices = [n for n in (60, DEFAULT_ROWS, 240) if n < every] or [every]
    default = DEFAULT_ROWS if DEFAULT_ROWS in choices else choices[-1]
    label, key = f"Training {chosen.rows()}", chosen.key("patients")
    rows = controls.choice(label, choices, default, key=key)
    return chosen.spec(features=(x, y), train_rows=rows)


def draw_memorizing(data: DataSpec, run: Fit) -> None:
    """Draw the surface of every snapshot, animated in the browser."""
    split, table = split_of(data), chosen.dataset()
    cells = runs.computed(data, "surface", surfaces, split, list(run.snapshots.values()))
    drawing = decision_surface.surface(split, cells, table)
    numbers = snapshots_table(run)
    more = {"params": animation.controls("Snapshot", 1, len(cells)), "title": heading(numbers)}
    figure(drawing.but(more), story(run, len(split.train), len(split.test)), numbers)
    results.amplified(scores(run.history))
    if table.lesson:
        points = in_units(split.train.X, split)
        st.caption(results.drawn_zeros(points, data.features, NOT_MEASURED))


def snapshots_table(run: Fit) -> pd.DataFrame:
    """Return the table twin: a row for each snapshot, with its accuracies and losses."""
    names = {f"{part} {kind}": column(part, kind) for kind in KINDS for part in PARTS}
    rows = [run.history.at(epoch) for epoch in run.snapshots]
    columns = {name: [score(row[key]) for row in rows] for name, key in names.items()}
    return pd.DataFrame({"epoch": list(run.snapshots)} | columns)


def heading(numbers: pd.DataFrame) -> dict[str, Any]:
    """Return the title of the chart: the epoch that is shown and its accuracies."""
    epochs = [f"Epoch {count(epoch)}" for epoch in numbers["epoch"]]
    train, test = (numbers[f"{part} accuracy"] for part in PARTS)
    return {
        "text": animation.told(epochs),
        "subtitle": animation.told("training accuracy " + train + ", test accuracy " + test),
        "anchor": "start",
        "fontSize": type_size() + 3,
        "subtitleFontSize": type_size(),
        "subtitleColor": neutral(),
        "offset": 8,
    }


def story(run: Fit, n_train: int, n_test: int) -> str:
    """Say how many rows are right at the first, the best and the last snapshot."""
    scores_at = {epoch: scores(run.history, epoch) for epoch in run.snapshots}
    first, last = min(scores_at), max(scores_at)
    best = max(scores_at, key=lambda epoch: scores_at[epoch]["test"])

    def right(epoch: int) -> str:
        train, test = scores_at[epoch]["training"], scores_at[epoch]["test"]
        return (
            f"{share_of(train, n_train)} training and {share_of(test, n_test)} test {chosen.rows()}"
        )

    return (
        f"Before training the network is right on {right(first)}; after {count(last)} epochs on "
        f"{right(last)}. Of the epochs shown {count(best)} is the best on test {chosen.rows()}, "
        f"with {right(best)}."
    )


def draw_truth(data: DataSpec, noise: float) -> None:
    """Draw the probability by which the moons were drawn, which no network can improve on."""
    split, table = split_of(data), chosen.dataset()

    def truth(X: np.ndarray) -> np.ndarray:
        return two_moons_truth(X, noise)

    points = in_units(split.test.X, split)
    best = float(np.mean((truth(points) > 0.5) == split.test.y))
    cells = runs.computed(data, "truth", true_surface, split, noise)
    drawing = decision_surface.surface(split, cells, table)
    figure(
        drawing.but({"params": animation.controls("Snapshot", 1, len(cells))}),
        f"The truth behind the moons, with noise {noise:g}: knowing it predicts "
        f"{round(best * len(points))} of {len(points)} test points correctly.",
        decision_surface.points_table(split, truth),
    )
