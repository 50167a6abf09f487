"""Drawings as JSON, for the progress file and the browser's storage; what comes back is checked."""

from collections.abc import Collection, Mapping
from typing import Any

from regcore.checks import ABOVE_ZERO, MAX_EPOCHS, real, shown, whole
from regcore.experiments.drawn_curve import MAX_LOSS, POINTS, checked
from ui.session import DrawnCurve

MAX_TOP = 2.0 * MAX_LOSS
MAX_ABOUT = 40  # characters of a digest


def as_json(drawings: Mapping[str, DrawnCurve]) -> dict[str, dict[str, Any]]:
    """Return topic -> its drawing, as JSON has it."""
    return {topic: drawn._asdict() for topic, drawn in drawings.items()}


def from_json(stored: Any, topics: Collection[str]) -> dict[str, DrawnCurve]:
    """Return topic -> a checked drawing. Raises ValueError or TypeError with one sentence."""
    if type(stored) is not dict or not set(stored) <= set(topics):
        raise ValueError(f"The drawings are {shown(stored)}; they must be topics with drawings.")
    return {topic: _drawn(topic, entry) for topic, entry in stored.items()}


def _drawn(topic: str, entry: Any) -> DrawnCurve:
    if type(entry) is not dict or set(entry) != set(DrawnCurve._fields):
        fields = ", ".join(DrawnCurve._fields)
        raise ValueError(f"The drawing on {topic} is {shown(entry)}; it must have {fields}.")
    about, truth = entry["about"], entry["truth"]
    if type(about) is not str or len(about) > MAX_ABOUT or not about.isprintable():
        raise ValueError(f"The settings of the drawing on {topic} are {shown(about)}, not a name.")
    return DrawnCurve(
        values=checked(entry["values"]),
        about=about,
        last=whole("The last epoch of a drawing", entry["last"], POINTS - 1, MAX_EPOCHS),
        top=real("The top of a drawing", entry["top"], ABOVE_ZERO, MAX_TOP, "from 0 to 200"),
        truth=() if truth in ([], ()) else checked(truth),
    )
