"""Where things stand on a page: controls and pictures side by side, on a projector with room."""

from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.look import enlarged


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
