"""Which columns tell who a row is instead of what was measured: by name and by shape."""

import numpy as np

from regcore.checks import Array
from regcore.data.reading.cells import tokens, words

MIN_DIGITS = 16  # whole numbers this long are beyond 2^53 and not exact
MIN_CODE = 10**6  # whole numbers this large, hardly ever equal, are codes
MIN_ROWS = 20
_IDS = words("""
id ids uid uuid guid pid identifier identity mrn ssn index idx rowid rownames rowname rownum
unnamed passport kundennummer patientennummer fallnummer fallnr patnr personalnummer
kennung serial barcode email phone telephone
""")
_NUMBERS = words("number no nr num nummer code key")
_OWNERS = words("""
patient patients sample subject customer client case record row account person student
employee user order participant member policy invoice ticket card proband fall kunde file
lab study chart hospital medical registration application transaction
""")
_NAMES = words("""
name surname firstname lastname fullname vorname nachname nom
""")


def is_id_name(name: str) -> bool:
    """Whether the name is that of an ID: "patient_id", "Sample code number", "Unnamed: 0"."""
    words = set(tokens(name))
    if words & {"of", "per"}:  # number of patients
        return False
    if words & _IDS or any(word.endswith("id") and word[:-2] in _OWNERS for word in words):
        return True
    return bool(words & _OWNERS) and (bool(words & _NUMBERS) or len(words) == 1)


def is_name(name: str) -> bool:
    """Whether the column holds names of persons or things."""
    return bool(set(tokens(name)) & _NAMES)


def id_reason(name: str, x: Array, long: bool) -> str:
    """A sentence on why a column of numbers (n,) is an ID; "" if it is none.

    long  whether its cells are whole numbers of at least 16 digits
    """
    known = x[~np.isnan(x)]
    if long:
        return f"Its whole numbers have {MIN_DIGITS} digits and more, like an ID; leave it out."
    if not known.size or (known != np.floor(known)).any():
        return ""
    distinct = np.unique(known)
    if is_id_name(name) and (len(distinct) > len(known) / 2 or _repeats(distinct, known, name)):
        return "Its name and its whole numbers are like an ID; leave it out."
    if len(distinct) == len(known) and _counts(known, distinct):
        return "Every row has its own whole number, like an ID; leave it out."
    if len(known) >= MIN_ROWS and _numbered(known, distinct):
        return "Its whole numbers count from the first on, like an ID with repeats; leave it out."
    if len(known) >= MIN_ROWS and _codes(known, distinct):
        return "Nearly every row has its own long whole number, like an ID; leave it out."
    return ""


def _repeats(distinct: Array, known: Array, name: str) -> bool:
    """Whether an ID by name stands for several rows each, not for a few groups."""
    return len(distinct) > 10 or (len(distinct) > 2 and bool(set(tokens(name)) & _IDS))


def _counts(known: Array, distinct: Array) -> bool:
    """Whether distinct numbers count the rows in any order: with equal steps, or few gaps."""
    steps = np.diff(distinct)
    if not steps.size:
        return False
    gaps = max(1.0, 0.1 * len(distinct))
    return bool((steps == steps[0]).all() or np.ptp(distinct) <= len(distinct) - 1 + gaps)


def _numbered(known: Array, distinct: Array) -> bool:
    """Whether all numbers from 0 or 1 on occur, too many to be values that happen to recur."""
    complete = distinct[0] in (0.0, 1.0) and np.ptp(distinct) == len(distinct) - 1
    return bool(complete and len(distinct) >= max(MIN_ROWS, 0.4 * len(known)))


def _codes(known: Array, distinct: Array) -> bool:
    """Whether nearly distinct numbers are long, and not rounded as large amounts are."""
    long = np.median(np.abs(known)) >= MIN_CODE and np.abs(known).max() < 1e16
    rounded = (known % 10 == 0).mean() > 0.3
    return bool(long and not rounded and len(distinct) >= 0.8 * len(known))
