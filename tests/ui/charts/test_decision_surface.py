"""The surface of two features, where the rows that are drawn leave little to see."""

import numpy as np
import pytest

from regcore import Dataset, flip_labels, load_diabetes, split
from regcore.experiments.decision_surface import CELLS, edges, in_units
from tests.support.images import contrast, probabilities
from ui.charts.decision_surface import points_table, surface
from ui.theme import OUTCOMES


@pytest.mark.parametrize("constant", [0.0, 7.5, -3.0])
def test_a_constant_feature_has_an_axis_of_some_width(constant):
    rows = np.arange(40.0)
    X = np.column_stack([np.full(40, constant), rows])
    parts = split(Dataset("flat", X, (rows % 2)[:, None], ("rare", "usual")))
    for name, ends in zip(("rare", "usual"), edges(parts), strict=True):
        assert (np.diff(ends) > 0.0).all(), name
    assert edges(parts)[0].mean() == pytest.approx(constant)


def test_each_moment_is_an_image_of_its_probabilities():
    table = load_diabetes().select(("glucose", "bmi"))
    parts = split(table, train_rows=60)
    cells = np.stack([np.linspace(0, 1000, CELLS**2), np.full(CELLS**2, 250.0)]).astype(np.int16)
    drawing = surface(parts, cells, table, "two moments", ["first", "second"])
    images = drawing.tables["surfaces"]
    assert images["number"].tolist() == [1, 2]
    for address, p in zip(images["url"], cells, strict=True):
        shown = probabilities(address)[::-1].ravel()  # the first row of the grid is the lowest
        np.testing.assert_allclose(shown, p / 1000, atol=0.003)
    assert drawing.spec["title"]["subtitle"]["expr"] == '["first", "second"][moment - 1]'
    assert drawing.spec["params"][0]["bind"]["max"] == 2


def test_only_rows_with_flipped_labels_are_ringed():
    table = load_diabetes().select(("glucose", "bmi"))
    cells, true = np.full((1, CELLS**2), 500.0), split(table, train_rows=60)
    parts, mask = flip_labels(true, 0.3)
    drawing, plain = surface(parts, cells, table), surface(true, cells, table)
    units = in_units(true.train.X[mask], true)
    np.testing.assert_array_equal(drawing.tables["lies"][["x", "y"]], units)
    assert points_table(parts)["→ flipped"].tolist() == mask.tolist()
    assert set(plain.tables) == {"surfaces", "points"}
    assert len(drawing.spec["layer"]) == len(plain.spec["layer"]) + 2


def test_rows_and_surfaces_of_the_outcomes_can_be_told_apart():
    for outcome in OUTCOMES:
        assert contrast(outcome.stroke, outcome.certain) > 4.5
        assert contrast(outcome.fill, outcome.stroke) > 4.5
    assert contrast(OUTCOMES[0].certain, OUTCOMES[1].certain) > 3.0
