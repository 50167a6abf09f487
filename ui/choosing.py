"""Choosing λ: by one validation set, by cross-validation, and what a choice does to its score."""

import numpy as np
import pandas as pd
import streamlit as st

from regcore import PRESETS, Config, Fit
from regcore.comparison import interval
from regcore.selection import best, cross_validate, optimism
from regcore.study import Study
from regcore.workers import workers
from ui import charts, controls, layout, repeats, results, runs, splits, tables
from ui.glossary import note, say
from ui.look import LOSS, score, signed
from ui.records import last
from ui.store import Report
from ui.template import figure

LAMBDAS = (0.0, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2)
FIXED = 0.05  # the λ of the lesson, chosen by nobody
FOLDS = 5


def show() -> None:
    """One validation set, then k folds, then the optimism of the best of many."""
    rows = tables.rows()
    say(
        f"A λ chosen by the test {rows} would be flattered by them. So a fifth of the "
        f"training {rows} are set aside as a validation set, and **they** choose."
    )
    left, right = layout.bench(align="bottom")
    with left:
        base = PRESETS[controls.preset("lambdas_preset")]
    configs = tuple(base.but(l2=value) for value in LAMBDAS)
    data = tables.data(validation_size=0.2)
    with right, runs.progress(f"Training {len(LAMBDAS)} networks") as report:
        found = runs.train([runs.Request(data, config) for config in configs], report)
    watching = runs.prepare(data).validation
    _choose(found, 0 if watching is None else len(watching))
    _folds(configs)
    _optimism(data, configs)


def _choose(found: list[Fit], voters: int) -> None:
    """Training and validation loss over λ; the lowest validation loss chooses."""
    losses = [last(run, "validation", "loss") for run in found]
    best = losses.index(min(losses))
    chosen, second = f"{LAMBDAS[best]:g}", sorted(losses)[1]
    lines = results.sweep_lines(LAMBDAS, found, "loss", ("training", "validation"))
    table = results.sweep_table("λ", LAMBDAS, found, ("training", "validation", "test"))
    table.insert(1, "chosen", ["✓" if row == best else "" for row in range(len(found))])
    figure(
        charts.sweep(lines, "λ", LOSS, chosen=chosen),
        f"The {voters} validation {tables.rows()} choose λ = {chosen}, with the lowest validation "
        f"loss, {score(losses[best])}. The runner-up has {score(second)}: neighbours are hard to "
        "tell apart.",
        table,
    )
    st.table(
        table, hide_index=True, border="horizontal", alt="Scores of every λ, the chosen marked"
    )
    note(
        "The test columns are here to learn from. In real work they stay closed until λ is chosen: "
        f"then the accuracy is read once, here {score(last(found[best], 'test', 'accuracy'))}."
    )


def _folds(configs: tuple[Config, ...]) -> None:
    """Cross-validation beside the single validation set, when asked for."""
    st.subheader(f"{FOLDS} folds instead of one validation set", anchor=False)
    say(
        f"One validation set is one draw. Cut the training {tables.rows()} into {FOLDS} folds, let "
        f"each be the validation set once, and take the mean: every training {tables.row()} has a "
        "say."
    )
    asked: set[object] = st.session_state.setdefault("folds", set())
    data = tables.data()
    if st.button(f"Cross-validate with {FOLDS} folds", key="folds_go"):
        asked.add((data, configs))
    if (data, configs) not in asked:
        return
    with runs.progress(f"Training {FOLDS * len(configs)} networks") as report:
        study = _cross_validated(data, configs, report)
    losses = np.column_stack([study.scores(i, "validation_loss") for i in range(len(configs))])
    means, chosen = losses.mean(axis=0), best(study)
    names = [f"{l2:g}" for l2 in LAMBDAS]
    lines = pd.DataFrame({"setting": names, "part": "validation", "run": "", "value": means})
    table = pd.DataFrame(losses.T.round(3), columns=[f"fold {f}" for f in range(1, FOLDS + 1)])
    table.insert(0, "λ", names)
    table["mean"] = means.round(3)
    alone = ", ".join(names[i] for i in sorted(set(losses.argmin(axis=1))))
    figure(
        charts.sweep(lines, "λ", f"mean validation {LOSS}", chosen=names[chosen]),
        f"The mean over {FOLDS} folds chooses λ = {names[chosen]}, with a validation loss of "
        f"{score(means[chosen])}. Alone, the folds would choose: {alone}.",
        table,
    )


def _cross_validated(data: runs.Data, configs: tuple[Config, ...], report: Report) -> Study:
    def compute(advance: Report) -> Study:
        table = runs.dataset(data)
        return cross_validate(table, configs, FOLDS, executor=workers(), on_progress=advance)

    return runs.store(data).get((data, "folds", configs), compute, report)


def _optimism(data: runs.Data, configs: tuple[Config, ...]) -> None:
    """By how much the best of many flatters itself on the rows that chose it, when asked for."""
    st.subheader("The winner looks better than it is", anchor=False)
    st.markdown(
        f"The best of {len(configs)} on the validation set is also the luckiest of {len(configs)}. "
        f"How much of its score is luck? On many splits, compare its validation loss with its test "
        f"loss, and do the same for λ = {FIXED:g}, which nobody chose."
    )
    study = repeats.study(data, configs, "Measure over {} splits", "optimism", lambda study: "")
    if study is None or len(study) < 2:
        return
    found = optimism(study, LAMBDAS.index(FIXED))
    extra = found.chosen - found.fixed
    low, high = interval(extra, study.n_train, study.n_test)
    picks = np.bincount(found.picks, minlength=len(LAMBDAS))
    table = pd.DataFrame({"λ": [f"{l2:g}" for l2 in LAMBDAS], "chosen on": picks})
    favourite = int(picks.argmax())
    verdict = (
        "so the choice does flatter itself"
        if low > 0
        else "so these splits cannot tell whether the choice flatters itself"
    )
    figure(
        splits.choices(table),
        f"Over {len(study)} splits the validation set chose λ = {LAMBDAS[favourite]:g} most often, "
        f"on {picks[favourite]}. Test loss minus validation loss is "
        f"{signed(float(found.chosen.mean()))} on average for the chosen λ and "
        f"{signed(float(found.fixed.mean()))} for the fixed one. The choice adds "
        f"{signed(float(extra.mean()))}, with a 95 % interval from {signed(low)} to "
        f"{signed(high)}, {verdict}.",
        table,
    )
