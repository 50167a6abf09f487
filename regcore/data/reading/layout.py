"""Where a table begins and ends: the lines above and below its names, and after its rows."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from regcore.data.reading import footer, header, outcomes
from regcore.data.reading.cells import MAX_NAME, clean, clean_all, counted, quoted
from regcore.data.reading.number_parsing import looks_like_number
from regcore.data.reading.records import Note, Record, TableError

MAX_TITLE = 30  # records above the names
MAX_UNITS = 3  # lines of units and types below them
MAX_FOOTER = 30  # records after the last row
MAX_COLUMNS = 100
ONE_COLUMN = "separate columns by commas, semicolons, tabs, pipes or blanks."


class Layout(NamedTuple):
    """The cells of a table, and what the other lines of the file are.

    names    the cells with the names of the columns; () if the file has none
    rows     the cells of each row, cleaned
    lines    the line of each row in the file
    notes    the lines that are no rows
    """

    names: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    notes: list[Note]


def lay_out(records: Sequence[Record], names: bool | None, comment: Sequence[str] = ()) -> Layout:
    """Find the table in the records of a file.

    names    whether there is a line of names; None to find out
    comment  the cells of the last comment above the table, which may be its names

    Raises TableError at a record that has too many or too few cells and is no title or footer.
    """
    start, width = _start(records)
    check_width(width)
    notes = [Note(line, "title", _joined(cells)) for line, cells in records[:start]]
    kept = _fitting(records[start:], width, notes)
    first_line, first = kept[0]
    below = [row for _, row in kept[1:]]
    numeric = header.numeric_columns(below[MAX_UNITS:] or below)
    found = header.is_header(first, below, numeric) if names is None else names
    if not found:
        width = max(width, _widest(records[start:]))
        kept = _fitting(records[start:], width, notes)
    named = tuple(first) if found else ()
    if not found and names is None and len(comment) == width:
        named = tuple(clean(cell) for cell in comment)
    if found and names is None and _is_title(first, kept[1:2]):
        notes.append(Note(first_line, "title", _joined(first)))
        kept = kept[1:]
        (first_line, first), named = kept[0], tuple(kept[0][1])
    if found:
        notes.append(Note(first_line, "names", _joined(first)))
        kept = _without_units(kept[1:], numeric, notes)
    if len(numeric) != width or not below:
        numeric = header.numeric_columns([row for _, row in kept]) or [False] * width
    kept = _without_others(kept, named, numeric, notes)
    rows, lines = [row for _, row in kept], [line for line, _ in kept]
    return Layout(named or ("",) * width, rows, lines, sorted(notes))


def _is_title(first: Sequence[str], second: Sequence[tuple[int, list[str]]]) -> bool:
    """Whether a title happens to be as wide as the table: the line below names an outcome."""
    below = second[0][1] if second else []
    texts = [cell for cell in below if cell and not looks_like_number(cell)]
    named = any(map(outcomes.is_named, below)) and not any(map(outcomes.is_named, first))
    return named and len(set(texts)) == len(first)


def check_width(width: int) -> None:
    """Raises TableError unless a table may have so many columns."""
    if width < 2:
        raise TableError(f"Only one column was found; {ONE_COLUMN}")
    if width > MAX_COLUMNS:
        raise TableError(f"The file has {width:,} columns; keep at most {MAX_COLUMNS}.")


def _widest(records: Sequence[Record]) -> int:
    """The most filled cells of a record that is as long as the first."""
    return max(filled(cells) for _, cells in records if len(cells) == len(records[0][1]))


def filled(cells: Sequence[str]) -> int:
    """The number of cells, without the empty ones that spreadsheets add at the end."""
    for place in range(len(cells), 0, -1):
        if cells[place - 1].strip():
            return place
    return 0


def _joined(cells: Sequence[str]) -> str:
    return clean(" ".join(cell for cell in cells if cell.strip()))[:200]


def _unnumbered(text: str) -> str:
    """The text of a title without its numbers: "page 1" and "page 2" are one."""
    return re.sub(r"[0-9]+", "0", text.casefold())


def _start(records: Sequence[Record]) -> tuple[int, int]:
    """The place of the first record that is as wide as the table, and the width of the table.

    R writes one name less than a row has cells: the first column, of row names, has none.
    """
    sample = [cells for _, cells in records[:1000]]
    wide = Counter(map(filled, sample))
    usual, count = max(wide.items(), key=lambda item: (item[1], item[0]))
    longest = Counter(map(len, sample)).most_common(1)[0][0]
    if 2 * count < len(sample) and count < 3:
        return 0, filled(sample[0])
    for place, cells in enumerate(sample[:MAX_TITLE]):
        if usual <= filled(cells) <= max(longest, usual):
            return place, filled(cells)
        following = sample[place + 1 : place + 2]
        if usual > 2 and filled(cells) == len(cells) == usual - 1 and following:
            numbers = sum(looks_like_number(clean(cell)) for cell in cells)
            if (
                numbers == 0
                and filled(following[0]) == usual
                and _rest_is(sample[place + 1 :], usual)
            ):
                return place, usual
    return 0, filled(sample[0])


def _rest_is(sample: Sequence[Sequence[str]], width: int) -> bool:
    return all(len(cells) == width for cells in sample[:20])


def _fitting(
    records: Sequence[Record], width: int, notes: list[Note]
) -> list[tuple[int, list[str]]]:
    """The records with one cell for each column, cleaned. Others are repeated titles or footers."""
    kept: list[tuple[int, list[str]]] = []
    odd: list[Record] = []
    titles = {_unnumbered(note.text) for note in notes}
    for place, (line, cells) in enumerate(records):
        if place == 0 and len(cells) == width - 1:
            cells = ["", *cells]
        if filled(cells) <= width <= len(cells):
            kept.append((line, clean_all(cells[:width])))
        elif _unnumbered(_joined(cells)) in titles:
            notes.append(Note(line, "title again", _joined(cells)))
        elif cells[0].lstrip().startswith(("#", "//")):
            notes.append(Note(line, "comment", _joined(cells)))
        else:
            odd.append((line, cells))
    _check_footer(odd, kept, width, notes)
    return kept


def fitting_rows(records: Sequence[Record], width: int) -> tuple[list[list[str]], list[int]]:
    """The cells of records below names that stand elsewhere, and their lines."""
    if not records:
        return [], []
    kept = _fitting(records, width, [])
    return [row for _, row in kept], [line for line, _ in kept]


def _check_footer(
    odd: Sequence[Record], kept: list[tuple[int, list[str]]], width: int, notes: list[Note]
) -> None:
    """Note records of another width after the last row. Raises TableError at any other."""
    last = kept[-1][0] if kept else 0
    columns = [{row[place] for _, row in kept[1:]} for place in range(width)] if odd else []
    for line, cells in odd:
        text = clean(next(cell for cell in cells if cell.strip()))
        place = next(place for place, cell in enumerate(cells) if cell.strip())
        is_value = looks_like_number(text) or (place < width and text in columns[place])
        if line < last or is_value or len(odd) > MAX_FOOTER:
            raise TableError(
                f"Line {line} has {counted(len(cells), 'cell')} and the header {width}; "
                "give each line one cell for each column."
            )
        notes.append(Note(line, "footer", _joined(cells)))


def _without_units(
    kept: list[tuple[int, list[str]]], numeric: Sequence[bool], notes: list[Note]
) -> list[tuple[int, list[str]]]:
    for _ in range(MAX_UNITS):
        below = [row for _, row in kept[1:]]
        if not below:
            break
        if not header.is_unit_line(kept[0][1], below, numeric):
            break
        notes.append(Note(kept[0][0], "units", _joined(kept[0][1])))
        kept = kept[1:]
    return kept


def _without_others(
    kept: list[tuple[int, list[str]]],
    names: Sequence[str],
    numeric: Sequence[bool],
    notes: list[Note],
) -> list[tuple[int, list[str]]]:
    """The rows without repeated names and units, totals and means."""
    repeated, labels = _folded(names), [footer.total_label(row) for _, row in kept]
    times = Counter(labels)
    above = {note.text.casefold() for note in notes if note.what in ("units", "title")}
    rows = []
    for (line, row), label in zip(kept, labels, strict=True):
        if names and row[-1].casefold() == repeated[-1] and _folded(row) == repeated:
            notes.append(Note(line, "names again", _joined(row)))
        elif above and _joined(row).casefold() in above:
            notes.append(Note(line, "title again", _joined(row)))
        elif label and footer.is_total(row, label, times[label], numeric):
            notes.append(Note(line, "total", _joined(row)))
        else:
            rows.append((line, row))
    if len(rows) > 2 and footer.is_last_total(rows[-1][1], [r for _, r in rows[:-1]], numeric):
        line, row = rows.pop()
        notes.append(Note(line, "total", _joined(row)))
    return rows


def _folded(row: Sequence[str]) -> list[str]:
    return [cell.casefold() for cell in row]


def names_of(cells: Sequence[str]) -> list[str]:
    """The names of the columns; one without a name is named by its number."""
    names = [cell or f"column {place}" for place, cell in enumerate(map(clean, cells), start=1)]
    for place, name in enumerate(names, start=1):
        if len(name) > MAX_NAME:
            raise TableError(
                f"The name of column {place} has {len(name):,} characters; use at most {MAX_NAME}."
            )
        if names.count(name) > 1:
            raise TableError(f"Two columns are called {quoted(name)}; give each a name of its own.")
    return names
