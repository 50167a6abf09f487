"""Read the bytes of an uploaded file as a Table, or raise one sentence that says what to do.

Every size is checked before the content: the bytes first, then the columns of the header, then
each line as it is read. Nothing is written to disk.
"""

import csv
import io
import re
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain, islice

from regcore.data import columns
from regcore.data.columns import MAX_NAME, clean, quoted
from regcore.data.table import MIN_ROWS_PER_OUTCOME, Table, TableError

MAX_BYTES = 2**20
MAX_ROWS = 20_000
MAX_COLUMNS = 100
SEPARATORS = ",;\t"
SAMPLE_RECORDS = 20  # records by which the separator is chosen
WORKBOOK_SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx or any zip; .xls
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")

Record = tuple[int, list[str]]  # the line in which it starts, and its cells


def read_table(raw: bytes) -> Table:
    """The table in the bytes of a CSV file: at most 1 MB, 20,000 rows, 100 columns.

    Reads UTF-8, UTF-16 with a byte order mark and, failing these, Windows-1252; commas,
    semicolons or tabs between the cells; decimal points or commas. The first line holds the names.

    Raises TableError with one sentence that says what to do when it is anything else, or unless
    one column can be the outcome and another a feature. Raises TypeError unless `raw` is bytes.
    """
    if not isinstance(raw, bytes):
        raise TypeError(f"raw is a {type(raw).__name__}; it must be the bytes of a file.")
    if len(raw) > MAX_BYTES:
        raise TableError(
            f"The file has {len(raw):,} bytes and may have {MAX_BYTES:,} (1 MB); "
            "keep fewer rows or columns."
        )
    text, encoding = _text(raw)
    read, n_rows, separator, mark = _columns(text)
    table = Table(read, n_rows, encoding, sha256(raw).hexdigest(), separator, mark)
    _check_use(table)
    return table


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


def _columns(text: str) -> tuple[tuple[columns.Column, ...], int, str, str]:
    """The columns, the number of rows, the separator and the decimal mark."""
    if not re.search(rf'[^\s{SEPARATORS}"]', text):
        raise TableError("The file is empty; bring a table with a header and rows.")
    separator = _separator(text)
    records = _records(text, separator)
    names = _names(next(records)[1])
    lines: list[int] = []
    rows: list[list[str]] = []
    for line, cells in records:
        if len(rows) == MAX_ROWS:
            raise TableError(f"The file has more than {MAX_ROWS:,} rows; keep that many or fewer.")
        lines.append(line)
        rows.append(_row(line, cells, len(names)))
    if len(rows) < 2 * MIN_ROWS_PER_OUTCOME:
        raise TableError(
            f"The file has {len(rows)} rows below its header; "
            f"bring at least {2 * MIN_ROWS_PER_OUTCOME}, {MIN_ROWS_PER_OUTCOME} of each outcome."
        )
    mark = columns.decimal_mark(chain.from_iterable(rows))
    named = zip(names, zip(*rows, strict=True), strict=True)
    read = tuple(columns.read_column(name, cells, lines, mark) for name, cells in named)
    return read, len(rows), separator, mark


def _separator(text: str) -> str:
    """The separator with the most cells in every one of the first records, then in the header."""

    def cell_counts(separator: str) -> tuple[int, int]:
        try:
            widths = [len(cells) for _, cells in islice(_records(text, separator), SAMPLE_RECORDS)]
        except TableError:  # with a wrong separator, a quotation mark may not be closed
            return 0, 0
        return min(widths), widths[0]

    return max(SEPARATORS, key=cell_counts)


def _records(text: str, separator: str) -> Iterator[Record]:
    """Yield the records that are not blank."""
    lines = io.StringIO(text, newline="")  # the csv module handles quoted newlines
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableError(
                f"Line {line} cannot be read ({error}); "
                "look for a quotation mark that is not closed."
            ) from None
        if any(map(str.strip, cells)):
            yield line, cells


def _names(header: list[str]) -> list[str]:
    """The names of the columns; one without a name is named by its number."""
    width = _width(header)
    if width == 1:
        raise TableError(
            "Only one column was found; separate columns by commas, semicolons or tabs."
        )
    if width > MAX_COLUMNS:
        raise TableError(f"The file has {width:,} columns; keep at most {MAX_COLUMNS}.")
    cells = [clean(cell) for cell in header[:width]]
    if 2 * sum(map(columns.is_number, cells)) > width:
        raise TableError(
            "The first line holds numbers, not names; put a line with names of columns above it."
        )
    names = [cell or f"column {place}" for place, cell in enumerate(cells, start=1)]
    for place, name in enumerate(names, start=1):
        if len(name) > MAX_NAME:
            raise TableError(
                f"The name of column {place} has {len(name):,} characters; use at most {MAX_NAME}."
            )
        if names.count(name) > 1:
            raise TableError(f"Two columns are called {quoted(name)}; give each a name of its own.")
    return names


def _row(line: int, cells: list[str], width: int) -> list[str]:
    """The cells of a record, one for each column."""
    if not _width(cells) <= width <= len(cells):
        raise TableError(
            f"Line {line} has {len(cells):,} cells and the header {width}; "
            "give each line one cell for each column."
        )
    return [clean(cell) for cell in cells[:width]]


def _width(cells: list[str]) -> int:
    """The number of cells, without the empty ones that spreadsheets add at the end."""
    return max(place for place, cell in enumerate(cells, start=1) if cell.strip())


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
