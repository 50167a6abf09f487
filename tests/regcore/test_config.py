"""Config: allowed values, error messages for others, and its use as a cache key."""

import math
from dataclasses import FrozenInstanceError
from fractions import Fraction

import numpy as np
import pytest

from regcore import PRESETS, Config

NAN, INF = math.nan, math.inf
ABOVE_ZERO, SHARE = "above 0 and at most 10,000", "at least 0 and below 1"
EPOCHS, WIDTH = "a whole number from 0 to 100,000", "a whole number from 1 to 1,024"
BATCH, PATIENCE = "a whole number from 1 to 1,000,000,000", "a whole number from 1 to 100,000"
SEED, MILLION = "a whole number from 0 to 4,294,967,295", "from 0 to 1,000,000"
NOT_NUMBERS = (NAN, INF, -INF, True, "0.5", b"1", [1], (1,), {}, 1j, np.True_, object)
NOT_WHOLE = (*NOT_NUMBERS, 2.0, 0.5, Fraction(1, 2), np.float64(3.0), np.array(3), np.array([3]))

FORBIDDEN = {  # name -> what is allowed, and values that are not
    "epochs": (EPOCHS, (-1, 100_001, 10**9, 10**400, None, *NOT_WHOLE)),
    "batch_size": (BATCH, (0, -1, 10**9 + 1, 10**400, *NOT_WHOLE)),
    "patience": (PATIENCE, (0, -1, 100_001, 10**400, *NOT_WHOLE)),
    "seed": (SEED, (-1, 2**32, 10**400, None, *NOT_WHOLE)),
    "lr": (ABOVE_ZERO, (0, 0.0, -0.1, 10_000.1, 1e300, 10**400, None, *NOT_NUMBERS)),
    "l2": (MILLION, (-1e-9, 1_000_000.1, 10**400, None, *NOT_NUMBERS)),
    "min_delta": (MILLION, (-1e-9, 1_000_000.1, 10**400, None, *NOT_NUMBERS)),
    "dropout": (SHARE, (1, 1.0, 1.5, -0.1, 10**400, None, *NOT_NUMBERS)),
    "momentum": (SHARE, (1, 1.0, 1.5, -0.1, 10**400, None, *NOT_NUMBERS)),
}
CASES = [
    pytest.param(name, value, allowed, id=f"{name}={value!r:.20}")
    for name, (allowed, values) in FORBIDDEN.items()
    for value in values
]


def message_of(**settings) -> str:
    with pytest.raises(ValueError) as info:
        Config(**settings)
    return str(info.value)


def assert_one_sentence(message: str) -> None:
    assert message.endswith(".")
    assert ". " not in message
    assert "\n" not in message
    assert len(message) < 200


@pytest.mark.parametrize(("name", "value", "allowed"), CASES)
def test_a_wrong_value_is_reported_with_what_is_allowed(name, value, allowed):
    message = message_of(**{name: value})
    assert_one_sentence(message)
    assert message.startswith(f"{name} is {repr(value)[:8]}")
    assert message.endswith(f"; it must be {allowed}.")


@pytest.mark.parametrize("width", [0, -1, 1025, 10**9, 10**400, None, *NOT_WHOLE], ids=repr)
@pytest.mark.parametrize("others", [(), (8,)])
def test_a_wrong_width_is_reported_with_what_is_allowed(width, others):
    message = message_of(hidden_sizes=(*others, width))
    assert_one_sentence(message)
    assert message.startswith(f"width is {repr(width)[:8]}")
    assert message.endswith(f"; it must be {WIDTH}.")


@pytest.mark.parametrize(
    "sizes", [64, 64.0, None, "64", b"64", {64}, {64: 1}, np.array([64]), (1,) * 9, [1] * 10**6]
)
def test_invalid_hidden_sizes_are_reported_with_what_is_allowed(sizes):
    message = message_of(hidden_sizes=sizes)
    assert_one_sentence(message)
    assert message.startswith("hidden_sizes is ")
    assert message.endswith("; it must be a tuple of at most 8 widths.")


@pytest.mark.parametrize("name", ["epochs", "lr", "width"])
def test_a_number_too_long_to_print_is_still_one_sentence(name):
    value = 10**5000  # Python refuses to print more than 4300 digits
    message = message_of(**({"hidden_sizes": (value,)} if name == "width" else {name: value}))
    assert_one_sentence(message)
    assert message.startswith(f"{name} is ")


