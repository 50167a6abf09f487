"""The data format between the app and a learner's process: what it allows and refuses."""

import enum
import json
from collections import (
    ChainMap,
    Counter,
    OrderedDict,
    UserDict,
    UserList,
    UserString,
    defaultdict,
    deque,
)
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pytest

from sandbox.codec import MAX_LEVELS, NotPlain, decode, encode


def there_and_back(value, **options):
    return decode(json.loads(json.dumps(encode(value))), **options)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        -(2**63) + 1,
        0.1,
        -0.0,
        float("inf"),
        "",
        "Größe λ\0\x1b[31m",
        [],
        (),
        {},
        [1, [2.5, (True, "x")]],
        {"a": (1,), 2: None, 0.5: [()]},
        (({},),),
    ],
    ids=repr,
)
def test_plain_values_come_back_equal_and_of_the_same_types(value):
    back = there_and_back(value)
    assert repr(back) == repr(value)


def test_nan_comes_back():
    assert np.isnan(there_and_back(float("nan")))


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", ">f8", "i1", "i8", "u2", "u8", "?"])
@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (2, 3), (2, 1, 2)], ids=str)
def test_arrays_come_back_writable_with_their_shape_and_kind(shape, dtype):
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    back = there_and_back(array)
    assert type(back) is np.ndarray and back.flags.writeable
    assert back.dtype == {"u": "i8", "i": "i8", "f": "f8", "b": "?"}[array.dtype.kind]
    np.testing.assert_array_equal(back, array, strict=False)
    assert back.shape == shape


def test_the_order_of_an_array_in_memory_does_not_matter():
    array = np.arange(6.0).reshape(2, 3).T[::-1]
    np.testing.assert_array_equal(there_and_back(array), array)


@pytest.mark.parametrize(
    ("scalar", "python"),
    [
        (np.float32(0.5), float),
        (np.float64(2), float),
        (np.longdouble(1), float),
        (np.int8(3), int),
        (np.uint64(7), int),
        (np.bool_(True), bool),
        (np.str_("x"), str),
    ],
    ids=repr,
)
def test_numpy_scalars_become_python_values(scalar, python):
    back = there_and_back([scalar])[0]
    assert type(back) is python and back == scalar


class Pair(NamedTuple):
    best: int
    last: int


class Change(enum.StrEnum):
    DOWN = "falls"


class Level(enum.IntEnum):
    THREE = 3


class Own(np.ndarray):
    pass


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Pair(3, np.int32(7)), (3, 7)),
        (defaultdict(int, {0.5: 1}), {0.5: 1}),
        (OrderedDict(a=Pair(1, 2)), {"a": (1, 2)}),
        (Counter("aab"), {"a": 2, "b": 1}),
        (ChainMap({"a": 1}), {"a": 1}),
        (MappingProxyType({"a": 1}), {"a": 1}),
        (UserDict(a=1), {"a": 1}),
        (deque([1, 2]), [1, 2]),
        (range(2), [0, 1]),
        (UserList([1]), [1]),
        (UserString("x"), "x"),
        (Change.DOWN, "falls"),
        (Level.THREE, 3),
        (Fraction(1, 4), 0.25),
        (Decimal("0.25"), 0.25),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_related_type_becomes_the_plain_one(value, plain):
    assert repr(there_and_back(value)) == repr(plain)


@pytest.mark.parametrize(
    "value",
    [np.ones((1, 2)).view(np.matrix), np.ma.ones((1, 2)), np.ones((1, 2)).view(Own)],
    ids=lambda value: type(value).__name__,
)
def test_a_subclass_of_an_array_becomes_an_array(value):
    back = there_and_back(value)
    assert type(back) is np.ndarray and back.tolist() == [[1.0, 1.0]]


def test_children_of_a_generator_are_the_same_each_time():
    ours = np.random.default_rng(7)
    ours.spawn(1)
    theirs = there_and_back([ours], generators=True)[0]
    assert [rng.random() for rng in ours.spawn(2)] == [rng.random() for rng in theirs.spawn(2)]


def test_a_generator_keeps_its_state_and_needs_permission():
    ours, theirs = np.random.default_rng(7), np.random.default_rng(7)
    ours.random(), theirs.random()
    assert there_and_back([ours], generators=True)[0].random() == theirs.random()
    with pytest.raises(ValueError, match="no value"):
        there_and_back([ours])


def nested(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value


def endless():
    value = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1j, "a complex; an answer is made of numbers"),
        (np.complex64(1), "a complex64;"),
        ({1, 2}, "a set;"),
        (np.ma.masked_equal([1, 2], 1), "an array with masked values"),
        (b"12", "a bytes;"),
        (np.timedelta64(1, "s"), "a timedelta64;"),
        (iter([1]), "a list_iterator;"),
        (object(), "an object;"),
        (int, "a type;"),
        (np.array([None]), "an array of dtype object"),
        (np.array(["x"]), "an array of dtype <U1"),
        (np.zeros(1, "f8,f8"), "an array of dtype"),
        ({(1, 2): 3}, "a dict with keys"),
        ({None: 3}, "a dict with keys"),
        (2**63, "an integer of more than 64 bits"),
        (np.array([2**64 - 1], "u8"), "an integer of more than 64 bits"),
        (nested(MAX_LEVELS + 1), "nested more than 20 levels"),
        (endless(), "nested more than 20 levels"),
        (np.broadcast_to(0.0, (10**9, 10**9)), "more than 64 MiB"),
        (np.zeros((2**40, 0)), "more than 64 MiB"),
        ("x" * 2**26, "more than 64 MiB"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 60 else "value",
)
def test_the_error_names_a_value_that_is_refused(value, words):
    with pytest.raises(NotPlain) as caught:
        encode(value)
    assert words in str(caught.value)


def test_repeated_parts_count_towards_the_size_limit():
    value = [0]
    for _ in range(MAX_LEVELS - 1):
        value = [value] * 10
    with pytest.raises(NotPlain, match="more than 1 MiB"):
        encode(value, max_bytes=2**20)


def test_the_deepest_value_that_is_allowed_comes_back():
    assert there_and_back(nested(MAX_LEVELS)) == nested(MAX_LEVELS)


ARRAY = {"array": "AAAAAAAAAAA=", "kind": "f", "shape": [1]}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"tuple": 1},
        {"set": []},
        {"dict": {}},
        {"dict": [1]},
        {"dict": [[1]]},
        {"dict": [[[], 1]]},
        {"dict": [[None, 1]]},
        {"dict": [[True, 1]]},
        {"seed": 1},
        ARRAY | {"kind": "O"},
        ARRAY | {"kind": []},
        ARRAY | {"array": "?"},
        *(ARRAY | {"shape": shape} for shape in ([2], [-1], [1.0], [True, 1], ["1"], [[1]], 1)),
        *(ARRAY | {"array": "", "shape": [n, 0]} for n in (2**60, -(2**70), float("inf"))),
        ARRAY | {"shape": [1] * 100},
        2**63,
        -(10**30),
        nested(MAX_LEVELS + 2),
    ],
    ids=lambda data: str(data)[:60],
)
def test_decode_refuses_what_encode_never_makes(data):
    with pytest.raises((ValueError, TypeError)):
        decode(data)


def test_half_a_surrogate_pair_is_replaced():
    assert decode("a\ud800b") == "a?b"
