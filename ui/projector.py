"""The switch for a projector: all type grows, and with it everything that is measured in type."""

import streamlit as st

from ui import controls
from ui.look import enlarged


def switch() -> None:
    """The switch, bound to the link: ?projector=true. Charts ask `look.enlarged` for themselves."""
    controls.keep("projector")
    meaning = "Larger type and thicker lines, to be read from the back row."
    with st.container(horizontal=True, gap=None):  # beside the switch the script takes no line
        controls.toggle("Projector", False, key="projector", help=meaning)
        _set_type_size(enlarged())


def _set_type_size(factor: float) -> None:
    """Streamlit measures in rem, the type size of the root: one value moves all.

    It has no setting for that while it runs. The root outlives a change of page, so nothing jumps.
    """
    size = "" if factor == 1.0 else f"{factor:.0%}"
    script = f"<script>document.documentElement.style.fontSize = '{size}'</script>"
    st.html(script, unsafe_allow_javascript=True, width="content")
