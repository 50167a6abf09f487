"""Where things stand on a page: controls and pictures side by side, larger on a projector."""

from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import controls
from ui.theme import enlarged


def bench(
    share: float = 0.26, align: Literal["top", "bottom"] = "top"
) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Controls on the left, which have this share of the width, and their picture on the right."""
    share *= enlarged()
    left, right = st.columns([share, 1.0 - share], gap="medium", vertical_alignment=align)
    return left, right


def beside() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two places for pictures, side by side; below each other where large type needs the width."""
    if enlarged() > 1.0:
        return st.container(), st.container()
    left, right = st.columns(2, gap="medium")
    return left, right


def projector_switch() -> None:
    """The switch that enlarges all type, bound to the link: ?projector=true.

    Charts ask `theme.enlarged` for themselves.
    """
    controls.keep("projector")
    meaning = "Larger type and thicker lines, to be read from the back row."
    with st.container(horizontal=True, gap=None):  # beside the switch the script takes no line
        controls.switch("Projector", False, key="projector", help=meaning)
        _set_type_size(enlarged())


def _set_type_size(factor: float) -> None:
    """Set the type size of the root, of which Streamlit's sizes are multiples (rem).

    It has no setting for that while it runs. The root outlives a change of page: nothing jumps.
    """
    size = "" if factor == 1.0 else f"{factor:.0%}"
    script = f"<script>document.documentElement.style.fontSize = '{size}'</script>"
    st.html(script, unsafe_allow_javascript=True, width="content")
