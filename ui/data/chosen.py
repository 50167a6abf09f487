"""The choice of a dataset, the dataset that the visitor has chosen, and the words for its rows."""

from typing import Any

import streamlit as st

from regcore import Dataset, Split
from regcore.data.bundled import DATASETS
from regcore.data.label_noise import FLIPPED
from ui import controls, session
from ui.data.spec import MOONS, NOISE, DataSpec, dataset_of, split_of
from ui.terms import meaning
from ui.text import escape

OWN = "your file"
MAX_FLIPPED = round(100 * FLIPPED[1])
CHOICES = {name.capitalize(): name for name in (*DATASETS, OWN)}


def choose() -> None:
    """Draw the choice in the menu, bound to the link. Call it before `spec`."""
    controls.keep(*session.DATA_CONTROLS)
    st.selectbox("Data", list(CHOICES), key=session.register_control("data"), bind="query-params")
    if name() == MOONS:
        controls.slider("Noise", 0.0, 1.0, NOISE, 0.05, key="noise")
    controls.slider(
        "Flip labels", 0, MAX_FLIPPED, 0, 5, "flipped", meaning("flipped labels"), "%d%%"
    )


def spec(**settings: Any) -> DataSpec:
    """Return the DataSpec of the chosen dataset with these settings."""
    own = session.own_table()
    noise = round(st.session_state.get("noise", NOISE), 2) if name() == MOONS else None
    settings.setdefault("flipped", flipped())
    key = own.key if name() == OWN and own else ""
    return DataSpec(dataset=name(), noise=noise, own=key, **settings)


def dataset() -> Dataset:
    """Return the chosen dataset."""
    return dataset_of(spec())


def split(spec: DataSpec) -> Split:
    """Return the split of `spec`; if it cannot be made, show an error and end the page."""
    try:
        return split_of(spec)
    except ValueError as error:
        st.error(escape(str(error)))
        st.stop()


def in_code() -> str:
    """Return the Python expression that loads the chosen bundled dataset."""
    noise = spec().noise
    return f"load_{name().replace(' ', '_')}()" if noise is None else f"make_two_moons({noise!r})"


def is_lesson() -> bool:
    """Whether this is the lesson's table."""
    return dataset().lesson


def has_printed_figures() -> bool:
    """Whether these are the lesson's table and labels, which its printed figures are about."""
    return is_lesson() and not flipped()


def flipped() -> int:
    """Return how many percent of the training labels the visitor has flipped."""
    return int(st.session_state.get("flipped", 0))


def row() -> str:
    """Return what a row is called: "patient"."""
    return dataset().row


def rows() -> str:
    """Return what several rows are called: "patients"."""
    return dataset().rows


def some(n: int, of: Dataset | None = None) -> str:
    """Format a number of rows, of the chosen dataset or another: "1 patient", "3 patients"."""
    table = of or dataset()
    return f"1 {table.row}" if n == 1 else f"{n:,} {table.rows}"


def key(control: str) -> str:
    """Return a control's key for the chosen dataset, so that no other's value is inherited."""
    return control if is_lesson() else f"{control}_{name().replace(' ', '_')}"


def name() -> str:
    """Return the name of the chosen dataset, as in DATASETS, or OWN."""
    return CHOICES.get(str(st.session_state.get("data")), "diabetes")
