"""Read the bytes of an uploaded file as a Table, or raise one sentence that says what to do.

Every size is checked before the content: the bytes first, then the columns, then the rows. Nothing
is written to disk.
"""

import re
from hashlib import sha256

from regcore.checks import shown
from regcore.data.reading import arff, layout, records
from regcore.data.reading.cells import clean, counted, quoted
from regcore.data.reading.column import Scan
from regcore.data.reading.columns import read_column
from regcore.data.reading.layout import MAX_COLUMNS, ONE_COLUMN, Layout
from regcore.data.reading.number_parsing import MARKS, mark_of_file
from regcore.data.reading.records import NAMES, TableError
from regcore.data.table import MIN_ROWS_PER_OUTCOME, Reading, Table

__all__ = ["MAX_BYTES", "MAX_COLUMNS", "MAX_ROWS", "read_table"]

MAX_BYTES = 2**20
MAX_ROWS = 20_000
PREVIEW_ROWS = 5
EMPTY = "The file is empty; bring a table with a header and rows."
WORKBOOK_SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx or any zip; .xls
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_table(
    raw: bytes,
    *,
    header: bool | None = None,
    separator: str | None = None,
    decimal: str | None = None,
) -> Table:
    """The table in the bytes of a CSV or ARFF file: at most 1 MB, 20,000 rows, 100 columns.

    Reads UTF-8, UTF-16 with a byte order mark and, failing these, Windows-1252. What is not said is
    found out from the file:

    header     whether a line holds the names of the columns
    separator  what separates cells: "," or ";" or a tab or "|" or ":" or a blank for any blanks
    decimal    the decimal mark, "." or ",", of columns in which it cannot be told

    Raises TableError with one sentence that says what to do when it is anything else, or unless
    one column can be the outcome and another a feature. Raises TypeError unless `raw` is bytes, and
    ValueError when another argument is none of these.
    """
    if not isinstance(raw, bytes):
        raise TypeError(f"raw is a {type(raw).__name__}; it must be the bytes of a file.")
    _check("header", header, (None, True, False))
    _check("separator", separator, (None, *NAMES))
    _check("decimal", decimal, (None, *MARKS))
    if len(raw) > MAX_BYTES:
        raise TableError(
            f"The file has {len(raw):,} bytes and may have {MAX_BYTES:,} (1 MB); "
            "keep fewer rows or columns."
        )
    text, encoding = _text(raw)
    found, used = _layout(text, header, separator)
    _check_rows(found)
    table = _table(found, used, decimal, encoding, sha256(raw).hexdigest())
    _check_use(table)
    return table


def _check(name: str, value: object, allowed: tuple[object, ...]) -> None:
    if not any(type(value) is type(choice) and value == choice for choice in allowed):
        choices = ", ".join(map(repr, allowed))
        raise ValueError(f"{name} is {shown(value)}; it must be one of {choices}.")


def _text(raw: bytes) -> tuple[str, str]:
    if raw.startswith(WORKBOOK_SIGNATURES):
        raise TableError(
            "This is a workbook or a zip archive, whatever its name says; "
            "open it in a spreadsheet program and save the sheet as CSV."
        )
    for encoding in ("utf-16",) if raw.startswith(UTF_16_MARKS) else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text):
            return text, encoding
    raise TableError("This is not a text file that can be read; save the table as CSV in UTF-8.")


def _layout(text: str, header: bool | None, separator: str | None) -> tuple[Layout, str]:
    """The table in the text, and what separates its cells."""
    if arff.is_arff(text):
        return _arff_layout(text), ","
    body, named, comments = records.without_comments(text)
    if not re.search(r'[^\s,;|:"]', body):
        raise TableError(EMPTY)
    used = separator or (named if named in NAMES else "") or records.separator_of(body)
    if not used:
        first = clean(body.strip().split("\n")[0])
        raise TableError(f"Only one column was found, which begins {quoted(first)}; {ONE_COLUMN}")
    found = records.all_records(body, used)
    if not found:
        raise TableError(EMPTY)
    last = next((note for note in comments[::-1] if note.what == "comment"), None)
    comment = next(records.records(last.text.lstrip("#% /"), used), (0, []))[1] if last else []
    laid_out = layout.lay_out(found, header, comment)
    return laid_out._replace(notes=[*comments, *laid_out.notes]), used


def _arff_layout(text: str) -> Layout:
    names, rows = arff.read_arff(text)
    layout.check_width(len(names))
    return Layout(tuple(names), *layout.fitting_rows(rows, len(names)), [])


def _check_rows(found: Layout) -> None:
    if len(found.rows) > MAX_ROWS:
        raise TableError(f"The file has more than {MAX_ROWS:,} rows; keep that many or fewer.")
    if len(found.rows) < 2 * MIN_ROWS_PER_OUTCOME:
        raise TableError(
            f"The file has {counted(len(found.rows), 'row')} below its header; "
            f"bring at least {2 * MIN_ROWS_PER_OUTCOME}, {MIN_ROWS_PER_OUTCOME} of each outcome."
        )


def _table(found: Layout, separator: str, decimal: str | None, encoding: str, digest: str) -> Table:
    named = zip(layout.names_of(found.names), zip(*found.rows, strict=True), strict=True)
    scans = [Scan(name, cells) for name, cells in named]
    of_file = decimal or mark_of_file(scan.evidence for scan in scans)
    columns = tuple(
        read_column(scan, found.lines, of_file, decimal or "", separator) for scan in scans
    )
    preview = tuple(tuple(row) for row in found.rows[:PREVIEW_ROWS])
    reading = Reading(separator, any(found.names), of_file, tuple(found.notes), preview)
    return Table(columns, len(found.rows), encoding, digest, reading)


def _check_use(table: Table) -> None:
    """Raises TableError unless one column can be the outcome and another a feature."""
    if not table.targets:
        raise TableError(
            "An outcome needs a column with exactly two different values, such as 0 and 1; "
            f"{table.columns[-1].described()}."
        )
    if not any(set(table.features) - {target} for target in table.targets):
        name, problem = next(iter(table.left_out.items()))
        raise TableError(f"No column is left to learn from: in {quoted(name)}, {problem}")
