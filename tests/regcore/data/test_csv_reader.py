"""Bad files: each gets one sentence that says what to do, and none is kept."""

import io
import zipfile

import pytest

from regcore import TableError, read_table
from regcore.data.bundled import DIABETES_CSV
from regcore.data.csv_reader import MAX_BYTES
from tests.support.helpers import message_of

DIABETES = DIABETES_CSV.read_bytes()
ROWS = [f"{i * 0.5},{i % 7},{i % 2}" for i in range(40)]


def lines(*more: str, header: str = "a,b,y", rows: list[str] = ROWS) -> bytes:
    """A small valid file, with these extra lines."""
    return "\n".join([header, *rows, *more]).encode()


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("table.csv", lines())
    return file.getvalue()


def columns(number: int) -> bytes:
    rows = [",".join([str(i % 2)] * number) for i in range(20)]
    return lines(header=",".join(f"c{i}" for i in range(number)), rows=rows)


SECRET = "Jo Bloggs, 12 Example Road " * 400
SEPARATE = "separate columns by commas, semicolons, tabs, pipes or blanks."
NO_TEXT = "This is not a text file that can be read; save the table as CSV in UTF-8."
WORKBOOK = "This is a workbook or a zip archive, whatever its name says;"
EMPTY = "The file is empty;"
OUTCOME = "An outcome needs a column with exactly two different values, such as 0 and 1; "
CELLS = "give each line one cell for each column."
QUOTE = "look for a quotation mark that is not closed."

