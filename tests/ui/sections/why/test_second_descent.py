"""The fold on the second descent: its figures are regcore's, on every dataset."""

from functools import cache

import numpy as np
import pytest

from regcore import flip_labels, load_diabetes, make_two_moons, split
from regcore.experiments.random_features import SCORES, descent, widths_around
from tests.pages.expected import OVERFITTING
from tests.support.apps import chart_rows, opened, sentence
from tests.support.own import csv, own
from ui.data.spec import NOISE
from ui.sections.why import second_descent
from ui.training.cache import SHARED

pytestmark = pytest.mark.slow

LINK = {"preset": "As printed", "width": "1", "open_descent": "true"}
TEST = SCORES.index("test error")


@cache
def medians(moons: bool = False, flipped: float = 0.0) -> np.ndarray:
    """Medians (4, widths, λ) for 60 rows."""
    parts = split(make_two_moons(NOISE) if moons else load_diabetes())
    parts, _ = flip_labels(parts, flipped)
    widths, draws = widths_around(60), range(second_descent.DRAWS)
    scores = [descent(parts, 60, widths, second_descent.LAMBDAS, draw) for draw in draws]
    return np.median(scores, axis=0)


def test_its_lines_and_its_sentence_are_those_of_regcore():
    app = opened(OVERFITTING, **LINK, descent_rows="60")
    expected, widths = medians(), widths_around(60)
    table = app.dataframe[-1].value
    assert list(table["units"]) == widths
    for name, values in zip(SCORES, expected[..., 0], strict=True):
        assert list(table[name]) == [second_descent._told(value) for value in values]
    errors, text = expected[TEST, :, 0], sentence(app, -1)
    peak = int(errors.argmax())
    top = f"rises to {second_descent._told(errors[peak])} at {widths[peak]} units"
    assert f"{top}, as many as training patients" in text
    assert text.endswith("The second valley is worse than the first.")
    lines = chart_rows(app, -1).query("part == 'test'")
    assert lines["value"].to_numpy() == pytest.approx(errors)


def test_lambda_computes_nothing_anew_and_flattens_the_tower():
    app = opened(OVERFITTING, **LINK, descent_rows="60")
    before = SHARED.computed
    app = app.select_slider(key="descent_l2").set_value(1.0).run()
    assert not app.exception
    assert SHARED.computed == before
    errors = medians()[TEST]
    now = errors[int(errors[:, 0].argmax()), second_descent.LAMBDAS.index(1.0)]
    assert sentence(app, -1).startswith("No high peak is left. With λ = 1 the median test error")
    assert f"is {second_descent._told(now)} instead of" in sentence(app, -1)


@pytest.mark.parametrize("link", [{"data": "Two moons"}, {"flipped": "30"}])
def test_other_data_and_flipped_labels_have_their_own_figures(link):
    rows = {"descent_rows_two_moons" if "data" in link else "descent_rows": "60"}
    app = opened(OVERFITTING, **LINK, **link, **rows)
    expected = medians("data" in link, int(link.get("flipped", 0)) / 100)
    told = second_descent._told(expected[TEST, :, 0].max())
    assert f"rises to {told} at" in sentence(app, -1)


def test_a_small_file_offers_all_of_its_rows():
    app = own(OVERFITTING, csv(40), width="1", open_descent="true")
    key = next(c.key for c in app.segmented_control if (c.key or "").startswith("descent_rows"))
    assert app.segmented_control(key=key).options == ["30"]
    assert "draws the median test error" in sentence(app, -1)


@pytest.mark.parametrize("errors", [[1.0, 2.0, 3.0], [3.0, 2.0, 1.0], [1.0, 1.5, 1.0]])
def test_without_a_tower_no_tower_is_claimed(errors):
    assert "no high peak" in second_descent._plain(10, [5, 10, 20], np.array(errors), 0.5)
