"""The fold on time as a λ: the match at each epoch is regcore's, and moving it asks no server."""

import json

import numpy as np
import pytest

from regcore import fit, load_diabetes, replay, split
from regcore.experiments.time_as_lambda import LAMBDAS, distances, rule_of_thumb
from tests.pages.expected import EARLY_ROWS, PRINTED, STOPPING
from tests.support.apps import opened, sentence
from tests.support.own import own
from ui.charts import player
from ui.sections.why import time_as_lambda
from ui.training.cache import SHARED

pytestmark = pytest.mark.slow

CONFIG = PRINTED.but(hidden_sizes=(4,))
LINK = {"preset": "As printed", "width": "4", "open_time": "true"}


def test_every_epoch_has_the_match_that_regcore_measures():
    parts = split(load_diabetes(), validation_size=0.2, train_rows=EARLY_ROWS)
    run = fit(parts, CONFIG, keep=range(CONFIG.epochs + 1))
    best = replay(run.history.validation_loss, 50).best
    epochs = sorted({*player.log_steps(CONFIG.epochs), best})
    stopped = [run.snapshots[epoch] for epoch in epochs]
    finished = [fit(parts, CONFIG.but(l2=strength)).params for strength in LAMBDAS]
    far = distances(parts.validation.X, stopped, finished)
    near = far[:, 1:].argmin(axis=1)
    app = opened(STOPPING, **LINK)
    table = app.dataframe[-2].value
    assert list(table["epoch"]) == epochs
    assert list(table["nearest λ"]) == [f"{LAMBDAS[k]:g}" for k in near]
    assert list(table["distance"]) == [f"{d:.2g}" for d in far[:, 1:].min(axis=1)]
    k = near[epochs.index(best)]
    told = f"restores epoch {best}. The finished run with λ = {LAMBDAS[k]:g} answers most like it"
    assert told in sentence(app, -2)
    places = 1 + (far[1:, 1:] / far[1:, :1]).argmin(axis=0)
    ratios = [s / rule_of_thumb(CONFIG, epochs[p]) for s, p in zip(LAMBDAS, places, strict=True)]
    assert f"is {min(ratios):.2g} to {max(ratios):.2g} times as large" in sentence(app, -1)


def test_the_player_moves_both_charts_and_the_patience_trains_nothing():
    app = opened(STOPPING, **LINK)
    moments = []
    for chart in app.get("vega_lite_chart")[-2:]:
        params = {param["name"]: param for param in json.loads(chart.proto.spec)["params"]}
        moments.append(params["moment"]["bind"]["max"])
    assert moments == [len(app.dataframe[-2].value)] * 2
    before = SHARED.computed
    app = app.slider(key="patience").set_value(5).run()
    assert not app.exception
    assert SHARED.computed <= before + 1  # the distances of another restored network


@pytest.mark.parametrize("link", [{"data": "Two moons"}, {"flipped": "30"}])
def test_other_data_and_flipped_labels_are_matched_too(link):
    assert "answers most like it" in sentence(opened(STOPPING, **LINK, **link), -2)


def test_a_file_of_ones_own_is_matched_too():
    assert "answers most like it" in sentence(own(STOPPING, width="1", open_time="true"), -2)


@pytest.mark.parametrize(
    ("matched", "says"),
    [([10] * 9, "misses even the order"), ([round(1 / s) for s in LAMBDAS], "gives the order")],
)
def test_the_rule_of_thumb_is_called_what_it_is(matched, says):
    epochs = [0, *sorted(set(matched))]
    relative = np.array([[float(epoch != own) for own in matched] for epoch in epochs])
    assert says in time_as_lambda._tell_rule(PRINTED.but(lr=1.0), epochs, relative)


def test_logits_of_zero_have_a_nearest_lambda_and_no_endless_share():
    far = np.array([[0.0, *range(len(LAMBDAS), 0, -1)]])  # the last λ is the nearest
    bars = time_as_lambda._bars(time_as_lambda._relative(far))
    assert list(bars["setting"][bars["is_nearest"]]) == [f"{LAMBDAS[-1]:g}"]
    assert bars["distance"].max() == time_as_lambda.LONGEST
    assert time_as_lambda._told(1e12) == "over 1000%"
