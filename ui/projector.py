"""The switch for a projector: all type grows, and with it everything that is measured in type."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import controls
from ui.look import enlarged


def switch() -> None:
    """The switch, bound to the link: ?projector=true. Charts ask `look.enlarged` for themselves."""
    controls.keep("projector")
    meaning = "Larger type and thicker lines, to be read from the back row."
    with st.container(horizontal=True, gap=None):  # beside the switch the script takes no line
        controls.toggle("Projector", False, key="projector", help=meaning)
        _set_type_size(enlarged())


def bench(share: float = 0.25) -> list[DeltaGenerator]:
    """Controls on the left, which have this share of the width, and their picture on the right."""
    share *= enlarged()
    return list(st.columns([share, 1.0 - share], gap="medium"))


def beside() -> list[DeltaGenerator]:
    """Two places for pictures, side by side; below each other where large type needs the width."""
    if enlarged() > 1.0:
        return [st.container(), st.container()]
    return list(st.columns(2, gap="medium"))


def _set_type_size(factor: float) -> None:
    """Streamlit measures in rem, the type size of the root: one value moves all.

    It has no setting for that while it runs. The root outlives a change of page, so nothing jumps.
    """
    size = "" if factor == 1.0 else f"{factor:.0%}"
    script = f"<script>document.documentElement.style.fontSize = '{size}'</script>"
    st.html(script, unsafe_allow_javascript=True, width="content")
