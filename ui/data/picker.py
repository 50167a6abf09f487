"""The choice of a dataset in the menu, and the box for a visitor's own file."""

import streamlit as st

from ui import controls, session
from ui.data import chosen, upload
from ui.data.spec import MOONS


def choose() -> None:
    """Draw the choice in the menu, bound to the link. Call it before `chosen.spec`."""
    controls.keep("data", "noise")
    key = session.register_control("data")
    st.selectbox("Data", list(chosen.CHOICES), key=key, bind="query-params")
    if chosen.name() == MOONS:
        controls.slider("Noise", 0.0, 1.0, 0.2, 0.05, key="noise")


def bring(place: str) -> None:
    """Draw the box to upload and describe a file, if that is chosen; the page waits for it.

    place  the path of the page
    """
    if chosen.name() == chosen.OWN:
        upload.box(place)
