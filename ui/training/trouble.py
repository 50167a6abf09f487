"""Error messages of the pages when the machine cannot train."""

import logging
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import session
from workers import trouble
from workers.faults import NO_THREAD

KILLED = (
    "The process that trained this was killed three times, most likely for lack of memory. The app "
    "keeps running: choose a smaller network or fewer epochs, or try again."
)
NO_MEMORY = (
    "There is not enough memory to train this. The app keeps running: choose a smaller network or "
    "fewer epochs, or wait until others have finished."
)
NO_RESOURCES = (
    "The computer could not train this now ({}). Existing results can still be read; for new ones, "
    "try again in a while."
)


def in_words(error: Exception) -> str:
    """Return a sentence if the machine is to blame, not the code; else ""."""
    if isinstance(error, BrokenExecutor):
        return KILLED
    if isinstance(error, MemoryError):
        return NO_MEMORY
    if isinstance(error, OSError):
        return NO_RESOURCES.format(error.strerror or type(error).__name__)
    return NO_RESOURCES.format("it has no thread left") if str(error) == NO_THREAD else ""


@contextmanager
def explained(slot: DeltaGenerator) -> Iterator[None]:
    """If the machine fails, log the error and end the page with a sentence in `slot`."""
    try:
        yield
    except Exception as error:
        if not (sentence := in_words(error)):
            raise
        logging.getLogger(__name__).exception("The machine could not do what a page requested.")
        slot.error(sentence)
        tell()
        st.stop()


def tell() -> None:
    """Show a current problem in the menu, and once per session as a toast too."""
    if problem := trouble():
        st.sidebar.warning(problem, icon="🐢")
    if problem and problem != session.state().get("trouble"):
        st.toast(problem, icon="🐢")
    session.state()["trouble"] = problem
