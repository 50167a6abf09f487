"""Runs that a learner has pinned under a name: in the session, and as JSON to be kept outside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from itertools import combinations
from typing import Any

import pandas as pd
import streamlit as st

from regcore import Config, Fit
from ui import session
from ui.data.spec import DataSpec
from ui.sections import take_along
from ui.sections.test_set import opened_configs
from ui.session import Pin
from ui.text import counted, escape

MAX_PINS = 4  # with the current run five lines, each with its own color and dash
MAX_NAME_LENGTH = 40
THIS_RUN = "this run"
SETTINGS = {  # field of Config -> its name and the word for None
    "hidden_sizes": ("hidden units", ""),
    "lr": ("learning rate η", ""),
    "epochs": ("epochs", ""),
    "l2": ("L2 λ", ""),
    "dropout": ("dropout p", ""),
    "momentum": ("momentum μ", ""),
    "batch_size": ("batch size", "all rows"),
    "patience": ("patience", "no early stopping"),
    "min_delta": ("min_delta", ""),
    "seed": ("seed", ""),
}
FIRST = set(SETTINGS)  # pins of long ago have these
SETTINGS = {
    f.name: SETTINGS.get(f.name, (f.metadata.get("name", f.name), "")) for f in fields(Config)
}
RESERVED = {THIS_RUN, "setting"}
FIELDS = set(SETTINGS)
HIGHEST = {"epochs": 10_000, "patience": 300, "lr": 1000.0}  # of the controls
SMALLEST_BATCH = 16


def pinned() -> list[Pin]:
    """Return the pins of this session, oldest first."""
    return session.state().setdefault("pins", [])


def tell_if_gone() -> None:
    """Warn once if the address says that runs were pinned but there are none.

    It may come from another browser, or this one keeps nothing.
    """
    before, now = str(st.query_params.get("pins")), len(pinned())
    if not now and before in map(str, range(1, MAX_PINS + 1)):
        pins = "a pinned run" if before == "1" else f"{before} pinned runs"
        st.warning(
            f"This address is from a session with {pins}, which this browser does not have: pins "
            "stay in the browser where they were made. Set the runs up again to continue."
        )
    if now:
        st.query_params["pins"] = str(now)
    else:
        st.query_params.pop("pins", None)


def clean(name: str, taken: Sequence[str] | None = None) -> str:
    """Return `name` as one line of at most 40 printable characters, neither reserved nor taken.

    taken  the names of all pins by default
    """
    taken = [pin.name for pin in pinned()] if taken is None else taken
    name = "".join(c for c in str(name) if c.isprintable()).strip()[:MAX_NAME_LENGTH]
    name, number = name or f"run {len(pinned()) + 1}", 2
    free = name
    while free in RESERVED.union(taken):
        free, number = f"{name[: MAX_NAME_LENGTH - 4]} {number}", number + 1
    return free


def add(name: str, config: Config) -> None:
    """Pin a run, unless there is no room."""
    if len(pinned()) < MAX_PINS:
        pinned().append(Pin(clean(name), config))


def merged(first: Iterable[Pin], second: Iterable[Pin]) -> list[Pin]:
    """Return the pins of both as far as there is room; of two with one name, the first."""
    by_name = {pin.name: pin for pin in reversed([*first, *second])}
    return list(reversed(by_name.values()))[:MAX_PINS]


def as_json(pins: Iterable[Pin]) -> dict[str, dict[str, Any]]:
    """Return the settings of the pins by name."""
    return {pin.name: asdict(pin.config) for pin in pins}


def from_json(value: Any) -> list[Pin]:
    """Return the pins of what `as_json` has returned. Raises ValueError with one sentence.

    It may come from a file or a browser, so no run is larger than the page's controls allow.
    """
    if type(value) is not dict or len(value) > MAX_PINS:
        raise ValueError(
            f"The pins are damaged: they must be at most {MAX_PINS} names with settings."
        )
    return [_pin(name, settings) for name, settings in value.items()]


def _pin(name: Any, settings: Any) -> Pin:
    if type(name) is not str or clean(name, ()) != name:
        raise ValueError("The pins are damaged: one has no name that a pin can have.")
    if type(settings) is not dict or not FIRST <= set(settings) <= FIELDS:
        raise ValueError(f"The pin “{name}” is damaged: it must have all settings of a run.")
    config = Config(**settings)
    sizes, batch = config.hidden_sizes, config.batch_size
    too_high = any((getattr(config, key) or 0) > high for key, high in HIGHEST.items())
    is_small_batch = batch is not None and batch < SMALLEST_BATCH
    if too_high or is_small_batch or not sizes or len(sizes) > 3 or max(sizes) > 256:
        raise ValueError(f"The pin “{name}” is larger than any run on the All together page.")
    return Pin(name, config)


def rename(index: int, name: str) -> None:
    """Give a pin another name."""
    others = [pin.name for i, pin in enumerate(pinned()) if i != index]
    pinned()[index] = pinned()[index]._replace(name=clean(name, others))


def remove(index: int) -> None:
    """Remove a pin."""
    del pinned()[index]


def manage(data: DataSpec, named: Mapping[str, Fit]) -> None:
    """Draw fields to rename and remove the pinned runs, and to take them along.

    named  the runs by the names of their pins
    """
    for index, pin in enumerate(pinned()):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input(
                f"Name of run {index + 1}",
                pin.name,
                max_chars=MAX_NAME_LENGTH,
                key=f"name_{pin}",
            )
            if name != pin.name:
                rename(index, name)
                if pinned()[index] != pin:  # an added space does not change the name
                    st.rerun()
            if st.button("Remove", key=f"remove_{pin}"):
                remove(index)
                st.rerun()
            is_sealed = pin.config not in opened_configs(data)
            take_along.offer(
                pin.name, data, named[pin.name], sealed=is_sealed, key=f"pin_{pin.name}"
            )


def settings_table(pins: Sequence[Pin]) -> pd.DataFrame:
    """Return a row per setting and a column per run; differing rows come first, in bold."""
    table = pd.DataFrame({escape(pin.name): _in_words(pin.config) for pin in pins})
    differs = table.nunique(axis=1) > 1
    table[differs] = "**" + table[differs] + "**"
    table.insert(0, "setting", [f"**{n}**" if d else n for n, d in differs.items()])
    return table.loc[differs.sort_values(ascending=False, kind="stable").index]


def in_words(config: Config) -> str:
    """Return a run's settings in one line."""
    others = {name: getattr(config, name) for name in SETTINGS if name not in FIRST}
    tools = (
        f"L2 λ = {config.l2:g}" if config.l2 else "no L2",
        f"dropout p = {config.dropout:g}" if config.dropout else "no dropout",
        f"patience {config.patience}" if config.patience else "no early stopping",
        *(f"{SETTINGS[name][0]} {_shown(value)}" for name, value in others.items() if value),
    )
    sizes = config.hidden_sizes
    units = counted(sizes[0], "unit") if len(sizes) == 1 else f"{_shown(sizes)} units"
    epochs, rates = counted(config.epochs, "epoch"), f"η = {config.lr:g}, μ = {config.momentum:g}"
    return ", ".join((units, epochs, rates, *tools))


def confounded(pins: Sequence[Pin]) -> list[str]:
    """Return a sentence for each pair of runs that differ in more than one setting."""
    pairs = [(a, b, list(a.config.differences(b.config))) for a, b in combinations(pins, 2)]
    return [
        f"“{a.name}” and “{b.name}” differ in {', '.join(SETTINGS[s][0] for s in settings)}"
        for a, b, settings in pairs
        if len(settings) > 1
    ]


def safe_cell(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in "=+-@" else text


def _in_words(config: Config) -> dict[str, str]:
    values = asdict(config)
    return {
        name: none if values[field] is None else _shown(values[field])
        for field, (name, none) in SETTINGS.items()
    }


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return " × ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
