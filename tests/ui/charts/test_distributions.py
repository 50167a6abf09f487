"""Charts of distributions: histograms that can be compared, names that do not touch."""

import numpy as np
import pandas as pd
import pytest

from ui.charts.distributions import binned, convergence, histogram
from ui.charts.line_labels import apart
from ui.charts.many_splits import ribbons

BINS = np.linspace(0.0, 1.0, 5)


def test_histograms_to_compare_have_one_axis():
    few, many = (binned(np.full(n, 0.1), BINS, "weights") for n in (3, 300))
    axes = [histogram(table, "weight", "weights", top=300.0).values for table in (few, many)]
    assert axes[0] == axes[1]
    assert histogram(few, "weight", "weights").values["roof"] == 3.0


def test_a_marked_value_has_room_for_its_words():
    table = binned(np.full(3, 0.1), BINS, "weights")
    assert histogram(table, "p", "n", mark=(0.2, "evaluation")).values["roof"] > 3.0


def test_a_mean_that_does_not_vary_still_has_an_axis():
    table = pd.DataFrame({"masks": [2, 4], "mean": [1.0, 1.0], "low": [1.0, 1.0], "high": 1.0})
    values = convergence(table, 1.0, "logit").values
    assert values["roof"] > values["low"]


@pytest.mark.parametrize("other", [0.50, 0.51, 2.0])
def test_the_names_of_two_ribbons_do_not_touch(other):
    rows = [("no L2", 0.5), ("L2", other)]
    table = pd.DataFrame(
        [{"epoch": 1, "low": v, "value": v, "high": v, "run": run} for run, v in rows]
    )
    drawing = ribbons(table)
    lower, upper = drawing.tables["ends"]["at"]
    assert upper - lower >= 0.999 * apart() * drawing.values["top"]
