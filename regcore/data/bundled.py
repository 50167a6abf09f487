"""The datasets that come with the app: diabetes, breast cancer, two moons.

pandas and scikit-learn are imported where they are used: see `regcore.data.splitting`.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from regcore.checks import Array, one_line, real, shown, whole
from regcore.config import MAX_SEED
from regcore.data.dataset import Dataset

DIABETES_CSV = Path(__file__).resolve().parents[2] / "data" / "diabetes.csv"
DIABETES_ROWS = 768
NOT_MEASURED = ("glucose", "blood_pressure", "skin_thickness", "insulin", "bmi")
"""Columns in which a zero means "not measured": no living woman has a blood pressure of 0."""
DIABETES_COLUMNS = ("pregnancies", *NOT_MEASURED, "diabetes_pedigree", "age", "outcome")
UNITS = {
    "pregnancies": "count",
    "glucose": "mg/dl",
    "blood_pressure": "mm Hg",
    "skin_thickness": "mm",
    "insulin": "µU/ml",
    "bmi": "kg/m²",
    "age": "years",
}
"""Units of the columns; diabetes_pedigree has none (see data/README.md)."""

MAX_NOISE = 1.0  # the radius of a moon; with more noise, little is left to learn
MIN_POINTS, MAX_POINTS = 40, 20_000
ARC_POINTS = 200  # points that approximate the curve of each moon
MIN_BANDWIDTH = 0.01  # used without noise: a kernel density needs a width above 0


def load_diabetes(path: str | Path = DIABETES_CSV) -> Dataset:
    """Pima Indians Diabetes: 768 women, 8 measurements, outcome 0 or 1 (see data/README.md).

    Raises ValueError with one sentence when the file is missing or damaged, and TypeError when
    path is not a path.
    """
    import pandas as pd

    if not isinstance(path, str | Path):
        raise TypeError(f"path is {shown(path)}; it must be the path of a CSV file.")
    file, path = Path(path), one_line(str(path))
    try:
        if not (file.is_file() or file.is_dir()):  # a device or a pipe may never end
            raise OSError("there is no such file")
        table = pd.read_csv(file, compression=None, low_memory=False)
    except (OSError, ValueError) as error:  # pandas' parser errors are ValueErrors
        reason = one_line(str(error).strip().split("\n")[0])
        raise ValueError(f"{path} cannot be read as a CSV file; {reason.rstrip('.')}.") from error
    if tuple(table.columns) != DIABETES_COLUMNS:
        raise ValueError(
            f"{path} has the columns {', '.join(map(str, table.columns))!r:.200}; "
            f"it must have {', '.join(DIABETES_COLUMNS)}."
        )
    if not isinstance(table.index, pd.RangeIndex):  # pandas made the first column an index
        raise ValueError(f"{path} is damaged: its lines have more cells than its header.")
    try:
        table = table.apply(pd.to_numeric)
        X, y = table.iloc[:, :-1].to_numpy(), table[["outcome"]].to_numpy()
        names, outcomes = DIABETES_COLUMNS[:-1], ("no diabetes", "diabetes")
        dataset = Dataset("diabetes", X, y, names, "patient", outcomes, lesson=True)
        _check_measurements(dataset)
    except ValueError as error:
        raise ValueError(f"{path} is damaged: {str(error).rstrip('.')}.") from error
    if len(dataset) != DIABETES_ROWS:
        raise ValueError(f"{path} is damaged: it has {len(dataset)} rows, not {DIABETES_ROWS}.")
    return dataset


def _check_measurements(dataset: Dataset) -> None:
    if (dataset.X < 0).any():
        row, column = np.argwhere(dataset.X < 0)[0]
        raise ValueError(
            f"{dataset.feature_names[column]} is {dataset.X[row, column]:g} in row {row}; "
            "no measurement is below 0."
        )


def load_breast_cancer() -> Dataset:
    """Breast cancer, Wisconsin (diagnostic), as it comes with scikit-learn: 569 tumors.

    30 measurements of the cell nuclei in a needle sample; outcome 1 is malignant (212), the
    diagnosis of interest. (scikit-learn itself has 1 for benign.)
    """
    from sklearn import datasets

    bunch = datasets.load_breast_cancer()
    X, y, names = bunch.data, 1 - bunch.target[:, None], tuple(map(str, bunch.feature_names))
    return Dataset("breast cancer", X, y, names, row="tumor", outcomes=("benign", "malignant"))


def make_two_moons(noise: float = 0.2, rows: int = 400, seed: int = 1) -> Dataset:
    """Two interleaving half circles, as scikit-learn's `make_moons` draws them.

    noise, from 0 to 1, is the standard deviation of the normal noise on both coordinates. With
    noise 0 and the same rows and seed, each row is the same point without its noise.

    Raises ValueError when noise, rows or seed are out of range.
    """
    from sklearn import datasets

    noise = real("noise", noise, 0.0, MAX_NOISE, f"from 0 to {MAX_NOISE:g}")
    rows = whole("rows", rows, MIN_POINTS, MAX_POINTS)
    seed = whole("seed", seed, 0, MAX_SEED)
    X, y = datasets.make_moons(rows, noise=noise, random_state=seed)
    names, outcomes = ("across", "up"), ("upper moon", "lower moon")
    return Dataset("two moons", X, y[:, None], names, row="point", outcomes=outcomes)


def two_moons_truth(X: Array, noise: float) -> Array:
    """The true probability (n, 1) of outcome 1 at points X (n, 2): the best prediction there is.

    Bayes' rule with both moons equally likely: p = f1 / (f0 + f1), where the density f of a
    moon is the mean over its curve of a normal density with standard deviation `noise`.

    Raises ValueError when noise is out of range.
    """
    from scipy.special import expit
    from sklearn import datasets
    from sklearn.neighbors import KernelDensity

    noise = real("noise", noise, 0.0, MAX_NOISE, f"from 0 to {MAX_NOISE:g}")
    arcs, moon = datasets.make_moons(2 * ARC_POINTS, shuffle=False)
    density = KernelDensity(bandwidth=max(noise, MIN_BANDWIDTH))
    f0, f1 = (density.fit(arcs[moon == k]).score_samples(X) for k in (0, 1))  # log densities
    return expit(f1 - f0)[:, None]


DATASETS: dict[str, Callable[..., Dataset]] = {
    "diabetes": load_diabetes,
    "breast cancer": load_breast_cancer,
    "two moons": make_two_moons,
}
"""The loader of each dataset by its name, in the order of the app's menu."""
