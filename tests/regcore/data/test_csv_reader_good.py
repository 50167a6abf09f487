"""Good files: all spellings of a table give the same result."""

import hashlib

import numpy as np
import pytest

from regcore import TableError, read_table, to_dataset
from regcore.data.bundled import DIABETES_CSV
from tests.support.helpers import diabetes, message_of

DIABETES = DIABETES_CSV.read_bytes()
HEADER, *BODY = DIABETES.decode().split()
QUOTED = "\n".join(",".join(f'"{c}"' for c in line.split(",")) for line in (HEADER, *BODY))
WAYS = {
    "as it is": DIABETES,
    "a mark of UTF-8": b"\xef\xbb\xbf" + DIABETES,
    "UTF-16": DIABETES.decode().encode("utf-16"),
    "UTF-16, the other way round": b"\xfe\xff" + DIABETES.decode().encode("utf-16-be"),
    "Windows lines": DIABETES.replace(b"\n", b"\r\n"),
    "old Mac lines": DIABETES.replace(b"\n", b"\r"),
    "no last line end": DIABETES.rstrip(),
    "blank lines between": DIABETES.replace(b"\n", b"\n\n \n"),
    "semicolons": DIABETES.replace(b",", b";"),
    "tabs": DIABETES.replace(b",", b"\t"),
    "semicolons and decimal commas": DIABETES.replace(b",", b";").replace(b".", b","),
    "tabs and decimal commas": DIABETES.replace(b",", b"\t").replace(b".", b","),
    "blanks": DIABETES.replace(b",", b" ,  "),
    "hard blanks": DIABETES.replace(b",", " ,\u00a0".encode()),
    "quotes": QUOTED.encode(),
    "quotes and blanks": QUOTED.replace(",", ", ").encode(),
    "semicolons, quotes and decimal commas": QUOTED.replace(",", ";").replace(".", ",").encode(),
    "commas, quotes and decimal commas": QUOTED.replace(".", ",").encode(),
    "a newline within a quoted name": DIABETES.replace(b"glucose", b'"\n glucose\r\n"'),
    "empty columns at the end": DIABETES.replace(b"\n", b",,,\n"),
    "lines of separators": DIABETES.replace(b"\n", b"\n,,,,,,,,\n"),
    "signs and exponents": DIABETES.replace(b"\n1,", b"\n+10.e-1,").replace(b",33.6,", b",.336E2,"),
}


def small(*cells: str, header: str = "a,b,y") -> bytes:
    """40 rows of two features and an outcome; `cells` replace the first ones of column b."""
    b = [*cells, *(f"{i % 7}" for i in range(40))]
    rows = [f"{i * 0.5},{b[i]},{i % 2}" for i in range(40)]
    return "\n".join([header, *rows]).encode()


@pytest.mark.parametrize("raw", WAYS.values(), ids=WAYS)
def test_the_diabetes_file_gives_the_diabetes_dataset(raw):
    table = read_table(raw)
    dataset, expected = to_dataset(table, "outcome", "1"), diabetes()
    assert np.array_equal(dataset.X, expected.X)
    assert np.array_equal(dataset.y, expected.y)
    assert dataset.feature_names == expected.feature_names
    assert (table.n_rows, table.left_out, table.targets) == (768, {}, {"outcome": ("0", "1")})
    assert not dataset.missing


def test_the_digest_identifies_the_bytes():
    table = read_table(DIABETES)
    assert table.digest == hashlib.sha256(DIABETES).hexdigest()
    assert read_table(DIABETES + b"\n").digest != table.digest


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("  mean\tradius ", "mean radius"),
        ('"two\nlines"', "two lines"),
        ('"a, b"', "a, b"),
        ('"he said ""no"""', 'he said "no"'),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("**bold** [a](javascript:x) $x$", "**bold** [a](javascript:x) $x$"),
        ("Größe", "Größe"),
        ("年齢", "年齢"),
        ("a\u202eb\u200bc", "abc"),  # bidirectional and zero-width marks
        ("n" * 100, "n" * 100),
        ("2019", "2019"),
        ("\u200b a \u200b ", "a"),
        ("", "column 1"),
        ("\u200b", "column 1"),
    ],
)
def test_names_are_cleaned_to_one_line(written, read):
    table = read_table(small(header=f"{written},b,y"))
    assert table.features[0] == read
    assert to_dataset(table, "y", "1").feature_names == (read, "b")


def test_a_windows_file_is_read_with_its_encoding():
    table = read_table(small(header="Größe – €,b,y").decode().encode("cp1252"))
    assert (table.features[0], table.encoding) == ("Größe – €", "cp1252")
    assert read_table(small()).encoding == "utf-8-sig"


@pytest.mark.parametrize(
    "cell", ["", " ", "?", "NA", "n/a", "NaN", "null", "#N/A", "-", "none", "."]
)
def test_a_missing_value_is_nan(cell):
    table = read_table(small(cell, "5"))
    assert table.column("b").missing == 1
    dataset = to_dataset(table, "y", "1")
    assert dataset.missing
    assert np.isnan(dataset.X[0, 1])
    assert dataset.X[1, 1] == 5.0


@pytest.mark.parametrize("cell", ["high", "1_0", "0x10", "1e", "True", "٣", "<5", "1.2.3", "1-2"])
def test_a_bad_cell_is_shown_with_its_line_and_counts_as_missing(cell):
    column = read_table(small("5", cell)).column("b")
    assert column.notes == (f"{cell!r} in line 3 is not a number and counts as missing.",)
    assert (column.missing, column.problem) == (1, "")
    assert column.numbers[0] == 5.0


def test_line_numbers_count_newlines_in_quotes():
    table = read_table(small("5", "high", header='"a\n\n",b,y'))
    assert "in line 5 " in table.column("b").notes[0]


@pytest.mark.parametrize(
    ("cells", "b"),
    [
        (("1,5", "2,25"), [1.5, 2.25]),
        (("0,627", "1,234"), [0.627, 1.234]),  # 0,627 cannot mean 627
        (("1,5", "1.5"), "'1.5' in line 3 and '1,5' in line 2 have different decimal marks;"),
        (("1,234", "5,678"), "'1,234' in line 2 may mean 1234 or 1.234;"),
        (("1.234,5", "2,5"), [1234.5, 2.5]),
    ],
)
def test_a_comma_is_decimal_only_where_it_is_unambiguous(cells, b):
    raw = "a;b;y\n" + "\n".join(f"{i};{cells[i % 2]};{i % 2}" for i in range(40))
    table = read_table(raw.encode())
    if isinstance(b, str):
        assert table.left_out["b"].startswith(b)
    else:
        assert table.column("b").numbers[:2].tolist() == b


def test_commas_in_names_do_not_hide_the_semicolon_separator():
    height, rows = "height, cm, standing, barefoot", small().decode().split("\n")[1:]
    raw = "\n".join([f"{height};b;y", *(row.replace(",", ";") for row in rows)])
    assert read_table(raw.encode()).features == (height, "b", "y")


def test_sizes_at_the_limits_are_allowed():
    header = ",".join(f"c{i}" for i in range(100))
    wide = "\n".join([header, *(",".join([str(i % 2)] * 100) for i in range(20))])
    assert len(read_table(wide.encode()).columns) == 100
    long = read_table(b"a,y\n" + b"".join(b"%d,%d\n" % (i, i % 2) for i in range(20_000)))
    assert long.n_rows == 20_000
    full = DIABETES + b"\n" * (2**20 - len(DIABETES))
    assert read_table(full).n_rows == 768
    assert "may have 1,048,576" in message_of(read_table, full + b"\n", error=TableError)
