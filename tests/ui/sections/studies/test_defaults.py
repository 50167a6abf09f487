"""The studies computed ahead are those that the pages ask for when they are opened."""

import threading

import pytest

from tests.support.apps import opened
from ui.sections.studies import defaults, repeated_splits

pytestmark = pytest.mark.slow

PAGES = {
    "overfitting": "pages/1_Overfitting.py",
    "l2": "pages/2_L2.py",
    "dropout": "pages/3_Dropout.py",
    "early stopping": "pages/4_Early_Stopping.py",
}


@pytest.mark.parametrize("name", defaults.STUDIES)
def test_a_page_opens_with_its_default_study(name, monkeypatch):
    asked = []
    monkeypatch.setattr(repeated_splits, "study", lambda data, *rest: asked.append((data, rest[0])))
    opened(PAGES[name], open_real="true")
    assert asked == [defaults.STUDIES[name]]


def test_nothing_is_computed_ahead_without_workers(monkeypatch):
    monkeypatch.setenv("REGLAB_WORKERS", "0")
    defaults.compute_ahead.cache_clear()
    defaults.compute_ahead()
    assert "ahead" not in [thread.name for thread in threading.enumerate()]
