"""Charts of lines as they are sent: one meaning for each color, dash and shape."""

import pandas as pd
import pytest

from ui import charts
from ui.charts import animation
from ui.charts.player import log_steps
from ui.theme import LOSS, RUN_DASHES, SERIES, SOLID

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


def dashes(drawing: charts.Drawing) -> dict[str, list[int]]:
    """The dash of each line, by its name."""
    (curve,) = layers(drawing, "line")
    assert curve["encoding"]["strokeDash"]["field"] == "run"
    scale, table = curve["encoding"]["strokeDash"]["scale"], drawing.tables["lines"]
    of = dict(zip(scale["domain"], scale["range"], strict=True))
    return {row.line: of[row.run] for row in table.itertuples()}


@pytest.mark.parametrize(
    ("runs", "parts"), [(("",), PARTS), (("no L2", "λ"), PARTS), (("1", "2"), ("validation",))]
)
def test_a_colour_and_a_shape_are_a_part(runs, parts):
    drawing = charts.curves(lines(runs, parts), LOSS)
    (curve,), (point,) = layers(drawing, "line"), layers(drawing, "point")
    assert curve["encoding"]["color"]["field"] == point["encoding"]["shape"]["field"] == "part"
    assert curve["encoding"]["color"]["scale"]["domain"] == list(SERIES)


def test_what_a_run_is_compared_with_is_dashed_also_alone():
    both, alone = lines(("no L2", "L2"), ("test",)), lines(("no L2",), ("test",))
    of_both = dashes(charts.curves(both, LOSS, against=["no L2"]))
    assert of_both == {"test, no L2": [5, 4], "test, L2": SOLID}
    assert dashes(charts.curves(alone, LOSS, against=["no L2"])) == {"test": [5, 4]}
    assert dashes(charts.curves(lines(("",), ("test",)), LOSS)) == {"test": SOLID}


def test_each_of_seven_runs_has_a_dash_of_its_own_in_their_order():
    names = tuple("abcdefg")
    of = dashes(charts.curves(lines(names, ("validation",)), LOSS, against=names[:-1]))
    assert [*of.values()] == [*RUN_DASHES[1:], SOLID]
    assert len({*map(tuple, RUN_DASHES)}) == 7


def test_a_sweep_keeps_the_order_of_its_settings_whichever_is_pointed_out():
    table = lines(("",), ("test",)).assign(setting=["0", "0.01", "0.05", "0.2"])
    drawing = charts.sweep(table, "λ", LOSS, chosen="0.05")
    for layer in drawing.spec["layer"]:
        if "field" in layer["encoding"].get("x", {}):
            assert layer["encoding"]["x"]["scale"]["domain"] == {"expr": "settings"}
    assert drawing.values["settings"] == ["0", "0.01", "0.05", "0.2"]


def test_the_ghost_is_faint_and_has_no_name():
    drawing = charts.curves(lines(("",), PARTS), LOSS, ghost=lines(("old",), PARTS))
    ghost, curve = layers(drawing, "line")
    assert ghost["mark"]["opacity"] < curve["mark"].get("opacity", 1.0)
    assert set(drawing.tables["ghost"]["run"]) == {"old"}
    assert not drawing.tables["lines"]["name"].str.contains("old").any()


def test_names_stand_at_the_right_of_the_chart():
    names = layers(charts.curves(lines(("",), PARTS), LOSS), "text")[0]
    assert names["encoding"]["x"] == {"value": "width"}


def test_the_axis_of_epochs_is_logarithmic_and_holds_zero():
    drawing = charts.curves(lines(("",), PARTS), LOSS)
    scale = drawing.spec["layer"][0]["encoding"]["x"]["scale"]
    assert (scale["type"], scale["domain"][0]) == ("symlog", 0)


def test_marks_have_no_labels_of_their_own_for_screen_readers():
    assert charts.curves(lines(("",), PARTS), LOSS).spec["config"]["mark"] == {"aria": False}


def test_growing_lines_and_marks_end_at_the_epoch_reached():
    still = charts.curves(lines(("",), PARTS), LOSS, marks=[(10, 0.4, "lowest")])
    drawing = animation.growing(still, [0, 1, 10, 100])
    moment, reached = drawing.spec["params"]
    assert moment["bind"] == {"input": "range", "min": 1, "max": 4, "step": 1}
    assert reached["expr"] == "[0, 1, 10, 100][moment - 1]"
    for layer in drawing.spec["layer"][1:]:
        is_seen = layer["mark"].get("opacity") != 0
        assert (layer["transform"][0] == {"filter": "datum.epoch <= reached"}) == is_seen
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


def test_flipped_labels_have_a_color_of_their_own():
    others = {style.line for name, style in SERIES.items() if name != "flipped"}
    assert SERIES["flipped"].line not in others


def test_while_it_plays_names_stand_at_the_present_ends_and_no_line_leads_to_the_edge():
    drawing = animation.growing(charts.curves(lines(("",), PARTS), LOSS), [0, 1, 10, 100])
    room, *shown = layers(drawing, "text")
    for names in shown:
        assert "scale('x', datum.epoch)" in names["mark"]["dx"]["expr"]
    # a browser lays a chart out only once: at first with the names of the end, unseen
    assert room["mark"]["opacity"] == 0 and "expr" not in str(room["mark"].get("dx"))
    leaders = [layer for layer in layers(drawing, "rule") if layer["data"].get("name") == "lines"]
    assert all({"filter": "moment == 4"} in layer["transform"] for layer in leaders)
