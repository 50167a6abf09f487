"""Argument checks: the value as a plain type, or one sentence on what was received and allowed."""

import math
import reprlib
import sys
from collections.abc import Callable
from dataclasses import fields
from itertools import islice
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MAX_FLOAT = sys.float_info.max
ABOVE_ZERO = math.nextafter(0.0, 1.0)
MAX_SHOWN = 120  # characters of a value in a message
MAX_EPOCHS = 100_000
MAX_ITEMS = MAX_EPOCHS + 1  # an iterable may be endless; all epochs of the longest run fit

UP_TO_A_MILLION = (0.0, 1e6, "from 0 to 1,000,000")
FINITE = (-MAX_FLOAT, MAX_FLOAT, "a finite number")


def one_line(text: str) -> str:
    """`text` on one line, with unprintable characters replaced by spaces."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def shown(value: Any, short: Callable[[Any], str] = reprlib.repr) -> str:
    """`value` as a short text on one line, even if its repr fails."""
    try:
        text = one_line(short(value))
    except ValueError:  # Python refuses to print an integer this long
        text = "too long to print"
    except Exception:  # a caller's object may raise anything
        text = one_line(f"{with_article(type(value).__name__)} that cannot be printed")
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def with_article(name: str) -> str:
    """`name`, e.g. of a type, after "a" or "an"."""
    return f"{'an' if name[:1].lower() in tuple('aeio') or name == 'ndarray' else 'a'} {name}"


def plain(value: Any, kind: type, convert: type) -> Any:
    """`convert(value)`, or None unless `value` is a number of that kind and not a bool."""
    try:
        wrong = isinstance(value, bool | np.timedelta64)  # NumPy registers the latter as Integral
        return convert(value) if isinstance(value, kind) and not wrong else None
    except Exception:  # too large for a float, or raised by a caller's object
        return None


def whole(name: str, value: Any, low: int, high: int) -> int:
    """`value` as int. Raises ValueError unless it is a whole number from low to high."""
    number = plain(value, Integral, int)
    if number is None or not low <= number <= high:
        allowed = f"a whole number from {low} to {high:,}"
        raise ValueError(f"{name} is {shown(value)}; it must be {allowed}.")
    return number


def real(name: str, value: Any, low: float, high: float, allowed: str) -> float:
    """`value` as float. Raises ValueError with the text `allowed` unless low <= value <= high."""
    number = plain(value, Real, float)
    if number is None or not low <= number <= high:  # NaN is in no range
        raise ValueError(f"{name} is {shown(value)}; it must be {allowed}.")
    return number + 0.0  # -0.0 becomes 0.0


def number(name: str, value: Any) -> float:
    """`value` as float, perhaps NaN or infinite. Raises ValueError unless it is a number."""
    if type(value) in (float, np.float64):  # fast path: early stopping calls this at every epoch
        return float(value)
    converted = plain(value, Real, float)
    if converted is None:
        raise ValueError(f"{name} is {shown(value)}; it must be a number.")
    return converted


def flag(name: str, value: Any) -> bool:
    """`value` as bool. Raises TypeError unless it is True or False."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} is {shown(value)}; it must be True or False.")
    return bool(value)


def text(name: str, value: Any) -> str:
    """Return `value`. Raises TypeError unless it is text."""
    if not isinstance(value, str):
        raise TypeError(f"{name} is {shown(value)}; it must be text.")
    return value


def optional_call(name: str, value: Any) -> None:
    """Raises TypeError unless `value` is None or can be called."""
    if value is not None and not callable(value):
        raise TypeError(f"{name} is {shown(value)}; it must be a function or None.")


def items(name: str, values: Any, allowed: str) -> list[Any]:
    """The items of an iterable. Raises TypeError with the text `allowed` unless it is one."""
    try:
        listed = list(islice(values, MAX_ITEMS + 1))
    except Exception as error:
        raise TypeError(f"{name} is {shown(values)}; it must be {allowed}.") from error
    if len(listed) > MAX_ITEMS:
        raise ValueError(f"{name} is {shown(values)}; it may hold {MAX_ITEMS:,} values at most.")
    return listed


