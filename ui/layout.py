"""The layout of a page: controls and charts side by side, larger on a projector."""

from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import controls
from ui.theme import enlarged


def bench(
    share: float = 0.26, align: Literal["top", "bottom"] = "top"
) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Return a column for controls, with this share of the width, and one for their chart."""
    share *= enlarged()
    left, right = st.columns([share, 1.0 - share], gap="medium", vertical_alignment=align)
    return left, right


def beside() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Return two containers for charts, side by side; stacked if large type needs the width."""
    if enlarged() > 1.0:
        return st.container(), st.container()
    left, right = st.columns(2, gap="medium")
    return left, right


def projector_switch() -> None:
    """Draw the switch that enlarges all type, bound to the link: ?projector=true.

    Charts call `theme.enlarged` themselves.
    """
    controls.keep("projector")
    meaning = "Larger type and thicker lines, readable from the back row."
    with st.container(horizontal=True, gap=None):  # beside the switch the script takes no extra row
        controls.switch("Projector", False, key="projector", help=meaning)
        _set_type_size(enlarged())


def _set_type_size(factor: float) -> None:
    """Set the font size of the root element, which Streamlit's sizes are multiples of (rem).

    Streamlit cannot change it at run time. The root survives a change of page, so nothing jumps.
    """
    size = "" if factor == 1.0 else f"{factor:.0%}"
    script = f"<script>document.documentElement.style.fontSize = '{size}'</script>"
    st.html(script, unsafe_allow_javascript=True, width="content")
