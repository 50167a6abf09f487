"""What the pages say when the machine cannot do what they ask of it."""

import logging
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import glossary, session
from workers import trouble
from workers.faults import NO_THREAD

KILLED = (
    "The process that trained this was ended from outside three times, most likely for want of "
    "memory. The app goes on: choose a smaller network or fewer epochs, or press again."
)
NO_MEMORY = (
    "There is not enough memory to train this. The app goes on: choose a smaller network or fewer "
    "epochs, or wait until others have finished."
)
NO_RESOURCES = (
    "The computer could not train this now ({}). Results that are there already can still be "
    "read; for new ones, press again in a while."
)


def in_words(error: Exception) -> str:
    """One sentence if the machine is to blame, and not the code; else ""."""
    if isinstance(error, BrokenExecutor):
        return KILLED
    if isinstance(error, MemoryError):
        return NO_MEMORY
    if isinstance(error, OSError):
        return NO_RESOURCES.format(error.strerror or type(error).__name__)
    return NO_RESOURCES.format("it has no thread left") if str(error) == NO_THREAD else ""


@contextmanager
def explained(slot: DeltaGenerator) -> Iterator[None]:
    """End the page with a sentence in `slot` where the machine fails; the log has the rest."""
    try:
        yield
    except Exception as error:
        if not (sentence := in_words(error)):
            raise
        logging.getLogger(__name__).exception("The machine could not do what a page asked for.")
        slot.error(sentence)
        tell()
        glossary.stop()


def tell() -> None:
    """In the menu, for as long as something does not work; to each session once as a toast too."""
    now = trouble()
    if now:
        st.sidebar.warning(now, icon="🐢")
    if now and now != session.state().get("trouble"):
        st.toast(now, icon="🐢")
    session.state()["trouble"] = now
