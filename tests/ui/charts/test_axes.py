"""Where axes begin and end, and what of a diverged run is drawn."""

import pandas as pd
import pytest

from ui.charts.axes import domain, epoch_ticks, usable, y_values
from ui.theme import ACCURACY, LOSS


def run(*values: float, part: str = "test") -> pd.DataFrame:
    rows = range(len(values))
    return pd.DataFrame({"epoch": rows, "value": values, "part": part, "run": ""})


def test_losses_start_at_zero_and_accuracies_end_at_one():
    assert domain(pd.Series([0.45, 0.70]), LOSS)[0] == 0.0
    low, high = domain(pd.Series([0.65, 0.78]), ACCURACY)
    assert (low, high) == (0.5, 1.02)
    assert domain(pd.Series([0.35, 0.78]), ACCURACY)[0] < 0.35


def test_a_given_top_stays():
    assert domain(pd.Series([0.5, 40.0]), LOSS, top=2.0)[1] == pytest.approx(2.08)


def test_a_diverged_run_ends_where_it_leaves_the_chart():
    lines = pd.concat([run(0.7, 3.0, 1e5, 1e300), run(0.7, 0.6, 0.5, 0.4, part="training")])
    kept = usable(lines)
    assert kept["value"].tolist() == [0.7, 3.0, 1e5, 0.7, 0.6, 0.5, 0.4]
    assert domain(kept["value"], LOSS)[1] < 4.0


def test_a_run_that_comes_back_is_drawn_whole():
    assert len(usable(run(0.7, 500.0, 0.4))) == 3


def test_a_run_that_begins_diverged_keeps_its_first_epoch():
    assert len(usable(run(1e9, 1e10))) == 1


def test_ticks_are_round_and_leave_the_headroom_free():
    values = y_values(0.0, 2.0, headroom=0.2)
    assert values["levels"] == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert values["roof"] == pytest.approx(2.5)
    assert values["digits"] == ",.1f"
    assert y_values(0.0, 350.0)["levels"] == [0.0, 100.0, 200.0, 300.0]
    assert y_values(0.0, 350.0)["digits"] == ",.0f"
    assert y_values(0.5, 1.02)["levels"] == [0.6, 0.8, 1.0]


def test_the_axis_of_epochs_has_zero_and_the_powers_of_ten():
    assert epoch_ticks(5000) == [0, 1, 10, 100, 1000]
    assert epoch_ticks(1) == [0, 1]
