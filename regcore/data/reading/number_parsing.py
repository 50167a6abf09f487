"""How the numbers of a column are written: which mark is decimal, and which parts thousands.

1,234 may be 1234 or 1.234. Cells that have one reading only tell for their column; the others
follow it, or the rest of the file. Where neither tells, the column is in doubt.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

MARKS = ".,"
MAX_NUMBER = 1e100  # its square, which standardizing needs, is finite
MIN_MAJORITY = 10  # so many times as many cells for one decimal mark as for the other

_CURRENCY = (
    r"(?:[$€£¥₹₽₩₺฿¢]|R\$|US\$|USD|EUR|GBP|CHF|JPY|INR|CAD|AUD|SEK|NOK|DKK|PLN|"
    r"Rs\.?|kr\.?|zł|Fr\.)"
)
_WRITTEN = re.compile(
    rf"(?P<open>\()?\s?(?P<sign>[+-]?)\s?(?:{_CURRENCY})?\s?(?P<later>[+-]?)\s?"
    rf"(?P<body>[0-9][0-9.,' ]*|[.,][0-9]+)(?P<power>e[+-]?[0-9]{{1,4}})?"
    rf"\s?(?P<unit>%|‰|{_CURRENCY})?\s?(?P<after>-?)\s?(?P<close>\))?",
    re.I,
)
_SIMPLE = re.compile(r"[+-]?([0-9]+)(?:\.([0-9]+))?")
_BODY = {  # groups are parted by the other mark, blanks or apostrophes
    mark: re.compile(
        rf"(?:[0-9]+|[1-9][0-9]{{0,2}}"
        rf"(?:([{other}' ])[0-9]{{2,3}}(?:\1[0-9]{{2,3}})*(?<=[0-9]{{3}}))?)"
        rf"(?:[{mark}][0-9]*)?|[{mark}][0-9]+"
    )
    for mark, other in (".,", ",.")
}
_PLAIN = re.compile(r"(?:[+-]?[0-9]{1,15}(?:\.[0-9]{1,20})?\n)+")
_POINT = re.compile(r"\.(?:[0-9]{1,2}|[0-9]{4,})\n|^[+-]?(?:0[0-9]*|[0-9]{4,})\.", re.M)
_SAME = str.maketrans("−–﹣－’´`\u2019", "----''''")


class Number(NamedTuple):
    """A cell read with a decimal point and with a decimal comma; None where it cannot be."""

    point: float | None
    comma: float | None

    @property
    def tells(self) -> str:
        """The only mark with which it is a number; "" if both are possible."""
        if self.point is None or self.comma is None:
            return "," if self.point is None else "."
        return ""

    @property
    def is_ambiguous(self) -> bool:
        """Whether the two marks give two numbers."""
        return self.point is not None and self.comma is not None and self.point != self.comma

    def with_mark(self, mark: str) -> float | None:
        """The number with this decimal mark."""
        return self.point if mark == "." else self.comma


def number(cell: str) -> Number | None:
    """The numbers that a cleaned cell may mean, or None: also with a currency, percent, brackets.

    Percent stay what is written: 5 % is 5.
    """
    if simple := _SIMPLE.fullmatch(cell):
        whole, part = simple.groups()
        value = float(cell)
        if part is None:
            return Number(value, value)
        groups = len(part) == 3 and len(whole) <= 3 and whole[0] != "0"
        return Number(value, float(cell.replace(".", "")) if groups else None)
    return _decorated(cell)


def _decorated(cell: str) -> Number | None:
    if len(cell) > 60 or not any(c.isdigit() for c in cell):
        return None
    found = _WRITTEN.fullmatch(cell.translate(_SAME))
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    signs = [found["sign"], found["later"], found["after"]]
    if sum(map(bool, signs)) + bool(found["open"]) > 1:
        return None
    minus = "-" in signs or bool(found["open"])
    body, power = found["body"].strip(), found["power"] or ""
    values = [_value(body, mark, power, minus) for mark in MARKS]
    return None if values == [None, None] else Number(*values)


def _value(body: str, mark: str, power: str, minus: bool) -> float | None:
    if not _BODY[mark].fullmatch(body):
        return None
    digits = re.sub(rf"[^0-9{mark}]", "", body).replace(mark, ".")
    return float(f"{'-' * minus}{digits}{power}")


def looks_like_number(cell: str) -> bool:
    """Whether a cleaned cell is a number with some decimal mark."""
    return _SIMPLE.fullmatch(cell) is not None or _decorated(cell) is not None


def are_plain(cells: Collection[str]) -> bool:
    """Whether all cells are numbers that float reads, and none could have a decimal comma."""
    lines = "\n".join(cells) + "\n"
    if not _PLAIN.fullmatch(lines):
        return False
    return "." not in lines or _POINT.search(lines) is not None


class Evidence(NamedTuple):
    """What the cells of a column tell about its decimal mark.

    mark   the mark that they prove; "" if they prove none
    doubt  an example of a cell that may mean two numbers; "" if there is none
    likely the mark that is likely if no other column tells; "" if none is
    alike  whether all cells may mean two numbers, as with three decimals everywhere
    clash  an example for each mark, if the column uses both; else ()
    """

    mark: str
    doubt: str = ""
    likely: str = ""
    alike: bool = False
    clash: tuple[str, ...] = ()


def evidence(read: dict[str, Number], counts: Counter[str]) -> Evidence:
    """What the different cells of a column, which occur so often, tell about its decimal mark."""
    told = Counter(dict.fromkeys(MARKS, 0))
    for cell, value in read.items():
        if value.tells:
            told[value.tells] += counts[cell]
    mark, other = (m for m, _ in told.most_common())
    if told[mark]:
        if told[other] * MIN_MAJORITY > told[mark]:
            return Evidence("", clash=tuple(_first(read, m) for m in (mark, other)))
        return Evidence(mark)
    doubtful = [cell for cell, value in read.items() if value.is_ambiguous]
    if not doubtful:
        return Evidence("")
    return _of_groups(doubtful, [cell for cell, v in read.items() if not v.is_ambiguous])


def _of_groups(doubtful: Collection[str], others: Collection[str]) -> Evidence:
    """What cells such as 1.234 tell beside others such as 950 or 9500, without any mark."""
    used = "." if "." in next(iter(doubtful)) else ","
    unused = "," if used == "." else "."
    example = next(iter(doubtful))
    if any(("." in cell) != (used == ".") for cell in doubtful):
        return Evidence("", clash=(example, next(c for c in doubtful if used not in c)))
    lengths = [sum(c.isdigit() for c in cell) for cell in others]
    if any(length > 3 for length in lengths):
        return Evidence(used)  # who parts thousands would have parted these, too
    # who leaves out the decimals of 950 leaves out the last 0 of 1.230, too
    zeros = any(length > 1 for length in lengths) and any(
        re.search(r"0\D*$", cell) for cell in doubtful
    )
    return Evidence("", example, unused if zeros else "", alike=not others)


def _first(read: dict[str, Number], mark: str) -> str:
    return next(cell for cell, value in read.items() if value.tells == mark)


def mark_of_file(evidences: Iterable[Evidence]) -> str:
    """The decimal mark that most columns prove; "" if none does or as many prove the other."""
    told = Counter(found.mark for found in evidences if found.mark)
    first, second = told["."], told[","]
    return "" if first == second else "." if first > second else ","


def decided(found: Evidence, of_file: str, asked: str = "", separator: str = "") -> str:
    """The decimal mark of a column, or "" if it cannot be told.

    of_file  the mark of the other columns, "" if unknown
    asked    the mark that the owner has named, "" if none
    separator  what separates cells: between commas a decimal comma is rare
    """
    if found.mark or not found.doubt:
        return found.mark or asked or of_file or "."
    if asked or not found.likely:
        point = "." if found.alike and "." in found.doubt and separator == "," else ""
        return asked or of_file or point
    return found.likely if of_file in ("", found.likely) else ""
