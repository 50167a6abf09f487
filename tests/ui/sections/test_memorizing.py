"""The networks that are drawn: two features, the page's settings, and no digits to protect."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose
from streamlit.testing.v1 import AppTest

from regcore import PRESETS, fit, load_diabetes, split
from regcore.experiments.decision_surface import edges
from regcore.training.sensitivity import may_amplify
from tests.pages.expected import L2, OVERFITTING
from tests.support.apps import chart_rows, opened, sentence
from tests.support.helpers import plain_logits
from tests.support.images import probabilities
from ui.data.spec import DataSpec
from ui.sections import memorizing
from ui.training.cache import SHARED
from ui.training.runs import Request

MEMORIZE = PRESETS["memorize"]
DATA = DataSpec(features=("glucose", "bmi"), train_rows=120)


def test_what_is_drawn_trains_no_twins() -> None:
    request = memorizing.request(DATA, MEMORIZE)
    assert request.config.hidden_sizes == (64, 64)
    assert may_amplify(request.config)
    assert request.twins() == []
    assert request._replace(digits=True).twins()
    assert Request(DATA, request.config).twins()  # digits are shown unless a page says otherwise


def test_its_run_is_trained_once() -> None:
    before = SHARED.computed
    link = {"preset": "As printed", "width": "2", "seed": "11"}
    opened(OVERFITTING, **link)
    assert SHARED.computed == before + 4  # two runs, the drawn one, and its picture


@pytest.mark.parametrize("epochs", [100, 2000, 5000, 20_000])
def test_the_moments_end_with_the_run(epochs: int) -> None:
    steps = memorizing.steps(MEMORIZE.but(epochs=epochs))
    assert steps == sorted(set(steps))
    assert (steps[0], steps[-1]) == (0, epochs)


def test_every_surface_is_that_of_a_real_snapshot() -> None:
    data = split(load_diabetes().select(("glucose", "bmi")), train_rows=120)
    config = MEMORIZE.but(hidden_sizes=(64, 64), epochs=1000)
    steps = memorizing.steps(config)
    run = fit(data, config, keep=steps)
    app = opened(OVERFITTING, epochs_memorize="1000")
    cells = chart_rows(app, 0)
    numbers = app.dataframe[0].value.set_index("epoch")
    assert list(numbers.index) == steps
    middles = [(e[:-1] + e[1:]) / 2 for e in edges(data)]
    centres = np.stack(np.meshgrid(*middles), axis=-1)[::-1]  # an image starts with its top row
    for moment, epoch in enumerate(steps, start=1):
        z = plain_logits((centres.reshape(-1, 2) - data.mean) / data.scale, run.snapshots[epoch])
        drawn = probabilities(cells["url"][moment - 1]).ravel()
        assert_allclose(drawn, 1 / (1 + np.exp(-z[:, 0])), atol=0.003)  # an image has 256 levels
        shown = numbers.loc[epoch, "training accuracy"]
        assert float(shown) == pytest.approx(run.history.at(epoch)["train_accuracy"], abs=0.0005)


def test_its_sentence_counts_the_patients_of_a_real_run() -> None:
    data = split(load_diabetes().select(("glucose", "bmi")), train_rows=120)
    run = fit(data, PRESETS["as printed"].but(hidden_sizes=(4, 4)))
    right = round(run.history.train_accuracy[-1] * 120)
    text = sentence(opened(OVERFITTING, preset="As printed", width="4"), 0)
    layers = "With 4 units, two hidden layers, and only glucose and bmi"
    assert text.startswith(f"{layers}: after 2,000 epochs, {right} of 120 training patients are")


def titles(app: AppTest) -> str:
    return " ".join(str(json.loads(chart.proto.spec)) for chart in app.get("vega_lite_chart"))


def test_the_surface_takes_any_two_measurements() -> None:
    app = opened(OVERFITTING, preset="As printed", width="2")
    app = app.selectbox(key="across").set_value("bmi").run()
    app = app.selectbox(key="up").set_value("age").run()
    assert not app.exception
    assert "bmi (kg/m²)" in titles(app)
    assert "age (years)" in titles(app)
    assert "only bmi and age" in sentence(app, 0)


def test_the_second_measurement_is_never_the_first() -> None:
    app = opened(OVERFITTING, preset="As printed", width="2")
    app = app.selectbox(key="across").set_value("bmi").run()
    assert not app.exception
    assert app.selectbox(key="up").value != "bmi"


@pytest.mark.parametrize("rows", [60, 240])
def test_it_draws_as_many_patients_as_asked(rows: int) -> None:
    app = opened(OVERFITTING, preset="As printed", width="2", patients=str(rows))
    assert f"of {rows} training patients are classified correctly." in sentence(app, 0)


def test_l2_draws_both_networks_side_by_side() -> None:
    app = opened(L2, preset="As printed", width="2")
    drawn = [chart.proto.alt for chart in app.get("vega_lite_chart")]
    assert drawn[0].startswith("With no L2, two hidden layers, and only glucose and bmi: after")
    assert drawn[1].startswith("With λ = 0.05, this smaller network")
    assert "predicts one outcome for everyone" in drawn[1]
    assert "no L2" in titles(app)
    assert "λ = 0.05" in titles(app)


def test_a_table_with_one_feature_is_not_drawn() -> None:
    assert memorizing.trained(None, {}, None) == {}  # type: ignore[arg-type]
