"""Thousands of odd arguments for each public function: a right result or one sentence.

The examples are derived from the test names, so each run has the same ones.
"""

from typing import Any

import numpy as np
import pytest

from tests.support.odd import GENERATORS, NUMBERS, OBJECTS, result_or_sentence
from tests.support.public_calls import CALLS

pytest.importorskip("hypothesis", reason="needs requirements-dev.txt")
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import scalar_dtypes

pytestmark = pytest.mark.slow

EXAMPLES = 2000
SHAPES = st.sampled_from([(), (2,), (24, 2), (24, 1)])
LISTED = (*NUMBERS, *OBJECTS)
ODD = (
    st.integers(0, len(LISTED) - 1).map(LISTED.__getitem__)  # sampled_from would hash them
    | st.sampled_from(GENERATORS).map(lambda make: make())
    | st.floats()
    | st.integers(-3, 60)
    | st.integers(max_value=-1)
    | st.integers(min_value=10**6 + 1)  # smaller ones would train for as many epochs
    | st.text(max_size=5)
    | st.lists(st.floats(), max_size=3)
    | st.builds(np.full, SHAPES, st.floats())
    | st.builds(np.zeros, SHAPES, scalar_dtypes())
)


def arguments(name: str) -> st.SearchStrategy[tuple[str, Any]]:
    """One argument of a call and an odd value for it."""
    return st.tuples(st.sampled_from(list(CALLS[name].good)), ODD)


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if call.good])
def test_odd_arguments_are_right_or_refused_in_one_sentence(name):
    call = CALLS[name]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(arguments(name))
    def check(odd):
        argument, value = odd
        if argument == "on_progress" and callable(value):
            return  # a caller's own function may raise anything
        given = {**call.good, argument: value}
        allowed = (ValueError, TypeError, *call.also)
        result = result_or_sentence(call.function, allowed=allowed, **given)
        assert result is None or call.right(result, given)

    check()
