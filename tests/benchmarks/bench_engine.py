"""How fast and how small the engine is, beside the lesson's loop and scikit-learn, in one run.

Run by hand, on an idle machine, a minute or two:

    python tests/benchmarks/bench_engine.py

It prints four tables, all with BLAS pinned to one thread:

1. time of one epoch of the lesson's network (576 x 8 -> 64 -> 1, full batch), median and minimum
   over interleaved repeats, as a ratio to the lesson's own loop, and the targets beside it;
2. peak extra memory of a fit with full history, as tracemalloc sees it;
3. how the time grows with epochs, rows, width and depth;
4. what dropout, momentum, mini-batches and patience cost.

The targets of the first table are for a processor with AVX-512 and a second core.

The contenders take turns in every round, so that whatever else the machine does falls on all of
them alike. Compare ratios; microseconds belong to one machine and one moment.
"""

import os
import platform
import sys
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_info, threadpool_limits

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from regcore import PRESETS, Config, Part, Split, fit, lesson, load_diabetes, split

EPOCHS, SCORED_EPOCHS, ROUNDS, GROWTH_ROUNDS = 1000, 100, 15, 5
LESSON, FULL, THIN = "lesson.train", "fit, full history", "fit, record_every=100"
DROPPED = "fit, full history, dropout=0.2"
SKLEARN, SCORED = "MLPClassifier, training only", "MLPClassifier, scored every epoch"
WATCHING = "MLPClassifier, early_stopping=True"
MEMORY_TARGET_MB = 8.0


class Contender(NamedTuple):
    """A job and the number of epochs that one call of it trains."""

    run: Callable[[], object]
    epochs: int


class Timing(NamedTuple):
    """Microseconds an epoch."""

    median: float
    minimum: float


def race(contenders: dict[str, Contender], rounds: int) -> dict[str, Timing]:
    """Time all contenders in turn, `rounds` times after one round to warm up."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for round_ in range(rounds + 1):
        for name, (run, epochs) in contenders.items():
            start = perf_counter()
            run()
            if round_:
                times[name].append((perf_counter() - start) * 1e6 / epochs)
    return {name: Timing(median(taken), min(taken)) for name, taken in times.items()}


def classifier(rows: int, epochs: int) -> MLPClassifier:
    """scikit-learn's network set to the same job: full batch, plain gradient descent."""
    return MLPClassifier(
        (64,),
        solver="sgd",
        alpha=0.0,
        batch_size=rows,
        learning_rate_init=0.1,
        momentum=0.0,
        nesterovs_momentum=False,
        shuffle=False,
        tol=0.0,
        n_iter_no_change=np.inf,
        max_iter=epochs,
        random_state=1,
    )


def train_classifier(train: Part) -> None:
    classifier(len(train), EPOCHS).fit(train.X, train.y[:, 0])


def train_watching_classifier(parts: Split) -> None:
    """What scikit-learn itself records on the way: training loss and held-out accuracy.

    It splits for itself, at random but into as many rows as `parts` has.
    """
    X = np.concatenate([parts.train.X, parts.test.X])
    y = np.concatenate([parts.train.y, parts.test.y])
    model = classifier(len(parts.train), EPOCHS)
    model.set_params(early_stopping=True, validation_fraction=len(parts.test) / len(X))
    model.fit(X, y[:, 0])


def train_and_score_classifier(parts: Split) -> list[float]:
    """What `fit` records, with scikit-learn: loss and accuracy of both parts at every epoch."""
    model, scores = classifier(len(parts.train), 1), []
    for _ in range(SCORED_EPOCHS):
        model.partial_fit(parts.train.X, parts.train.y[:, 0], classes=[0.0, 1.0])
        for part in (parts.train, parts.test):
            p, y = model.predict_proba(part.X)[:, 1], part.y[:, 0]
            scores.append(-np.mean(np.log(np.where(y == 1.0, p, 1.0 - p))))
            scores.append(np.mean((p > 0.5) == y))
    return scores


def engine_contenders(parts: Split) -> dict[str, Contender]:
    """The lesson's loop, the engine and scikit-learn at the same job."""
    X, y, config = parts.train.X, parts.train.y, Config(epochs=EPOCHS)
    return {
        LESSON: Contender(lambda: lesson.train(X, y, epochs=EPOCHS), EPOCHS),
        FULL: Contender(lambda: fit(parts, config), EPOCHS),
        DROPPED: Contender(lambda: fit(parts, config.but(dropout=0.2)), EPOCHS),
        THIN: Contender(lambda: fit(parts, config, record_every=100), EPOCHS),
        SKLEARN: Contender(lambda: train_classifier(parts.train), EPOCHS),
        WATCHING: Contender(lambda: train_watching_classifier(parts), EPOCHS),
        SCORED: Contender(lambda: train_and_score_classifier(parts), SCORED_EPOCHS),
    }


def verdict(what: str, found: float, limit: float, at_most: bool) -> str:
    """One line: the target, what was measured, and whether it was met."""
    met = found <= limit if at_most else found >= limit
    sign = "<=" if at_most else ">="
    return f"  {'met ' if met else 'MISSED'}  {what}: {found:.2f} (target {sign} {limit:g})"


