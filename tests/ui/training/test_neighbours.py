"""The neighbours of a moved slider are one step either way, with all else as it is."""

import pytest

from regcore import PRESETS
from ui.data.spec import DataSpec
from ui.training.neighbours import neighbours
from ui.training.runs import Request

DATA, CONFIG = DataSpec(), PRESETS["memorize"]


def requested(*changes, **data):
    return [Request(DataSpec(**data), CONFIG.but(**change)) for change in changes]


@pytest.mark.parametrize(
    ("field", "moved", "beside"),
    [
        ("l2", 0.02, (0.05, 0.01)),
        ("l2", 1.0, (0.5,)),
        ("dropout", 0.3, (0.35, 0.25)),
        ("lr", 0.03, (0.1, 0.01)),
        ("hidden_sizes", (128, 128), ((256, 256), (64, 64))),
    ],
)
def test_one_step_either_way(field, moved, beside):
    before, now = requested({}, {}), requested({}, {field: moved})
    assert neighbours(before, now) == requested(*({field: value} for value in beside))


def test_runs_that_do_not_depend_on_the_slider_are_left_alone():
    before = requested({"hidden_sizes": (4,)}, {"hidden_sizes": (64,)})
    now = requested({"hidden_sizes": (4,)}, {"hidden_sizes": (32,)})
    assert neighbours(before, now) == requested({"hidden_sizes": (64,)}, {"hidden_sizes": (16,)})


def test_a_moved_slider_of_the_data_moves_every_run():
    before, now = requested({}, {"l2": 0.05}), requested({}, {"l2": 0.05}, flipped=10)
    beside = [*requested({}, {"l2": 0.05}, flipped=15), *requested({}, {"l2": 0.05}, flipped=5)]
    assert neighbours(before, now) == beside


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ([], requested({})),
        (requested({}), requested({})),
        (requested({}), requested({"l2": 0.1, "dropout": 0.1})),
        (requested({}), requested({"epochs": 100})),  # read from the run that is there
        (requested({}), requested({"seed": 7})),
        (requested({}, own="key"), requested({"l2": 0.1}, own="key")),
    ],
)
def test_other_changes_have_no_neighbours(before, now):
    assert neighbours(before, now) == []