BAD = {
    "empty": (b"", EMPTY),
    "blank lines": (b"\n\r\n  \n", EMPTY),
    "separators only": (b",,,\n,,,\n" * 30, EMPTY),
    "empty quotes": (b'"","";\n' * 30, EMPTY),
    "a mark of UTF-8 only": (b"\xef\xbb\xbf", EMPTY),
    "a header only": (b"a,b,y\n", "The file has 0 rows below its header; bring at least 20,"),
    "too few rows": (lines(rows=ROWS[:19]), "The file has 19 rows below its header;"),
    "one column": (lines(header="y", rows=["0", "1"] * 20), SEPARATE),
    "prose": (b"Call me Ishmael. " * 3, SEPARATE),
    "a web page": (b"<!doctype html>\n<html><body></body></html>\n", SEPARATE),
    "one class": (lines(rows=[f"{i},{i},0" for i in range(40)]), OUTCOME + "'y' has one value"),
    "three classes": (
        lines(rows=[f"{i},{i},{'abc'[i % 3]}" for i in range(40)]),
        OUTCOME + "'y' has 3 different values ('a', 'b', 'c').",
    ),
    "many classes": (
        lines(rows=[f"{i},{i},{i}" for i in range(40)]),
        OUTCOME + "'y' has 40 different values ('0', '1', '2', '3', …).",
    ),
    "no outcome in any row": (lines(rows=[f"{i},{i}," for i in range(40)]), "'y' has no values."),
    "names only": (
        lines(rows=[f"p{i},{i}th,{'no' if i % 2 else 'yes'}" for i in range(40)]),
        "No column is left to learn from: in 'a', 'p0' in line 2 is not a number, and 40 different",
    ),
    "infinite": (
        lines(rows=[f"inf,-inf,{i % 2}" for i in range(40)]),
        "No column is left to learn from: in 'a', 0 rows have a value;",
    ),
    "beyond all numbers": (
        lines(rows=[f"1e400,-1e101,{i % 2}" for i in range(40)]),
        "'1e400' in line 2 is too large;",
    ),
    "not a number anywhere": (
        lines(rows=[f"nan,NaN,{i % 2}" for i in range(40)]),
        "No column is left to learn from: in 'a', 0 rows have a value;",
    ),
    "thousands or decimals": (
        lines(rows=[f'"1,23{i % 10}","5,{678 + i}",{i % 2}' for i in range(40)]),
        "in 'a', '1,230' in line 2 may mean 1230 or 1.23; say which decimal mark the file has.",
    ),
    "two columns of one name": (lines(header="a,a,y"), "Two columns are called 'a';"),
    "the name of a nameless column": (lines(header=",column 1,y"), "called 'column 1'; give"),
    "names that differ in blanks": (lines(header=" a\u00a0b,a  b,y"), "called 'a b'; give"),
    "a name too long": (lines(header=f"{'n' * 5000},b,y"), "column 1 has 5,000 characters;"),
    "a name one too long": (lines(header=f"{'n' * 101},b,y"), "column 1 has 101 characters;"),
    "a short line": (lines("1,2"), f"Line 42 has 2 cells and the header 3; {CELLS}"),
    "a long line": (lines("1,2,0,4"), f"Line 42 has 4 cells and the header 3; {CELLS}"),
    "cut off": (DIABETES[:9000], "Line 297 has 3 cells and the header 9;"),
    "an open quote": (
        lines('1,"2,0', *ROWS),
        f"Line 42 cannot be read (unexpected end of data); {QUOTE}",
    ),
    "a quote in the wrong place": (lines('"1"0,2,0'), "Line 42 cannot be read (',' expected"),
    "a cell without an end": (lines('"' + "x" * 200_000), "Line 42 cannot be read (field larger"),
    "a zip renamed": (archive(), WORKBOOK),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), WORKBOOK),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), NO_TEXT),
    "packed": (b"\x1f\x8b\x08\x00" + bytes(range(256)), NO_TEXT),
    "NUL bytes": (lines().replace(b"7", b"\0"), NO_TEXT),
    "UTF-16 without its mark": (lines().decode().encode("utf-16-le"), NO_TEXT),
    "half a UTF-16 character": (lines().decode().encode("utf-16") + b"x", NO_TEXT),
    "Japanese in Shift-JIS": (lines(header="年齢,性,y").decode().encode("shift-jis"), NO_TEXT),
    "a terminal's commands": (lines(header="\x1b[2Ja,b,y"), NO_TEXT),
    "101 columns": (columns(101), "The file has 101 columns; keep at most 100."),
    "10⁶ columns in the header": (b"c," * 500_000 + b"c", "The file has 500,001 columns;"),
    "10⁶ cells in a line": (lines("1" + "," * 999_000 + "1"), "Line 42 has 999,001 cells and the"),
    "20,001 rows": (lines(rows=["1,2,0"] * 20_001), "The file has more than 20,000 rows;"),
    "over 1 MB": (
        b"a,b\n" * (MAX_BYTES // 4 + 1),
        "The file has 1,048,580 bytes and may",
    ),
    "far over 1 MB": (bytes(5 * 2**20), "The file has 5,242,880 bytes and may"),
    "a formula as a name, twice": (
        lines(header="=cmd|' /C calc'!A0,=cmd|' /C calc'!A0,y"),
        "called",
    ),
    "HTML as a name, twice": (lines(header="<img src=x>,<img src=x>,y"), "called '<img src=x>';"),
    "someone's data": (
        lines(SECRET.replace(",", ""), rows=[SECRET.replace(",", "")] * 30),
        "The file has 2,000 columns;",
    ),
    "long values": (lines(*["x" * 5000 + ",1,1"] * 20, rows=["1,x,z", "1,y,w"] * 20), OUTCOME),
}


@pytest.mark.parametrize(("raw", "part"), BAD.values(), ids=BAD)
def test_a_bad_file_is_rejected_with_one_helpful_sentence(raw, part, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    message = message_of(read_table, raw, error=TableError)
    assert part in message
    assert len(message) < 250
    assert message.isprintable()
    assert not list(tmp_path.iterdir())


def test_errors_do_not_keep_the_file_content():
    for raw in (lines().replace(b"7", b"\xff\x81"), lines('1,"2,0')):
        with pytest.raises(TableError) as info:
            read_table(raw)
        assert info.value.__cause__ is None
        assert info.value.__suppress_context__ or info.value.__context__ is None


@pytest.mark.parametrize("raw", ["a,b\n1,2\n", None, 5, [b"a,b"]])
def test_a_file_must_be_bytes(raw):
    message = message_of(read_table, raw, error=TypeError)
    assert message == f"raw is a {type(raw).__name__}; it must be the bytes of a file."
