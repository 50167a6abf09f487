"""Thousands of odd arguments for each public function: a right result or one sentence.

Everything is derived from the names of the tests, so that each run tries the same.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from odd import GENERATORS, NUMBERS, OBJECTS, result_or_sentence
from public_calls import CALLS

pytestmark = pytest.mark.slow

EXAMPLES = 2000
ROWS = st.lists(st.lists(st.floats(), max_size=3), max_size=4)
LISTED = (*NUMBERS, *OBJECTS)
ODD = (
    st.integers(0, len(LISTED) - 1).map(LISTED.__getitem__)  # sampled_from would hash them
    | st.sampled_from(GENERATORS).map(lambda make: make())
    | st.floats()
    | st.integers(-3, 12)
    | st.integers()
    | st.fractions()
    | st.text(max_size=5)
    | st.binary(max_size=60)
    | ROWS
    | hnp.arrays(hnp.scalar_dtypes(), hnp.array_shapes(max_dims=3, max_side=4))
    | st.tuples(st.integers(-1, 4), st.integers(-1, 4))
)


def arguments(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """One to all arguments of a call, replaced by odd values."""
    good = CALLS[name].good
    return st.sets(st.sampled_from(list(good)), min_size=1, max_size=2).flatmap(
        lambda names: st.fixed_dictionaries(dict.fromkeys(sorted(names), ODD))
    )


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if call.good])
def test_odd_arguments_are_right_or_refused_in_one_sentence(name):
    call = CALLS[name]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(arguments(name))
    def check(odd):
        if callable(odd.get("on_progress")):
            return  # a caller's own function may raise what it likes
        given = {**call.good, **odd}
        allowed = (ValueError, TypeError, *call.also)
        result = result_or_sentence(call.function, allowed=allowed, **given)
        assert result is None or call.right(result, given)

    check()
