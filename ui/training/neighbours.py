"""The requests that a visitor is likely to make next: one step of the slider moved last."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from regcore.config import LAMBDAS
from ui.controls import LEARNING_RATES, WIDTHS
from ui.data.chosen import MAX_FLIPPED
from ui.training.runs import Request

TWENTIETHS = tuple(round(0.05 * n, 2) for n in range(21))
SCALES: dict[str, Sequence[float]] = {  # field -> the values of its slider
    "l2": LAMBDAS,
    "lr": LEARNING_RATES,
    "hidden_sizes": WIDTHS,
    "dropout": TWENTIETHS[1:17],
    "momentum": TWENTIETHS[:20],
    "noise": TWENTIETHS,
    "flipped": range(0, MAX_FLIPPED + 1, 5),
}


def neighbours(before: Sequence[Request], now: Sequence[Request]) -> list[Request]:
    """Return the requests one step either way of the setting that has changed.

    [] if none has changed, or several, or one that is not on a scale, or the data are a visitor's
    own, which only that session can load.
    """
    if len(before) != len(now) or any(request.data.own for request in now):
        return []
    changes = {change for pair in zip(before, now, strict=True) for change in _changes(*pair)}
    if len(changes) != 1:
        return []
    ((name, value),) = changes
    moved = [request for request in now if _settings(request)[name] == value]
    return [_with(request, name, step) for step in _steps(name, value) for request in moved]


def _settings(request: Request) -> dict[str, Any]:
    return vars(request.data) | vars(request.config)


def _changes(before: Request, now: Request) -> set[tuple[str, Any]]:
    """Return (field, present value) of the settings in which two requests differ."""
    old, new = _settings(before), _settings(now)
    return {(name, new[name]) for name in new if new[name] != old[name]}


def _steps(name: str, value: Any) -> list[Any]:
    """Return the values beside this one on the scale of a field."""
    width = value[0] if name == "hidden_sizes" else value
    scale = list(SCALES.get(name, ()))
    with suppress(ValueError):
        place = scale.index(width)
        beside = scale[place + 1 : place + 2] + scale[max(place - 1, 0) : place]
        return [(step,) * len(value) for step in beside] if name == "hidden_sizes" else beside
    return []


def _with(request: Request, name: str, value: Any) -> Request:
    if name in vars(request.data):
        return request._replace(data=replace(request.data, **{name: value}))
    return request._replace(config=request.config.but(**{name: value}))
