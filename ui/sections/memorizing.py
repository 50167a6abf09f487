"""Memorizing made visible: networks of two features, and their predictions epoch by epoch.

Only a network of two features can be drawn. So this one has the settings of the page's experiment,
but two hidden layers, and few enough training rows to see each one.
"""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
import streamlit as st

from regcore import Config, Fit
from regcore.data.bundled import NOT_MEASURED, two_moons_truth
from regcore.experiments.decision_surface import CELLS, in_units, surfaces, true_surface
from regcore.experiments.parallel import Report
from regcore.training.prefixes import family
from ui import controls, layout, session
from ui.charts import decision_surface, figure, player
from ui.charts.frames import scores
from ui.data import chosen
from ui.data.spec import DataSpec, split_of
from ui.sections import results
from ui.sections.experiment import Experiment
from ui.text import count, score, share_of
from ui.training import runs

# One grid for runs of any length, so that a shorter run has the moments of a longer one.
MOMENTS = player.log_steps(20_000, 29)  # some 24 of the first 5,000 epochs
DEFAULT_ROWS = 120  # to train on: few enough to see each one
LAYERS = 2


def settings() -> DataSpec | None:
    """Draw the controls; return the data with two features, None if the table has fewer."""
    names = list(chosen.dataset().feature_names)
    if len(names) < 2:
        return None
    first, second = _axes()
    x = _feature("Horizontal axis", names, first, "across")
    y = _feature(
        "Vertical axis", [n for n in names if n != x], second if x != second else first, "up"
    )
    choices, default = _row_choices()
    label, key = f"{chosen.rows().capitalize()} shown", chosen.key("patients")
    rows = controls.choice(label, choices, default, key=key)
    return chosen.spec(features=(x, y), train_rows=rows)


def opening() -> DataSpec | None:
    """Return the data that are drawn while the controls are as the page opens, as `settings`."""
    if len(chosen.dataset().feature_names) < 2:
        return None
    return chosen.spec(features=_axes(), train_rows=_row_choices()[1])


def _axes() -> tuple[str, str]:
    """Return the two features that are drawn at first."""
    first, second = chosen.dataset().feature_names[:2]
    return ("glucose", "bmi") if chosen.is_lesson() else (first, second)


def _row_choices() -> tuple[list[int], int]:
    """Return the numbers of rows that can be drawn, and the one that is at first."""
    every = len(split_of(chosen.spec()).train)
    choices = [n for n in (60, DEFAULT_ROWS, 240) if n < every] or [every]
    return choices, DEFAULT_ROWS if DEFAULT_ROWS in choices else choices[-1]


def prepare(data: DataSpec, config: Config, report: Report) -> None:
    """Train the network that is drawn for `config`, and compute its picture."""
    _predictions(data, runs.train([request(data, config)], report)[0])


def _predictions(data: DataSpec, run: Fit) -> np.ndarray:
    """Return the predictions (moments, cells) of a network at each of its snapshots."""
    kin = "surface", family(run.config)
    return np.array(runs.computed_each(data, kin, run.snapshots, surfaces, split_of(data)))


def steps(config: Config, *drawn: Fit) -> list[int]:
    """Return the epochs whose predictions are drawn, from 0 to the last that a run has reached."""
    last = max((run.history.stopped_epoch for run in drawn), default=config.epochs)
    moments = [epoch for epoch in MOMENTS if epoch < config.epochs]
    return [epoch for epoch in (*moments, config.epochs) if epoch <= last]


def trained(
    data: DataSpec | None, configs: Mapping[str, Config], experiment: Experiment
) -> dict[str, Fit]:
    """Return the network that is drawn for each of `configs`; none if `data` is None."""
    if data is None:
        return {}
    chosen.split(data)
    requests = [request(data, config) for config in configs.values()]
    networks = experiment.train(requests, "Training the networks in the picture")
    return dict(zip(configs, networks, strict=True))


def draw_beside(
    data: DataSpec | None, networks: Mapping[str, Fit], known: Collection[str], plain: str = ""
) -> None:
    """Draw the networks side by side; an empty place for one that is not known yet.

    plain  the name of the one that no control changes: on a phone the last picture
    """
    if data is None or not networks:
        return
    columns = layout.beside(len(networks))
    for column, (name, run) in zip(columns, networks.items(), strict=True):
        with layout.part(column, "plain") if name == plain else column:
            if name in known:
                draw(data, name, run)
            else:
                _draw_unknown(data, name)


