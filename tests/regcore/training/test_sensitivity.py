"""How much rounding changes a run, and which digits of its figures are shown."""

import re

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from regcore import PRESETS, Config, fit, split
from regcore.training.history import Figure
from regcore.training.sensitivity import NUDGES, may_amplify, with_spread
from tests.support.helpers import diabetes, diabetes_split, message_of
from ui.text import noise, score, share_of, signed, stated

SHORT = Config(epochs=40)
DEEP = PRESETS["memorize"].but(hidden_sizes=(64, 64), epochs=3000)


@pytest.fixture(scope="module")
def chaotic():
    parts = split(diabetes().select(("glucose", "bmi")), train_rows=120)
    return with_spread(*(fit(parts, DEEP, nudge=nudge) for nudge in (0.0, *NUDGES)))


def test_a_nudge_changes_the_starting_weights_by_its_size():
    plain, nudged = (fit(diabetes_split(), SHORT, keep=[0], nudge=n) for n in (0.0, 1e-6))
    ratio = nudged.snapshots[0][0] / plain.snapshots[0][0] - 1.0
    assert 0.5e-6 < ratio.std() < 2e-6
    assert_array_equal(nudged.snapshots[0][1], 0.0)  # biases start at zero


def test_a_nudge_of_zero_changes_no_bit():
    first, second = (fit(diabetes_split(), SHORT, **n) for n in ({}, {"nudge": 0.0}))
    assert_array_equal(first.history.train_loss, second.history.train_loss)


@pytest.mark.parametrize("nudge", [-1e-15, 0.01, np.nan, "1e-15", None, True])
def test_a_nudge_that_is_out_of_range_is_refused(nudge):
    message = message_of(lambda: fit(diabetes_split(), SHORT, nudge=nudge))
    assert message.startswith("nudge is ")


def test_a_stable_run_keeps_all_its_digits():
    run = fit(diabetes_split(), PRESETS["as printed"])
    twin = fit(diabetes_split(), PRESETS["as printed"], nudge=NUDGES[0])
    spread = with_spread(run, twin).history.spread
    assert max(np.max(column) for column in spread.values()) < 1e-12


@pytest.mark.slow
def test_a_chaotic_run_loses_digits_where_it_is_chaotic(chaotic):
    early, late = chaotic.history.at(300), chaotic.history.at(3000)
    assert score(early["test_loss"]) == f"{early['test_loss']:.3f}"
    # the spread depends on the processor; all of them agree on 125 to 145 of 192
    assert re.fullmatch(r"≈ 0\.(7|6[5-9]|7[0-6])", score(late["test_accuracy"]))
    assert score(late["train_accuracy"]) == "1.000"  # all 120, on every processor
    about = re.fullmatch(r"about (\d+) of 192", share_of(late["test_accuracy"], 192))
    assert 120 <= int(about[1]) <= 150
    assert late["test_loss"] == fit_loss(chaotic)


def fit_loss(run) -> float:
    return float(run.history.test_loss[-1])


@pytest.mark.slow
def test_the_spread_covers_other_twins(chaotic):
    parts = split(diabetes().select(("glucose", "bmi")), train_rows=120)
    other = fit(parts, DEEP, nudge=2e-15).history.at(3000)
    ours = chaotic.history.at(3000)
    assert abs(other["test_loss"] - ours["test_loss"]) < 5 * ours["test_loss"].spread


def test_spread_at_the_kept_epoch_includes_the_twins_kept_epoch():
    parts = diabetes_split(0.2)
    run = fit(parts, PRESETS["memorize"].but(patience=5))
    twin = fit(parts, PRESETS["memorize"].but(patience=80))
    assert run.kept_epoch != twin.kept_epoch
    kept = with_spread(run, twin).history.at(run.kept_epoch)
    away = (
        twin.history.at(twin.kept_epoch)["test_loss"] - run.history.at(run.kept_epoch)["test_loss"]
    )
    assert kept["test_loss"].spread >= abs(away) > 0.0


@pytest.mark.slow
def test_a_history_keeps_its_spread_when_rows_are_selected(chaotic):
    few = chaotic.history.select(chaotic.history.epoch % 1000 == 0)
    assert few.at(3000)["test_loss"].spread == chaotic.history.at(3000)["test_loss"].spread


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, False),
        ({"lr": 1.0, "momentum": 0.95, "dropout": 0.5, "l2": 0.05}, False),
        ({"lr": 3.0}, True),
        ({"hidden_sizes": (16, 16)}, True),
        ({"batch_size": 64}, True),
        ({"hidden_sizes": ()}, False),
    ],
)
def test_which_settings_may_amplify_rounding(change, expected):
    assert may_amplify(Config(**change)) is expected


@pytest.mark.parametrize(
    ("value", "spread", "expected"),
    [
        (0.7188, 0.0, "0.719"),
        (0.7188, 0.0004, "0.719"),
        (0.7188, 0.0008, "0.719"),
        (0.7188, 0.0052, "≈ 0.72"),
        (0.7188, 0.016, "≈ 0.7"),
        (4.87, 0.18, "≈ 5"),
        (48.7, 3.0, "?"),
        (0.7188, np.inf, "?"),
        (0.7188, np.nan, "?"),
        (-0.031, 0.012, "≈ −0.0"),
        (0.2188, 0.18, "?"),
    ],
)
def test_only_digits_above_the_spread_are_shown(value, spread, expected):
    assert score(Figure(value, spread)) == expected


def test_a_sentence_has_words_for_a_figure_without_digits():
    assert stated(Figure(48.7, 3.0)) == "a value that rounding decides"
    assert stated(Figure(0.7188, 0.016)) == "≈ 0.7"


def test_a_difference_of_figures_has_both_spreads():
    gap = Figure(0.9, 0.01) - Figure(0.7, 0.02)
    assert (float(gap), noise(gap)) == (pytest.approx(0.2), pytest.approx(0.06))
    assert signed(gap) == "≈ +0.2"
    assert signed(1.0 - Figure(0.7, 0.02)) == "≈ +0.3"
    assert noise(0.2) == 0.0
