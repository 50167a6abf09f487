"""Long computations on request: what they will take, a start, a bar, a stop, all in a fragment.

The work goes on in the background while other controls are moved; the fragment looks at it twice a
second, and redraws the page when it ends.
"""

import logging
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from ui import session
from ui.data.spec import DataSpec
from ui.text import escape
from ui.training import speed, trouble
from ui.training.background import Background
from ui.training.cache import Start, cache_of
from workers import executor

LOOK_SECONDS = 0.5
BAR_HEIGHT = 62  # px: two lines of text and the bar

Values = Mapping[Any, Any]


class Work(NamedTuple):
    """Values to compute for `data`: their keys in the cache, and what starts each.

    name     of the request; works of one name continue each other
    efforts  one for each key, see `speed.effort`
    """

    name: Hashable
    data: DataSpec
    keys: Sequence[Any]
    start: Start
    efforts: Sequence[float]


def draw(work: Work, label: str, key: str, words: Callable[[Values], str]) -> Values:
    """Draw a button and a bar; return the known values if they are all there or were requested.

    Call it in a fragment and a horizontal container. words(values) goes with the bar.
    """
    running = _running(work, key)
    values = cache_of(work.data).known(work.keys)
    is_complete, is_requested = len(values) == len(work.keys), work.name in _requested()
    if running and running.is_running:
        st.button("Stop", key=f"{key}_stop", on_click=running.stop)
    elif not is_complete:
        st.button(
            _priced(label, work, values), key=f"{key}_go", on_click=partial(_begin, work, key)
        )
    with st.container(height=BAR_HEIGHT, border=False, vertical_alignment="bottom"):
        if running and running.is_running:
            _watch(running, work, words)
        elif running and running.error:
            _explain(running.error)
        elif values and is_requested and not is_complete:
            st.caption(words(values))
    return values if is_complete or is_requested else {}


def _running(work: Work, key: str) -> Background | None:
    """Return what was started for this work; what was started for another is stopped."""
    works = session.state().setdefault("background", {})
    running: Background | None = works.get(key)
    if running and running.keys != tuple(work.keys):
        running.stop()
        del works[key]
        return None
    return running


def _requested() -> set[Hashable]:
    return session.state().setdefault("studies", set())


def _begin(work: Work, key: str) -> None:
    _requested().add(work.name)
    background = Background(work.keys, work.start, cache_of(work.data), executor(), work.efforts)
    session.state().setdefault("background", {})[key] = background


def _priced(label: str, work: Work, values: Values) -> str:
    """Return the label with the time that the missing values will take, once that is known."""
    pairs = zip(work.keys, work.efforts, strict=True)
    seconds = speed.expected([one for key, one in pairs if key not in values], executor())
    return label if seconds is None else f"{label}: about {speed.in_words(seconds)}"


def _watch(running: Background, work: Work, words: Callable[[Values], str]) -> None:
    """Draw the bar, again twice a second; at the end redraw the page, for the results."""
    cache, is_drawn = cache_of(work.data), False

    def look() -> None:
        nonlocal is_drawn
        if is_drawn and not running.is_running:
            st.rerun()
        is_drawn = True
        running.look()
        told = (words(cache.known(work.keys)), running.estimate.words(running.share))
        st.progress(min(running.share, 1.0), text=", ".join(filter(None, told)))

    st.fragment(look, run_every=LOOK_SECONDS)()


def _explain(error: Exception) -> None:
    """Say why the work ended: the machine failed, or one of the splits cannot be made."""
    if sentence := trouble.in_words(error):
        logging.getLogger(__name__).error("A study has failed.", exc_info=error)
        st.error(sentence)
    elif isinstance(error, ValueError):
        st.error(escape(str(error)))
    else:
        raise error