def print_race(parts: Split) -> None:
    times = race(engine_contenders(parts), ROUNDS)
    rows = len(parts.train)
    print(f"1. One epoch, {rows} x 8 -> 64 -> 1; {EPOCHS} epochs a run, {ROUNDS} rounds")
    print(f"   ({SCORED_EPOCHS} epochs a run for the last)\n")
    print(f"  {'':<36}{'median µs':>10}{'min µs':>9}{'x lesson':>10}{'x full fit':>12}")
    base, full = times[LESSON].median, times[FULL].median
    for name, (middle, least) in times.items():
        print(f"  {name:<36}{middle:10.1f}{least:9.1f}{middle / base:10.2f}{middle / full:12.2f}")
    print()
    print(verdict("full history / lesson's loop", full / base, 0.48, at_most=True))
    print(verdict("dropout / none", times[DROPPED].median / full, 1.6, at_most=True))
    ratios = {
        "training only / full history": (times[SKLEARN].median / full, 3.2),
        "training only / thinned history": (times[SKLEARN].median / times[THIN].median, 4.0),
        "early_stopping=True / full history": (times[WATCHING].median / full, 4.0),
        "scored every epoch / full history": (times[SCORED].median / full, 4.0),
    }
    for what, (ratio, limit) in ratios.items():
        print(verdict(f"MLPClassifier, {what}", ratio, limit, at_most=False))


def peak_megabytes(parts: Split, config: Config) -> float:
    """The most memory that a fit held at any moment beyond what was there before."""
    fit(parts, config)  # so that what is made once and kept does not count
    tracemalloc.start()
    fit(parts, config)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def print_memory(parts: Split) -> None:
    print("\n2. Peak extra memory of a fit with full history (tracemalloc, MB)\n")
    for name, config in PRESETS.items():
        what = f'"{name}", {config.epochs:,} epochs'
        print(verdict(what, peak_megabytes(parts, config), MEMORY_TARGET_MB, at_most=True))


def synthetic(rows: int) -> Split:
    """A third as many test rows as training rows, like the diabetes split; 8 features."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((rows + rows // 3, 8))
    y = (X[:, :1] + rng.standard_normal((len(X), 1)) > 0).astype(float)
    return Split(Part(X[:rows], y[:rows]), None, Part(X[rows:], y[rows:]))


def print_growth(title: str, contenders: dict[str, Contender]) -> None:
    """A small table: the time of one epoch and of the run for each contender."""
    times = race(contenders, GROWTH_ROUNDS)
    first = next(iter(times.values())).median
    print(f"\n  {title:<22}{'median µs/epoch':>16}{'run, ms':>10}{'x first':>9}")
    for name, (middle, _) in times.items():
        run = middle * contenders[name].epochs / 1e3
        print(f"  {name:<22}{middle:16.1f}{run:10.1f}{middle / first:9.2f}")


def fitting(parts: Split, **changes: Any) -> Contender:
    """A fit of 200 epochs with full history, or as `changes` say."""
    config = Config(epochs=200).but(**changes)
    return Contender(lambda: fit(parts, config), config.epochs)


def print_all_growth(parts: Split) -> None:
    print(f"\n3. How the time of a fit with full history grows (medians of {GROWTH_ROUNDS})")
    print_growth("epochs", {f"{e:,}": fitting(parts, epochs=e) for e in (100, 1000, 5000)})
    print_growth("rows", {f"{n:,}": fitting(synthetic(n)) for n in (144, 576, 2304, 9216)})
    widths, depths = (4, 16, 64, 256), range(4)
    print_growth("width", {str(h): fitting(parts, hidden_sizes=(h,)) for h in widths})
    print_growth("depth, 64 wide", {str(d): fitting(parts, hidden_sizes=(64,) * d) for d in depths})


def print_options(parts: Split) -> None:
    print(f"\n4. What each option costs (medians of {GROWTH_ROUNDS}, with a validation part)")
    settings = {"l2": 0.05, "momentum": 0.9, "dropout": 0.5, "batch_size": 64, "patience": 200}
    contenders = {"none": fitting(parts)}
    for name, value in settings.items():
        contenders[f"{name}={value}"] = fitting(parts, **{name: value})
    print_growth("option", contenders)


def kernels() -> list[str]:
    """The kernels that BLAS has chosen for this processor, or OPENBLAS_CORETYPE for it."""
    return sorted({pool["architecture"] for pool in threadpool_info() if "architecture" in pool})


def main() -> None:
    warnings.simplefilter("ignore", ConvergenceWarning)  # it trains for as long as it is told
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, ", end="")
    print(f"scikit-learn {sklearn.__version__}, {platform.machine()}, BLAS on 1 thread")
    print(f"kernels of BLAS: {', '.join(kernels())}; cores: {os.cpu_count()}\n")
    table = load_diabetes()
    with threadpool_limits(limits=1):
        print_race(split(table))
        print_memory(split(table))
        print_all_growth(split(table))
        print_options(split(table, validation_size=0.2))


if __name__ == "__main__":
    main()
