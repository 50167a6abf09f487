"""Charts that follow the moment of the player: curves that grow, texts that change."""

import json
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from ui.charts.line_labels import halo, shown_values
from ui.charts.vega import Drawing
from ui.theme import neutral

MOMENT = "moment"  # 1, 2, ...; the name of a signal in the charts, and of an input in the player
REACHED = "reached"  # the epoch of the present moment


def moment(last: int) -> list[dict[str, Any]]:
    """Return the Vega-Lite parameter that a player moves from 1 to `last`; it starts there."""
    bind = {"input": "range", "min": 1, "max": last, "step": 1}
    return [{"name": MOMENT, "value": last} | ({"bind": bind} if last > 1 else {})]


def told(texts: Iterable[str]) -> dict[str, str]:
    """Return a text of the chart that follows the moments 1, 2, ...: the text of that number."""
    return {"expr": f"{json.dumps(list(texts))}[{MOMENT} - 1]"}


def growing(drawing: Drawing, steps: Sequence[int]) -> Drawing:
    """Return `charts.curves` whose lines grow to the epoch steps[moment - 1].

    Names move with the ends of their lines, marks appear once they are reached, and a thin rule
    stands at the present epoch. While it plays, a name stands beside its line's last point: at the
    right edge, a dotted line would lead there like a forecast.
    """
    lines = drawing.tables["lines"]
    lines = lines.assign(name=lines["line"] + ": " + shown_values(lines))
    params = [
        *moment(len(steps)),
        {"name": REACHED, "expr": f"{json.dumps([int(step) for step in steps])}[{MOMENT} - 1]"},
    ]
    shown = map(_until_reached, drawing.spec["layer"])
    moving = (_beside_the_ends(layer, len(steps)) for layer in shown)
    room = map(_room, filter(_has_names, drawing.spec["layer"]))
    layers = [_rule(drawing.spec["layer"][0]), *room, *chain.from_iterable(moving)]
    spec = drawing.spec | {"layer": layers, "params": params}
    return drawing._replace(spec=spec, tables={**drawing.tables, "lines": lines})


def _has_names(layer: dict[str, Any]) -> bool:
    return bool(layer["data"]["name"] == "lines" and layer["mark"]["type"] == "text")


def _room(layer: dict[str, Any]) -> dict[str, Any]:
    """Return the names at the last moment, unseen: the browser lays a chart out only once."""
    return layer | {"mark": layer["mark"] | {"opacity": 0, "stroke": "transparent"}}


def _until_reached(layer: dict[str, Any]) -> dict[str, Any]:
    if layer["data"]["name"] not in ("lines", "marks"):
        return layer
    until = {"filter": f"datum.epoch <= {REACHED}"}
    return layer | {"transform": [until, *layer.get("transform", [])]}


def _beside_the_ends(layer: dict[str, Any], last: int) -> list[dict[str, Any]]:
    """Return the layer of the names beside the present ends, over a halo; as it is at the `last`.

    Lines that lead to the right edge are seen at that moment only.
    """
    mark = layer["mark"]
    if layer["data"]["name"] != "lines" or mark["type"] not in ("text", "rule"):
        return [layer]
    if mark["type"] == "rule":
        return [layer | {"transform": [*layer["transform"], {"filter": f"{MOMENT} == {last}"}]}]
    place = f"{MOMENT} < {last} ? scale('x', datum.epoch) - width : 0"
    mark = mark | {"dx": {"expr": f"{mark['dx']} + ({place})"}}
    return [layer | {"mark": style} for style in (mark | halo(), mark)]


def _rule(curve: dict[str, Any]) -> dict[str, Any]:
    """Return the layer of the rule at the present epoch; at the end it would be a border."""
    return {
        "data": {"values": [{}]},
        "transform": [{"calculate": REACHED, "as": "epoch"}, {"filter": "datum.epoch < last"}],
        "mark": {"type": "rule", "color": neutral(), "opacity": 0.6},
        "encoding": {"x": curve["encoding"]["x"]},
    }
