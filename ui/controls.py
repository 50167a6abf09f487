"""Controls that several pages have, with one range and one default each.

Each is bound to the link: a setting goes along to the next page and into a copied address. What
an address may say beyond the limits falls back to the default.
"""

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from regcore import PRESETS, Config
from regcore.config import LAMBDAS, LESSON_L2
from ui import session
from ui.terms import meaning

T = TypeVar("T")
PRESET_MEANINGS = {
    "as printed": "plain gradient descent, 2,000 epochs.",
    "memorize": "momentum 0.9 and 5,000 epochs, long enough to learn by heart.",
}
MIN_DELTAS = (0.0, 0.0001, 0.001, 0.005, 0.01, 0.02, 0.05)
LEARNING_RATES = (0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0, 1000.0)


def preset(key: str = "preset") -> str:
    """The name of one of the presets."""
    name = st.segmented_control(
        "Preset",
        list(PRESETS),
        format_func=str.capitalize,
        default="memorize",
        required=True,
        key=session.register_control(key),
        help=" ".join(f"{name.capitalize()}: {PRESET_MEANINGS[name]}" for name in PRESET_MEANINGS),
        wrap=True,
        bind="query-params",
    )
    return name or "memorize"  # an empty value in a link gives None all the same


def changes(name: str, config: Config, settings: Sequence[str]) -> None:
    """One line where a run is no longer what its preset says."""
    differing = PRESETS[name].differences(config)
    told = [f"{key} {value[1]:,g}" for key, value in differing.items() if key in settings]
    if told:
        st.caption(f"{name.capitalize()}, but with {', '.join(told)}")


def width() -> int:
    """Units in a hidden layer."""
    return st.slider(
        "Width: units in a hidden layer",
        1,
        256,
        64,
        key=session.register_control("width"),
        bind="query-params",
    )


def choice(label: str, options: Sequence[T], default: T, key: str) -> T:
    """One of a few values, all in sight."""
    chosen = st.segmented_control(
        label,
        options,
        default=default,
        required=True,
        key=session.register_control(key),
        wrap=True,
        bind="query-params",
    )
    return default if chosen is None else chosen


def epochs(name: str) -> int:
    """Passes over the training rows; each preset has its own."""
    key = f"epochs_{name.replace(' ', '_')}"
    default = PRESETS[name].epochs
    return st.slider(
        "Epochs", 100, 20_000, default, 100, key=session.register_control(key), bind="query-params"
    )


def slider(
    label: str,
    low: float,
    high: float,
    value: float,
    step: float,
    key: str,
    help: str | None = None,
) -> float:
    """Any other number within limits."""
    return st.slider(
        label,
        low,
        high,
        value,
        step,
        key=session.register_control(key),
        help=help,
        bind="query-params",
    )


def scale(
    label: str, options: Sequence[float], value: float, key: str, help: str | None = None
) -> float:
    """A number of a few, unevenly spaced."""
    return st.select_slider(
        label,
        options,
        value=value,
        format_func="{:g}".format,
        key=session.register_control(key),
        help=help,
        bind="query-params",
    )


def learning_rate() -> float:
    """η, up to values at which the training diverges, which is worth seeing once."""
    return scale("Learning rate η", LEARNING_RATES, 0.1, key="lr", help=meaning("learning rate"))


def strength() -> float:
    """λ, on a scale on which each step matters."""
    meaning = f"{LESSON_L2:g} is the lesson's value. Too small does nothing, too large underfits."
    return scale("L2 strength λ", LAMBDAS, LESSON_L2, key="l2", help=meaning)


def whole(label: str, low: int, high: int, value: int, key: str, help: str | None = None) -> int:
    """A whole number to type."""
    said = st.query_params.get(key, "0")
    if len(said) > 20 or not said.removeprefix("-").isdecimal():
        # Streamlit turns "inf" and 1e400 into int without a check; the next run has no such value
        del st.query_params[key]
        st.rerun()
    return st.number_input(
        label, low, high, value, key=session.register_control(key), help=help, bind="query-params"
    )


def toggle(label: str, value: bool, key: str, help: str | None = None) -> bool:
    """On or off, a setting of the experiment."""
    return st.toggle(
        label, value, key=session.register_control(key), help=help, bind="query-params"
    )


def switch(label: str, value: bool, key: str, help: str | None = None) -> bool:
    """On or off, a setting of the whole app, which the tour leaves alone."""
    return st.toggle(label, value, key=key, help=help, bind="query-params")


def keep(*keys: str) -> None:
    """Set what a link has said once more: Streamlit 1.67 forgets it at the first change of page."""
    for key in keys:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def brought(key: str, most: int) -> bytes | None:
    """The first bytes of the file that lies in an uploader, at most `most`; None without one.

    A browser may also name a file that never came or is gone.
    """
    file = st.session_state[key]
    return file.read(most) if isinstance(file, UploadedFile) else None
