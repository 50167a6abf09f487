"""Controls that several pages have, with one range and one default each."""

from collections.abc import Sequence

import streamlit as st

from regcore import PRESETS, Config

PRESET_LABELS = {"as printed": "As printed", "memorize": "Memorize"}
PRESET_HELP = (
    "As printed: plain gradient descent, 2,000 epochs. "
    "Memorize: momentum 0.9 and 5,000 epochs, long enough to learn all patients by heart."
)
LAMBDAS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
LEARNING_RATES = (0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0, 1000.0)


def preset(key: str, epochs_key: str | None = None) -> Config:
    """Which of the two presets; its Config. A change sets the epochs control too, if named."""

    def bring_epochs() -> None:
        if epochs_key is not None:
            st.session_state[epochs_key] = PRESETS[st.session_state[key]].epochs

    name = st.segmented_control(
        "Preset",
        list(PRESETS),
        format_func=PRESET_LABELS.__getitem__,
        default="memorize",
        required=True,
        key=key,
        help=PRESET_HELP,
        on_change=bring_epochs,
    )
    return PRESETS[str(name)]


def choice(label: str, options: Sequence[int], default: int, key: str) -> int:
    """One of a few numbers, all in sight."""
    return st.segmented_control(label, options, default=default, required=True, key=key)


def epochs(key: str, config: Config) -> int:
    """Passes over the training patients."""
    st.session_state.setdefault(key, config.epochs)
    return st.slider("Epochs", 100, 20_000, step=100, key=key)


def learning_rate(key: str) -> float:
    """η, up to values at which the training diverges, which is worth seeing once."""
    return st.select_slider(
        "Learning rate η", LEARNING_RATES, value=0.1, format_func="{:g}".format, key=key
    )


def strength(key: str) -> float:
    """λ, on a scale on which each step matters."""
    return st.select_slider(
        "L2 strength λ",
        LAMBDAS,
        value=0.05,
        format_func="{:g}".format,
        key=key,
        help="0.05 is the lesson's value. Too small does nothing, too large underfits.",
    )
