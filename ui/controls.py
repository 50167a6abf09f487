"""Controls that several pages have, with one range and one default each.

Each is bound to the link, so that a copied address has its value. Each page keeps its own settings.
A value in an address that is out of range falls back to the default.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from math import log
from typing import Any, TypeVar

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
TOLD = {  # settings that differ from the preset, in a caption
    "hidden_sizes": "{} units",
    "epochs": "{} epochs",
    "batch_size": "batches of {}",
    "seed": "seed {}",
    "lr": "η = {}",
}
MAX_FILE_NAME = 100
MIN_DELTAS = (0.0, 0.0001, 0.001, 0.005, 0.01, 0.02, 0.05)
WIDTHS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
LEARNING_RATES = (0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0, 1000.0)


def preset(key: str = "preset", *, sets_all: bool = True) -> str:
    """Return the name of the selected preset.

    sets_all  whether choosing one resets the page's other controls
    """
    name = st.segmented_control(
        "Preset",
        list(PRESETS),
        format_func=str.capitalize,
        default="memorize",
        required=True,
        help=" ".join(f"{name.capitalize()}: {PRESET_MEANINGS[name]}" for name in PRESET_MEANINGS),
        wrap=True,
        on_change=partial(session.reset_controls, key) if sets_all else None,
        **_common(key, "memorize"),
    )
    return name or "memorize"  # an empty value in a link gives None all the same


def changes(name: str, config: Config) -> None:
    """Say which settings differ from the preset, if any do."""
    differing = PRESETS[name].differences(config)
    changed = [
        told.format(_value(differing[field][1]))
        for field, told in TOLD.items()
        if field in differing
    ]
    if changed:
        st.caption(f"{name.capitalize()}, but with {', '.join(changed)}.")


def _value(setting: float | tuple[int, ...] | None) -> str:
    if setting is None:
        return "all rows"
    return " × ".join(map(str, setting)) if isinstance(setting, tuple) else f"{setting:,g}"


def reset() -> None:
    """Draw a button that resets the page's controls to their defaults."""
    st.button(
        "Reset",
        type="tertiary",
        icon=":material/restart_alt:",
        help="Sets every control on this page back to its default.",
        on_click=session.reset_controls,
        key="reset",
        disabled=session.is_locked(),
    )


def width() -> int:
    """Units in a hidden layer, a power of two; another number in a link gives the nearest."""
    asked = st.query_params.get("width", "")
    if asked.isdecimal() and len(asked) < 5 and int(asked) not in WIDTHS:
        st.query_params["width"] = str(min(WIDTHS, key=lambda w: abs(log(w / max(int(asked), 1)))))
        st.rerun()
    return int(scale("Units in a hidden layer", WIDTHS, 64, "width"))


def renamed(old: str, new: str, value: Callable[[float], str]) -> None:
    """Take over a setting of a link that has a control's old name, and its value in old terms."""
    with suppress(ValueError):
        if old in st.query_params and new not in st.query_params:
            st.query_params[new] = value(float(st.query_params[old]))
            del st.query_params[old]
            st.rerun()


def implied(strength: str, switch: str) -> None:
    """Turn a tool's switch on if a link sets its strength, as links did before it had a switch."""
    if switch in st.query_params or switch in st.session_state:
        return
    with suppress(ValueError):
        if 0.0 < float(st.query_params.get(strength, "0")) <= 1.0:
            st.query_params[switch] = "true"
            st.rerun()


def choice(label: str, options: Sequence[T], default: T, key: str) -> T:
    """One of a few values, all visible."""
    chosen = st.segmented_control(
        label, options, default=default, required=True, wrap=True, **_common(key, default)
    )
    return default if chosen is None else chosen


def epochs(name: str) -> int:
    """Passes over the training rows; each preset has its own."""
    key, default = f"epochs_{name.replace(' ', '_')}", PRESETS[name].epochs
    return st.slider("Epochs", 100, 20_000, default, 100, **_common(key, default))


def of_preset(field: str, name: str, key: str) -> tuple[Any, str]:
    """Return what a preset has for a field of Config, and the key of the control that changes it.

    A key has one default, so a preset that differs from the lesson's loop has a key of its own.
    """
    default = getattr(PRESETS[name], field)
    is_usual = default == getattr(Config(), field)
    return default, key if is_usual else f"{key}_{name.replace(' ', '_')}"


def slider(
    label: str,
    low: float,
    high: float,
    value: float,
    step: float,
    key: str,
    help: str | None = None,
    format: str | None = None,
) -> float:
    """Any other number within limits."""
    return st.slider(label, low, high, value, step, format, help=help, **_common(key, value))


def scale(
    label: str, options: Sequence[float], value: float, key: str, help: str | None = None
) -> float:
    """One of a few numbers, unevenly spaced."""
    return st.select_slider(
        label, options, value=value, format_func="{:g}".format, help=help, **_common(key, value)
    )


def learning_rate(name: str = "memorize") -> float:
    """η, up to values at which training diverges; each preset has its own."""
    default, key = of_preset("lr", name, "lr")
    return scale("Learning rate η", LEARNING_RATES, default, key, meaning("learning rate"))


def strength() -> float:
    """λ, on a scale where each step has an effect."""
    meaning = f"{LESSON_L2:g} is the lesson's value. Too small has no effect; too large underfits."
    return scale("L2 strength λ", LAMBDAS, LESSON_L2, key="l2", help=meaning)


def whole(label: str, low: int, high: int, value: int, key: str, help: str | None = None) -> int:
    """A field for a whole number."""
    text = st.query_params.get(key, "0")
    if len(text) > 20 or not text.removeprefix("-").isdecimal():
        # Streamlit converts "inf" and 1e400 to int without a check: rerun without the value
        del st.query_params[key]
        st.rerun()
    return st.number_input(label, low, high, value, help=help, **_common(key, value))


def toggle(label: str, value: bool, key: str, help: str | None = None) -> bool:
    """On or off, a setting of the experiment."""
    return st.toggle(label, value, help=help, **_common(key, value))


def _common(key: str, default: Any) -> dict[str, Any]:
    """Return what all controls have: a key, a place in the link, closed during a question."""
    key = session.register_control(key, default)
    return {"key": key, "bind": "query-params", "disabled": session.is_locked()}


def switch(label: str, value: bool, key: str, help: str | None = None) -> bool:
    """On or off, a setting of the whole app, which the tour leaves alone."""
    return st.toggle(label, value, key=key, help=help, bind="query-params")


def keep(*keys: str) -> None:
    """Set the values again: Streamlit 1.67 drops those of a link at the first change of page."""
    for key in keys:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def uploaded_name(key: str) -> str:
    """Return the name of the uploaded file as one line, or ""."""
    name = getattr(st.session_state[key], "name", "")
    return "".join(c for c in str(name) if c.isprintable())[:MAX_FILE_NAME]


def uploaded_bytes(key: str, max_bytes: int) -> bytes | None:
    """Return at most `max_bytes` bytes of the uploaded file; None if there is none.

    A browser may also name a file that was never uploaded or is gone.
    """
    file = st.session_state[key]
    return file.read(max_bytes) if isinstance(file, UploadedFile) else None
