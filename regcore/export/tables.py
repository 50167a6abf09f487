"""Sources: Python that makes the table of a run, X (n, d) and y (n, 1), without this project.

Names and values from a visitor's file are only ever written as Python literals.
"""

import csv
import io
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from regcore.data.bundled import DIABETES_CSV
from regcore.data.dataset import Dataset


class Source(NamedTuple):
    """Where a table comes from.

    rows     what its rows are called: "patients"
    about    what it is, as Markdown
    code     Python that makes X and y
    imports  the lines of import that this needs besides NumPy and pandas
    inside   Python that holds the table itself; "" where it comes from elsewhere
    missing  whether X has NaN, which the medians of the training rows replace
    grouped  whether `groups` names the rows that stay in one part
    """

    rows: str
    about: str
    code: str
    imports: tuple[str, ...] = ()
    inside: str = ""
    missing: bool = False
    grouped: bool = False


def bundled(dataset: Dataset, noise: float | None = None) -> Source:
    """The Source of a dataset of the app; noise is that of the two moons.

    A dataset without a Source of its own has its values inside.
    """
    made: dict[str, Callable[[], Source]] = {
        "diabetes": _diabetes,
        "breast cancer": lambda: CANCER,
        "two moons": lambda: _two_moons(noise),
    }
    if dataset.name in made:
        return made[dataset.name]()
    rows = dataset.rows
    about = f"{len(dataset)} {rows}; the outcome is 1 for {dataset.outcomes[1]!r}."
    return own(dataset)._replace(rows=rows, about=about)


def _diabetes() -> Source:
    text = DIABETES_CSV.read_text(encoding="utf-8").strip()
    return Source(
        "patients",
        "768 women of Pima heritage, aged 21 or more: eight measurements, and whether they were "
        "found to have diabetes (outcome 1, 268 of them) or not (outcome 0, 500). Look for zeros: "
        "in glucose, blood pressure, skin thickness, insulin and BMI a zero means “not measured”. "
        "The page leaves them as they are, and so does this run.",
        'table = pd.read_csv(io.StringIO(CSV))\nX = table.drop(columns="outcome").to_numpy(float)\n'
        'y = table[["outcome"]].to_numpy(float)',
        ("import io",),
        f'CSV = """{text}\n"""',
    )


CANCER = Source(
    "tumors",
    "569 tumors from scikit-learn: 30 measurements of the cell nuclei in a needle sample. Outcome "
    "1 is malignant, the diagnosis of interest. (scikit-learn itself has 1 for benign.)",
    "table = load_breast_cancer(as_frame=True).data\nX = table.to_numpy(float)\n"
    "y = 1.0 - load_breast_cancer().target[:, None]",
    ("from sklearn.datasets import load_breast_cancer",),
)


def _two_moons(noise: float | None) -> Source:
    noise = 0.2 if noise is None else noise
    return Source(
        "points",
        "400 points on two half circles that reach into each other, moved by random noise.",
        f"X, labels = make_moons(400, noise={noise!r}, random_state=1)\n"
        "y = labels[:, None].astype(float)\n"
        'table = pd.DataFrame(X, columns=["across", "up"])',
        ("from sklearn.datasets import make_moons",),
    )


OWN = """names, *rows = csv.reader(io.StringIO(CSV))
table = pd.DataFrame(rows, columns=names).replace("", "nan").astype(float)
X, y = table.iloc[:, :{n}].to_numpy(float), table.iloc[:, [{n}]].to_numpy(float)"""
GROUPS = """
groups = table.iloc[:, -1].to_numpy()"""


def own(dataset: Dataset) -> Source:
    """The Source of a visitor's table, as it was read and described: its values stand inside."""
    grouped, outcome = dataset.groups is not None, dataset.outcomes[1]
    about = (
        "Your own table, as the page read it: numbers only, an empty cell where a value is "
        f"missing. The outcome is 1 for {outcome!r}."
    )
    code = OWN.format(n=len(dataset.feature_names)) + GROUPS * grouped
    missing = bool(np.isnan(dataset.X).any())
    return Source(
        "rows", about, code, ("import csv", "import io"), _inside(dataset), missing, grouped
    )


def _inside(dataset: Dataset) -> str:
    """The values as CSV in a Python literal, whatever the columns are called."""
    columns = [dataset.X, dataset.y]
    header = [*dataset.feature_names, f"outcome: {dataset.outcomes[1]}"]
    if dataset.groups is not None:
        columns.append(dataset.groups.reshape(-1, 1))
        header.append("group of equal rows")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(float(value)) for value in row] for row in np.hstack(columns))
    escaped = text.getvalue().replace("\\", "\\\\").replace('"', '\\"')
    return f'CSV = """\\\n{escaped}"""\n'


def _cell(value: float) -> str:
    if np.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
