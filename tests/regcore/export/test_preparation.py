"""The source that prepares the data makes the parts of `split` bit for bit."""

import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from regcore import Config, Dataset, fit, flip_labels, split
from regcore.export.preparation import imports, preparation
from regcore.export.recipe import Recipe
from regcore.export.tables import bundled
from tests.support.helpers import diabetes

NEEDED = (train_test_split, StandardScaler, SimpleImputer)


def with_missing() -> Dataset:
    X = np.where(diabetes().X == 0.0, np.nan, diabetes().X)
    return Dataset("zeros", X, diabetes().y, diabetes().feature_names, missing=True)


@pytest.mark.parametrize("table", [diabetes, with_missing])
@pytest.mark.parametrize(
    ("size", "train_rows", "seed", "flipped"),
    [
        (0.0, None, 42, 0.0),
        (0.2, None, 42, 0.05),
        (0.0, 120, 42, 0.0),
        (0.2, 60, 7, 0.3),
        (0.0, 575, 42, 0.5),
    ],
)
def test_the_parts_are_those_of_the_page(table, size, train_rows, seed, flipped):
    data, config = table(), Config(epochs=0)
    parts = split(data, validation_size=size, seed=seed, train_rows=train_rows)
    parts = flip_labels(parts, flipped, seed)[0]
    source = bundled("diabetes")._replace(missing=data.missing)
    history = fit(parts, config).history
    found = Recipe("", config, source, len(data), parts, history, size, seed, flipped=flipped)
    names = {"np": np, "X": data.X, "y": data.y, **{one.__name__: one for one in NEEDED}}
    exec(preparation(found), names)
    assert list(names["parts"]) == found.parts
    for name, (X, y) in names["parts"].items():
        part = getattr(parts, {"training": "train"}.get(name, name))
        np.testing.assert_array_equal(X, part.X)
        np.testing.assert_array_equal(y, part.y)
    assert ("SimpleImputer" in imports(found)) == data.missing
