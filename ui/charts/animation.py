"""Pictures that play in the browser: a slider and a switch move one moment, no page is rerun."""

import json
from collections.abc import Iterable
from typing import Any

from ui.charts.line_labels import shown_values
from ui.charts.vega import Drawing

MOMENT, PLAY = "moment", "play"  # names in the expressions of a picture
SECONDS = 9  # that a whole play takes
SLOWEST = 600  # ms from a moment to the next, where there are few
STEPS = 100  # of a picture that grows


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
    """`charts.curves` with a slider of the epoch and a switch; the lines grow, their names move.

    For curves whose axis is not logarithmic.
    """
    lines = drawing.tables["lines"]
    lines = lines.assign(name=lines["line"] + ": " + shown_values(lines))
    last = drawing.values["last"]
    step = max(1, last // STEPS)
    until = {"filter": f"datum.epoch <= {MOMENT}"}
    layers = [
        layer | {"transform": [until, *layer.get("transform", [])]}
        if layer["data"]["name"] in ("lines", "marks")
        else layer
        for layer in drawing.spec["layer"]
    ]
    drawing = drawing.but({"layer": layers, "params": controls("Epoch", last % step, last, step)})
    return drawing._replace(tables={**drawing.tables, "lines": lines})
