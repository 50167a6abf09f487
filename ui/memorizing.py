"""Memorizing made visible: a network of two features, and its belief epoch by epoch."""

import numpy as np
import streamlit as st

from regcore import PRESETS, Fit
from regcore.datasets import NOT_MEASURED, two_moons_truth
from ui import controls, results, runs, surface, tables
from ui.look import count, score
from ui.records import scores
from ui.template import figure

SNAPSHOTS = (0, 1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 400, 500, 700, 1000, 1400, 2000, 3000)
USUAL = 120  # rows to train on: few enough to be told apart


def show() -> None:
    """Controls, the surface with an epoch slider, and for the moons the truth behind them."""
    names = tables.table().feature_names
    if len(names) < 2:
        st.caption("A surface needs two features, and this table has one.")
        return
    st.markdown(
        "A network of two hidden layers sees two features only. Move the epoch and watch its "
        f"belief bend around single {tables.rows()}."
    )
    data = settings(names)
    tables.split(data)
    config = PRESETS["memorize"].but(hidden_sizes=(64, 64), epochs=SNAPSHOTS[-1])
    with runs.progress("Training on two features") as report:
        (run,) = runs.train([runs.Request(data, config, keep=SNAPSHOTS)], report)
    draw_snapshot(data, run)
    if data.noise is not None:
        draw_truth(runs.prepare(data), data.noise)


def settings(names: tuple[str, ...]) -> runs.Data:
    """Which two features, and on how many rows."""
    columns = st.columns(3, gap="medium")
    first, second = ("glucose", "bmi") if tables.is_lesson() else names[:2]
    with columns[0]:
        x = st.selectbox(
            "Across", names, names.index(first), key=tables.key("across"), persist_state="session"
        )
    with columns[1]:
        others = [name for name in names if name != x]
        usual = others.index(second if x != second else first)
        y = st.selectbox("Up", others, usual, key=tables.key("up"), persist_state="session")
    with columns[2]:
        every = len(runs.prepare(tables.data()).train)
        choices = [n for n in (60, USUAL, 240) if n < every] or [every]
        usual = USUAL if USUAL in choices else choices[-1]
        label, key = f"Training {tables.rows()}", tables.key("patients")
        rows = controls.choice(label, choices, usual, key=key)
    return tables.data(features=(x, y), train_rows=rows)


@st.fragment  # moving through the snapshots draws this part alone
def draw_snapshot(data: runs.Data, run: Fit) -> None:
    """The surface of one recorded epoch, which the learner chooses."""
    left, right = st.columns([1, 3], gap="medium")
    with left:
        epochs = list(run.snapshots)
        epoch = st.select_slider("Epoch", epochs, epochs[-1], format_func=count, key="snapshot")
        now = scores(run.history, epoch)
        st.metric("Training accuracy", score(now["training"]))
        st.metric("Test accuracy", score(now["test"]))
    split, params = runs.prepare(data), run.snapshots[epoch]
    n_train, n_test, rows = len(split.train), len(split.test), tables.rows()
    believed, table = surface.believed(split, params), tables.table()
    with right:
        figure(
            surface.surface(split, believed, table.outcomes, table.row),
            f"After {count(epoch)} epochs {round(now['training'] * n_train)} of {n_train} "
            f"training {rows} are predicted correctly, and "
            f"{round(now['test'] * n_test)} of {n_test} test {rows}.",
            surface.points_table(split, believed),
        )
        if table.lesson:
            points = surface.raw(split.train.X, split)
            st.caption(results.drawn_zeros(points, data.features, NOT_MEASURED))


def draw_truth(split: runs.Split, noise: float) -> None:
    """What no network can know better: the probability by which the moons were drawn."""
    table = tables.table()

    def truth(X: np.ndarray) -> np.ndarray:
        return two_moons_truth(X, noise)

    points = surface.raw(split.test.X, split)
    best = float(np.mean((truth(points) > 0.5) == split.test.y))
    figure(
        surface.surface(split, truth, table.outcomes, table.row),
        f"The truth behind the moons, with noise {noise:g}: whoever knows it predicts "
        f"{round(best * len(points))} of {len(points)} test points correctly.",
        surface.points_table(split, truth),
    )
