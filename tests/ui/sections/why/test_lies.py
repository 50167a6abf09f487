"""Lie to the network: the fold's numbers are those of regcore, with the menu's share or its own."""

import pytest
from streamlit.testing.v1 import AppTest

from regcore import PRESETS, Fit, Split, fit, flip_labels, load_diabetes, replay, split
from tests.pages.expected import DROPOUT, L2, OVERFITTING, STOPPING
from tests.support.apps import chart_rows, opened, words
from tests.support.own import own
from ui.text import score, share_of
from ui.training.cache import SHARED

pytestmark = pytest.mark.slow

QUICK = {"preset": "As printed", "width": "4", "open_lies": "true"}
CONFIG = PRESETS["as printed"].but(hidden_sizes=(4,))


def lied_to(share: float, **sizes) -> Split:
    return flip_labels(split(load_diabetes(), **sizes), share, 42)[0]


def sentence(app: AppTest, words: str) -> str:
    (found,) = (c.proto.alt for c in app.get("vega_lite_chart") if words in c.proto.alt)
    return found


def ending(run: Fit, n: int, epoch: int | None = None) -> str:
    row = run.history.at(run.history.stopped_epoch if epoch is None else epoch)
    fitted, accuracy = share_of(row["lies_fitted"], n), score(row["test_accuracy"])
    return f"{fitted} lies are fitted, and test accuracy is {accuracy}"


@pytest.mark.parametrize(("menu", "share"), [(0, 0.3), (10, 0.1)])
def test_the_lines_and_counts_are_those_of_a_real_run(menu: int, share: float) -> None:
    parts = lied_to(share)
    history, n = fit(parts, CONFIG).history, int(parts.flipped.sum())
    app = opened(OVERFITTING, flipped=str(menu), **QUICK)
    text, first = sentence(app, "told the opposite"), int(history.test_loss.argmin())
    assert f"{share:.0%} of the training labels flipped" in text
    assert f"predicts the truth for {share_of(history.flipped_right[first], n)} patients" in text
    assert f"At the end, it does so for {share_of(history.flipped_right[-1], n)}, " in text
    lines = chart_rows(app, len(app.get("vega_lite_chart")) - 1)
    ends = lines[lines["epoch"] == 2000].set_index("line")["value"]
    assert dict(ends) == {
        "honest, as labeled": history.honest_right[-1],
        "flipped, as labeled": history.lies_fitted[-1],
        "flipped, in truth": history.flipped_right[-1],
    }


def test_the_drawn_network_counts_its_own_lies() -> None:
    table = load_diabetes().select(("glucose", "bmi"))
    parts = flip_labels(split(table, train_rows=120), 0.3, 42)[0]
    run = fit(parts, CONFIG.but(hidden_sizes=(4, 4)))
    app = opened(OVERFITTING, **QUICK)
    fitted = share_of(run.history.lies_fitted[-1], 36)
    assert f"and so are {fitted} whose label is flipped (ringed)" in words(app)
    assert f"{run.history.lies_fitted[-1]:.0%} of the lies (ringed) fitted" in words(app)


def test_half_of_the_labels_are_one_press_away() -> None:
    app = opened(OVERFITTING, **QUICK)
    app = app.toggle(key="lies_half").set_value(True).run()
    run = fit(lied_to(0.5), CONFIG)
    text = sentence(app, "there is nothing to learn")
    assert f"Test accuracy ends at {score(run.history.test_accuracy[-1])}" in text
    assert f"Training accuracy ends at {score(run.history.train_accuracy[-1])}." in text
    assert "The truth is learned first" not in words(app)
    app = opened(OVERFITTING, flipped="50", **QUICK)
    assert "lies_half" not in [toggle.key for toggle in app.toggle]


@pytest.mark.parametrize(
    ("path", "tool", "names"),
    [
        (L2, {"l2": 0.05}, ("no L2", "λ = 0.05")),
        (DROPOUT, {"dropout": 0.2}, ("no dropout", "p = 0.2")),
    ],
)
def test_a_tool_is_compared_with_the_run_without_it(path: str, tool: dict, names: tuple) -> None:
    parts, app = lied_to(0.3), opened(path, **QUICK)
    ends = [ending(fit(parts, config), 173) for config in (CONFIG, CONFIG.but(**tool))]
    pairs = zip(names, ends, strict=True)
    told = "; ".join(f"with {name}, {end}" for name, end in pairs)
    assert sentence(app, "labels are flipped") == f"30% of the training labels are flipped: {told}."


def test_early_stopping_restores_weights_that_fit_fewer_lies() -> None:
    run = fit(lied_to(0.3, validation_size=0.2, train_rows=120), CONFIG)
    best = replay(run.history.validation_loss, 50, 0.0).best
    text = sentence(opened(STOPPING, **QUICK), "labels are flipped")
    assert f"those of epoch {best:,}, {ending(run, 36, best)}" in text
    assert f"after 2,000 epochs, {ending(run, 36)}" in text


@pytest.mark.parametrize("path", [OVERFITTING, L2])
def test_an_uploaded_table_is_lied_about_too(path: str) -> None:
    app = own(path, open_lies="true", width="4")
    assert sentence(app, "labels flipped" if path == OVERFITTING else "labels are flipped")


def test_a_closed_fold_changes_nothing() -> None:
    link = {"preset": "As printed", "width": "1", "seed": "77"}
    before = SHARED.computed
    app = opened(OVERFITTING, **link)
    assert SHARED.computed == before + 4
    assert not {"flipped", "lies_half", "open_lies"} & set(app.query_params)
    assert not [toggle for toggle in app.toggle if toggle.key == "lies_half"]
