"""How numbers are written, what is missing, and what is in doubt: more cells of each kind."""

import numpy as np
import pytest

from regcore import inspect_table, read_table, to_dataset
from regcore.data.inspection import odd_value


def column(*cells: str, other: str = "", n: int = 40, **said: str):
    """Column x of a file in which these cells repeat, beside a column of numbers like `other`."""
    rows = [f"{cells[i % len(cells)]};{i * 7 % 50}{other};{i % 3 // 2}" for i in range(n)]
    return read_table("\n".join(["x;b;ill", *rows]).encode(), **said).column("x")


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (("1.234.567", "950"), (1234567, 950)),
        (("1,234.50", "950"), (1234.5, 950)),
        (("1.234,50", "950"), (1234.5, 950)),
        (("1.230", "950", "2.571"), (1230, 950, 2571)),  # who drops zeros writes 1.23
        (("2,500", "999", "1,100"), (2500, 999, 1100)),
        (("1.234", "9500"), (1.234, 9500)),  # who parts thousands writes 9.500
        (("1.234", "0.571", "2.5"), (1.234, 0.571, 2.5)),
        (("1'234.5", "2’571"), (1234.5, 2571)),
        (("1 234,5", "2\u00a0571", "3\u202f000,25"), (1234.5, 2571, 3000.25)),
        (("12,34,567", "1,234"), (1234567, 1234)),
        (("€ 1.234,50", "950,00 €", "-3,10 €"), (1234.5, 950, -3.1)),
        (("$1,234.50", "$950.00", "-$3.10"), (1234.5, 950, -3.1)),
        (("USD 12.50", "3.75 USD"), (12.5, 3.75)),
        (("12.5%", "3 %"), (12.5, 3)),
        (("(1,234.5)", "17.5", "($2.50)"), (-1234.5, 17.5, -2.5)),
        (("12-", "3.5"), (-12, 3.5)),
        (("−5", "–4.5", "+3"), (-5, -4.5, 3)),
        (("1,5E3", "2e-1"), (1500, 0.2)),
        (("007", "12"), (7, 12)),
    ],
)
def test_numbers_in_many_forms(cells, numbers):
    read = column(*cells)
    assert read.numbers[: len(cells)].tolist() == list(numbers)
    assert read.missing == 0


@pytest.mark.parametrize(("other", "number"), [(",5", 1234.0), (".5", 1.234), ("", None)])
def test_the_rest_of_the_file_tells_what_a_column_does_not(other, number):
    read = column("1.234", "950", "2.571", other=other)
    if number is None:
        assert read.numbers is None
        assert read.problem == (
            "'1.234' in line 2 may mean 1234 or 1.234; say which decimal mark the file has."
        )
    else:
        assert read.numbers[0] == number
        assert f"is read as {number:g}" in read.notes[0]


@pytest.mark.parametrize(("mark", "number"), [(",", 1234.0), (".", 1.234)])
def test_a_doubt_is_solved_by_the_owner(mark, number):
    assert column("1.234", "950", decimal=mark).numbers[0] == number


def test_contradicting_columns_are_asked_about():
    assert column("1.230", "950", other=".5").numbers is None  # 1.230 is thousands, 7.5 is not


def test_each_column_has_its_own_mark():
    rows = [f'"{i},5",{i}.5,{i % 2}' for i in range(40)]
    table = read_table("\n".join(["a,b,y", *rows]).encode())
    assert table.numbers("a").tolist() == table.numbers("b").tolist()


MARKERS = (
    *("", "?", "??", "NA", "N/A", "#N/A", "<NA>", "n.a.", "NaN", "-nan", "NaT", "NULL", "(null)"),
    *("nil", "None", "\\N", "-", "--", "—", "–", ".", "..", "…", "*", "_", "missing", "Unknown"),
    *("[unknown]", "not available", "not measured", "no data", "k.A.", "keine Angabe", "inf"),
    *("-Infinity", "1.#QNAN", "-1.#IND", "#DIV/0!", "#VALUE!", "#REF!", "#NUM!", "#NAME?"),
    *("#NULL!", "#SPILL!", "#WERT!", "#BEZUG!", "#NV", "#####", "'NA'", "n/d", "unbekannt"),
)


@pytest.mark.parametrize("marker", MARKERS)
def test_a_marker_is_missing_without_a_word(marker):
    read = column(*"234567" * 3, marker, n=57)
    assert (read.missing, read.notes, read.problem) == (3, (), "")


@pytest.mark.parametrize("word", ["pending", "<5", "5 mg", "see below", "1.2.3"])
def test_other_words_are_shown_and_missing(word):
    read = column(*"234567" * 3, word, n=57)
    assert read.missing == 3
    assert read.notes == (
        f"{word!r} in line 20 is not a number; it and 2 more cells count as missing.",
    )


def test_a_column_goes_when_too_few_values_are_left():
    bad = [f"note {i}" for i in range(9)]
    assert column(*"123456789", *bad, n=18 * 2).problem.startswith("'1' in line 2 is not a number")
    assert column(*"12345678", *[""] * 40, n=48).problem == (
        "8 rows have a value; at least 10 are needed."
    )


R = np.random.default_rng(5)
AGES = R.integers(20, 80, 100)


@pytest.mark.parametrize(
    ("values", "odd"),
    [
        ([*AGES, *[-999] * 5], -999),
        ([*AGES, -999], -999),
        ([*AGES, *[999] * 2], 999),
        ([*AGES, *[9999] * 5], 9999),
        ([*AGES, *[-1] * 5], -1),
        ([*AGES, *[-9] * 5], -9),
        ([*R.normal(50, 5, 100).round(1), *[-1] * 5], -1),
        ([*R.poisson(2.0, 100), *[99] * 5], 99),
        ([*R.poisson(4.0, 100), *[-1] * 5], -1),
        ([*R.normal(0, 1, 100), *[-100] * 5], -100),
        (AGES, None),
        ([*AGES, -1], None),  # once
        (R.normal(0, 1, 100), None),
        (np.exp(R.normal(0, 1, 100)), None),
        (R.poisson(2.0, 100), None),
        ([0] * 50 + [1] * 50, None),
        ([0] * 50 + [1000] * 50, None),
    ],
)
def test_a_repeated_value_far_from_all_others_is_odd(values, odd):
    assert odd_value(np.array(values, dtype=float)) == odd


def test_an_odd_value_is_asked_about_and_may_count_as_missing():
    values = [-999 if i % 8 == 0 else 60 + i * 7 % 90 for i in range(80)]
    rows = [f"{value},{i * 3 % 50},{i % 2}" for i, value in enumerate(values)]
    table = read_table("\n".join(["glucose,b,y", *rows]).encode())
    (found,) = (s for s in inspect_table(table, "y") if s.kind == "odd")
    assert found.sentence.startswith("10 values are -999, far from all others;")
    kept = to_dataset(table, "y", "1")
    filled = to_dataset(table, "y", "1", missing_values={"glucose": -999})
    assert np.nanmin(kept.X[:, 0]) == -999.0
    assert np.isnan(filled.X[:, 0]).sum() == 10
