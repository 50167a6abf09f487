"""Controls that several pages have, with one range and one default each.

Each is bound to the link: a setting is kept on the next page and in a copied address. A value in
an address that is out of range falls back to the default.
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
    "memorize": "momentum 0.9 and 5,000 epochs, long enough to memorize.",
}
MIN_DELTAS = (0.0, 0.0001, 0.001, 0.005, 0.01, 0.02, 0.05)
LEARNING_RATES = (0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0, 1000.0)


def preset(key: str = "preset") -> str:
    """Return the name of the selected preset."""
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
    """Say which of these settings differ from the preset, if any do."""
    differing = PRESETS[name].differences(config)
    changed = [f"{key} {value[1]:,g}" for key, value in differing.items() if key in settings]
    if changed:
        st.caption(f"{name.capitalize()}, but with {', '.join(changed)}")


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
    """One of a few values, all visible."""
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
    """One of a few numbers, unevenly spaced."""
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
    """η, up to values at which training diverges."""
    return scale("Learning rate η", LEARNING_RATES, 0.1, key="lr", help=meaning("learning rate"))


def strength() -> float:
    """λ, on a scale where each step matters."""
    meaning = f"{LESSON_L2:g} is the lesson's value. Too small does nothing, too large underfits."
    return scale("L2 strength λ", LAMBDAS, LESSON_L2, key="l2", help=meaning)


def whole(label: str, low: int, high: int, value: int, key: str, help: str | None = None) -> int:
    """A field for a whole number."""
    text = st.query_params.get(key, "0")
    if len(text) > 20 or not text.removeprefix("-").isdecimal():
        # Streamlit converts "inf" and 1e400 to int without a check: rerun without the value
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
    """Set the values again: Streamlit 1.67 drops those of a link at the first change of page."""
    for key in keys:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def uploaded_bytes(key: str, max_bytes: int) -> bytes | None:
    """Return at most `max_bytes` bytes of the uploaded file; None if there is none.

    A browser may also name a file that was never uploaded or is gone.
    """
    file = st.session_state[key]
    return file.read(max_bytes) if isinstance(file, UploadedFile) else None
