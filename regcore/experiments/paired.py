"""Two networks, the same test rows: how far apart chance alone may put their accuracies."""

import numpy as np

from regcore.checks import Array, numbers

Z = 1.96  # two-sided 95% of a normal distribution


def chance(first_right: Array, second_right: Array) -> float:
    """How much the accuracies of two equally good networks may differ on these rows, with 95%.

    first_right, second_right (n,) say for each test row whether a network is right. Only the m
    rows on which they disagree tell them apart, and between equals each is a fair coin: the
    difference stays within (1.96 √m + 1)/n. This is the test of McNemar (1947), corrected as by
    Edwards (1948). Raises ValueError unless both have n > 0 values of 0 and 1.
    """
    first, second = numbers("first_right", first_right), numbers("second_right", second_right)
    if first.ndim != 1 or first.shape != second.shape or not len(first):
        raise ValueError(
            f"first_right and second_right have shapes {first.shape} and {second.shape}; "
            "they must have one value for each row, (n,)."
        )
    for name, values in (("first_right", first), ("second_right", second)):
        if not np.isin(values, (0.0, 1.0)).all():
            raise ValueError(f"{name} has other values than 0 and 1; it must have only these.")
    m = int((first != second).sum())
    return float((Z * np.sqrt(m) + 1.0) / len(first))
