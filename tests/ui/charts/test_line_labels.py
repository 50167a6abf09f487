"""The words in a chart of lines: where they stand, so that none lies on another."""

import pandas as pd

from ui.charts.frames import numbered_lines, wide
from ui.charts.line_labels import across, headroom, labelled, marked, shown_values


def record(*values: float) -> pd.DataFrame:
    """Lines that end at these values, one a run, over the epochs 0 and 1."""
    rows = [
        {"epoch": epoch, "value": value, "part": "test", "run": f"run {number}"}
        for number, value in enumerate(values)
        for epoch in (0, 1)
    ]
    return pd.DataFrame(rows)


def test_a_name_stands_in_the_last_row_of_each_line_alone():
    table = labelled(record(0.2, 0.8), "epoch")["lines"]
    assert table["name"].tolist() == ["", "test, run 0: 0.200", "", "test, run 1: 0.800"]
    assert shown_values(table).tolist() == ["0.200", "0.200", "0.800", "0.800"]


def test_the_name_of_a_run_tells_the_value_that_it_keeps():
    lines = pd.concat([record(0.2, 0.8), record(0.3).assign(run="early", value=[0.25, 0.3])])
    names = labelled(lines.reset_index(drop=True), "epoch", kept={"early": 0})["lines"]["name"]
    assert names.iloc[[3, 5]].tolist() == ["test, run 1: 0.800", "early, kept: 0.250"]
    alone = labelled(record(0.2).assign(value=[0.1, 0.2]), "epoch", kept={"run 0": 0})["lines"]
    assert alone["name"].iloc[-1].endswith(", kept: 0.100")


def test_places_follow_the_epochs_or_the_settings_in_their_order():
    assert labelled(record(0.1), "epoch")["lines"]["place"].tolist() == [0, 1]
    settings = record(0.1).assign(setting=["9", "10"])
    assert labelled(settings, "setting")["lines"]["place"].tolist() == [0, 1]


def test_the_table_has_a_column_for_each_line_and_a_gap_where_a_line_has_ended():
    lines = pd.concat([record(0.2, 0.8), record(0.3).assign(part="training", epoch=[1, 2])])
    number, names = numbered_lines(lines)
    assert names == ["test, run 0", "test, run 1", "training, run 0"]
    assert number.tolist() == [0, 0, 1, 1, 2, 2]
    table = wide(lines)
    assert table.columns.tolist() == ["epoch", *names]
    assert table["epoch"].tolist() == [0, 1, 2]
    assert table["training, run 0"].fillna("").tolist() == ["", "0.300", "0.300"]
    assert table["test, run 1"].fillna("").tolist() == ["0.800", "0.800", ""]


def test_texts_of_marks_stand_below_each_other_in_the_order_of_their_epochs():
    table = marked([(epoch, 0.5, "a word") for epoch in (500, 50, 900)], 1.0)["marks"]
    assert table["epoch"].tolist() == [50, 500, 900]
    assert (table["room"] > 30.0).all()
    assert table["dy"].is_monotonic_increasing and table["dy"].is_unique


def test_marks_have_room_above_the_curves_and_without_marks_there_is_none():
    assert headroom(0) == 0.0
    assert 0.0 < headroom(1) < headroom(3) < 0.3


def test_a_level_has_its_name_where_fewer_curves_run():
    above, below = record(0.70, 0.72), record(0.60, 0.61)
    assert across(0.651, above)["baseline"]["dy"].item() > 0.0
    assert across(0.651, below)["baseline"]["dy"].item() < 0.0


def test_the_name_of_a_diverged_line_says_so():
    assert labelled(record(1e9), "epoch")["lines"]["name"].iloc[-1] == "test: diverged"


def test_nothing_to_point_out_and_nothing_across_is_no_table():
    assert marked([], 1.0) == {}
    assert across(None, record(0.7)) == {}
    assert across(0.651, record(0.7))["baseline"]["text"].tolist() == ["majority class: 0.651"]
