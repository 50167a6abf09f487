"""Where a table begins and ends, and what separates its cells: more files of each kind."""

import random

import numpy as np
import pytest

from regcore import TableError, read_table, to_dataset
from tests.support.helpers import message_of

R = random.Random(3)
NAMES = "dose,age,pressure,ill"
CELLS = [
    (f"{R.gauss(5, 2):.2f}", f"{R.randint(20, 79)}", f"{R.gauss(100, 15):.1f}", f"{i % 3 // 2}")
    for i in range(60)
]
ROWS = [",".join(cells) for cells in CELLS]
HEAD, TAIL = ROWS[:30], ROWS[30:]


def spaced(separator: str, mark: str = ".") -> list[str]:
    return [separator.join(cells).replace(".", mark) for cells in CELLS]


ABOVE = {
    "two titles": ("Report of the clinic", "Exported on 3 March 2020, by Dr X", ""),
    "a quoted title": ('"Report, of the clinic"',),
    "a title as wide as a row": ("Report,of,clinic,",),
    "comments": ("# made by us", "# on, a, fine, day"),
    "comments of MATLAB": ("% made by us", "% on a fine day"),
    "comments of C": ("// made by us",),
    "sep and a comment": ("sep=,", "# made by us"),
    "sep in quotes": ('"sep=,"',),
    "SEP": ("SEP=,",),
}
BELOW = {
    "units": ("mg,years,mmHg,0/1",),
    "units in brackets": ("(mg),(y),(mmHg),",),
    "some units": ("mg,,mmHg,",),
    "types": ("float,int,float,int",),
    "types and roles": ("continuous,continuous,continuous,discrete", ",,,class"),
}
AFTER = {
    "a total": ("Total,,,20",),
    "a sum in German": ("Summe;;;20".replace(";", ","),),
    "means": ("Mean,50.1,99.9,0.3",),
    "mean and deviation": ("", "Mean,50.1,99.9,0.4", "SD,10.1,9.9,0.2"),
    "a count": ("N = 60,,,",),
    "a total without a name": (",,,20",),
    "a source": ("", "Source: the clinic"),
    "a footer of two cells": ("(c) 2020, the clinic",),
    "a footer with commas": ("Note, this, is, a, long, line, with, commas",),
    "an end": ("-- end of file --",),
    "a number of rows": ("(60 rows)",),
    "a comment": ("# that is all",),
}
AMONG = {
    "the names again": (NAMES,),
    "the names in capitals": (NAMES.upper(),),
    "a ruled line": ("----,---,----,---",),
    "a subtotal": ("Subtotal,,,9",),
}


def check(lines: list[str], names: tuple[str, ...] = ("dose", "age", "pressure")) -> None:
    """The file of these lines holds CELLS, whatever else it holds."""
    table = read_table("\n".join(lines).encode())
    target = next(iter(table.targets))
    dataset = to_dataset(table, target, table.positive(target))
    assert dataset.feature_names == names
    assert table.n_rows == 60
    assert np.array_equal(dataset.X, np.array(CELLS, dtype=float)[:, :3])


@pytest.mark.parametrize("above", ABOVE.values(), ids=ABOVE)
def test_lines_above_the_names_are_no_names(above):
    check([*above, NAMES, *ROWS])


@pytest.mark.parametrize("below", BELOW.values(), ids=BELOW)
def test_units_and_types_are_no_row(below):
    check([NAMES, *below, *ROWS])


@pytest.mark.parametrize("after", AFTER.values(), ids=AFTER)
def test_totals_and_footers_are_no_rows(after):
    check([NAMES, *ROWS, *after])


@pytest.mark.parametrize("among", AMONG.values(), ids=AMONG)
def test_names_and_totals_among_the_rows_are_no_rows(among):
    check([NAMES, *HEAD, *among, *TAIL])


def test_pages_that_repeat_their_title():
    check(["Page 1", NAMES, *HEAD, "Page 2", NAMES, *TAIL])


def test_a_title_with_a_comma_above_two_columns():
    rows = [f"{i * 7 % 50},{i % 2}" for i in range(40)]
    table = read_table("\n".join(["Clinic export, March 2020", "a,y", *rows]).encode())
    assert (table.features, table.n_rows) == (("a", "y"), 40)


def test_all_at_once():
    check(["sep=,", "Report", "", NAMES, "mg,,,", *HEAD, NAMES, *TAIL, "Total,,,20", "Source: us"])


def test_a_total_below_names_of_places():
    rows = [f"town {i % 7},{i % 13},{i % 2}" for i in range(40)]
    table = read_table("\n".join(["town,dose,ill", *rows, "Total,240,20"]).encode())
    assert table.n_rows == 40
    assert table.column("town").distinct == 7


NUMBERED = tuple(f"column {place}" for place in (1, 2, 3))


