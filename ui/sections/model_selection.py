"""Choosing λ by one validation set or by cross-validation, and how a choice biases its score."""

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
FIXED_L2 = LESSON_L2  # for comparison: not chosen by its score
FOLDS = 5


def show() -> None:
    """One validation set, then k folds, then the optimism of the best of many."""
    rows = chosen.rows()
    say(
        f"If the test {rows} chose λ, their score would flatter it. So a fifth of the "
        f"training {rows} are set aside as a validation set, and **they** choose."
    )
    left, right = layout.bench(align="bottom")
    with left:
        base = PRESETS[controls.preset("lambdas_preset")]
    configs = tuple(base.but(l2=value) for value in STRENGTHS)
    data = chosen.spec(validation_size=0.2)
    with right, progress.bar(f"Training {len(STRENGTHS)} networks") as report:
        sweep = runs.train([runs.Request(data, config) for config in configs], report)
    validation = split_of(data).validation
    _choose(sweep, 0 if validation is None else len(validation))
    _folds(configs)
    _optimism(data, configs)


def _choose(sweep: list[Fit], n_validation: int) -> None:
    """Training and validation loss over λ; the lowest validation loss chooses."""
    losses = [last(run, "validation", "loss") for run in sweep]
    winner = losses.index(min(losses))
    l2, second = f"{STRENGTHS[winner]:g}", sorted(losses)[1]
    lines = frames.sweep_lines(STRENGTHS, sweep, "loss", ("training", "validation"))
    table = frames.sweep_table("λ", STRENGTHS, sweep, ("training", "validation", "test"))
    table.insert(1, "chosen", ["✓" if row == winner else "" for row in range(len(sweep))])
    figure(
        charts.sweep(lines, "λ", LOSS, chosen=l2),
        f"The {n_validation} validation {chosen.rows()} choose λ = {l2}, with the lowest "
        f"validation loss, {score(losses[winner])}. The runner-up has {score(second)}: "
        "neighboring values are hard to tell apart.",
        table,
    )
    st.table(
        table, hide_index=True, border="horizontal", alt="Scores of every λ, the chosen marked"
    )
    note(
        "The test columns are shown for teaching. In real work they stay hidden until λ is chosen: "
        f"then the accuracy is read once, here {score(last(sweep[winner], 'test', 'accuracy'))}."
    )


def _folds(configs: tuple[Config, ...]) -> None:
    """Draw cross-validation beside the single validation set, on request."""
    st.subheader(f"{FOLDS} folds instead of one validation set", anchor=False)
    say(
        f"One validation set is one random draw. Cut the training {chosen.rows()} into {FOLDS} "
        "folds, let each be the validation set once, and take the mean: every training "
        f"{chosen.row()} counts."
    )
    requested, data = session.state().setdefault("folds", set()), chosen.spec()
    if st.button(f"Cross-validate with {FOLDS} folds", key="folds_go"):
        requested.add((data, configs))
    if (data, configs) not in requested:
        return
    with progress.bar(f"Training {FOLDS * len(configs)} networks") as report:
        study = _cross_validated(data, configs, report)
    losses = np.column_stack([study.scores(i, "validation_loss") for i in range(len(configs))])
    means, winner = losses.mean(axis=0), best(study)
    names = [f"{l2:g}" for l2 in STRENGTHS]
    lines = pd.DataFrame({"setting": names, "part": "validation", "run": "", "value": means})
    table = pd.DataFrame(losses.T.round(3), columns=[f"fold {f}" for f in range(1, FOLDS + 1)])
    table.insert(0, "λ", names)
    table["mean"] = means.round(3)
    alone = ", ".join(names[i] for i in sorted(set(losses.argmin(axis=1))))
    figure(
        charts.sweep(lines, "λ", f"mean validation {LOSS}", chosen=names[winner]),
        f"The mean over {FOLDS} folds chooses λ = {names[winner]}, with a validation loss of "
        f"{score(means[winner])}. Alone, the folds would choose: {alone}.",
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
    """Measure on request how optimistic the validation loss of the chosen λ is."""
    st.subheader("The winner looks better than it is", anchor=False)
    st.markdown(
        f"The best of {len(configs)} on the validation set is also the luckiest of {len(configs)}. "
        f"How much of its score is luck? On many splits, compare its validation loss with its test "
        f"loss, and do the same for λ = {FIXED_L2:g}, which was fixed in advance."
    )
    study = repeated_splits.study(
        data, configs, "Measure over {} splits", "optimism", lambda study: ""
    )
    if study is None or len(study) < 2:
        return
    result = optimism(study, STRENGTHS.index(FIXED_L2))
    extra = result.chosen - result.fixed
    low, high = interval(extra, study.n_train, study.n_test)
    picks = np.bincount(result.picks, minlength=len(STRENGTHS))
    table = pd.DataFrame({"λ": [f"{l2:g}" for l2 in STRENGTHS], "chosen on": picks})
    favorite = int(picks.argmax())
    verdict = (
        "so choosing does flatter the score"
        if low > 0
        else "so these splits cannot tell whether choosing flatters the score"
    )
    figure(
        many_splits.choices(table),
        f"Over {len(study)} splits the validation set chose λ = {STRENGTHS[favorite]:g} most "
        f"often, on {picks[favorite]}. Test loss minus validation loss is "
        f"{signed(float(result.chosen.mean()))} on average for the chosen λ and "
        f"{signed(float(result.fixed.mean()))} for the fixed one. The choice adds "
        f"{signed(float(extra.mean()))}, with a 95 % interval from {signed(low)} to "
        f"{signed(high)}, {verdict}.",
        table,
    )