@pytest.mark.parametrize(("lr", "l2"), [(1.0, 1.0), (10.0, 0.1), (0.5, 3.0), (1e4, 1e6)])
def test_a_decay_that_would_turn_the_weights_over_is_rejected(lr, l2):
    message = message_of(lr=lr, l2=l2)
    assert_one_sentence(message)
    assert message.startswith(f"lr * l2 is {lr:g} * {l2:g} = {lr * l2:g}; it must be below 1")
    assert Config(lr=lr, l2=math.nextafter(1 / lr, 0) * 0.999).l2 < 1 / lr


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("hidden_sizes", [(), (1,), (1024,), (181,) * 8, [4, 3], [np.int64(4)]]),
        ("epochs", [0, 100_000, np.int32(5), np.uint8(7)]),
        ("lr", [5e-324, 10_000, 10_000.0, 1, np.float32(0.5), np.int64(2), Fraction(1, 4)]),
        ("l2", [0, 0.0, 9.99, np.float64(0.1)]),
        ("dropout", [0, 0.999, math.nextafter(1.0, 0.0), np.float32(0.25)]),
        ("momentum", [0, 0.999, math.nextafter(1.0, 0.0), np.float64(0.9)]),
        ("batch_size", [None, 1, 10**9, np.int64(32)]),
        ("patience", [None, 1, 100_000, np.int64(10)]),
        ("min_delta", [0, 1_000_000, np.float64(0.001)]),
        ("seed", [0, 2**32 - 1, np.uint32(7)]),
    ],
)
def test_allowed_values_are_stored_as_plain_python_types(name, values):
    for value in values:
        kept = getattr(Config(**{name: value}), name)
        assert kept == (tuple(value) if isinstance(value, list) else value)
        assert type(kept) in (int, float, tuple, type(None))
        if isinstance(kept, tuple):
            assert all(type(width) is int for width in kept)


def test_a_config_is_frozen():
    with pytest.raises(FrozenInstanceError):
        Config().lr = 0.2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"hidden_sizes": [64]}),
        ({"hidden_sizes": (8, 4)}, {"hidden_sizes": [np.int64(8), 4]}),
        ({"l2": 0}, {"l2": 0.0}),
        ({"l2": 0.0}, {"l2": -0.0}),
        ({"lr": 1}, {"lr": np.float64(1.0)}),
        ({"batch_size": 32, "patience": 5}, {"batch_size": np.int32(32), "patience": np.uint8(5)}),
    ],
)
def test_equal_configs_have_equal_hashes(one, other):
    assert Config(**one) == Config(**other)
    assert hash(Config(**one)) == hash(Config(**other))


@pytest.mark.parametrize("name", list(FORBIDDEN))
def test_every_setting_changes_equality(name):
    value = {"epochs": 3, "seed": 3, "batch_size": 3, "patience": 3}.get(name, 0.25)
    assert len({Config(), Config(**{name: value})}) == 2


def test_but_changes_only_the_given_settings():
    base = Config(hidden_sizes=(8,), l2=0.01, patience=3)
    changed = base.but(l2=0.05, patience=None)
    assert changed == Config(hidden_sizes=(8,), l2=0.05)
    assert base == Config(hidden_sizes=(8,), l2=0.01, patience=3)
    assert base.but() == base


def test_but_validates_the_changes():
    with pytest.raises(ValueError, match="dropout is 1"):
        Config().but(dropout=1)
    with pytest.raises(TypeError, match="lambd"):
        Config().but(lambd=0.1)


def test_differences_name_both_values():
    mine, other = Config(l2=0.01, hidden_sizes=[4]), Config(momentum=0.9, hidden_sizes=(4,))
    assert mine.differences(other) == {"l2": (0.01, 0.0), "momentum": (0.0, 0.9)}
    assert mine.differences(mine) == {}


def test_the_presets_differ_in_momentum_and_epochs_only():
    differences = PRESETS["as printed"].differences(PRESETS["memorize"])
    assert differences == {"momentum": (0.0, 0.9), "epochs": (2000, 5000)}


def test_too_many_connections_between_hidden_layers_are_rejected():
    message = message_of(hidden_sizes=(1024, 1024))
    assert_one_sentence(message)
    assert "1,048,576" in message
    assert "at most 262,144" in message
