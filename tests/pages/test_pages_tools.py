"""Early stopping and hostile links in Streamlit's test runner: figures are those of regcore."""

from functools import cache

import numpy as np
import pytest

from regcore import fit, replay
from tests.pages.expected import (
    DROPOUT,
    MEMORIZE,
    PRINTED,
    QUICK,
    QUICK_CONFIG,
    STOPPING,
    TOGETHER,
)
from tests.support.apps import accuracies, header, opened, words
from tests.support.helpers import diabetes_split, run
from ui.text import count, score
from ui.training.cache import SHARED

ALL_KEYS = ("width", "depth", "all_seed", "all_epochs", "lr", "momentum", "all_rows", "all_batch")
ALL_KEYS += ("all_l2", "all_p", "stop_early", "all_patience", "all_delta")
KEYS = {
    DROPOUT: ("preset", "keep", "width", "batch"),
    STOPPING: ("patience", "min_delta", "preset", "width"),
    TOGETHER: ALL_KEYS,
}
HOSTILE = (
    "",
    "inf",
    "1e400",
    "text",
    "9" * 30,
    "-1",
    "nan",
    "[]",
    ["1", "text"],
    "<b>",
    "1; import os",
)


@cache
def by_default(path: str) -> tuple[list[str], str]:
    app = opened(path)
    return header(app), words(app)


@pytest.mark.parametrize(
    ("path", "value"),
    [(TOGETHER, value) for value in HOSTILE]
    + [(path, value) for path in (DROPOUT, STOPPING) for value in ("text", "-1", "nan")],
    ids=lambda value: str(value)[:14],
)
def test_a_hostile_link_opens_the_page_with_its_defaults(path, value) -> None:
    app = opened(path, **dict.fromkeys(KEYS[path], value))
    assert (header(app), words(app)) == by_default(path)


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: str(value)[:8])
def test_a_hostile_link_does_not_change_hidden_settings(value) -> None:
    folded = {"all_rows": "false", "stop_early": "true", **QUICK}
    hostile = dict.fromkeys(("all_batch", "all_patience", "all_delta"), value)
    app = opened(TOGETHER, **folded, **hostile)
    fitted = run(QUICK_CONFIG.but(batch_size=64, patience=50), 0.2)
    assert header(app) == accuracies(fitted, fitted.kept_epoch, "validation")


# ---- Early stopping


@pytest.mark.parametrize(("patience", "min_delta"), [(1, 0.0), (20, 0.0), (300, 0.05), (300, 0.0)])
def test_early_stopping_replays_the_rule_and_trains_nothing(patience, min_delta) -> None:
    app, history = opened(STOPPING), run(MEMORIZE, 0.2).history
    before = SHARED.computed
    app.slider(key="patience").set_value(patience)
    app = app.select_slider(key="min_delta").set_value(min_delta).run()
    assert not app.exception
    assert SHARED.computed == before
    stop = replay(history.validation_loss, patience, min_delta)
    assert header(app) == accuracies(run(MEMORIZE, 0.2), stop.best)
    table = app.table[0].value
    stopped = stop.stopped == stop.best + patience
    assert stopped is (stop.stopped < 5000)
    for row, epoch in enumerate((stop.best, stop.stopped, 5000) if stopped else (stop.best, 5000)):
        at, shown = history.at(epoch), table.loc[row]
        assert f"(epoch {count(epoch)})" in shown["setting"]
        for part, name in (("train", "training"), ("validation",) * 2, ("test",) * 2):
            assert shown[name] == score(at[f"{part}_accuracy"])
            assert shown[f"{name} loss"] == score(at[f"{part}_loss"])
    text, losses = words(app), history.validation_loss
    seen, rest = losses[: stop.stopped + 1].min(), losses[stop.stopped + 1 :].min()
    assert f"the rule counts is at epoch {count(stop.best)}, to a validation loss" in text
    assert f"it stops {patience} epochs later, at {count(stop.stopped)}." in text
    assert f"The rule saves {count(5000 - stop.stopped)} of 5,000 epochs." in text
    assert ("ignored a lower loss" in text) is bool(seen < losses[stop.best])
    assert ("Waiting longer would have brought nothing" in text) is bool(rest >= seen)
    assert rest >= seen or f"would have brought {score(rest)}, at epoch" in text


def test_a_rule_that_never_stops_says_so() -> None:
    app = opened(STOPPING, preset="As printed", patience="300")
    losses = run(PRINTED, 0.2).history.validation_loss
    stop = replay(losses, 300)
    assert stop.stopped == 2000 < stop.best + 300
    assert "The rule never stops this run" in words(app)
    assert len(app.table[0].value) == 2


def test_early_stopping_restores_the_weights_of_a_real_stop() -> None:
    real = fit(diabetes_split(0.2), MEMORIZE.but(patience=20))
    end = run(MEMORIZE, 0.2)
    sizes = [score(np.abs(fitted.params[0]).mean()) for fitted in (real, end)]
    text = words(opened(STOPPING))
    assert f"the mean size of W1 is {sizes[0]} at the best epoch and {sizes[1]} at the end" in text


@pytest.mark.parametrize("width", [1, 128])
def test_early_stopping_takes_another_long_run(width: int) -> None:
    fitted = run(PRINTED.but(hidden_sizes=(width,)), 0.2)
    app = opened(STOPPING, preset="As printed", width=str(width))
    assert header(app) == accuracies(fitted, replay(fitted.history.validation_loss, 20).best)