def names(what: str, values: Any) -> tuple[str, ...]:
    """`values` as a tuple. Raises ValueError unless they are a sequence of distinct texts."""
    try:
        if isinstance(values, str | bytes | set | frozenset):
            raise TypeError
        listed = items(what, values, "")
    except TypeError as error:
        raise ValueError(f"{what} is {shown(values)}; it must be a sequence of names.") from error
    seen: set[str] = set()
    for name in listed:
        if not isinstance(name, str):
            raise ValueError(f"{what} contains {shown(name)}; every name must be text.")
        if name in seen:
            raise ValueError(f"{what} has {shown(name)} twice; each name may occur only once.")
        seen.add(name)
    return tuple(listed)


def check_kind(name: str, value: Any, kind: type) -> None:
    """Raises TypeError with one sentence unless `value` is of the dataclass `kind`."""
    # not isinstance: Streamlit reloads classes after an edit, but cached objects keep the old ones
    known = any(cls.__name__ == kind.__name__ for cls in type(value).__mro__)
    if not known or not all(hasattr(value, field.name) for field in fields(kind)):
        received = one_line(type(value).__name__)
        raise TypeError(f"{name} is {with_article(received)}; it must be a {kind.__name__}.")


def check_rows(X: Array, y: Array) -> None:
    """Raises ValueError with one sentence unless X is (n, d) and finite, and y (n, 1)."""
    if X.ndim != 2 or 0 in X.shape:
        raise ValueError(f"X has shape {X.shape}; it must be (rows, features), both 1 or more.")
    if y.shape != (len(X), 1):  # (n, 1) - (n,) would broadcast to (n, n) without a word
        raise ValueError(f"y has shape {y.shape}; it must be a column, ({len(X)}, 1).")
    check_finite(X)


def check_finite(X: Array) -> None:
    """Raises ValueError with one sentence when X (n, d) has a NaN or an infinity."""
    if not np.isfinite(X).all():
        row, column = np.argwhere(~np.isfinite(X))[0]
        raise ValueError(f"X[{row}, {column}] is {X[row, column]}; every value must be finite.")


def numbers(name: str, values: Any) -> Array:
    """`values` as a new float64 array, NaN if masked. Raises ValueError unless all are numbers."""
    wrong = values  # shown in the error, unless a single cell is known to be wrong
    try:
        cells = _cells(values)
        if cells.dtype.kind not in "biuf":
            for wrong in cells.ravel():
                if not isinstance(wrong, bool | np.bool_) and plain(wrong, Real, float) is None:
                    raise TypeError
        with np.errstate(over="ignore"):  # a value too large for float64 becomes infinite
            return np.array(cells, dtype=np.float64)
    except Exception as error:  # a caller's object may raise anything
        what = f"{shown(wrong)}{' is too large' * isinstance(wrong, int)}"
        raise ValueError(f"{name} holds something that is not a number ({what}).") from error


def _cells(values: Any) -> np.ndarray:
    """`values` as a NumPy array, except that "1" stays text and a masked cell becomes NaN."""
    if not is_array_like(values):
        raise TypeError
    if isinstance(values, np.ma.MaskedArray) and values.dtype.kind not in "mM":
        kind = float if values.dtype.kind in "biuf" else object
        return np.asarray(np.ma.filled(values.astype(kind), np.nan))
    try:
        array = np.array(values)
    except ValueError:  # rows of different lengths
        return np.array(values, dtype=object)
    return array if array.dtype.kind in "biufmM" else np.array(values, dtype=object)


def is_array_like(values: Any, depth: int = 2) -> bool:
    """Whether NumPy can convert it: an array, a number, or lists of these, at most two deep.

    NumPy never finishes a list that contains itself, and ignores the masks of arrays in a list.
    """
    if isinstance(values, list | tuple):
        return depth > 0 and all(is_array_like(value, depth - 1) for value in values)
    if depth < 2 and np.ma.is_masked(values):
        return False
    sequence = hasattr(type(values), "__getitem__") and not isinstance(values, str | bytes | range)
    return not sequence or hasattr(type(values), "__array__")


def read_only(values: Array) -> Array:
    """`values` as a contiguous, read-only float64 array."""
    values = np.ascontiguousarray(values, dtype=np.float64)
    values.setflags(write=False)
    return values


def freeze(*arrays: Array | None) -> None:
    """Make arrays read-only: sessions share finished results."""
    for array in arrays:
        if array is not None:
            array.setflags(write=False)
