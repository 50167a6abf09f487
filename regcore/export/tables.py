"""Sources: Python that makes the table of a run, X (n, d) and y (n, 1), without this project.

Names and values from a visitor's file are only ever written as Python literals.
"""

from collections.abc import Sequence
from pathlib import PureWindowsPath
from typing import NamedTuple

from regcore.data.bundled import DIABETES_CSV
from regcore.data.columns import MAX_NAME, MISSING, MISSING_NUMBER
from regcore.data.table import Table


class Source(NamedTuple):
    """Where a table comes from.

    rows     what its rows are called: "patients"
    about    what it is, as Markdown
    code     Python that makes X and y
    imports  the lines of import that this needs besides NumPy and pandas
    inside   Python that holds the table itself; "" where it comes from elsewhere
    missing  whether X has NaN, which the medians of the training rows replace
    is_outside  whether it is read from a file that only the reader has
    """

    rows: str
    about: str
    code: str
    imports: tuple[str, ...] = ()
    inside: str = ""
    missing: bool = False
    is_outside: bool = False


def bundled(name: str, noise: float | None = None) -> Source:
    """The Source of a dataset of the app by its name; noise is that of the two moons."""
    return {"diabetes": _diabetes, "breast cancer": lambda: CANCER}.get(
        name, lambda: _two_moons(noise)
    )()


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


OWN = '''FILE = {file!r}  # put it beside this file
NAMES = {names!r}
OUTCOME, POSITIVE = {target!r}, {positive!r}
FEATURES = {features!r}


def clean(cell):
    """Return the text of a cell without double spaces and characters that are not printed."""
    return " ".join("".join(c for c in cell if c.isprintable() or c.isspace()).split())


def number(cell):
    """Return the number in a cell; NaN where it is missing."""
    return np.nan if cell.lower() in {missing!r} else float({cell})


with open(FILE, encoding={encoding!r}, newline="") as file:
    reader = csv.reader(file, delimiter={separator!r}, skipinitialspace=True)
    records = [list(map(clean, record[: len(NAMES)])) for record in reader]
records = [record for record in records if any(record)]
table = pd.DataFrame(records[1:], columns=NAMES)
{outcome}
X = np.array([[number(cell) for cell in row] for row in table[FEATURES].to_numpy()])'''
NUMBERS = """labels = table[OUTCOME].map(number)
table, labels = table[labels.notna()], labels[labels.notna()]
y = (labels.to_numpy(float) == POSITIVE)[:, None].astype(float)"""
CLASSES = """table = table[[label.lower() not in {missing!r} for label in table[OUTCOME]]]
y = np.array([[float(label[:{longest}] == POSITIVE)] for label in table[OUTCOME]])"""
ZEROS = """
for name in {zeros!r}:  # a zero means "not measured"
    column = X[:, FEATURES.index(name)]
    column[column == 0] = np.nan"""


def own_file(
    file: str,
    table: Table,
    target: str,
    positive: str,
    features: Sequence[str],
    zeros_missing: Sequence[str] = (),
    missing: bool = False,
) -> Source:
    """The Source of a visitor's own file, read as `regcore.read_table` and `to_dataset` did.

    file is the name that the browser gave; features, zeros_missing and missing are those of the
    Dataset that was made of `table`.
    """
    column = table.column(target)
    is_number = column.numbers is not None
    classes = CLASSES.format(missing=sorted(MISSING), longest=MAX_NAME)
    code = OWN.format(
        file=safe_name(file),
        names=[one.name for one in table.columns],
        target=target,
        positive=float(positive) if is_number else positive,
        features=list(features),
        missing=sorted(MISSING_NUMBER),
        cell="cell" if table.decimal == "." else f'cell.replace({table.decimal!r}, ".")',
        encoding=table.encoding,
        separator=table.separator,
        outcome=NUMBERS if is_number else classes,
    )
    zeros = [name for name in zeros_missing if name in features]
    about = (
        "Your own file. It is not inside: put it into the folder of this file, under the name "
        "below, and it is read as the page read it, with the same columns and the same outcome. "
        "Rows without an outcome are left out."
    )
    code += ZEROS.format(zeros=zeros) if zeros else ""
    return Source("rows", about, code, ("import csv",), missing=missing, is_outside=True)


def safe_name(file: str) -> str:
    """The last part of a path that a browser sent, printable, at most 100 characters."""
    name = "".join(c for c in PureWindowsPath(str(file)).name if c.isprintable())
    return name[-MAX_NAME:] or "your_file.csv"
