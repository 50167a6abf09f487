"""Folds below an experiment: closed they compute nothing, and a link opens each."""

from functools import cache

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.expected import DROPOUT, L2, OVERFITTING, STOPPING, TOGETHER
from tests.support.apps import opened, words
from ui.training import cache as training_cache
from ui.training.cache import MAX_BYTES, SHARED, Cache

pytestmark = pytest.mark.slow

QUICK = {"preset": "As printed", "width": "2", "widths_preset": "As printed"}
FOLDS = [  # page, fold, runs that opening it trains, what it shows
    (OVERFITTING, "refutation", 3, "**Many think** that the network with the smaller gap"),
    (L2, "refutation", 3, "**Many think** that more regularization is safer"),
    (OVERFITTING, "story", 0, "Capacity is not the enemy"),
    (OVERFITTING, "functions", 0, "This is the whole network"),
    (L2, "story", 0, "Why a penalty"),
    (DROPOUT, "story", 0, "Why drop units"),
    (STOPPING, "story", 0, "Why patience"),
    (OVERFITTING, "loop", 2, "Each step runs one statement"),
    (OVERFITTING, "confidence", 3, "All points move sideways"),
    (OVERFITTING, "widths", 8, "With 1 unit training accuracy only reaches"),
    (OVERFITTING, "lies", 3, "although it is told the opposite"),
    (OVERFITTING, "descent", 20, "draws the median test error"),
    (OVERFITTING, "real", 0, "Everything above is one split"),
    (OVERFITTING, "printed", 2, "The lesson prints"),
    (L2, "loop", 2, "Each step runs one statement"),
    (L2, "slope", 0, "Don't take it on faith"),
    (L2, "objective", 0, "training minimizes their sum"),
    (L2, "weights", 0, "the mean size of a weight in W1"),
    (L2, "lies", 2, "lies are fitted, and test accuracy"),
    (L2, "choosing", 8, "has the lowest loss"),
    (L2, "real", 0, "Everything above is one split"),
    (DROPOUT, "agree", 1, "Each mask gives a different logit"),
    (DROPOUT, "modes", 2, "measured during training, with dropout on"),
    (DROPOUT, "lies", 2, "lies are fitted, and test accuracy"),
    (DROPOUT, "code", 0, "A new mask is drawn for every batch"),
    (DROPOUT, "real", 0, "Everything above is one split"),
    (STOPPING, "lies", 1, "with the weights restored"),
    (STOPPING, "time", 11, "answers most like it"),
    (STOPPING, "code", 0, "An improvement must be **strictly** below"),
    (STOPPING, "real", 0, "Everything above is one split"),
    (TOGETHER, "pytorch", 0, "`nn.Linear` is `X @ W + b`"),
]


def folds(app: AppTest) -> dict[str, bool]:
    """Label of each fold -> whether it is open, those inside the experiment left out."""
    within = {"More settings", "Network and training", "The numbers as a table"}
    return {f.label: f.proto.expanded for f in app.expander if f.label not in within}


@pytest.mark.parametrize("path", [OVERFITTING, L2, DROPOUT, STOPPING])
def test_a_page_opens_with_every_fold_closed(path: str) -> None:
    found = folds(opened(path, **QUICK))
    assert len(found) == len([fold for fold in FOLDS if fold[0] == path])
    assert not any(found.values())


def quick_link(path: str) -> dict[str, str]:
    fresh = {"preset": "As printed", "width": "1"} if path != OVERFITTING else QUICK
    return fresh | {"lambdas_preset": "As printed"}


@cache
def closed(path: str) -> tuple[dict[str, bool], str]:
    """The folds of a page, and all that it says while they are closed."""
    app = opened(path, **quick_link(path))
    return folds(app), words(app)


@pytest.mark.parametrize(("path", "fold", "trained", "says"), FOLDS)
def test_a_closed_fold_computes_nothing_and_a_link_opens_it(
    path: str, fold: str, trained: int, says: str
) -> None:
    shown, said = closed(path)
    assert not any(shown.values())
    assert says not in said
    before = SHARED.computed
    app = opened(path, **quick_link(path), **{f"open_{fold}": "true"})
    assert [is_open for is_open in folds(app).values() if is_open] == [True]
    assert says in words(app)
    assert SHARED.computed - before <= trained  # other tests may have trained them


def test_a_fold_trains_only_once_it_is_open(monkeypatch) -> None:
    monkeypatch.setattr(training_cache, "SHARED", fresh := Cache(MAX_BYTES))
    app = opened(OVERFITTING, preset="As printed", seed="4711", width="1")
    alone = fresh.computed
    assert alone == 4  # both runs, and the surface of the first with its cells
    app.session_state["open_widths"] = True
    app.run()
    assert "With 1 unit training accuracy" in words(app)
    assert fresh.computed > alone


def test_the_truth_behind_the_moons_has_a_fold() -> None:
    label = "The truth behind the moons"
    app = opened(OVERFITTING, data="Two moons", **QUICK)
    assert folds(app)[label] is False
    assert "with noise 0.6" not in words(app)
    app = opened(OVERFITTING, data="Two moons", open_truth="true", **QUICK)
    assert "The true probability with noise 0.6" in words(app)
    assert label not in folds(opened(OVERFITTING, **QUICK))


def test_an_open_fold_is_open_again_when_the_visitor_comes_back() -> None:
    app = opened(L2, open_slope="true", preset="As printed")
    app.query_params.clear()
    app = app.switch_page(STOPPING).run()
    app = app.switch_page(L2).run()
    assert folds(app)["Check the formula: measure the slope"]


@pytest.mark.parametrize("value", ["", "maybe", "<b>", "1; import os", "9" * 30])
def test_a_hostile_link_opens_no_fold(value: str) -> None:
    app = opened(STOPPING, open_real=value, open_code=value, **QUICK)
    assert not any(folds(app).values())


def test_all_together_offers_many_splits_once_the_test_set_is_open() -> None:
    label = "Is it real? The first and the last run on many splits"
    app = opened(TOGETHER, all_epochs="100", width="4", open_real="true")
    assert label not in folds(app)
    app = app.button(key="pin").click().run()
    app = app.select_slider(key="width").set_value(2).run()
    assert label not in folds(app)
    app = app.button(key="open_test").click().run()
    assert label in folds(app)
