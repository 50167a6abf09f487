"""Encode values as JSON, never as pickles, to send them between the app and a learner's process.

None, bool, int, str, list and float (NaN and infinity too) stay as they are. Every other type
becomes an object with one tag: {"tuple": [...]}, {"dict": [[key, value], ...]},
{"array": base64, "kind": "f" | "i" | "b", "shape": [...]}, {"rng": state of a PCG64}.

`encode` runs in the untrusted process, `decode` in the app. For any input, `decode` returns values
of exactly these types.
"""

import base64
import math
from collections.abc import Callable
from typing import Any

import numpy as np

PLAIN_TYPES = "numbers, text, lists, tuples, dicts and NumPy arrays"
MAX_LEVELS = 20
MAX_INT = 2**63 - 1
MAX_BYTES = 2**26
KINDS = {"f": np.dtype("<f8"), "i": np.dtype("<i8"), "b": np.dtype("?")}
SCALARS = {  # NumPy's scalar types -> Python's
    np.dtype(code).type: python
    for codes, python in (("?", bool), ("bBhHiIlLqQ", int), ("efdg", float))
    for code in codes
} | {np.str_: str}

name_of: Callable[[type], str] = type.__dict__["__name__"].__get__  # ignores metaclasses


class NotPlain(TypeError):
    """A value that cannot be encoded; the message continues "f returned "."""


def encode(value: Any, max_bytes: int = MAX_BYTES) -> Any:
    """Return `value` as JSON data. Raises NotPlain, with the cause, if it cannot be encoded."""
    return _Encoder(max_bytes).encode(value)


class _Encoder:
    """Encodes one value; `left` is how many more bytes it may take."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = self.left = max_bytes

    def encode(self, value: Any, level: int = 0) -> Any:
        kind = type(value)  # `is` and dict look-ups ignore a learner's __class__ and __eq__
        self._take(8)
        if level > MAX_LEVELS:
            raise NotPlain(f"something nested more than {MAX_LEVELS} levels deep")
        if type(kind) is not type:
            raise _foreign(kind)
        if kind in SCALARS:
            return self.encode(SCALARS[kind](value), level)
        if value is None or kind is bool or kind is float:
            return value
        if kind in _ENCODERS:
            return _ENCODERS[kind](self, value, level + 1)
        raise _foreign(kind)

    def _take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise too_large(self.max_bytes)

    def _int(self, value: int, level: int) -> int:
        if abs(value) > MAX_INT:
            raise NotPlain("an integer of more than 64 bits")
        return value

    def _str(self, value: str, level: int) -> str:
        self._take(len(value))
        return value

    def _list(self, value: list, level: int) -> list:
        return [self.encode(item, level) for item in value]

    def _tuple(self, value: tuple, level: int) -> dict:
        return {"tuple": [self.encode(item, level) for item in value]}

    def _dict(self, value: dict, level: int) -> dict:
        pairs = [[self.encode(key, level), self.encode(value[key], level)] for key in value]
        if all(type(key) in (str, int, float) for key, _ in pairs):
            return {"dict": pairs}
        raise NotPlain("a dict with keys that are neither text nor numbers")

    def _array(self, value: np.ndarray, level: int) -> dict:
        kind = value.dtype.kind.replace("u", "i")
        if kind not in KINDS:
            raise NotPlain(f"an array of dtype {value.dtype}; an array holds numbers or booleans")
        self._take(11 * math.prod(max(n, 1) for n in value.shape))
        if value.dtype == np.uint64 and (value > MAX_INT).any():
            raise NotPlain("an integer of more than 64 bits")
        data = base64.b64encode(value.astype(KINDS[kind]).tobytes()).decode()
        return {"array": data, "kind": kind, "shape": list(value.shape)}

    def _rng(self, value: np.random.Generator, level: int) -> dict:
        return {"rng": value.bit_generator.state}


_ENCODERS: dict[type, Callable[[_Encoder, Any, int], Any]] = {
    int: _Encoder._int,
    str: _Encoder._str,
    list: _Encoder._list,
    tuple: _Encoder._tuple,
    dict: _Encoder._dict,
    np.ndarray: _Encoder._array,
    np.random.Generator: _Encoder._rng,
}


def too_large(max_bytes: int) -> NotPlain:
    """Return the error for a value of more than `max_bytes`."""
    return NotPlain(f"more than {max_bytes / 2**20:.3g} MiB")


def _foreign(kind: type) -> NotPlain:
    return NotPlain(f"{with_article(name_of(kind))}; an answer is made of {PLAIN_TYPES}")


def with_article(name: str) -> str:
    """Return the name after "a" or "an"."""
    return f"{'an' if name[:1].lower() in tuple('aeiou') else 'a'} {name}"


def decode(data: Any, generators: bool = False, level: int = 0) -> Any:
    """Return the value that `encode` was given; raise ValueError or TypeError for any other data.

    A generator continues where it was; it is refused unless `generators` is true.
    """
    if level > MAX_LEVELS + 1:
        raise ValueError("nested too deep")

    def decode_all(items: Any) -> list:
        return [decode(item, generators, level + 1) for item in items]

    match data:
        case None | bool() | float():
            return data
        case int() if abs(data) <= MAX_INT:
            return data
        case str():
            return data.encode("utf-8", "replace").decode()  # a lone surrogate is not valid text
        case list():
            return decode_all(data)
        case {"tuple": list(items)}:
            return tuple(decode_all(items))
        case {"dict": list(pairs)}:
            return {_key(key): value for key, value in decode_all(pairs)}
        case {"array": str(text), "kind": str(kind), "shape": list(shape)} if kind in KINDS:
            return _array(text, KINDS[kind], shape)
        case {"rng": dict(state)} if generators:
            rng = np.random.default_rng()
            rng.bit_generator.state = state
            return rng
    raise ValueError("no value that was encoded")


def _key(key: Any) -> str | int | float:
    if type(key) in (str, int, float):
        return key
    raise ValueError("no key")


def _array(text: str, dtype: np.dtype, shape: list) -> np.ndarray:
    if not all(type(n) is int and 0 <= n <= MAX_BYTES for n in shape):
        raise ValueError("no shape")
    if math.prod(max(n, 1) for n in shape) > MAX_BYTES:  # a loop over (2**60, 0) would not end
        raise ValueError("a shape without end")
    data = bytearray(base64.b64decode(text, validate=True))  # writable, unlike bytes
    return np.frombuffer(data, dtype).reshape(shape)
