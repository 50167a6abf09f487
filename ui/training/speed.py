"""How fast this machine trains, measured on the runs of this process.

The effort of a run is the seconds that it takes on a core of the reference machine. What this
machine takes for the same effort, with its load and its other visitors, is measured.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from math import ceil
from statistics import median_low
from time import perf_counter

from regcore import Config, Split
from regcore.experiments.parallel import QUEUED_JOBS, jobs_at_once
from regcore.nn.parameters import parameter_count

# seconds on the reference machine, fitted to runs of 1 to 256 units, 1 and 2 layers
STEP = 10e-6  # a step of gradient descent, whatever its size
PRODUCT = 0.17e-9  # a training row times a parameter, in each step
DROPOUT = 4.0  # drawing masks makes a step longer by this factor
STEPS = ((1, 20), (5, 60), (10, 120), (60, float("inf")))  # of an estimate, up to these seconds
MINUTES = 120  # from here on, an estimate is in minutes
SHORTEST = 0.2  # seconds: less measures the overhead

_slowness: deque[float] = deque(maxlen=5)  # the last measured: seconds of a core for each effort


def effort(split: Split, config: Config) -> float:
    """Return the effort of training `config` on `split`, at most: it may stop early."""
    rows, features = split.train.X.shape
    batch = min(config.batch_size or rows, rows)
    step = STEP + PRODUCT * batch * parameter_count(features, config.hidden_sizes)
    steps = config.epochs * ceil(rows / batch)
    return steps * step * (DROPOUT if config.dropout else 1.0)


@contextmanager
def measured(efforts: Sequence[float], pool: Executor) -> Iterator[None]:
    """Measure how fast `pool` trains runs of these efforts in the block."""
    start = perf_counter()
    yield
    seconds = perf_counter() - start
    if efforts and seconds > SHORTEST:
        _slowness.append(seconds / _span(efforts, pool))


def expected(efforts: Sequence[float], pool: Executor) -> float | None:
    """Return how many seconds `pool` will take for these efforts; None before any measurement.

    Of two measurements the smaller counts: the first run includes the start of the workers.
    """
    return _span(efforts, pool) * median_low(_slowness) if _slowness and efforts else None


def in_words(seconds: float) -> str:
    """Format a duration in steps that its uncertainty allows: "12 s", "40 s", "2 min"."""
    step = next(step for step, end in STEPS if seconds < end)
    rounded = max(1, round(seconds / step) * step)
    return f"{rounded} s" if rounded < MINUTES else f"{round(rounded / 60)} min"


def _span(efforts: Sequence[float], pool: Executor) -> float:
    """Return the effort of the worker that ends last."""
    workers = max(1, jobs_at_once(pool) - QUEUED_JOBS)
    return max(sum(efforts) / workers, max(efforts))
