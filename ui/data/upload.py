"""A visitor's own table: uploaded, read, described by its owner, kept in this session only."""

from hashlib import sha256
from typing import Any

import streamlit as st

from regcore import Dataset, Table, TableError, read_table, split, to_dataset
from regcore.data.csv_reader import MAX_BYTES, MAX_COLUMNS, MAX_ROWS
from ui import controls, session
from ui.data import chosen, description, preview
from ui.data.description import Choices
from ui.text import counted, escape

FILE_GONE = "Your file {}is gone, because the page was reloaded. Choose it again to continue."
VALIDATION_SIZE = 0.2  # the smallest part of any page's split
MAX_SENT = int(st.get_option("server.maxUploadSize"))  # MB that a browser may send
USE = "Use this file"


def box() -> None:
    """If the visitor wants to bring a table, ask for it. Ends the page until it is used."""
    if chosen.name() != chosen.OWN:
        return
    with st.expander("Your file", expanded=session.own_table() is None):
        _ask()
        table = session.state().get("own_table")
        if message := session.state().get("own_message"):
            st.error(escape(message))
            preview.corrections(None, _reread)
        if table is None:
            name = session.state().get("own_name")
            if not message and (name or st.session_state["own_file"] is not None):
                st.warning(FILE_GONE.format(f"“{escape(name)}” " if name else ""))
            st.stop()
        choices = description.ask(table)
        ready = _use(table, choices)
        description.tell(table, choices)
        preview.show(table)
        preview.corrections(table.reading, _reread)
    if not ready:
        st.stop()


def _ask() -> None:
    size, rows = MAX_BYTES >> 20, f"{MAX_ROWS:,} rows and {MAX_COLUMNS} columns"
    label = f"A CSV or ARFF file of your own: up to {size} MB, {rows}"
    st.file_uploader(label, key="own_file", on_change=_read, max_upload_size=MAX_SENT)
    st.caption(
        "It stays in the memory of this session: it is neither written to disk nor shared with "
        "others. When you reload or close the page it is gone, so keep the file. A file above "
        f"{MAX_SENT} MB is not even sent, and is marked in red: keep fewer rows or columns."
    )


def _read() -> None:
    """Make the new file the table of this session, or store a sentence that says why not."""
    _forget("own_raw", "own_name")
    file = controls.uploaded_bytes("own_file", MAX_BYTES + 1)
    if file is not None:
        session.state()["own_raw"] = file
        _reread({})


def _reread(corrections: dict[str, Any]) -> None:
    """Read the file once more, with what its owner says of the header and the marks."""
    _forget()
    if (raw := session.state().get("own_raw")) is None:
        return
    session.state()["own_name"] = controls.uploaded_name("own_file")
    try:
        session.state()["own_table"] = read_table(raw, **corrections)
    except TableError as error:
        session.state()["own_message"] = str(error)


def _forget(*more: str) -> None:
    for key in ("own", "own_table", "own_message", "own_findings", *more):
        st.session_state.pop(key, None)


def _use(table: Table, choices: Choices) -> bool:
    """Whether the table is used with these choices; if not, ask the owner to say yes."""
    key, own = _key(table, choices), session.own_table()
    if own is not None and own.key == key:
        return True
    session.state().pop("own", None)
    try:
        dataset = _dataset(table, choices)
    except ValueError as error:
        st.error(escape(str(error)))
        return False
    used, positives = session.OwnTable(key, dataset), int(dataset.y.sum())
    used.kept["choices"] = choices
    st.button(
        USE,
        type="primary",
        key="own_use",
        on_click=session.state().__setitem__,
        args=("own", used),
    )
    st.caption(
        f"{counted(len(dataset), 'row')} with {counted(len(dataset.feature_names), 'feature')}; "
        f"{escape(dataset.outcomes[1])} in {counted(positives, 'row')}. "
        "Nothing is trained until you press the button."
    )
    return False


def _dataset(table: Table, choices: Choices) -> Dataset:
    """The dataset of these choices. Raises ValueError if a page could not split it."""
    dataset = to_dataset(
        table,
        choices.target,
        choices.positive,
        zeros_missing=choices.zeros,
        missing_values=dict(choices.odd),
        leave_out=choices.out,
        equal_rows=choices.equal_rows,
    )
    split(dataset, validation_size=VALIDATION_SIZE)
    return dataset


def _key(table: Table, choices: Choices) -> str:
    reading = (table.reading.separator, table.reading.header, table.reading.decimal)
    return sha256(repr((table.digest, reading, choices)).encode()).hexdigest()
