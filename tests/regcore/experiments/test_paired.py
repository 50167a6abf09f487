"""How far apart chance may put two networks on the same rows: against the exact binomial test."""

import numpy as np
import pytest
from scipy.stats import binomtest

from regcore.experiments.paired import chance


def rights(only_first: int, only_second: int, n: int = 192) -> tuple[np.ndarray, np.ndarray]:
    first, second = np.zeros(n), np.zeros(n)
    first[:only_first] = 1.0
    second[only_first : only_first + only_second] = 1.0
    return first, second


@pytest.mark.parametrize("m", [0, 1, 5, 6, 12, 41, 78, 192])
def test_it_agrees_with_the_exact_test_of_mcnemar(m: int) -> None:
    for wins in range(m + 1):
        first, second = rights(m - wins, wins)
        beyond = abs(second.mean() - first.mean()) > chance(first, second)
        p = binomtest(wins, m).pvalue if m else 1.0
        if not 0.04 < p < 0.06:  # where the normal approximation decides
            assert bool(beyond) is bool(p < 0.05)


def test_rows_on_which_both_agree_do_not_count() -> None:
    first, second = rights(6, 9)
    assert chance(first, second) == pytest.approx((1.96 * 15**0.5 + 1) / 192, abs=1e-12)
    first[100:], second[100:] = 1.0, 1.0
    assert chance(first, second) == pytest.approx((1.96 * 15**0.5 + 1) / 192, abs=1e-12)
    assert chance(first > 0, second > 0) == chance(second, first)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [([1.0], [1.0, 0.0], "shapes"), ([], [], "shapes"), ([0.5], [1.0], "first_right")],
)
def test_other_values_are_refused_by_name(first: list, second: list, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        chance(np.array(first), np.array(second))
