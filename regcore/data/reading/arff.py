"""ARFF, the format of Weka: names in @attribute lines, and the rows below @data."""

import csv
import io
import re
from typing import NamedTuple

from regcore.checks import one_line
from regcore.data.reading.cells import quoted
from regcore.data.reading.records import Record, TableError

_ATTRIBUTE = re.compile(
    r"""\s*@attribute\s+('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s{]+)\s*(.*)""", re.I | re.S
)


class Arff(NamedTuple):
    """The names of the attributes, and the records."""

    names: list[str]
    records: list[Record]


def is_arff(text: str) -> bool:
    """Whether the text begins as an ARFF file does."""
    lines = (line.strip() for line in io.StringIO(text))
    first = next((line for line in lines if line and line[0] != "%"), "")
    return first[:9].lower() == "@relation"


def read_arff(text: str) -> Arff:
    """The names and records of an ARFF file. Raises TableError when it has none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    names: list[str] = []
    for place, line in enumerate(lines, start=1):
        if re.match(r"\s*@data\b", line, re.I):
            return Arff(names, _records(lines, place))
        if found := _ATTRIBUTE.fullmatch(line):
            names.append(re.sub(r"\\(.)", r"\1", found[1].strip("'\"")))
    raise TableError("This ARFF file has no @data line; put one above the rows.")


def _records(lines: list[str], start: int) -> list[Record]:
    below = [(start + 1 + i, line) for i, line in enumerate(lines[start:])]
    below = [(n, line.strip()) for n, line in below if line.strip() and line.strip()[0] != "%"]
    for number, line in below:
        if line.startswith("{"):
            raise TableError(
                f"Line {number} is {quoted(line)}: sparse ARFF; save it with a value in each cell."
            )
    body = [line for _, line in below]
    mark = '"' if any(re.search(r'(^|,)\s*"', line) for line in body) else "'"
    separator = "\t" if body and "," not in body[0] and "\t" in body[0] else ","
    reader = csv.reader(
        body, delimiter=separator, quotechar=mark, escapechar="\\", skipinitialspace=True
    )
    try:
        return [(number, cells) for (number, _), cells in zip(below, reader, strict=False)]
    except csv.Error as error:
        raise TableError(f"The rows below @data cannot be read ({one_line(str(error))}).") from None
