"""A visitor's own table: uploaded, described by its owner, kept in this session only."""

from hashlib import sha256
from typing import Any

import streamlit as st

from regcore import Table, TableError, inspect_table, read_table, split, to_dataset
from regcore.data.csv_reader import MAX_BYTES, MAX_COLUMNS, MAX_ROWS
from ui import controls, session
from ui.data import chosen
from ui.text import escape

LEAVE_OUT = ("constant", "id", "target", "copy")  # findings that suggest leaving a column out
FILE_GONE = "Your file {}is gone, as the page was reloaded. Choose it again to go on."
VALIDATION_SIZE = 0.2  # the smallest part of any page's split


def box(place: str) -> None:
    """If the visitor wants to bring a table, ask for it. Ends the page until it is usable.

    place  the path of the page; the box stays open on the page where the file was uploaded
    """
    if chosen.name() != chosen.OWN:
        return
    if session.own_table() is None:
        session.state()["own_place"] = place
    with st.expander("Your file", expanded=session.state()["own_place"] == place):
        size, rows = MAX_BYTES >> 20, f"{MAX_ROWS:,} rows and {MAX_COLUMNS} columns"
        label = f"A CSV file of your own: up to {size} MB, {rows}"
        st.file_uploader(label, key="own_file", on_change=_read, max_upload_size=size)
        st.caption(
            "It stays in the memory of this session: it is neither written to disk nor shared with "
            "others. When you reload or close the page it is gone, so keep the file."
        )
        if message := session.state().get("own_message"):
            st.error(escape(message))
        table = session.state().get("own_table")
        if table is None:
            name = session.state().get("own_name")
            if not message and (name or st.session_state["own_file"] is not None):
                st.warning(FILE_GONE.format(f"“{escape(name)}” " if name else ""))
            st.stop()
        _describe(table)


def _read() -> None:
    """Make the new file the table of this session, or store a sentence that says why not."""
    for key in ("own", "own_table", "own_message", "own_name"):
        st.session_state.pop(key, None)
    file = controls.uploaded_bytes("own_file", MAX_BYTES + 1)
    if file is None:
        return
    session.state()["own_name"] = controls.uploaded_name("own_file")
    try:
        session.state()["own_table"] = read_table(file)
    except TableError as error:
        session.state()["own_message"] = str(error)


def _describe(table: Table) -> None:
    """Ask for the outcome, columns to leave out, and columns where a zero means missing."""
    left, right = st.columns(2, gap="medium")
    with left:
        outcomes = list(table.targets)
        target = st.selectbox("Outcome to predict", outcomes, **_kept(table, "target"))
        values, kept = table.targets[target][::-1], _kept(table, "positive", target)
        positive = st.selectbox("Counts as positive", values, **kept)
    features = [name for name in table.features if name != target]
    findings = inspect_table(table, target)
    flagged = {finding.column for finding in findings if finding.kind in LEAVE_OUT}
    doubtful = [name for name in features if name in flagged]
    with right:
        out = st.multiselect("Leave out", features, doubtful, **_kept(table, "out", target))
        rest = [name for name in features if name not in out]
        zeros = st.multiselect("Zeros that mean missing", rest, **_kept(table, "zeros", target))
    _tell(table, target, [f"“{s.column}”: {s.sentence}" for s in findings])
    _use(table, target, positive, tuple(zeros), tuple(out))


def _tell(table: Table, target: str, odd: list[str]) -> None:
    """List what is left out and what looks odd."""
    left_out = {name: why for name, why in table.left_out.items() if name != target}
    notes = [f"“{name}” is left out: {why}" for name, why in left_out.items()]
    if missing := table.column(target).missing:
        notes.append(f"{missing:,} rows have no outcome and are left out.")
    if table.encoding == "cp1252":
        notes.append("The file is not UTF-8, so letters in names may look wrong.")
    if notes + odd:
        st.caption("Noticed in the file")
        st.markdown("\n".join(f"- {escape(note)}" for note in notes + odd))


def _use(
    table: Table, target: str, positive: str, zeros: tuple[str, ...], out: tuple[str, ...]
) -> None:
    """Make the dataset of these choices, unless it is the current one."""
    choices = repr((table.digest, target, positive, zeros, out))
    key, own = sha256(choices.encode()).hexdigest(), session.own_table()
    if own is not None and own.key == key:
        return
    session.state().pop("own", None)
    try:
        dataset = to_dataset(table, target, positive, zeros_missing=zeros, leave_out=out)
        split(dataset, validation_size=VALIDATION_SIZE)
    except ValueError as error:
        st.error(escape(str(error)))
        st.stop()
    session.state()["own"] = session.OwnTable(key, dataset)


def _kept(table: Table, *parts: str) -> dict[str, Any]:
    """Keep a widget's value for the other pages; another file or outcome has its own defaults."""
    key = "own_" + sha256(repr((table.digest, *parts)).encode()).hexdigest()[:16]
    return {"key": key, "persist_state": "session"}
