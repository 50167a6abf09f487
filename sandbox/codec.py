"""How values travel between the app and a learner's process: as JSON, never pickled.

None, bool, int, finite or other float, str and list stay what they are. Whatever JSON does not
know becomes an object with one tag: {"tuple": [...]}, {"dict": [[key, value], ...]},
{"array": base64, "kind": "f" | "i" | "b", "shape": [...]}, {"rng": state of a PCG64}.

`encode` runs in the process that nobody trusts, `decode` in the app: what comes out of it is of
exactly these types, whatever went in.
"""

import base64
import math
from collections.abc import Callable
from typing import Any

import numpy as np

PLAIN = "numbers, text, lists, tuples, dicts and NumPy arrays"
MOST_LEVELS = 20
MOST_INT = 2**63 - 1
MOST_BYTES = 2**26
KINDS = {"f": np.dtype("<f8"), "i": np.dtype("<i8"), "b": np.dtype("?")}
SCALARS = {  # NumPy's numbers -> Python's
    np.dtype(code).type: python
    for codes, python in (("?", bool), ("bBhHiIlLqQ", int), ("efdg", float))
    for code in codes
} | {np.str_: str}

name_of: Callable[[type], str] = type.__dict__["__name__"].__get__  # whatever a metaclass says


class NotPlain(TypeError):
    """A value that does not travel; the message goes on after "f returned "."""


def encode(value: Any, most_bytes: int = MOST_BYTES) -> Any:
    """Return `value` as what JSON knows. Raises NotPlain, with the cause, for anything else."""
    return _Encoder(most_bytes).encode(value)


class _Encoder:
    """One walk through a value; `left` is the room for the bytes that are still to come."""

    def __init__(self, most_bytes: int) -> None:
        self.most = self.left = most_bytes

    def encode(self, value: Any, level: int = 0) -> Any:
        kind = type(value)  # compared with `is` or looked up: a learner's class has no say
        self._take(8)
        if level > MOST_LEVELS:
            raise NotPlain(f"something nested more than {MOST_LEVELS} levels deep")
        if type(kind) is not type:
            raise _foreign(kind)
        if kind in SCALARS:
            return self.encode(SCALARS[kind](value), level)
        if value is None or kind is bool or kind is float:
            return value
        if kind in _PARTS:
            return _PARTS[kind](self, value, level + 1)
        raise _foreign(kind)

    def _take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise too_large(self.most)

    def _int(self, value: int, level: int) -> int:
        if abs(value) > MOST_INT:
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
        if value.dtype == np.uint64 and (value > MOST_INT).any():
            raise NotPlain("an integer of more than 64 bits")
        data = base64.b64encode(value.astype(KINDS[kind]).tobytes()).decode()
        return {"array": data, "kind": kind, "shape": list(value.shape)}

    def _rng(self, value: np.random.Generator, level: int) -> dict:
        return {"rng": value.bit_generator.state}


_PARTS: dict[type, Callable[[_Encoder, Any, int], Any]] = {
    int: _Encoder._int,
    str: _Encoder._str,
    list: _Encoder._list,
    tuple: _Encoder._tuple,
    dict: _Encoder._dict,
    np.ndarray: _Encoder._array,
    np.random.Generator: _Encoder._rng,
}


def too_large(most_bytes: int) -> NotPlain:
    """More than `most_bytes`, in words."""
    return NotPlain(f"more than {most_bytes / 2**20:.3g} MiB")


def _foreign(kind: type) -> NotPlain:
    return NotPlain(f"{a(name_of(kind))}; an answer is made of {PLAIN}")


def a(name: str) -> str:
    """The name with its article."""
    return f"{'an' if name[:1].lower() in tuple('aeiou') else 'a'} {name}"


def decode(data: Any, generators: bool = False, level: int = 0) -> Any:
    """Return what `encode` was given; raise ValueError or TypeError for what it never makes.

    A generator goes on where it was; it is refused unless `generators` are let in.
    """
    if level > MOST_LEVELS + 1:
        raise ValueError("nested too deep")

    def each(items: Any) -> list:
        return [decode(item, generators, level + 1) for item in items]

    match data:
        case None | bool() | float():
            return data
        case int() if abs(data) <= MOST_INT:
            return data
        case str():
            return data.encode("utf-8", "replace").decode()  # half a surrogate pair is no text
        case list():
            return each(data)
        case {"tuple": list(items)}:
            return tuple(each(items))
        case {"dict": list(pairs)}:
            return {_key(key): value for key, value in each(pairs)}
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
    if not all(type(n) is int and 0 <= n <= MOST_BYTES for n in shape):
        raise ValueError("no shape")
    if math.prod(max(n, 1) for n in shape) > MOST_BYTES:  # (2**60, 0) would be looped over
        raise ValueError("a shape without end")
    data = bytearray(base64.b64decode(text, validate=True))  # so that the array can be written to
    return np.frombuffer(data, dtype).reshape(shape)
