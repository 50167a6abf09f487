"""Odd values, and what a public function may do with them: give a right result or one sentence."""

import itertools
import warnings
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd


def _hostile(method: str) -> Any:
    """An object of which one special method raises."""

    def fails(self, *args):
        raise RuntimeError(f"{method}\nfails")

    return type(f"No{method.strip('_').title()}", (), {method: fails})()


def _recursive() -> list[Any]:
    own: list[Any] = []
    own += [own, own]
    return own


class Number(float):
    """A float that says little about itself."""

    def __repr__(self) -> str:
        return "a\nnumber"


NUMBERS = (
    *(-2, -1, 0, 1, 2, 3, 7, 10**9, 10**400, -(10**5000), 0.0, -0.0, 0.25, 0.5, 1.0, 1e-320),
    *(1e-200, 1e155, 1e308, float("nan"), float("inf"), float("-inf"), True, False),
    *(np.True_, np.int8(3), np.uint64(2**64 - 1), np.float16(0.5), np.float32(0.3)),
    *(np.float64("nan"), np.longdouble("1e400"), np.longdouble(0.25), Number(0.5)),
    *(Fraction(1, 4), Fraction(10**30 - 1, 10**30), Fraction(1, 10**400), Decimal("0.25")),
    *(1j, 0.5 + 0j, np.timedelta64(3, "D"), np.timedelta64(3, "ns"), np.datetime64("2024-01-01")),
)
OBJECTS = (
    *(None, "", "a", "0.5", "a\nb\u2028c", b"1", b"", object(), object, len, ..., NotImplemented),
    *((), [], {}, set(), (1,), [1, 2], [[1.0], [0.0]], {"a": 1}, {1, 2}, range(3), [[1], [1, 2]]),
    *(np.array(3), np.array(0.5), np.array([3]), np.zeros((0, 2)), np.array(["1"]), np.eye(2)),
    *(np.array([1], "m8[ns]"), np.array([1j]), np.array([None]), np.zeros(1, [("a", "f8")])),
    *(np.ma.masked, np.ma.array([1.0, 2.0], mask=[0, 1]), pd.NA, pd.NaT, pd.Timestamp(0)),
    *(pd.DataFrame({"a": range(90), "b": range(90)}), pd.Series([1.0, None]), _recursive()),
    *map(_hostile, ("__repr__", "__eq__", "__len__", "__array__", "__iter__", "__bool__")),
    *map(_hostile, ("__float__", "__index__", "__hash__", "__lt__", "__getitem__")),
)
GENERATORS = (lambda: iter([1.0, 0.0]), itertools.count, lambda: itertools.repeat("a"))


def odd_values() -> list[Any]:
    """All of them; generators are made anew, since each can be read once."""
    return [*NUMBERS, *OBJECTS, *(make() for make in GENERATORS)]


def result_or_sentence(call, *args, allowed=(ValueError, TypeError), **kwargs) -> Any:
    """What `call` returns, or None when it has refused in one sentence; anything else fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return call(*args, **kwargs)
        except allowed as error:
            assert_one_sentence(error)
            return None


def assert_one_sentence(error: Exception) -> None:
    message = str(error.args[0]) if isinstance(error, KeyError) else str(error)
    assert message.isprintable(), message
    assert message.endswith("."), message
    assert ". " not in message.split("; ")[-1], message  # what was received may hold one
    assert len(message) < 600, message