def draw(data: DataSpec, name: str, run: Fit) -> None:
    """Draw a network's prediction at each of its snapshots, with its training rows."""
    split, cells = split_of(data), _predictions(data, run)
    figure(
        decision_surface.surface(
            split, cells, chosen.dataset(), _title(data, name), _lies_told(run)
        ),
        _story(data, name, run),
        _table(run),
    )


def _draw_unknown(data: DataSpec, name: str) -> None:
    """Draw the training rows on gray, in the place of a prediction that is not known yet."""
    split = split_of(data)
    grey = np.full((1, CELLS * CELLS), 500.0)
    rows = decision_surface.points_table(split)
    picture = decision_surface.surface(split, grey, chosen.dataset(), title=_title(data, name))
    figure(picture, f"{name}: what will it predict?", rows)


def _title(data: DataSpec, name: str) -> str:
    """Return the title of a picture, whose network is another than that of the scores.

    Its two features stand at the axes.
    """
    return f"{name} · 2 layers, {chosen.some(len(split_of(data).train))}"


def zeros(data: DataSpec) -> str:
    """Say how many of the rows drawn have a zero that means "not measured"."""
    split = split_of(data)
    points = in_units(split.train.X, split)
    return results.drawn_zeros(points, data.features, NOT_MEASURED)


def draw_truth(data: DataSpec, noise: float) -> None:
    """Draw the true probability behind the moons, which no network can improve on."""
    split, table = split_of(data), chosen.dataset()

    def truth(X: np.ndarray) -> np.ndarray:
        return two_moons_truth(X, noise)

    points = in_units(split.test.X, split)
    best = float(np.mean((truth(points) > 0.5) == split.test.y))
    cells = runs.computed(data, "truth", true_surface, split, noise)
    figure(
        decision_surface.surface(split, cells, table, title="The truth"),
        f"The true probability with noise {noise:g}. Even if you knew it, you would classify only "
        f"{round(best * len(points))} of {len(points)} test points correctly.",
        decision_surface.points_table(split, truth),
    )


def _feature(label: str, names: list[str], default: str, key: str) -> str:
    key = session.register_control(chosen.key(key))
    locked = session.is_locked()
    place = names.index(default)
    return st.selectbox(label, names, place, key=key, persist_state="session", disabled=locked)


def request(data: DataSpec, config: Config) -> runs.Request:
    """Return the request of the network that is drawn for `config`."""
    drawn = config.but(hidden_sizes=config.hidden_sizes[:1] * LAYERS)
    return runs.Request(data, drawn, keep=tuple(steps(config)), digits=False)


def _table(run: Fit) -> pd.DataFrame:
    def told(column: str) -> list[str]:
        return [score(run.history.at(epoch)[column]) for epoch in run.snapshots]

    columns = {"epoch": list(run.snapshots), "training accuracy": told("train_accuracy")}
    if run.history.lies_fitted is not None:
        columns["lies fitted"] = told("lies_fitted")
    return pd.DataFrame(columns)


def _lies_told(run: Fit) -> list[str]:
    """Return how many of the lies are fitted, a text for each moment; [] without lies."""
    if run.history.lies_fitted is None:
        return []
    shares = [run.history.at(epoch)["lies_fitted"] for epoch in run.snapshots]
    return [f"{share:.0%} of the lies (ringed) fitted" for share in shares]


def _story(data: DataSpec, name: str, run: Fit) -> str:
    """Say how many training rows the network classifies correctly at the end."""
    last, n = max(run.snapshots), len(split_of(data).train)
    across, up = (feature.replace("_", " ") for feature in data.features)
    no, yes = chosen.dataset().outcomes
    if results.says_one_thing(run, split_of(data)):
        return (
            f"With {name}, this smaller network, which sees only {across} and {up}, predicts one "
            "outcome for everyone: "
            + (
                "its steps were too large to learn anything."
                if results.leapt(run)
                else "it underfits."
            )
        )
    return (
        f"With {name}, two hidden layers, and only {across} and {up}: after "
        f"{count(last)} epochs, {share_of(scores(run.history, last)['training'], n)} training "
        f"{chosen.rows()} {_right(data, run, last)}. Purple: {no}; gold: {yes}."
    )


def _right(data: DataSpec, run: Fit, epoch: int) -> str:
    """Say in which sense rows count as right: with flipped labels, not in that of the truth."""
    flipped = split_of(data).flipped
    if flipped is None:
        return "are classified correctly"
    lies = share_of(run.history.at(epoch)["lies_fitted"], int(flipped.sum()))
    return f"are predicted as their labels say, and so are {lies} whose label is flipped (ringed)"
