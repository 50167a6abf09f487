"""The page Early stopping: the rule, its three sets of weights, and the sentences about them."""

import numpy as np
import pytest

from regcore import Config, fit, load_diabetes, replay, split
from tests.pages.expected import EARLY_ROWS, MEMORIZE, PRINTED, STOPPING, trained
from tests.pages.questions import marks
from tests.support.apps import accuracies, header, opened, words
from ui.text import count, counted, score
from ui.training.cache import SHARED


def long_run(config: Config = MEMORIZE, rows: int | None = EARLY_ROWS):
    return trained(config, rows, 0.2)


@pytest.mark.parametrize(
    ("patience", "min_delta"), [(1, 0.0), (20, 0.0), (50, 0.0), (300, 0.05), (300, 0.0)]
)
def test_early_stopping_replays_the_rule_and_trains_nothing(patience, min_delta) -> None:
    app, history = opened(STOPPING), long_run().history
    before = SHARED.computed
    app.slider(key="patience").set_value(patience)
    app = app.select_slider(key="min_delta").set_value(min_delta).run()
    assert not app.exception
    assert SHARED.computed == before
    stop = replay(history.validation_loss, patience, min_delta)
    assert header(app) == accuracies(long_run(), stop.best)
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
    assert f"The last improvement is at epoch {count(stop.best)}, with a validation loss" in text
    if stopped:
        later, loss = counted(patience, "epoch"), score(losses[stop.stopped])
        assert f"the rule stops {later} later, at {loss}." in text
    assert f"The rule saves {count(5000 - stop.stopped)} of 5,000 epochs." in text
    assert ("ignored a lower loss" in text) is bool(seen < losses[stop.best])
    assert ("Waiting longer would not have reached" in text) is bool(rest >= seen)
    assert rest >= seen or f"would have reached {score(rest)}, at epoch" in text
    assert {f"restored: {count(stop.best)}", f"stop: {count(stop.stopped)}"} == set(marks(app))


def test_the_page_starts_with_few_patients_and_a_patience_of_50() -> None:
    app = opened(STOPPING)
    assert app.segmented_control(key="few_rows").value == EARLY_ROWS
    assert app.slider(key="patience").value == 50
    assert app.metric[0].help.startswith("On the 120 patients")


def test_restoring_stopping_and_going_on_differ_to_the_eye() -> None:
    losses = long_run().history.validation_loss
    stop = replay(losses, 50)
    assert stop.best < 100  # the rise begins early
    assert losses[stop.stopped] > losses[stop.best] + 0.03
    assert losses[-1] > losses[stop.stopped] + 1.0
    table = opened(STOPPING).table[0].value
    assert [name.partition(" (")[0] for name in table["setting"]] == [
        "Best weights restored",
        "Stopped, not restored",
        "Never stopped",
    ]
    shown = table["validation loss"].astype(float)
    assert shown[0] + 0.03 < shown[1] < shown[2] - 1.0


@pytest.mark.parametrize("rows", [60, 240, 460])
def test_early_stopping_takes_other_numbers_of_patients(rows: int) -> None:
    app = opened(STOPPING, preset="As printed", few_rows=str(rows))
    fitted = long_run(PRINTED, None if rows == 460 else rows)
    assert header(app) == accuracies(fitted, replay(fitted.history.validation_loss, 50).best)


def test_a_rule_that_never_stops_says_so() -> None:
    app = opened(STOPPING, preset="As printed", patience="300", few_rows="460")
    losses = long_run(PRINTED, None).history.validation_loss
    stop = replay(losses, 300)
    assert stop.stopped == 2000 < stop.best + 300
    assert "The rule never stops this run" in words(app)
    assert "too close to the end for this patience" in words(app)
    assert len(app.table[0].value) == 2
    assert [text.partition(":")[0] for text in marks(app)] == ["restored"]


def test_early_stopping_restores_the_weights_of_a_real_stop() -> None:
    parts = split(load_diabetes(), train_rows=EARLY_ROWS, validation_size=0.2)
    real = fit(parts, MEMORIZE.but(patience=50))
    sizes = [score(np.abs(fitted.params[0]).mean()) for fitted in (real, long_run())]
    text = words(opened(STOPPING))
    assert f"the mean size of those in W1 goes from {sizes[0]} to {sizes[1]}." in text


@pytest.mark.parametrize("width", [1, 128])
def test_early_stopping_takes_another_long_run(width: int) -> None:
    fitted = long_run(PRINTED.but(hidden_sizes=(width,)))
    app = opened(STOPPING, preset="As printed", width=str(width))
    assert header(app) == accuracies(fitted, replay(fitted.history.validation_loss, 50).best)


def test_one_epoch_is_no_plural() -> None:
    assert "1 epochs" not in words(opened(STOPPING, patience="1"))


def test_a_run_that_never_overfits_has_nothing_to_restore() -> None:
    app = opened(STOPPING, preset="As printed", width="1", patience="300", few_rows="460")
    assert "The best epoch is the last one: there is nothing to restore." in words(app)
    assert "this run may be too short to overfit" in words(app)
    assert "0 epochs after" not in words(app)
