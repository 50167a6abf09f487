"""What is done ahead is what the pages ask for when they are opened."""

from time import sleep

import pytest

from tests.support.apps import opened
from tests.support.executors import pool
from ui.navigation import HOME, PAGES
from ui.sections.studies import defaults, repeated_splits
from ui.training import ahead, cache, runs
from ui.training.cache import Cache

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", defaults.STUDIES)
def test_a_page_opens_with_its_default_study(name, monkeypatch):
    asked = []
    monkeypatch.setattr(repeated_splits, "study", lambda data, *rest: asked.append((data, rest[0])))
    opened(PAGES[name].path, open_real="true")
    assert asked == [defaults.STUDIES[name]]


@pytest.fixture
def idle(monkeypatch):
    """Two workers and a fresh cache, on a server where nobody else is; no studies."""
    work = ahead.Ahead(idle_seconds=(0.0, 0.0, 0.0), may_begin=lambda: True)
    monkeypatch.setattr(ahead, "offer", work.offer)
    monkeypatch.setattr(runs, "executor", pool)
    monkeypatch.setattr(defaults, "STUDIES", {})
    monkeypatch.setattr(cache, "SHARED", Cache(cache.MAX_BYTES))
    return work


def done(work):
    """Wait until all is done ahead; return how many values were computed so far."""
    while work._is_at_work:
        sleep(0.02)
    return cache.SHARED.computed


def opens_at_once(work, names, **link):
    """Assert that pages train nothing once all is done ahead of a visitor who reads Home."""
    opened(HOME.path, **link)
    computed = done(work)
    for name in names:
        opened(PAGES[name].path, **link)
        assert cache.SHARED.computed == computed, name
        done(work)


def test_once_all_is_done_ahead_no_page_trains_anything(idle):
    opens_at_once(idle, PAGES)


def test_the_data_that_a_visitor_has_chosen_are_those_that_are_prepared(idle, monkeypatch):
    names = "l2", "early stopping"
    opening = {name: defaults.OPENING[name] for name in names}
    monkeypatch.setattr(defaults, "OPENING", opening)
    opens_at_once(idle, names, data="Two moons", flipped="10")


def test_the_step_beside_a_moved_slider_trains_nothing(idle, monkeypatch):
    monkeypatch.setattr(defaults, "OPENING", {})
    app = opened(PAGES["dropout"].path, preset="as printed", width="4")
    app.slider(key="p").set_value(0.3).run()
    computed = done(idle)
    app.slider(key="p").set_value(0.35).run()
    assert cache.SHARED.computed == computed
    assert not app.exception


def test_a_page_that_was_visited_is_not_prepared(idle, monkeypatch):
    prepared = []
    monkeypatch.setattr(defaults, "opening", lambda name: prepared.append(name) or [])
    app = opened(PAGES["exercises"].path)
    assert prepared == list(PAGES)[:-1]
    prepared.clear()
    app.switch_page(PAGES["dropout"].path)
    app.query_params["preset"] = "as printed"
    app.run()
    assert prepared == ["early stopping", "all together", "overfitting", "l2"]
