"""Choosing λ by one validation set or by cross-validation, and how a choice biases its score."""

from functools import partial
from itertools import product

import numpy as np
import pandas as pd
import streamlit as st

from regcore import PRESETS, Config, Fit
from regcore.config import LAMBDAS, LESSON_L2
from regcore.experiments.comparison import interval
from regcore.experiments.cross_validation import best, optimism
from regcore.experiments.outcome import train_outcome
from regcore.experiments.parallel import Job
from regcore.experiments.study import Study, gathered
from ui import charts, controls
from ui.charts import figure, frames, many_splits
from ui.charts.frames import last
from ui.data import chosen
from ui.data.spec import DataSpec, folds_of, split_of
from ui.glossary import note, say
from ui.sections.studies import on_request, repeated_splits
from ui.sections.studies.repeated_splits import Configs
from ui.text import signed, stated
from ui.theme import LOSS
from ui.training import progress, runs, speed
from workers import executor

STRENGTHS = (0.0, *LAMBDAS[2:9])
FIXED_L2 = LESSON_L2  # for comparison: not chosen by its score
FOLDS = 5


def show() -> None:
    """Draw the sweep over λ with one validation set, then two folds that are closed at first."""
    say(
        "If you choose λ on the test set, its test score is too optimistic. So a fifth of the "
        f"training {chosen.rows()} are set aside as a **validation set**, and you choose on that."
    )
    base = PRESETS[controls.preset("lambdas_preset", sets_all=False)]
    configs = tuple(base.but(l2=value) for value in STRENGTHS)
    data = chosen.spec(validation_size=0.2)
    with progress.bar(f"Training {len(STRENGTHS)} networks") as report:
        sweep = runs.train([runs.Request(data, config) for config in configs], report)
    validation = split_of(data).validation
    _choose(sweep, 0 if validation is None else len(validation))
    say(
        "One validation set is one random draw. Cross-validation takes the mean of several, and "
        "many splits show how far to trust the winner's score."
    )
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
        f"On the {n_validation} validation {chosen.rows()}, λ = {l2} has the lowest loss, "
        f"{stated(losses[winner])}. The runner-up has {stated(second)}: neighboring values are "
        "often nearly tied.",
        table,
    )
    st.table(
        table, hide_index=True, border="horizontal", alt="Scores of every λ, the chosen one marked"
    )
    note(
        "The test columns are shown for teaching. In real work they stay hidden until λ is chosen: "
        "then the test accuracy is read once, here "
        f"{stated(last(sweep[winner], 'test', 'accuracy'))}."
    )


@st.fragment
def _folds(configs: Configs) -> None:
    """Draw cross-validation beside the single validation set, on request."""
    title = f"{FOLDS} folds instead of one validation set"
    fold = st.expander(title, on_change="rerun", key="folds_open")
    if fold.open:
        with fold:
            _cross_validate(configs)


def _cross_validate(configs: Configs) -> None:
    st.markdown(
        f"Split the training set into {FOLDS} folds, use each as the validation set once, and take "
        f"the mean: every training {chosen.row()} counts."
    )
    work = folds_work(chosen.spec(), configs)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        outcomes = on_request.draw(
            work,
            f"Cross-validate with {FOLDS} folds",
            "folds",
            lambda known: f"{len(known)} of {len(work.keys)} networks",
        )
    if len(outcomes) == len(work.keys):
        _draw_folds(work, configs, outcomes)


def folds_work(data: DataSpec, configs: Configs) -> on_request.Work:
    """Return the runs of the cross-validation, to be computed on request or ahead."""
    splits, pool = folds_of(data, FOLDS), executor()
    keys = [("fold", data, config, fold) for fold in range(FOLDS) for config in configs]

    def start(key: tuple[str, DataSpec, Config, int]) -> Job:
        _, _, config, fold = key
        return Job(pool, partial(train_outcome, splits[fold], config))

    efforts = [speed.effort(split, config) for split in splits for config in configs]
    return on_request.Work(("folds", data, configs), data, keys, start, efforts)


def _draw_folds(work: on_request.Work, configs: Configs, outcomes: on_request.Values) -> None:
    """Draw the mean validation loss over λ, and the table of every fold."""
    places = product(range(FOLDS), range(len(configs)))
    placed = {place: outcomes[key] for place, key in zip(places, work.keys, strict=True)}
    study = gathered(configs, folds_of(work.data, FOLDS)[0], placed, FOLDS)
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
        f"{stated(means[winner])}. Individual folds chose {alone}.",
        table,
    )


@st.fragment
def _optimism(data: DataSpec, configs: Configs) -> None:
    """Measure on request how optimistic the validation loss of the chosen λ is."""
    fold = st.expander("Is the winner's score too good?", on_change="rerun", key="optimism_open")
    if fold.open:
        with fold:
            _measure_optimism(data, configs)


def _measure_optimism(data: DataSpec, configs: Configs) -> None:
    st.markdown(
        f"The best of {len(configs)} on the validation set may also be the luckiest of "
        f"{len(configs)}. How much of its score is luck? On many splits, compare its validation "
        f"loss with its test loss, and do the same for λ = {FIXED_L2:g}, which was fixed in "
        "advance."
    )
    study = repeated_splits.study(
        data, configs, "Measure over {} splits", "optimism", lambda study: ""
    )
    if study is not None:
        _draw_optimism(study)


def _draw_optimism(study: Study) -> None:
    result = optimism(study, STRENGTHS.index(FIXED_L2))
    extra = result.chosen - result.fixed
    low, high = interval(extra, study.n_train, study.n_test)
    picks = np.bincount(result.picks, minlength=len(STRENGTHS))
    table = pd.DataFrame({"λ": [f"{l2:g}" for l2 in STRENGTHS], "chosen on": picks})
    favorite = int(picks.argmax())
    verdict = (
        "so the winner's score is too good"
        if low > 0
        else "so these splits cannot tell whether the winner's score is too good"
    )
    figure(
        many_splits.choices(table),
        f"Over {len(study)} splits the validation set chose λ = {STRENGTHS[favorite]:g} most "
        f"often, on {picks[favorite]} of them. Test loss minus validation loss is "
        f"{signed(float(result.chosen.mean()))} on average for the chosen λ and "
        f"{signed(float(result.fixed.mean()))} for the fixed one. The choice adds "
        f"{signed(float(extra.mean()))}, with a 95% interval from {signed(low)} to "
        f"{signed(high)}, {verdict}.",
        table,
    )