@pytest.mark.parametrize(
    "lines",
    [ROWS, spaced(";", ","), spaced("\t"), spaced(" ")],
    ids=["commas", "semicolons", "tabs", "blanks"],
)
def test_a_file_without_names(lines):
    check(lines, NUMBERED)


def test_names_in_a_comment():
    check([f"# {NAMES}", *ROWS])


@pytest.mark.parametrize("names", ["0,1,2,3", "1,2,3,4", "400,410,420,class"])
def test_numbers_that_count_or_rise_are_names(names):
    check([names, *ROWS], tuple(names.split(",")[:3]))


def test_texts_that_occur_below_are_no_names():
    rows = [f"{'abc'[i % 3]},{'xy'[i % 2]},{'ep'[i // 2 % 2]}" for i in range(40)]
    assert not read_table("\n".join(rows).encode()).reading.header
    named = read_table("\n".join(["cap,gill,edible", *rows]).encode())
    assert named.reading.header
    assert named.n_rows == 40


@pytest.mark.parametrize(
    ("separator", "mark"),
    [
        (";", "."),
        (";", ","),
        ("\t", ","),
        ("|", "."),
        ("|", ","),
        (":", "."),
        (" ", "."),
        (" ", ","),
    ],
)
def test_any_separator_with_any_mark(separator, mark):
    check([NAMES.replace(",", separator), *spaced(separator, mark)])


QUOTED = [[f'"{cell}" ' for cell in cells] for cells in CELLS]
HEADER = ['"dose"', '"age"', '"pressure"', '"ill"']
OTHERS = {
    "aligned": ["dose  age  pressure  ill", *("   ".join(f"{c:>7}" for c in r) for r in CELLS)],
    "psql": [
        " dose | age | pressure | ill ",
        "------+-----+----------+-----",
        *(f" {' | '.join(cells)} " for cells in CELLS),
        "(60 rows)",
    ],
    "blanks after quotes": [" , ".join(HEADER), *map(", ".join, QUOTED)],
    "quotes, blanks and tabs": [" \t".join(HEADER), *map("\t".join, QUOTED)],
    "quotes, blanks and semicolons": ["; ".join(HEADER), *map(" ; ".join, QUOTED)],
    "ARFF": [
        *("% a comment", "@RELATION x", "@ATTRIBUTE dose REAL", "@attribute 'age' INTEGER"),
        *('@attribute "pressure" numeric', "@ATTRIBUTE ill {0, 1}", "", "@DATA", "% another"),
        *ROWS,
    ],
    "ARFF in quotes": [
        *("@relation 'a b'", "@attribute dose real", "@attribute age real"),
        *("@attribute pressure real", "@attribute class {'not ill','ill'}", "@data"),
        *(", ".join([*r[:3], "'ill'" if r[3] == "1" else "'not ill'"]) for r in CELLS),
    ],
}


@pytest.mark.parametrize("lines", OTHERS.values(), ids=OTHERS)
def test_other_forms(lines):
    check(lines)


def test_ties_between_separators_are_told_by_the_cells():
    rows = [f"{i * 3 % 7},{i % 10}\t{i * 7 % 11},{i % 9}\t{i % 2}" for i in range(40)]
    table = read_table("\n".join(["a, x\tb, y\till", *rows]).encode())
    assert [column.name for column in table.columns] == ["a, x", "b, y", "ill"]
    assert table.numbers("a, x")[1] == 3.1
    rows = [f"{50 + i * 3 % 37},{i % 10};{i % 2}" for i in range(40)]
    assert read_table("\n".join(["weight;ill", *rows]).encode()).numbers("weight")[1] == 53.1


def test_what_was_found_out_can_be_corrected():
    rows = [f"{i}.234;{i % 2}" for i in range(1, 41)]
    raw = "\n".join(["1.100;1", *rows]).encode()
    assert read_table(raw, decimal=",").numbers("column 1")[1] == 1234.0
    assert read_table(raw, decimal=".").numbers("column 1")[1] == 1.234
    named = read_table(raw, header=True, decimal=".")
    assert [column.name for column in named.columns] == ["1.100", "1"]
    assert named.n_rows == 40
    assert read_table("\n".join(spaced("\t")).encode(), separator="\t").n_rows == 60
    assert "Only one column" in message_of(
        lambda: read_table("\n".join(ROWS).encode(), separator="|"), error=TableError
    )


@pytest.mark.parametrize(
    "wrong", [{"header": 1}, {"separator": "x"}, {"decimal": ";"}, {"decimal": 5}]
)
def test_a_correction_must_be_possible(wrong):
    message = message_of(lambda: read_table("\n".join(ROWS).encode(), **wrong))
    assert "it must be one of None" in message


def test_a_preview_shows_what_was_taken_for_what():
    reading = read_table("\n".join(["Report", NAMES, *ROWS]).encode()).reading
    assert (reading.separator, reading.header, reading.decimal) == (",", True, ".")
    assert [(note.line, note.what) for note in reading.notes] == [(1, "title"), (2, "names")]
    assert reading.preview[0] == CELLS[0]
