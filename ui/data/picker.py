"""The choice of a dataset in the menu, and the box for a file of the visitor's own."""

import streamlit as st

from ui import controls, session
from ui.data import chosen, upload
from ui.data.spec import MOONS


def choose() -> None:
    """The choice in the menu, bound to the link. Call it once a run, before `chosen.spec`."""
    controls.keep("data", "noise")
    key = session.register_control("data")
    st.selectbox("Data", list(chosen.CHOICES), key=key, bind="query-params")
    if chosen.name() == MOONS:
        controls.slider("Noise", 0.0, 1.0, 0.2, 0.05, key="noise")


def bring(place: str) -> None:
    """The box in which a visitor's own file is read and described, where it is chosen.

    place  the path of the page; the page waits for the file
    """
    if chosen.name() == chosen.OWN:
        upload.box(place)
