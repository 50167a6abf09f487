"""Which table the pages teach on, and the words that go with it."""

from typing import Any

import streamlit as st

from regcore import Dataset, Split
from ui import controls, glossary, own_table, runs
from ui.look import plain

OWN = "your file"
CHOICES = {name.capitalize(): name for name in (*runs.BUNDLED, runs.MOONS, OWN)}


def choose() -> None:
    """The choice in the menu, bound to the link. Call it once a run, before `data`."""
    controls.keep("data", "noise")
    st.selectbox("Data", list(CHOICES), key="data", bind="query-params")
    if _name() == runs.MOONS:
        controls.slider("Noise", 0.0, 1.0, 0.2, 0.05, key="noise")


def bring(place: str) -> None:
    """Where a visitor's own file is read and described; the page waits for it."""
    if _name() == OWN:
        own_table.box(place)


def data(**settings: Any) -> runs.Data:
    """The rows and columns that runs see: those of the chosen table, and these settings."""
    name, mine = _name(), runs.own()
    noise = round(st.session_state.get("noise", 0.2), 2) if name == runs.MOONS else None
    own = mine.key if name == OWN and mine else ""
    return runs.Data(dataset=name, noise=noise, own=own, **settings)


def table() -> Dataset:
    """The chosen table."""
    return runs.dataset(data())


def split(data: runs.Data) -> Split:
    """The parts that `data` names, or one sentence and the end of the page where there are none."""
    try:
        return runs.prepare(data)
    except ValueError as error:
        st.error(plain(str(error)))
        glossary.stop()


def in_code() -> str:
    """The expression by which a script of the learner's own gets a bundled table."""
    if data().noise is not None:
        return f"make_two_moons({data().noise!r})"
    return "load_" + data().dataset.replace(" ", "_") + "()"


def is_lesson() -> bool:
    """Whether this is the table of the lesson, which its printed figures are about."""
    return table().lesson


def row() -> str:
    """What a row is: "patient"."""
    return table().row


def rows() -> str:
    """What several rows are: "patients"."""
    return table().rows


def some(n: int) -> str:
    """So many rows: "1 patient", "3 patients"."""
    return f"1 {row()}" if n == 1 else f"{n:,} {rows()}"


def key(name: str) -> str:
    """The key of a control whose range depends on the table: no table inherits another's value."""
    return name if is_lesson() else f"{name}_{_name().replace(' ', '_')}"


def _name() -> str:
    return CHOICES.get(str(st.session_state.get("data")), "diabetes")
