"""The place where a learner draws a curve, a small component of Streamlit: see drawing.js."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from regcore.experiments.drawn_curve import checked, drawn_epochs
from ui import theme
from ui.charts import axes, twin
from ui.charts.frames import numbered_lines, wide
from ui.text import beside

START_SHARE = 3.5  # the top of the axis, in losses at the start: more than most test losses reach
MARGIN = 1.05  # of the axis above the highest loss
DASHED = "5 4"
CANVAS = st.components.v2.component(
    "drawing",
    html=beside(__file__, "drawing.html"),
    css=beside(__file__, "drawing.css"),
    js=beside(__file__, "names.js") + beside(__file__, "drawing.js"),
)


class Wanted(NamedTuple):
    """What is to be drawn: the loss of a part, called `name`, for the settings `about`.

    grows  as for `figure`: the chart that will take the place has the same height
    """

    topic: str
    about: str
    part: str
    name: str
    grows: bool = False


def canvas(
    wanted: Wanted, lines: pd.DataFrame, last: int, top: float, on_drawn: Callable[..., None]
) -> None:
    """Draw the known lines (as `frames.curves` returns them) and a place for the wanted one.

    last      the last epoch
    top       end of the loss axis, see `axis_top`
    on_drawn  called with the twelve values and the top of the axis
    """
    key, known = f"canvas_{wanted.topic}", _lines(lines)
    data: dict[str, Any] = {
        "topic": wanted.topic,
        "about": wanted.about,
        "name": wanted.name,
        "lines": known,
    }
    data |= {"epochs": drawn_epochs(last), "start": float(lines["value"].iloc[0])}
    data |= {"title": theme.LOSS} | _axes(last, top) | _style(wanted)
    CANVAS(key=key, data=data, on_drawn_change=partial(_take, key, top, on_drawn))
    names = "; ".join(line["name"].replace(",", " loss,") for line in known)
    told = f"Shown: {names}. Yours to draw: the {wanted.name}. A drawing is an answer, too."
    twin(told.replace("training.", "training loss."), wide(lines))


def axis_top(start: float, highest: float) -> float:
    """Return the top of the axis, so that nothing rescales when the true curve is shown.

    It is a multiple of the loss at the start, doubled until it holds the `highest` loss. So it
    tells little of the curve.
    """
    top = START_SHARE * start
    while top < MARGIN * highest < axes.UNUSABLE:
        top *= 2.0
    return round(top, 2)


def _take(key: str, top: float, on_drawn: Callable[..., None]) -> None:
    """Hand on what the component has sent, if it is a drawing."""
    sent: Any = (st.session_state.get(key) or {}).get("drawn")
    try:
        on_drawn(checked(sent), top)
    except (TypeError, ValueError):  # no browser of ours has sent it
        return


def _axes(last: int, top: float) -> dict[str, Any]:
    values = axes.y_values(0.0, top)
    digits = int(str(values["digits"])[2:-1])
    levels = {"levels": values["levels"], "digits": digits}
    return levels | {"top": top, "ticks": axes.epoch_ticks(last)}


def _style(wanted: Wanted) -> dict[str, str]:
    height = theme.GROWN_HEIGHT if wanted.grows else f"{theme.CHART_HEIGHT}px"
    return {
        "color": theme.line_colours()[wanted.part],
        "words": theme.word_colours()[wanted.part],
        "width": f"{theme.line_width()}px",
        "height": theme.PROJECTED_HEIGHT if theme.enlarged() > 1.0 else height,
    }


def _lines(lines: pd.DataFrame) -> list[dict[str, Any]]:
    number, _ = numbered_lines(lines)
    colors, words = theme.line_colours(), theme.word_colours()
    groups: list[Any] = [lines[number == k] for k in range(number.max() + 1)]
    return [
        {
            "name": ", ".join(filter(None, group[["part", "run"]].iloc[0])),
            "color": colors[group["part"].iloc[0]],
            "words": words[group["part"].iloc[0]],
            "dash": DASHED if group["run"].iloc[0] else "none",
            "points": axes.usable(group)[["epoch", "value"]].round(6).to_numpy().tolist(),
        }
        for group in groups
    ]
