"""How a file was read: what was taken for what, its first rows, and corrections by a click."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Any

import pandas as pd
import streamlit as st

from regcore import Table
from regcore.data.reading.records import NAMES, Note
from regcore.data.table import Reading
from ui import session
from ui.text import counted, escape

MAX_NOTES = 6
TAKEN_FOR = {
    "title": "is a title",
    "comment": "is a comment",
    "separator": "says what separates cells",
    "units": "holds units",
    "names again": "repeats the names",
    "title again": "repeats a line above the table",
    "total": "sums up other rows",
    "footer": "is a footer",
}
MARKS = {".": "point", ",": "comma"}
ANSWERS = {True: "yes", False: "no"}


def show(table: Table) -> None:
    """Say what was taken for what, and show the first rows."""
    reading = table.reading
    st.caption("How it was read")
    st.markdown(" ".join(_sentences(reading)))
    names = [column.name for column in table.columns]
    st.dataframe(pd.DataFrame(reading.preview, columns=names), hide_index=True)


def _sentences(reading: Reading) -> list[str]:
    names = [note.line for note in reading.notes if note.what == "names"]
    others = [note for note in reading.notes if note.what in TAKEN_FOR]
    return [
        f"Cells are separated by {NAMES[reading.separator]}.",
        f"Line {names[0]} holds the names of the columns."
        if names
        else "The names come from above the table."
        if reading.header
        else "No line holds names, so the columns are numbered.",
        *([f"The decimal mark is a {MARKS[reading.decimal]}."] if reading.decimal else []),
        *map(_said, others[:MAX_NOTES]),
        *(
            [f"Skipped as well: {counted(len(others) - MAX_NOTES, 'more line')}."]
            if len(others) > MAX_NOTES
            else []
        ),
    ]


def _said(note: Note) -> str:
    text = note.text if len(note.text) <= 60 else f"{note.text[:60]}…"
    return f"Line {note.line} {TAKEN_FOR[note.what]} and was skipped: “{escape(text)}”."


def corrections(reading: Reading | None, read: Callable[[dict[str, Any]], None]) -> None:
    """Draw controls that correct how the file was read.

    read  called with the corrected arguments of `read_table`
    """
    raw = session.state().get("own_raw")
    if raw is None:
        return
    prefix = f"own_{sha256(raw).hexdigest()[:16]}"
    found = reading or Reading("", True, "", (), ())
    asked: dict[str, tuple[str, dict[Any, str], Any]] = {
        "header": ("A line holds names", ANSWERS, found.header if reading else None),
        "separator": ("Cells are separated by", NAMES, found.separator or None),
        "decimal": ("Decimal mark", MARKS, found.decimal or None),
    }
    for place, (field, (label, words, default)) in zip(
        st.columns([1, 3, 1], gap="medium"), asked.items(), strict=True
    ):
        with place:
            st.segmented_control(
                label,
                list(words),
                format_func=words.__getitem__,
                default=default,
                key=f"{prefix}_{field}",
                persist_state="session",
                wrap=True,
                on_change=partial(_correct, prefix, field, read),
            )


def _correct(prefix: str, field: str, read: Callable[[dict[str, Any]], None]) -> None:
    """Read the file again with the control that was changed and those changed before."""
    changed = session.state().setdefault("own_corrections", {}).setdefault(prefix, {})
    changed[field] = st.session_state.get(f"{prefix}_{field}")
    read(dict(changed))
