"""The lesson's loop one line at a time: recorded once, then stepped through in the browser."""

from functools import cache
from typing import Any

import streamlit as st

from regcore import Split
from regcore.config import LESSON_L2
from regcore.training.stepping import MAX_FEATURES, Recording, affordable, record
from ui.data import chosen
from ui.data.spec import DataSpec
from ui.glossary import note, say
from ui.sections.story.stepper import recorded
from ui.text import beside
from ui.training.runs import computed

START = 2  # the first epoch with L2, so that one without it comes before
WIDTH = 64  # of the lesson's network


STEPPER = st.components.v2.component(
    "stepper",
    html=beside(__file__, "stepper.html"),
    css=beside(__file__, "stepper.css"),
    js=beside(__file__, "stepper.js"),
)


def show(data: DataSpec, l2: float = LESSON_L2, with_l2: bool = False) -> None:
    """Draw the loop of `lesson.train` on these data, with a cursor to step through it.

    l2       the strength that a switch turns on from the second epoch
    with_l2  whether it is on at first
    """
    l2 = l2 or LESSON_L2
    split = chosen.split(data)
    rows = recorded.rows_of(split)
    say(
        f"The lesson's own `train` with {WIDTH} units on {chosen.some(len(split.train))}. Each "
        f"step runs one statement. The numbers are those of one {chosen.row()} and one hidden unit."
    )
    recordings = [_recording(data, rows, strength) for strength in (0.0, l2)]
    steps = _code() | recorded.runs(recordings) | _choices(split, rows)
    STEPPER(key="stepper", data=steps | {"l2": f"{l2:g}", "start": START, "with_l2": with_l2})
    with st.expander("The numbers as a table", type="compact"):
        note(
            f"Up to the end of epoch 1, for {chosen.row()} {rows[0]} and unit {recorded.UNITS[0]}."
        )
        shown = recorded.table(recordings[0], rows[0])
        st.dataframe(shown, hide_index=True, height=240, alt="What each statement gave")


def _choices(split: Split, rows: tuple[int, ...]) -> dict[str, Any]:
    """Return what can be chosen to look at, and the features that are listed."""
    return {
        "row": chosen.row(),
        "rows": [[row, f"y = {split.train.y[row, 0]:.0f}"] for row in rows],
        "units": recorded.UNITS,
        "features": split.feature_names[:MAX_FEATURES],
        "left_out": max(len(split.feature_names) - MAX_FEATURES, 0),
    }


@cache
def _code() -> dict[str, Any]:
    return {"functions": recorded.listing(), "statements": recorded.statements()}


def _recording(data: DataSpec, rows: tuple[int, ...], l2: float) -> Recording:
    """Return a recording that a worker has made; every visitor gets the same one."""
    train = chosen.split(data).train
    settings = (rows, recorded.UNITS, l2, START, affordable(train.X.shape, WIDTH))
    return computed(data, ("steps", l2), record, train.X, train.y, *settings)
