"""Runs that a learner has pinned under a name, in this session only."""

from dataclasses import asdict
from itertools import combinations
from typing import NamedTuple

import pandas as pd
import streamlit as st

from regcore import Config

MOST = 6  # as many as a chart can tell apart
LONGEST = 40


class Pin(NamedTuple):
    """A name and the settings of the run."""

    name: str
    config: Config


def pinned() -> list[Pin]:
    """The pins of this session, oldest first."""
    return st.session_state.setdefault("pins", [])


def clean(name: str) -> str:
    """One line of at most 40 printable characters, different from all pinned names."""
    name = "".join(c for c in str(name) if c.isprintable()).strip()[:LONGEST] or "run"
    taken, number, free = {pin.name for pin in pinned()}, 2, name
    while free in taken:
        free, number = f"{name[: LONGEST - 4]} {number}", number + 1
    return free


def add(name: str, config: Config) -> None:
    """Pin a run, unless there is no room."""
    if len(pinned()) < MOST:
        pinned().append(Pin(clean(name), config))


def rename(index: int, name: str) -> None:
    """Give a pin another name."""
    if name != pinned()[index].name:
        pinned()[index] = pinned()[index]._replace(name=clean(name))


def remove(index: int) -> None:
    """Take a pin away."""
    del pinned()[index]


def settings_table(pins: list[Pin]) -> pd.DataFrame:
    """A row for each setting, a column for each run; rows that differ come first, in bold."""
    columns = {pin.name: asdict(pin.config) for pin in pins}
    table = pd.DataFrame(columns).map(_shown)
    differs = table.nunique(axis=1) > 1
    table[differs] = "**" + table[differs] + "**"
    table.insert(0, "setting", [f"**{n}**" if d else n for n, d in differs.items()])
    return table.loc[differs.sort_values(ascending=False, kind="stable").index]


def confounded(pins: list[Pin]) -> list[str]:
    """A sentence for each pair of runs that differ in more than one setting."""
    sentences = []
    for a, b in combinations(pins, 2):
        names = list(a.config.differences(b.config))
        if len(names) > 1:
            sentences.append(f"“{a.name}” and “{b.name}” differ in {', '.join(names)}")
    return sentences


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@" else text


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return " × ".join(map(str, value))
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
