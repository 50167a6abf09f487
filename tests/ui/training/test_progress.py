"""Progress: an estimate that counts down, and a card that can be clicked away."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from ui.training import progress
from ui.training.progress import Estimate
from ui.training.speed import in_words


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now

    def at(self, seconds):
        self.now = 100.0 + seconds


@pytest.fixture
def clock():
    return Clock()


def test_an_estimate_needs_time_and_a_share(clock):
    estimate = Estimate(now=clock)
    clock.at(2.0)
    assert estimate.words(0.5) == ""
    clock.at(4.0)
    assert estimate.words(0.01) == ""
    assert estimate.words(0.25) == "about 12 s left"


def test_an_estimate_never_rises_a_little(clock):
    estimate, left = Estimate(now=clock), []
    for second, share in enumerate([0.1, 0.2, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0], 3):
        clock.at(second)
        left.append(estimate.left(share))
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0.0


def test_an_estimate_rises_when_the_work_gets_much_slower(clock):
    estimate = Estimate(now=clock)
    clock.at(4.0)
    assert estimate.left(0.5) == pytest.approx(4.0)
    clock.at(20.0)
    assert estimate.left(0.55) == pytest.approx(20 * 0.45 / 0.55)


def test_what_was_known_before_has_taken_no_time(clock):
    estimate = Estimate(0.5, now=clock)
    clock.at(5.0)
    assert estimate.left(0.75) == pytest.approx(5.0)


def test_a_known_speed_counts_until_a_fifth_is_done(clock):
    estimate = Estimate(expected=40.0, now=clock)
    clock.at(4.0)
    assert estimate.left(0.0) == pytest.approx(40.0)
    assert estimate.left(0.1) == pytest.approx(0.9 * 40.0)
    clock.at(5.0)
    assert estimate.left(0.2) == pytest.approx(0.8 * 25.0)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 s"), (12.4, "12 s"), (33, "35 s"), (59, "60 s"), (88, "90 s"), (170, "3 min")],
)
def test_a_duration_is_rounded_as_far_as_it_is_uncertain(seconds, text):
    assert in_words(seconds) == text


class Click(Exception):
    pass


def test_an_unchanged_bar_is_not_redrawn_but_stays_interruptible(monkeypatch):
    class State:
        def get(self, _key):
            raise Click

    drawn = []
    place = SimpleNamespace(progress=lambda percent, text: drawn.append((percent, text)))
    monkeypatch.setattr(progress, "_card", lambda slot, text: place)
    monkeypatch.setattr(progress, "FLASH_SECONDS", 0.0)
    monkeypatch.setattr(progress.st, "session_state", State())
    draw = progress.drawn_in(None, "a")
    for share in (0.101, 0.2, 1.2):
        draw(share)
    with pytest.raises(Click):
        draw(1.0)
    assert drawn == [(10, "a"), (20, "a"), (100, "a")]


def page():
    import streamlit as st

    from ui.training import progress

    with progress.bar("Training") as report:
        report(0.5)
    st.write("done")


def test_stop_ends_the_page_until_the_next_click(monkeypatch):
    monkeypatch.setattr(progress, "FLASH_SECONDS", 0.0)
    app = AppTest.from_function(page).run()
    assert [text.value for text in app.markdown] == ["done"]
    app.session_state["stop Training"] = True  # as the button of the interrupted run does
    app.run()
    assert not app.markdown
    app.button(key="continue Training").click().run()
    assert [text.value for text in app.markdown] == ["done"]
