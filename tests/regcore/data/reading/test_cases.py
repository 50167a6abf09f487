"""Files in the forms that people bring, by kinds: each gives the right table at the first try."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from regcore import Table, inspect_table, read_table, to_dataset
from tests.support import well_known

CASES = Path(__file__).parent / "cases"
PIMA_ROW = (8.0, 111.0, 56.0, 0.0, 207.0, 43.6, 1.141, 46.0)


class Right(NamedTuple):
    """What is right for a file: rows, outcome, its positive value, features, and what is said.

    first  what the first row begins with
    kept   rows of the dataset; None for all
    """

    rows: int
    target: str
    positive: str
    features: int
    said: tuple[str, ...] = ()
    first: tuple[float, ...] = ()
    kept: int | None = None


def pima(*said: str, features: int = 8, first: tuple[float, ...] = PIMA_ROW) -> Right:
    return Right(60, "Outcome", "1", features, said, first)


FILES = {
    "header_arff.arff": Right(60, "class", "tested_positive", 8, (), PIMA_ROW),
    "header_below_a_title.csv": pima("1 title Clinic export March"),
    "header_followed_by_units.csv": pima("2 units count mg/dl"),
    "header_line_sep_semicolon.csv": pima("1 separator sep=;"),
    "header_missing_blamed_on_duplicate_names.csv": Right(80, "column 9", "+", 8),
    "header_missing_first_row_swallowed.csv": Right(80, "column 7", ">50K", 6, (), (26.0,)),
    "header_repeated_in_middle.csv": Right(
        80, "y", "1", 2, ("42 names again", "40 rows have the features and the outcome"), kept=40
    ),
    "id_named_so_unnoticed.csv": Right(60, "y", "1", 2, ("patient_id id",)),
    "id_suspected_of_a_measurement.csv": Right(120, "y", "1", 2),
    "id_with_repeats_unnoticed.csv": Right(200, "class", "4", 3, ("Sample code number id",)),
    "leak_copied_rows_unnoticed.csv": Right(
        180, "y", "1", 3, ("120 rows have the features and the outcome",), kept=60
    ),
    "missing_markers_all.csv": Right(
        60, "y", "1", 47, ("m5 odd 5 values are -999", "m33 odd", "m34 odd 5 values are -1")
    ),
    "missing_sentinel_minus_999_unnoticed.csv": Right(
        60, "y", "1", 2, ("glucose odd 10 values are -999, far from all others",)
    ),
    "number_dot_thousands_read_as_decimals.csv": Right(
        40, "krank", "1", 2, ("'2.928' is read as 2928.",), (2928.0, 48.0)
    ),
    "outcome_case_variants.csv": Right(60, "ill", "TRUE", 2, ("'FALSE' are one value",)),
    "outcome_default_is_a_column_that_cannot_be_used.csv": Right(100, "y", "1", 2),
    "outcome_default_is_first_binary_column_heart.csv": Right(80, "target", "1", 13),
    "outcome_default_positive_is_well.csv": Right(60, "state", "ill", 2),
    "outcome_of_five_grades_silently_absent.csv": Right(60, "num", "1 to 4", 13),
    "rows_total_at_end.csv": pima("62 total Total 18"),
    "separator_blank_after_quote_refused.csv": Right(60, "y", "1", 2, (), (1.49, 2.0)),
    "separator_pipe.csv": pima(),
    "separator_spaces_blamed_on_quotes.txt": pima(
        "column 1 id", features=9, first=(1.0, *PIMA_ROW)
    ),
    "separator_tie_goes_to_comma.csv": Right(40, "krank", "1", 2, (), (159.5, 76.7)),
}


def said_of(table: Table, target: str) -> str:
    """All that is said of a file, and of its columns and rows with this outcome."""
    lines = [" ".join(map(str, note)) for note in table.reading.notes]
    columns = [f"{c.name}: {' '.join((*c.notes, c.problem))}" for c in table.columns]
    found = [" ".join(suspicion) for suspicion in inspect_table(table, target)]
    return "\n".join(lines + columns + found)


def check(raw: bytes, right: Right) -> Table:
    """The table in the bytes; fails unless all is right at the first try."""
    table = read_table(raw)
    target = next(iter(table.targets))
    positive = table.positive(target)
    assert (table.n_rows, target, positive) == (right.rows, right.target, right.positive)
    text = said_of(table, target)
    assert all(part in text for part in right.said), text
    dataset = to_dataset(table, target, positive)
    assert len(dataset) == (right.kept or right.rows)
    names = {name.partition(" = ")[0] for name in dataset.feature_names}
    assert len({c.name for c in table.columns if c.name in names and c.name != target}) == (
        right.features
    )
    assert dataset.X[0, : len(right.first)].tolist() == list(right.first)
    return table


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_a_file_is_right_at_the_first_try(name):
    check((CASES / name).read_bytes(), FILES[name])


def test_all_markers_of_one_row_are_missing():
    table = read_table((CASES / "missing_markers_all.csv").read_bytes())
    numbers = {name: table.numbers(name)[5] for name in table.features}
    assert {name for name, x in numbers.items() if not np.isnan(x)} == {"m5", "m33", "m34", "y"}


WELL_KNOWN = {
    "PIMA": Right(120, "Outcome", "1", 8, ("Insulin zeros",)),
    "PIMA_WITHOUT_NAMES": Right(120, "column 9", "1", 8, ("column 5 zeros",)),
    "HEART_DISEASE": Right(120, "num", "1 to 4", 13),
    "BANK_MARKETING": Right(200, "y", "yes", 15, ("job: 'student'", "pdays odd 140 values are -1")),
    "BREAST_CANCER": Right(
        150, "Class", "4", 5, ("Sample code number id", "an earlier row"), kept=121
    ),
    "BREAST_CANCER_WITHOUT_NAMES": Right(
        150, "column 6", "4", 5, ("column 1 id", "an earlier row"), kept=121
    ),
}


@pytest.mark.parametrize("name", WELL_KNOWN)
def test_well_known_tables_are_right_at_the_first_try(name):
    table = check(getattr(well_known, name), WELL_KNOWN[name])
    assert table.reading.header == (not name.endswith("WITHOUT_NAMES"))


def test_text_of_the_bank_becomes_columns_of_0_and_1():
    table = read_table(well_known.BANK_MARKETING)
    names = to_dataset(table, "y", "yes").feature_names
    assert {"default = yes", "marital = single", "contact = telephone"} <= set(names)
    assert table.column("education").missing > 0  # "unknown"
    assert table.column("month").distinct == 4
