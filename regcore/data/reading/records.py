"""Text -> records: the separator, the lines that are no records, and quoted cells."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from regcore.checks import one_line
from regcore.data.reading.cells import clean, is_missing
from regcore.data.reading.number_parsing import looks_like_number

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes", ":": "colons"}
BLANKS = " "
NAMES = SEPARATORS | {BLANKS: "blanks"}
WEAK = (":", BLANKS)  # prose has them, too
SAMPLE_RECORDS = 60  # records by which the separator is chosen
MIN_WEAK_RECORDS, MIN_WEAK_SHARE = 4, 0.8
TEXT = 0.7  # what a cell of text counts beside one that is a number
BROKEN = 0.5  # what a separator counts with which a record cannot be read
MAX_COMMENTS = 100
MAX_CELLS = 30  # of a record by which the separator is chosen
_COMMENT = re.compile(r"\s*(#|%|//)")
RULES = frozenset({"--", "==", ":-", "-+", "+-", "-:", "", "-|"})  # how its last cell begins
_SEP = re.compile(r'\s*"?sep=(.|\\t)"?[\s,;]*', re.I)

Record = tuple[int, list[str]]  # the line in which it starts, and its cells


class TableError(ValueError):
    """A file, or a choice of its columns, that cannot be used; one sentence says what to do."""


class Note(NamedTuple):
    """A line of the file that is no row of the table, and what it was taken for."""

    line: int
    what: str
    text: str


def without_comments(text: str) -> tuple[str, str, list[Note]]:
    """The text with its leading comments blanked, the separator that it names, and the comments."""
    lines = io.StringIO(text, newline="").readlines()
    separator, notes = "", []
    for place, line in enumerate(lines[:MAX_COMMENTS]):
        if named := _SEP.fullmatch(line):
            separator = named[1].replace("\\t", "\t")
            notes.append(Note(place + 1, "separator", clean(line)))
        elif _COMMENT.match(line):
            notes.append(Note(place + 1, "comment", clean(line)[:1000]))
        elif line.strip():
            break
        lines[place] = "\n"
    return ("".join(lines) if notes else text), separator, notes


def records(text: str, separator: str) -> Iterator[Record]:
    """Yield the records that are not blank. Raises TableError at one that cannot be read."""
    if separator == BLANKS:
        text = text.replace("\t", " ")
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
                f"Line {line} cannot be read ({one_line(str(error))}); "
                "look for a quotation mark that is not closed."
            ) from None
        if any(map(str.strip, cells)) and not _is_ruled(cells):
            yield line, cells


def _is_ruled(cells: list[str]) -> bool:
    """Whether a record is a ruled line, such as ---+--- or |:--|--:|."""
    return cells[-1][:2] in RULES and all(not cell or _is_rule(cell) for cell in cells)


def _is_rule(cell: str) -> bool:
    return ("--" in cell or "==" in cell) and set(cell) <= set("-=+:| ")


def all_records(text: str, separator: str) -> list[Record]:
    """The records that are not blank; blanks after a closing quotation mark are left out."""
    return list(records(tidied(text, separator), separator))


def tidied(text: str, separator: str) -> str:
    """The text without blanks after closing quotation marks, if it has any."""
    if '"' not in text or separator == BLANKS:
        return text
    return re.sub(rf'(?<=")[ \u00a0]+(?={re.escape(separator)}|[\r\n]|\Z)', "", text)


def separator_of(text: str) -> str:
    """The separator with which the first records fit best: see `_fit`. "" if there is none."""
    fits = {separator: _fit(text, separator) for separator in NAMES}
    best = max(fits, key=fits.__getitem__)
    return best if fits[best][0] > 0.0 else ""


def _fit(text: str, separator: str) -> tuple[float, int]:
    """How well a separator fits: the share of records of one width, times what their cells hold.

    A number counts more than a text, and a text with another separator in it nothing.
    """
    if separator not in text:
        return 0.0, 0
    sample, is_whole = _sample(text, separator)
    if not sample:
        return 0.0, 0
    widths = Counter(map(len, sample))
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    share = count / len(sample) * (1.0 if is_whole else BROKEN)
    weak = separator in WEAK and (len(sample) < MIN_WEAK_RECORDS or share < MIN_WEAK_SHARE)
    if width < 2 or weak:
        return 0.0, 0
    rows = [cells for cells in sample if len(cells) == width]
    rows = rows[1:] or rows  # the first may be the header
    worth = [_worth(clean(cell), separator) for cells in rows for cell in cells[:MAX_CELLS]]
    return round(share * sum(worth) / len(worth), 3), min(width, max(map(_filled, rows)))


def _sample(text: str, separator: str) -> tuple[list[list[str]], bool]:
    """The first records, and whether all of them could be read."""
    sample: list[list[str]] = []
    try:
        for _, cells in islice(records(tidied(text, separator), separator), SAMPLE_RECORDS):
            sample.append(cells)
    except TableError:  # with a wrong separator, a quotation mark may not be closed
        return sample, False
    return sample, True


def _filled(cells: list[str]) -> int:
    return max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _worth(cell: str, separator: str) -> float:
    if looks_like_number(cell) and " " not in cell:
        return 1.0 if cell[-1] not in ".," else 0.0
    if is_missing(cell):
        return 1.0
    others = {*SEPARATORS} - {separator, ":"}
    return 0.0 if others & set(cell) else TEXT
