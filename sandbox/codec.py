"""Encode values as JSON, never as pickles, to send them between the app and a learner's process.

None, bool, int, str, list and float (NaN and infinity too) stay as they are. Every other type
becomes an object with one tag: {"tuple": [...]}, {"dict": [[key, value], ...]},
{"array": base64, "kind": "f" | "i" | "b", "shape": [...]}, {"rng": state of a PCG64, "seed": ...}.
A value of a related type is sent as one of these: a namedtuple as a tuple, a defaultdict as a dict,
a matrix as an array, a Fraction as a float.

`encode` runs in the untrusted process, `decode` in the app. For any input, `decode` returns values
of exactly these types.
"""

import base64
import math
import re
from collections import UserString
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

PLAIN_TYPES = "numbers, text, lists, tuples, dicts and NumPy arrays"
VOWEL_SOUND = re.compile("[aeio]|u(?!int|ni|se)|nd", re.IGNORECASE)  # at the start of a name
MAX_LEVELS = 20
MAX_INT = 2**63 - 1
LONG_INT = "an integer of more than 64 bits"
MAX_BYTES = 2**26
KEYS = (str, int, float)  # of a dict
KINDS = {"f": np.dtype("<f8"), "i": np.dtype("<i8"), "b": np.dtype("?")}
SCALARS = {  # NumPy's scalar types -> Python's
    np.dtype(code).type: python
    for codes, python in (("?", bool), ("bBhHiIlLqQ", int), ("efdg", float))
    for code in codes
} | {np.str_: str}

SEED = ("entropy", "spawn_key", "pool_size", "n_children_spawned")

name_of: Callable[[type], str] = type.__dict__["__name__"].__get__  # ignores metaclasses


class NotPlain(TypeError):
    """A value that cannot be encoded; the message continues "f returned "."""


def encode(value: Any, max_bytes: int = MAX_BYTES) -> Any:
    """Return `value` as JSON data. Raises NotPlain, with the cause, if it cannot be encoded."""
    left = max_bytes

    def take(size: int) -> None:
        nonlocal left
        left -= size
        if left < 0:
            raise too_large(max_bytes)

    return _encode(value, take, 0)


def _encode(value: Any, take: Callable[[int], None], level: int) -> Any:
    kind = type(value)  # `is` and dict look-ups ignore a learner's __class__ and __eq__
    take(8)
    if level > MAX_LEVELS:
        raise NotPlain(f"something nested more than {MAX_LEVELS} levels deep")
    if type(kind) is type and kind in SCALARS:
        return _encode(SCALARS[kind](value), take, level)
    if value is None or kind is bool or kind is float:
        return value
    if kind is int:
        if abs(value) > MAX_INT:
            raise NotPlain(LONG_INT)
        return value
    if kind is str:
        take(len(value))
        return value
    if kind is list or kind is tuple:
        items = [_encode(item, take, level + 1) for item in value]
        return items if kind is list else {"tuple": items}
    if kind is dict:
        items = [[_encode(part, take, level + 1) for part in pair] for pair in value.items()]
        if all(type(key) in KEYS for key, _ in items):
            return {"dict": items}
        raise NotPlain("a dict with keys that are neither text nor numbers")
    if kind is np.ndarray:
        return _encode_array(value, take)
    if kind is np.random.Generator:
        bits = value.bit_generator
        return {"rng": bits.state, "seed": {name: getattr(bits.seed_seq, name) for name in SEED}}
    try:
        plain = _plain(value, kind)
    except NotPlain:
        raise
    except Exception:  # a method of the learner's own, such as __array__ or __float__
        raise NotPlain(_refusal(kind)) from None
    return _encode(plain, take, level + 1)


def _plain(value: Any, kind: type) -> Any:
    """Return what `value`, which is of another type, stands for. Raises NotPlain if it is unclear.

    `issubclass` ignores a learner's __class__, unlike isinstance.
    """
    for base, convert in CONVERTED.items():
        if issubclass(kind, base):
            return convert(value)
    if not issubclass(kind, REFUSED):
        if hasattr(kind, "__array__"):  # of pandas
            return np.asarray(value)
        if issubclass(kind, Sequence):
            return list(value)
        if hasattr(kind, "__float__"):  # a Fraction, a Decimal
            return float(value)
    raise NotPlain(_refusal(kind))


def _refusal(kind: type) -> str:
    return f"{with_article(name_of(kind))}; an answer is made of {PLAIN_TYPES}"


def _unmasked(value: np.ndarray) -> np.ndarray:
    if np.ma.is_masked(value):
        raise NotPlain("an array with masked values")
    return value.view(np.ndarray)


CONVERTED: dict[type, Callable[[Any], Any]] = {  # a base class -> the value of its subclasses
    str: str.__str__,  # the text of an Enum's member, and not its name
    UserString: str,
    int: int,
    float: float,
    tuple: tuple,
    Mapping: dict,
    np.ndarray: _unmasked,
}
REFUSED = (bytes, bytearray, memoryview, np.generic)  # a sequence or a number, but of what?


def _encode_array(value: np.ndarray, take: Callable[[int], None]) -> dict:
    kind = value.dtype.kind.replace("u", "i")
    if kind not in KINDS:
        raise NotPlain(f"an array of dtype {value.dtype}; an array holds numbers or booleans")
    take(11 * math.prod(max(n, 1) for n in value.shape))
    if value.dtype == np.uint64 and (value > MAX_INT).any():
        raise NotPlain(LONG_INT)
    data = base64.b64encode(value.astype(KINDS[kind]).tobytes()).decode()
    return {"array": data, "kind": kind, "shape": list(value.shape)}


def too_large(max_bytes: int) -> NotPlain:
    """Return the error for a value of more than `max_bytes`."""
    return NotPlain(f"more than {max_bytes / 2**20:.3g} MiB")


def with_article(name: str) -> str:
    """Return the name after "a" or "an"."""
    return f"{'an' if VOWEL_SOUND.match(name) else 'a'} {name}"


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
            pairs = decode_all(pairs)
            if all(type(key) in KEYS for key, _ in pairs):
                return dict(pairs)
        case {"array": str(text), "kind": str(kind), "shape": list(shape)} if kind in KINDS:
            return _decode_array(text, KINDS[kind], shape)
        case {"rng": dict(state), "seed": dict(seed)} if generators:
            bits: Any = np.random.PCG64(np.random.SeedSequence(**seed))  # which `spawn` reads
            bits.state = state
            return np.random.Generator(bits)
    raise ValueError("no value that was encoded")


def _decode_array(text: str, dtype: np.dtype, shape: list) -> np.ndarray:
    if not all(type(n) is int and 0 <= n <= MAX_BYTES for n in shape):
        raise ValueError("no shape")
    if math.prod(max(n, 1) for n in shape) > MAX_BYTES:  # a loop over (2**60, 0) would not end
        raise ValueError("a shape without end")
    data = bytearray(base64.b64decode(text, validate=True))  # writable, unlike bytes
    return np.frombuffer(data, dtype).reshape(shape)
