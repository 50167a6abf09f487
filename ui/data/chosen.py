"""The dataset that the visitor has chosen, and the words that go with it."""

from typing import Any

import streamlit as st

from regcore import Dataset, Split
from regcore.data.bundled import DATASETS
from ui import glossary, session
from ui.data.spec import MOONS, DataSpec, dataset_of, split_of
from ui.text import escape

OWN = "your file"
CHOICES = {name.capitalize(): name for name in (*DATASETS, OWN)}


def spec(**settings: Any) -> DataSpec:
    """The rows and columns of the chosen dataset, with these settings of a DataSpec."""
    own = session.own_table()
    noise = round(st.session_state.get("noise", 0.2), 2) if name() == MOONS else None
    key = own.key if name() == OWN and own else ""
    return DataSpec(dataset=name(), noise=noise, own=key, **settings)


def dataset() -> Dataset:
    """The chosen dataset."""
    return dataset_of(spec())


def split(spec: DataSpec) -> Split:
    """The parts that `spec` names; where it cannot be split, one sentence ends the page."""
    try:
        return split_of(spec)
    except ValueError as error:
        st.error(escape(str(error)))
        glossary.stop()


def in_code() -> str:
    """The expression by which a script of the learner's own gets a bundled dataset."""
    if spec().noise is not None:
        return f"make_two_moons({spec().noise!r})"
    return "load_" + spec().dataset.replace(" ", "_") + "()"


def is_lesson() -> bool:
    """Whether this is the table of the lesson, which its printed figures are about."""
    return dataset().lesson


def row() -> str:
    """What a row is: "patient"."""
    return dataset().row


def rows() -> str:
    """What several rows are: "patients"."""
    return dataset().rows


def some(n: int) -> str:
    """So many rows: "1 patient", "3 patients"."""
    return f"1 {row()}" if n == 1 else f"{n:,} {rows()}"


def key(control: str) -> str:
    """The key of a control whose range depends on the dataset: none inherits another's value."""
    return control if is_lesson() else f"{control}_{name().replace(' ', '_')}"


def name() -> str:
    """The name of the chosen dataset, as in DATASETS, or OWN."""
    return CHOICES.get(str(st.session_state.get("data")), "diabetes")
