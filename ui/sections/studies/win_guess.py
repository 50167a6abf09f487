"""Predict before "Is it real?": on how many splits will it win?"""

from collections.abc import Hashable

import streamlit as st

from ui import session
from ui.sections.studies.repeated_splits import DEFAULT_SPLITS


def is_made(key: str, name: str, about: Hashable) -> bool:
    """Ask for a guess before the result of the panel `key`; whether it was given or skipped.

    name   of the run that may win
    about  the settings that the guess is for
    """
    if key in _guesses() or not st.session_state.get("questions"):
        return True
    with st.container(border=True):
        st.markdown(
            f"**Predict first.** On how many of {DEFAULT_SPLITS} random splits will “{name}” have "
            "the higher test accuracy?"
        )
        st.slider("Splits won", 0, DEFAULT_SPLITS, DEFAULT_SPLITS // 2, key=f"{key}_wins")
        with st.container(horizontal=True):
            st.button("That is my guess", key=f"{key}_guess", on_click=_take, args=(key, about))
            st.button("Skip", type="tertiary", key=f"{key}_skip", on_click=_skip, args=(key,))
    return False


def share(key: str, about: Hashable) -> float | None:
    """Return the guessed share of the splits, if it was guessed for these settings."""
    wins, asked_about = _guesses().get(key, (None, None))
    return None if wins is None or asked_about != about else wins / DEFAULT_SPLITS


def told(guessed: float, wins: int, splits: int) -> str:
    """Return how the guess compares with the splits won."""
    said = f"You said {round(guessed * DEFAULT_SPLITS)} of {DEFAULT_SPLITS}"
    return f"{said}; it won on {wins} of {splits}."


def _take(key: str, about: Hashable) -> None:
    _guesses()[key] = int(st.session_state[f"{key}_wins"]), about


def _skip(key: str) -> None:
    _guesses()[key] = None, None


def _guesses() -> dict[str, tuple[int | None, Hashable]]:
    return session.state().setdefault("win_guesses", {})
