"""A progress bar that lets a click interrupt the work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from regcore.experiments.parallel import Report
from ui.training.trouble import explained


@contextmanager
def bar(text: str) -> Iterator[Report]:
    """Show a bar with `text` during the block; every report lets a click interrupt.

    with progress.bar("Training") as report:
        runs = train(requests, report)
    """
    slot = st.empty()
    draw = drawn_in(slot)
    with explained(slot):
        yield lambda share: draw(share, text)
    slot.empty()


def drawn_in(slot: DeltaGenerator) -> Callable[[float, str], None]:
    """Return a function (share, text) that draws the bar in `slot` and lets a click interrupt.

    An unchanged bar is not redrawn: with thirty visitors waiting, that would be three hundred times
    a second.
    """
    last: tuple[int, str] | None = None

    def draw(share: float, text: str) -> None:
        nonlocal last
        now = min(int(100.0 * share), 100), text
        if now == last:  # like any call of Streamlit, this ends the script after a click
            st.session_state.get("any key")
        else:
            slot.progress(now[0], text=text)
            last = now

    return draw
