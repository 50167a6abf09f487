"""Pictures that play in the browser: a slider and a switch move one moment, no page is rerun."""

import json
from collections.abc import Iterable
from typing import Any

from ui.charts.vega import Drawing
from ui.text import score

MOMENT, PLAY = "moment", "play"  # names in the expressions of a picture
SECONDS = 9  # that a whole play takes
SLOWEST = 600  # ms from a moment to the next, where there are few
STEPS = 100  # of a picture that grows
ROOM, BY_HEIGHT = "apart * (high - low)", [{"field": "at"}]
# The last point of each line, and at the height y its name, which no other may overlap. As
# ui.naming has it: in their order each stays where it is, or goes as far above those below as it
# must: y_i = max over j <= i of (at_j + (i - j) room).
HEADS: list[dict[str, Any]] = [
    {"joinaggregate": [{"op": "max", "field": "epoch", "as": "end"}], "groupby": ["line"]},
    {"filter": "datum.epoch == datum.end"},
    {"calculate": "clamp(datum.value, low, high)", "as": "at"},
    {"window": [{"op": "row_number", "as": "i"}], "sort": BY_HEIGHT},
    {"calculate": f"datum.at - datum.i * {ROOM}", "as": "sunk"},
    {"window": [{"op": "max", "field": "sunk", "as": "free"}], "sort": BY_HEIGHT},
    {"calculate": f"datum.free + datum.i * {ROOM}", "as": "raised"},
    {"joinaggregate": [{"op": "max", "field": "raised", "as": "top"}]},
    {"calculate": "datum.raised - max(0, datum.top - high)", "as": "y"},
]


def controls(label: str, first: int, last: int, step: int = 1) -> list[dict[str, Any]]:
    """Vega-Lite parameters: a slider named `label` from first to last, and a switch that plays it.

    Expressions of the picture read `moment`, an integer that starts as `last`. The switch goes
    off at the end and begins anew after it. Where there is but one moment, nothing plays.
    """
    moment: dict[str, Any] = {"name": MOMENT, "value": last}
    if first == last:
        return [moment]
    pause = min(SLOWEST, 1000 * SECONDS * step // (last - first))
    tick = {"type": "timer", "throttle": pause}
    ended = f"{MOMENT} >= {last}"
    # Vega-Lite hands `on` to Vega as it is. The switch looks at the moment on a tick only: if
    # each followed the other at once, that would be a circle to Vega.
    moment["bind"] = {"input": "range", "name": label, "min": first, "max": last, "step": step}
    moment["on"] = [
        {"events": {"signal": PLAY}, "update": f"{PLAY} && {ended} ? {first} : {MOMENT}"},
        {"events": tick, "update": f"{PLAY} ? min({MOMENT} + {step}, {last}) : {MOMENT}"},
    ]
    off = [{"events": tick, "update": f"{PLAY} && !({ended})"}]
    switch = {"name": PLAY, "value": False, "bind": {"input": "checkbox", "name": "Play"}}
    return [moment, switch | {"on": off}]


def told(texts: Iterable[str]) -> dict[str, str]:
    """A text of the picture that follows the moments 1, 2, ...: the text of that number."""
    return {"expr": f"{json.dumps(list(texts))}[{MOMENT} - 1]"}


def growing(drawing: Drawing) -> Drawing:
    """`ui.charts.curves` with a slider of the epoch and a switch: the lines grow, named as they go.

    For curves whose axis is not logarithmic.
    """
    lines = drawing.tables["lines"]
    told = lines["told"] if "told" in lines else lines["value"].map(score)
    lines = lines.assign(name=lines["line"] + ": " + told)
    last = drawing.values["last"]
    step = max(1, last // STEPS)
    until = [{"filter": f"datum.epoch <= {MOMENT}"}]
    moved = {"lines": ("lines", until), "marks": ("marks", until), "ends": ("lines", until + HEADS)}
    layers = []
    for layer in drawing.spec["layer"]:
        table = layer["data"]["name"]
        name, transforms = moved.get(table, (table, []))
        layers.append(layer | {"data": {"name": name}, "transform": transforms})
    # the browser finds the ends; a table that no layer reads it would refuse to change
    tables = {name: table for name, table in drawing.tables.items() if name != "ends"}
    params = controls("Epoch", last % step, last, step)
    spec = drawing.spec | {"layer": layers, "params": params}
    return drawing._replace(spec=spec, tables=tables | {"lines": lines})
