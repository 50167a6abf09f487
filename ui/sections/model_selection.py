"""Choosing λ: by one validation set, by cross-validation, and what a choice does to its score."""

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from regcore import PRESETS, Config, Fit
from regcore.config import LAMBDAS, LESSON_L2
from regcore.experiments.comparison import interval
from regcore.experiments.cross_validation import best, optimism
from regcore.experiments.outcome import train_outcome
from regcore.experiments.parallel import Job, Report
from regcore.experiments.study import Study, gathered
from ui import charts, controls, layout, session
from ui.charts import figure, frames, many_splits
from ui.charts.frames import last
from ui.data import chosen
from ui.data.spec import DataSpec, folds_of, split_of
from ui.glossary import note, say
from ui.sections import repeated_splits
from ui.text import score, signed
from ui.theme import LOSS
from ui.training import progress, runs
from ui.training.cache import cache_of
from workers import executor

STRENGTHS = (0.0, *LAMBDAS[2:9])
FIXED = LESSON_L2  # chosen by nobody
FOLDS = 5


def show() -> None:
    """One validation set, then k folds, then the optimism of the best of many."""
    rows = chosen.rows()
    say(
        f"A λ chosen by the test {rows} would be flattered by them. So a fifth of the "
        f"training {rows} are set aside as a validation set, and **they** choose."
    )
    left, right = layout.bench(align="bottom")
    with left:
        base = PRESETS[controls.preset("lambdas_preset")]
    configs = tuple(base.but(l2=value) for value in STRENGTHS)
    data = chosen.spec(validation_size=0.2)
    with right, progress.bar(f"Training {len(STRENGTHS)} networks") as report:
        found = runs.train([runs.Request(data, config) for config in configs], report)
    watching = split_of(data).validation
    _choose(found, 0 if watching is None else len(watching))
    _folds(configs)
    _optimism(data, configs)


def _choose(found: list[Fit], voters: int) -> None:
    """Training and validation loss over λ; the lowest validation loss chooses."""
    losses = [last(run, "validation", "loss") for run in found]
    winner = losses.index(min(losses))
    l2, second = f"{STRENGTHS[winner]:g}", sorted(losses)[1]
    lines = frames.sweep_lines(STRENGTHS, found, "loss", ("training", "validation"))
    table = frames.sweep_table("λ", STRENGTHS, found, ("training", "validation", "test"))
    table.insert(1, "chosen", ["✓" if row == winner else "" for row in range(len(found))])
    figure(
        charts.sweep(lines, "λ", LOSS, chosen=l2),
        f"The {voters} validation {chosen.rows()} choose λ = {l2}, with the lowest validation "
        f"loss, {score(losses[winner])}. The runner-up has {score(second)}: neighbours are hard to "
        "tell apart.",
        table,
    )
    st.table(
        table, hide_index=True, border="horizontal", alt="Scores of every λ, the chosen marked"
    )
    note(
        "The test columns are here to learn from. In real work they stay closed until λ is chosen: "
        f"then the accuracy is read once, here {score(last(found[winner], 'test', 'accuracy'))}."
    )


def _folds(configs: tuple[Config, ...]) -> None:
    """Cross-validation beside the single validation set, when asked for."""
    st.subheader(f"{FOLDS} folds instead of one validation set", anchor=False)
    say(
        f"One validation set is one draw. Cut the training {chosen.rows()} into {FOLDS} folds, let "
        f"each be the validation set once, and take the mean: every training {chosen.row()} has a "
        "say."
    )
    asked, data = session.state().setdefault("folds", set()), chosen.spec()
    if st.button(f"Cross-validate with {FOLDS} folds", key="folds_go"):
        asked.add((data, configs))
    if (data, configs) not in asked:
        return
    with progress.bar(f"Training {FOLDS * len(configs)} networks") as report:
        study = _cross_validated(data, configs, report)
    losses = np.column_stack([study.scores(i, "validation_loss") for i in range(len(configs))])
    means, chosen_place = losses.mean(axis=0), best(study)
    names = [f"{l2:g}" for l2 in STRENGTHS]
    lines = pd.DataFrame({"setting": names, "part": "validation", "run": "", "value": means})
    table = pd.DataFrame(losses.T.round(3), columns=[f"fold {f}" for f in range(1, FOLDS + 1)])
    table.insert(0, "λ", names)
    table["mean"] = means.round(3)
    alone = ", ".join(names[i] for i in sorted(set(losses.argmin(axis=1))))
    figure(
        charts.sweep(lines, "λ", f"mean validation {LOSS}", chosen=names[chosen_place]),
        f"The mean over {FOLDS} folds chooses λ = {names[chosen_place]}, with a validation loss of "
        f"{score(means[chosen_place])}. Alone, the folds would choose: {alone}.",
        table,
    )


def _cross_validated(data: DataSpec, configs: tuple[Config, ...], report: Report) -> Study:
    splits, pool = folds_of(data, FOLDS), executor()
    keys = [("fold", data, config, fold) for fold in range(FOLDS) for config in configs]

    def start(key: tuple[str, DataSpec, Config, int]) -> Job:
        _, _, config, fold = key
        return Job(pool, partial(train_outcome, splits[fold], config))

    outcomes = iter(cache_of(data).get_all(keys, start, report, pool))
    placed = {
        (fold, place): next(outcomes) for fold in range(FOLDS) for place in range(len(configs))
    }
    return gathered(configs, splits[0], placed, FOLDS)


def _optimism(data: DataSpec, configs: tuple[Config, ...]) -> None:
    """By how much the best of many flatters itself on the rows that chose it, when asked for."""
    st.subheader("The winner looks better than it is", anchor=False)
    st.markdown(
        f"The best of {len(configs)} on the validation set is also the luckiest of {len(configs)}. "
        f"How much of its score is luck? On many splits, compare its validation loss with its test "
        f"loss, and do the same for λ = {FIXED:g}, which nobody chose."
    )
    study = repeated_splits.study(
        data, configs, "Measure over {} splits", "optimism", lambda study: ""
    )
    if study is None or len(study) < 2:
        return
    found = optimism(study, STRENGTHS.index(FIXED))
    extra = found.chosen - found.fixed
    low, high = interval(extra, study.n_train, study.n_test)
    picks = np.bincount(found.picks, minlength=len(STRENGTHS))
    table = pd.DataFrame({"λ": [f"{l2:g}" for l2 in STRENGTHS], "chosen on": picks})
    favourite = int(picks.argmax())
    verdict = (
        "so the choice does flatter itself"
        if low > 0
        else "so these splits cannot tell whether the choice flatters itself"
    )
    figure(
        many_splits.choices(table),
        f"Over {len(study)} splits the validation set chose λ = {STRENGTHS[favourite]:g} most "
        f"often, on {picks[favourite]}. Test loss minus validation loss is "
        f"{signed(float(found.chosen.mean()))} on average for the chosen λ and "
        f"{signed(float(found.fixed.mean()))} for the fixed one. The choice adds "
        f"{signed(float(extra.mean()))}, with a 95 % interval from {signed(low)} to "
        f"{signed(high)}, {verdict}.",
        table,
    )
