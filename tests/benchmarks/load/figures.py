"""How figures are printed, with what they are measured against."""

import math
from collections.abc import Sequence
from statistics import median


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def latencies(name: str, seconds: Sequence[float]) -> None:
    """Print median, 95th percentile and maximum."""
    print(
        f"  {name:<34}{len(seconds):5d} times, median {median(seconds):6.2f} s, "
        f"p95 {percentile(seconds, 0.95):6.2f} s, max {max(seconds):6.2f} s"
    )


class Verdicts:
    """Compares figures with targets, prints both, and remembers what was missed."""

    def __init__(self) -> None:
        self.missed = 0

    def at_most(self, name: str, value: float, target: float, unit: str = "s") -> None:
        """Print a line that begins with met or MISSED. NaN, for not measured, is a miss."""
        met = value <= target
        self.missed += not met
        word = "met   " if met else "MISSED"
        print(f"  {word}  {name}: {value:.2f} {unit} (target: at most {target:.2f})")

    def none(self, name: str, errors: Sequence[str]) -> None:
        """As `at_most` for errors, of which the first few are shown."""
        self.at_most(name, len(errors), 0, "errors")
        for error in sorted(set(errors))[:5]:
            print(f"          {error[:200]}")
