"""The layout of a page: controls and charts side by side, larger on a projector."""

from collections.abc import Iterator, Sequence
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import controls, session
from ui.theme import enlarged

# On a projector the title begins beside the button that opens the menu, and the menu lies over the
# page instead of taking its width.
PROJECTED = """<style>
[data-testid=stMainBlockContainer] { padding: 0.25rem 1.5rem 2rem 4.5rem; }
[data-testid=stHeader] { background: none; }
[data-testid=stHeader], [data-testid=stHeader] :not(button, button *) { pointer-events: none; }
[data-testid=stHeader] button { pointer-events: auto; }
[data-testid=stSidebar] { position: absolute; height: 100%; }
/* the tasks of the exercises in one row */
.stApp .st-key-task [role=radiogroup] {
  grid-template-columns: none; grid-auto-flow: column; column-gap: 1rem;
}
/* beside a verdict, which has the figures, the control comes before the header */
.st-key-experiment:has(.st-key-experiment-question > *):not(:has([class*=st-key-answer_]))
  :has(> :is(.st-key-experiment-header, .st-key-experiment-aside)) { order: 1; }
</style>"""


Part = Literal["notices", "header", "question", "controls", "progress", "picture", "plain", "aside"]


def bench(share: float) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Return a column with this share of the width, and one for the rest."""
    share *= enlarged()
    left, right = st.columns([share, 1.0 - share], gap="medium")
    return left, right


def experiment() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Return a column for a picture, and a narrower one for its controls.

    On a phone their parts follow each other in the order of `part`; see ui/page/browser.css. On a
    wide screen the picture stays in sight of controls that need more room than it has.
    """
    left, right = st.container(key="experiment").columns([0.7, 0.3], gap="medium")
    return left, right


def part(column: DeltaGenerator, name: Part) -> DeltaGenerator:
    """Return a container in a column of the experiment.

    "plain" is one in its picture, for what no control changes: on a phone it comes last there.
    """
    return column.container(key=f"experiment-{name}")


def beside(n: int = 2) -> Sequence[DeltaGenerator]:
    """Return containers for charts, side by side, also on a projector; stacked on a phone."""
    return st.columns(n, gap="small")


def section(title: str, anchor: str) -> None:
    """Begin a section below the experiment."""
    named().append(title)
    st.header(title, anchor=anchor)


def named() -> list[str]:
    """Return the titles of the sections and folds that were drawn so far, for the jump list."""
    return session.state().setdefault("named", [])


def deeper() -> DeltaGenerator:
    """Return a container for the folds of a page, close to each other: they read like a list."""
    return st.container(key="deeper", gap="xxsmall")


def fold(label: str, key: str) -> Iterator[bool]:
    """A fold below the experiment, closed at first; what it holds is computed once it is open.

    for _ in layout.fold("Is it real?", "real"):
        ...
    """
    named().append(label)
    key = session.register_control(f"open_{key}")
    box = st.expander(label, key=key, on_change="rerun", bind="query-params")
    if box.open:
        with box:
            yield True


def reserved(height: int, *, scaled: bool = True) -> DeltaGenerator:
    """Return a container that is at least this high, in pixels; `scaled` with the size of type.

    The browser loads the code of most elements when it meets the first of a kind. Until then each
    is as flat as a button, and all below it would jump.
    """
    row = st.container(horizontal=True, gap=None)
    place = row.container()
    row.container(width=1).space(round(height * enlarged()) if scaled else height)
    return place


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
    style = PROJECTED if factor > 1.0 else ""
    st.html(style + script, unsafe_allow_javascript=True, width="content")
