"""Answers without code: controls to train networks, and fields to fill in."""

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
import streamlit as st

from regcore import PRESETS
from regcore.config import LESSON_SWEEP
from regcore.exercises import (
    l2_sweep,
    learning_curves,
    reference_runs,
    smaller_network,
    weight_decay,
)
from ui import charts, layout, session
from ui.charts import figure, frames
from ui.data.spec import DataSpec
from ui.text import score
from ui.theme import LOSS
from ui.training import progress, runs

UNITS = (4, 64)


def laboratory() -> None:
    """Train with chosen settings; list all runs so far in a table."""
    notes = session.state().setdefault("notes", {})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        units = _pick("Hidden units", UNITS, 64, "lab_units")
        l2 = _pick("λ", LESSON_SWEEP, 0.0, "lab_l2")
        go = st.button("Run", key="lab_run")
    if go:
        with progress.bar("Training") as report:
            config = PRESETS["as printed"].but(hidden_sizes=(units,), l2=l2)
            (run,) = runs.train([runs.Request(DataSpec(), config)], report)
        train, test = reference_runs.scores(run)
        notes[units, l2] = {
            "units": units,
            "λ": f"{l2:g}",
            "training accuracy": score(train),
            "test accuracy": score(test),
            "mean |W1|": score(reference_runs.mean_size(run)),
        }
    if not notes:
        st.caption("Your runs will be listed here.")
        return
    st.table(pd.DataFrame(notes.values()), hide_index=True, border="horizontal", alt="Your runs")


def answer_sweep() -> dict[str, Any]:
    """Task 1: four gaps, and how the training accuracy changes."""
    laboratory()
    with st.container(horizontal=True):
        gaps = _figures("Gap", l2_sweep.LAMBDAS, "gap")
    change = _pick("From λ = 0 to 0.2 the training accuracy …", l2_sweep.CHANGES, None, "change")
    return {"gaps": gaps, "training accuracy": change}


def answer_smaller() -> dict[str, Any]:
    """Task 2: two gaps, and which tool leaves the smaller one."""
    laboratory()
    large, small, tool = smaller_network.KEYS
    with st.container(horizontal=True):
        gaps = {name: _figure(name.capitalize(), name) for name in (large, small)}
    return {**gaps, tool: _pick("Smaller gap", smaller_network.TOOLS, None, "tool")}


def answer_sizes() -> dict[float, Any]:
    """Task 3: mean |W1| without and with L2."""
    laboratory()
    with st.container(horizontal=True):
        return _figures("Mean |W1|", weight_decay.LAMBDAS, "size")


def answer_choosing() -> dict[str, Any]:
    """Task 7: choose λ from a real sweep."""
    names = {name: name.replace("_", " ") for name in reference_runs.SCORES}
    table = pd.DataFrame(reference_runs.sweep()).rename(columns={**names, "l2": "λ"})
    shown = table.map("{:.3f}".format).assign(**{"λ": [f"{l2:g}" for l2 in reference_runs.LAMBDAS]})
    st.table(shown, hide_index=True, border="horizontal", alt="The last scores of every λ")
    return {"l2": _pick("Your λ", reference_runs.LAMBDAS, None, "chosen_l2")}


def answer_curves() -> dict[str, Any]:
    """Task 8: a reading for each of four pairs of curves."""
    pairs, readings = learning_curves.pairs(), {}
    for names in (("A", "B"), ("C", "D")):
        for column, name in zip(layout.beside(), names, strict=True):
            with column:
                st.markdown(f"**{name}**, {pairs[name].patients} validation patients")
                _draw(name, pairs[name])
                key = f"reading_{name}"
                readings[name] = _pick(f"{name} …", learning_curves.READINGS, None, key)
    return readings


FORMS: dict[str, Callable[[], dict]] = {
    "l2-sweep": answer_sweep,
    "smaller-network": answer_smaller,
    "weight-decay": answer_sizes,
    "model-selection": answer_choosing,
    "learning-curves": answer_curves,
}


def _draw(name: str, pair: learning_curves.Pair) -> None:
    lines = frames.curves({"": pair.run}, "loss", ("training", "validation"))
    first, last = (frames.scores(pair.run.history, epoch) for epoch in (0, None))
    ends = " and ".join(
        f"{part} loss from {score(first[f'{part} loss'])} to {score(last[f'{part} loss'])}"
        for part in ("training", "validation")
    )
    # the same axis for all four, so that slopes can be compared
    drawing = charts.curves(lines, LOSS, top=1.3, bottom=0.0, baseline=reference_runs.guessing())
    figure(drawing, f"{name}: {ends}.", frames.wide(lines))


def _figures(what: str, strengths: Iterable[float], key: str) -> dict[float, float | None]:
    return {l2: _figure(f"{what}, λ = {l2:g}", f"{key}_{l2}") for l2 in strengths}


def _figure(label: str, key: str) -> float | None:
    key = f"answer_{key}"
    return st.number_input(
        label, -100.0, 100.0, None, 0.001, "%.3f", key, persist_state="session", width=150
    )


def _pick(label: str, options: Any, default: Any, key: str) -> Any:
    key, required = f"answer_{key}", default is not None
    return st.segmented_control(
        label, options, default=default, key=key, persist_state="session", required=required
    )
