"""Charts of lines as they are sent: one meaning for each color, dash and shape."""

import pandas as pd
import pytest

from ui import charts
from ui.charts import animation
from ui.charts.player import log_steps
from ui.theme import LOSS, SERIES

PARTS = ("training", "test")


def lines(runs: tuple[str, ...], parts: tuple[str, ...]) -> pd.DataFrame:
    epochs = [0, 1, 10, 100]
    values = [0.7, 0.5, 0.4, 0.6]
    pieces = [
        pd.DataFrame({"epoch": epochs, "value": values, "part": part, "run": run})
        for run in runs
        for part in parts
    ]
    return pd.concat(pieces, ignore_index=True)


def layers(drawing: charts.Drawing, mark: str) -> list[dict]:
    return [layer for layer in drawing.spec["layer"] if layer["mark"]["type"] == mark]


@pytest.mark.parametrize(
    ("runs", "parts", "dash", "shape"),
    [
        (("",), PARTS, None, "part"),
        (("no L2", "λ = 0.05"), PARTS, "run", "part"),
        (("run 1", "run 2"), ("validation",), "run", "run"),
    ],
)
def test_a_colour_is_a_part_and_a_dash_a_run(runs, parts, dash, shape):
    drawing = charts.curves(lines(runs, parts), LOSS)
    (curve,), (point,) = layers(drawing, "line"), layers(drawing, "point")
    assert curve["encoding"]["color"]["field"] == "part"
    assert curve["encoding"]["color"]["scale"]["domain"] == list(SERIES)
    assert curve["encoding"].get("strokeDash", {}).get("field") == dash
    assert point["encoding"]["shape"]["field"] == shape


def test_of_two_runs_the_first_is_dashed_and_the_second_solid():
    (curve,) = layers(charts.curves(lines(("no L2", "L2"), PARTS), LOSS), "line")
    first, second = curve["encoding"]["strokeDash"]["scale"]["range"][:2]
    assert (len(first), second) == (2, [1, 0])


def test_the_ghost_is_faint_and_has_no_name():
    drawing = charts.curves(lines(("",), PARTS), LOSS, ghost=lines(("old",), PARTS))
    ghost, curve = layers(drawing, "line")
    assert ghost["mark"]["opacity"] < curve["mark"].get("opacity", 1.0)
    assert set(drawing.tables["ghost"]["run"]) == {"old"}
    assert not drawing.tables["lines"]["name"].str.contains("old").any()


def test_names_stand_at_the_right_of_the_chart():
    names = layers(charts.curves(lines(("",), PARTS), LOSS), "text")[0]
    assert names["encoding"]["x"] == {"value": "width"}


def test_a_logarithmic_axis_holds_epoch_zero():
    drawing = charts.curves(lines(("",), PARTS), LOSS, log=True)
    scale = drawing.spec["layer"][0]["encoding"]["x"]["scale"]
    assert (scale["type"], scale["domain"][0]) == ("symlog", 0)


def test_marks_have_no_labels_of_their_own_for_screen_readers():
    assert charts.curves(lines(("",), PARTS), LOSS).spec["config"]["mark"] == {"aria": False}


@pytest.mark.parametrize("log", [False, True])
def test_growing_lines_and_marks_end_at_the_epoch_reached(log):
    still = charts.curves(lines(("",), PARTS), LOSS, marks=[(10, 0.4, "lowest")], log=log)
    drawing = animation.growing(still, [0, 1, 10, 100])
    moment, reached = drawing.spec["params"]
    assert moment["bind"] == {"input": "range", "min": 1, "max": 4, "step": 1}
    assert reached["expr"] == "[0, 1, 10, 100][moment - 1]"
    for layer in drawing.spec["layer"][1:]:
        assert layer["transform"][0] == {"filter": "datum.epoch <= reached"}
    rule = drawing.spec["layer"][0]
    assert rule["encoding"]["x"] == still.spec["layer"][0]["encoding"]["x"]
    assert (drawing.tables["lines"]["name"] != "").all()
    assert "params" not in still.spec


def test_a_drawing_of_one_moment_has_nothing_to_move():
    assert animation.moment(1) == [{"name": "moment", "value": 1}]


@pytest.mark.parametrize("last", [0, 1, 2, 50, 5000])
def test_steps_begin_at_zero_end_at_the_last_epoch_and_grow(last):
    steps = log_steps(last, 40)
    assert (steps[0], steps[-1]) == (0, last)
    assert steps == sorted(set(steps))
    assert len(steps) <= 40
