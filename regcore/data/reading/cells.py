"""Cells of a file: one line of plain text each, and which of them stand for a missing value.

Cells are untrusted text; they are never evaluated, used as format strings or written to disk.
"""

import re
import reprlib
from collections.abc import Sequence

from regcore.checks import shown

MAX_NAME = 100  # characters of a name or of a class


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


MISSING_WORDS = words("""
na n/a nan -nan null nil none nat nul missing miss blank empty unknown unspecified undefined
n.a n.d nd n/d nr n.r nk n.k s/d sd tbd tba inf infinity #inf k.a k.a. unbekannt fehlt fehlend
inconnu desconocido sconosciuto onbekend 1.#qnan 1.#ind 1.#inf 1.#snan 1.#nan n.def n.v nv
""") | {
    "not measured",
    "not available",
    "not applicable",
    "not recorded",
    "not known",
    "not done",
    "not reported",
    "not determined",
    "not given",
    "no data",
    "no value",
    "no answer",
    "no info",
    "no response",
    "don't know",
    "do not know",
    "keine angabe",
    "ohne angabe",
    "nicht gemessen",
    "weiß nicht",
    "non disponible",
    "sin dato",
}
MAY_BE_CLASSES = words("- + . * _ x none nil nr sd nd miss")
_MARKS = re.compile(r"[-–—−?.*·…~_]{1,5}|\\n|#{2,}|#\S{1,20}[!?]|#(n/a|na|nv|n/d)( .*)?", re.I)
_AROUND = "()[]<>{}'\"` "

_short = reprlib.Repr()
_short.maxstring = 60


def quoted(text: str) -> str:
    """`text` from a file for a message: in quotes, on one line, at most 60 characters."""
    return shown(text, _short.repr)


def counted(n: int, thing: str) -> str:
    """A number of things: "1 row", "1,400 rows"."""
    return f"{n:,} {thing}" + "s" * (n != 1)


def clean(cell: str) -> str:
    """`cell` stripped, with single spaces within and without unprintable characters."""
    if not cell.isprintable():  # bidirectional marks could forge a name
        cell = "".join(c for c in cell if c.isprintable() or c.isspace())
    return " ".join(cell.split())


def clean_all(cells: Sequence[str]) -> list[str]:
    """The cells cleaned."""
    joined = "|".join(cells)
    if " " not in joined and joined.isprintable():  # as most are: nothing is to be done
        return list(cells)
    return list(map(clean, cells))


def is_missing(cell: str, in_text: bool = False) -> bool:
    """Whether a cleaned cell stands for a missing value.

    in_text  whether it stands in a column of text, where "-" and "none" may be classes
    """
    if not cell:
        return True
    if in_text and cell.lower() in MAY_BE_CLASSES:
        return False
    if len(cell) > 30:
        return False
    return _MARKS.fullmatch(cell) is not None or _is_word(cell.lower())


def _is_word(cell: str) -> bool:
    bare = cell.strip(_AROUND).lstrip("+-#").rstrip(".!") or cell
    return cell in MISSING_WORDS or bare in MISSING_WORDS


def folded(cell: str) -> str:
    """`cell` without what is spelling only: yes, Yes and "yes." are one value."""
    return cell.casefold().rstrip(".") or cell


def tokens(name: str) -> list[str]:
    """The words of a name in small letters: "PatientID_2" has "patient", "id" and "2"."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return re.findall(r"[^\W\d_]+|[0-9]+", parted.casefold())
