"""The words in a chart of lines: where they stand, so that none lies on another."""

import numpy as np
import pandas as pd
import pytest

from ui.naming import across, apart, lines_and_ends, marked


def record(*values: float) -> pd.DataFrame:
    """Lines that end at these values, one a run, over the epochs 0 and 1."""
    rows = [
        {"epoch": epoch, "value": value, "part": "test", "run": f"run {number}"}
        for number, value in enumerate(values)
        for epoch in (0, 1)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize("values", [(0.5, 0.5, 0.5), (0.0, 0.01, 0.9), (1.0, 0.99), (3.0, 0.2)])
def test_names_at_the_ends_stay_apart_in_their_order_and_in_the_chart(values):
    ends = lines_and_ends(record(*values), "epoch", 0.0, 1.0)["ends"]
    assert ends["name"].tolist() == [f"test, run {i}: {v:.3f}" for i, v in enumerate(values)]
    assert ends["at"].tolist() == np.clip(values, 0.0, 1.0).tolist()
    heights = np.sort(ends["y"])
    assert (np.diff(heights) >= apart() - 1e-12).all()
    assert heights[-1] <= 1.0
    assert (np.argsort(ends["y"], kind="stable") == np.argsort(ends["at"], kind="stable")).all()


def test_a_name_with_room_stands_at_its_line():
    ends = lines_and_ends(record(0.2, 0.8), "epoch", 0.0, 1.0)["ends"]
    assert ends["y"].tolist() == [0.2, 0.8]


@pytest.mark.parametrize(
    ("epochs", "sides"),
    [
        ((100,), ["left"]),  # alone: to the right
        ((500, 520), ["right", "left"]),
        ((50, 60), ["left", "left"]),  # no room on the left
        ((900,), ["right"]),
    ],
)
def test_the_text_of_a_mark_avoids_the_next_mark_and_the_end(epochs, sides):
    table = marked([(epoch, 0.5, "here") for epoch in epochs], 1000, 1.0)["marks"]
    assert table["align"].tolist() == sides
    assert ((table["dx"] < 0) == (table["align"] == "right")).all()
    assert table["dy"].is_monotonic_increasing


def test_nothing_to_point_out_and_nothing_across_is_no_table():
    assert marked([], 10, 1.0) == {}
    assert across(None) == {}
    assert across(0.651)["baseline"]["text"].tolist() == ["always the same: 0.651"]
