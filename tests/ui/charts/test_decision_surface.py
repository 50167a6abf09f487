"""The surface of two features, where the rows that are drawn leave little to see."""

import numpy as np
import pytest

from regcore import Dataset, split
from regcore.experiments.decision_surface import edges


@pytest.mark.parametrize("constant", [0.0, 7.5, -3.0])
def test_a_constant_feature_has_an_axis_of_some_width(constant):
    rows = np.arange(40.0)
    X = np.column_stack([np.full(40, constant), rows])
    parts = split(Dataset("flat", X, (rows % 2)[:, None], ("rare", "usual")))
    for name, ends in zip(("rare", "usual"), edges(parts), strict=True):
        assert (np.diff(ends) > 0.0).all(), name
    assert edges(parts)[0].mean() == pytest.approx(constant)
