"""The progress of training: a card that floats over the page, and estimates of the time left.

The card takes no room on the page, so nothing moves when it comes or goes, and it is within the
screen wherever the visitor has scrolled.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from time import monotonic

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitDuplicateElementKey

from regcore.experiments.parallel import Report
from ui import glossary
from ui.training.cache import waiting
from ui.training.speed import in_words
from ui.training.trouble import explained

FLASH_SECONDS = 0.3  # what is over sooner shows no card
ESTIMATE_SECONDS = 3.0  # before the first estimate
MIN_SHARE = 0.02  # from less, an estimate would be a guess
TRUSTED_SHARE = 0.2  # from here on, the speed of this work counts alone
JUMP = 1.5  # an estimate rises only if it was too low by this factor
CARD = "progress_card"
STYLE = f"""<style>
[class*="st-key-{CARD}"] {{
  position: fixed; z-index: 90; left: 50%; bottom: 1.5rem; transform: translateX(-50%);
  width: min(26rem, 92vw); padding: 0.75rem 1rem; border-radius: 0.5rem;
  background: Canvas; color: CanvasText; border: 1px solid rgba(128, 128, 128, 0.4);
  box-shadow: 0 4px 16px rgba(0, 0, 0, 0.2);
}}
</style>"""
_numbers = count()


class Estimate:
    """The time left, from the time that has passed and the share that is done.

    It counts down: it rises only if the work has become much slower.

    first_share  what was done at the start, for example by an earlier visitor: it took no time
    expected     seconds for the rest, if they are known before; used until a fifth is done
    """

    def __init__(
        self,
        first_share: float = 0.0,
        expected: float | None = None,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._first_share, self._expected = first_share, expected
        self._now, self._start = now, now()
        self._left: float | None = None

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return self._now() - self._start

    def left(self, share: float) -> float | None:
        """Return the seconds left, or None while it is too early to tell."""
        done = (share - self._first_share) / max(1.0 - self._first_share, 1e-9)
        total = self._total(done)
        if self.elapsed < ESTIMATE_SECONDS or total is None:
            return None
        left = max(total * (1.0 - done), 0.0)
        if self._left is None or left < self._left or left > JUMP * self._left + 1.0:
            self._left = left
        return self._left

    def _total(self, done: float) -> float | None:
        if done < MIN_SHARE:
            return self._expected
        measured = self.elapsed / done
        if self._expected is None:
            return measured
        weight = min(done / TRUSTED_SHARE, 1.0)
        return weight * measured + (1.0 - weight) * self._expected

    def words(self, share: float) -> str:
        """Return "about 12 s left", or "" while it is too early to tell."""
        left = self.left(share)
        return "" if left is None else f"about {in_words(left)} left"

    def words_at_most(self, share: float) -> str:
        """Return "5 s so far, at most about 30 s more", for work that is stopped at share 1."""
        left = self.left(share)
        most = "" if left is None else f", at most about {in_words(left)} more"
        return f"{self.elapsed:.0f} s so far{most}"


Words = Callable[[Estimate, float], str]


@contextmanager
def bar(text: str, words: Words = Estimate.words) -> Iterator[Report]:
    """Show `text` and a bar during the block; every report lets a click interrupt.

    words  what is said of the time, given the share that is done

    with progress.bar("Training") as report:
        runs = train(requests, report)

    Stop ends the page here; any later click goes on.
    """
    slot = st.empty()
    if st.session_state.get(_stop_key(text)):
        with slot.container():
            st.info("Stopped. Change a setting, or continue.")
            st.button("Continue", key=f"continue {text}")
        glossary.stop()
    with explained(slot), waiting():
        yield drawn_in(slot, text, words)
    slot.empty()


def drawn_in(slot: DeltaGenerator, text: str, words: Words = Estimate.words) -> Report:
    """Return a function of the share that draws the card in `slot` and lets a click interrupt.

    An unchanged card is not redrawn: with thirty visitors waiting, that would be three hundred
    times a second.
    """
    estimate: Estimate | None = None
    place: DeltaGenerator | None = None
    last: tuple[int, str] | None = None

    def draw(share: float) -> None:
        nonlocal estimate, place, last
        estimate = estimate or Estimate(share)
        now = min(int(100.0 * share), 100), ", ".join(filter(None, (text, words(estimate, share))))
        if now == last or estimate.elapsed < FLASH_SECONDS:
            _let_a_click_interrupt()
            return
        if place is None:
            place = _card(slot, text)
        place.progress(now[0], text=now[1])
        last = now

    return draw


def _card(slot: DeltaGenerator, text: str) -> DeltaGenerator:
    """Draw the empty card; return the place of its bar."""
    with slot.container(key=f"{CARD}_{next(_numbers)}"):
        st.html(STYLE)
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container():
                place = st.empty()
            with suppress(StreamlitDuplicateElementKey):  # the second card of this text in a run
                st.button("Stop", key=_stop_key(text))
    return place


def _stop_key(text: str) -> str:
    return f"stop {text}"


def _let_a_click_interrupt() -> None:
    """Read the session: like any call of Streamlit, this ends the script after a click."""
    st.session_state.get("any key")
