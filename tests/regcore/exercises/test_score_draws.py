"""What the checks of tasks 9 and 10 draw: what they ask for can be had, and what they say is so."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from regcore.exercises import flipped_rows, temperature


@pytest.fixture(scope="module")
def records():
    return flipped_rows.draw(np.random.default_rng(0))


def test_every_label_is_learned_at_the_end_the_flipped_ones_late(records):
    for losses, flipped in records:
        wrong = losses > np.log(2.0)
        assert not wrong[-1].any()
        assert wrong[10, flipped].mean() > 0.5 > 0.1 > wrong[10, ~flipped].mean()


def test_a_tenth_to_a_fifth_of_the_rows_is_flipped_and_no_two_records_are_alike(records):
    assert all(0.09 < record.flipped.mean() < 0.21 for record in records)
    assert all(record.k < len(record.losses) < len(record.flipped) for record in records)
    assert len({record.losses.tobytes() for record in records}) == len(records)


def best_by_scipy(z, y):
    found = minimize_scalar(
        lambda T: temperature.loss(z, y, T), bounds=temperature.SEARCHED, method="bounded"
    )
    return found.fun


def test_the_temperature_has_the_lowest_loss_and_helps_on_new_rows():
    for seed in range(5):
        for case in temperature.draw(np.random.default_rng(seed)):
            z_val, y_val, z, y, T = case
            assert temperature.loss(z_val, y_val, T) - best_by_scipy(z_val, y_val) < 1e-4
            near = [t for t in np.geomspace(0.1, 10, 60) if temperature.is_near(case, t)]
            before = temperature.loss(z, y, 1.0)
            assert near and all(temperature.loss(z, y, t) < before for t in near)
