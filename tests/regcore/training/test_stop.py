"""What a stop missed of a recorded run."""

import numpy as np
import pytest

from regcore import replay
from regcore.training.early_stopping import missed


@pytest.mark.parametrize(
    ("losses", "patience", "min_delta", "ran_out", "expected"),
    [
        ([3.0, 2.0, 1.0], 2, 0.0, False, (0, None, None)),
        ([3.0, 1.0, 2.0, 2.0, 2.0], 2, 0.0, True, (1, None, None)),
        ([3.0, 1.0, 2.0, 2.0, 0.5, 0.7], 2, 0.0, True, (2, None, 4)),
        ([3.0, 1.0, 0.9, 1.5, 2.0], 2, 0.5, True, (1, 2, None)),
        ([3.0, 1.0, 0.9, 1.5, 0.95], 2, 0.5, True, (1, 2, None)),
        ([1.0, 1.0], 0, 0.0, True, (0, None, None)),
    ],
)
def test_a_stop_saves_epochs_and_may_miss_lower_losses(
    losses, patience, min_delta, ran_out, expected
):
    stop = replay(losses, patience, min_delta)
    assert stop.ran_out(patience) is ran_out
    assert missed(np.array(losses), stop) == expected
