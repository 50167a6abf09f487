"""How fast a study is on several processes, how soon it stops, and what studies say at full size.

Run by hand, on an idle machine; all of it takes about ten minutes on two cores, the first two
parts about one:

    python tests/benchmarks/bench_study.py [speed] [stop] [l2] [seeds] [choice]

1. speed: a study of 40 as-printed runs in this process and on the workers, taking turns;
2. stop: how long after a click the last worker is idle, by the length of the runs;
3. l2: λ = 0.05 against none over 20 splits, with both presets;
4. seeds: how many of 100 studies can tell two Configs apart that differ in their seed alone;
5. choice: the best of eight λ on a validation set, its score there and on the test set.
"""

import platform
import sys
from concurrent.futures import Executor, Future, wait
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from regcore import PRESETS, Config, Dataset, load_diabetes
from regcore.experiments.comparison import Difference, compare
from regcore.experiments.cross_validation import best, cross_validate, optimism
from regcore.experiments.study import Plan, Study, run_study
from workers.processes import ProcessExecutor

WORKERS, ROUNDS, TARGET, STUDIES = 2, 5, 0.65, 100
LAMBDAS = (0.0, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2)


def whole(table: Dataset, plan: Plan, executor: Executor | None = None) -> Study:
    *_, study = run_study(table, plan, executor)
    return study


def seconds(table: Dataset, plan: Plan, executor: Executor | None) -> float:
    start = perf_counter()
    whole(table, plan, executor)
    return perf_counter() - start


def print_speed(table: Dataset, pool: ProcessExecutor) -> None:
    plan = Plan((Config(), Config(l2=0.05)), repeats=20)
    pool.shutdown()
    first = seconds(table, plan, pool)
    rounds = [(seconds(table, plan, None), seconds(table, plan, pool)) for _ in range(ROUNDS)]
    here, there = zip(*rounds, strict=True)
    print(f"1. A study of 40 as-printed runs, {ROUNDS} rounds\n")
    print(f"  {'':<40}{'median s':>9}{'min s':>9}")
    print(f"  {'in this process':<40}{median(here):9.2f}{min(here):9.2f}")
    print(f"  {f'on {WORKERS} workers':<40}{median(there):9.2f}{min(there):9.2f}")
    print(f"  {f'on {WORKERS} workers that had yet to start':<40}{first:9.2f}   (once)\n")
    ratio = median(many / one for one, many in rounds)
    met = "met " if ratio <= TARGET else "MISSED"
    print(f"  {met}  workers / one process, median of the rounds: {ratio:.2f} (target <= {TARGET})")


class Recorded(Executor):
    """Keeps the futures of another executor, to see when the last of them has ended."""

    def __init__(self, inner: ProcessExecutor) -> None:
        self.inner, self.size, self.futures = inner, inner.size, list[Future]()

    def submit(self, fn, /, *args, **kwargs) -> Future:
        self.futures.append(self.inner.submit(fn, *args, **kwargs))
        return self.futures[-1]


def print_stop(table: Dataset, pool: ProcessExecutor) -> None:
    print("\n2. From a click in the middle of a study until no worker works on it\n")
    for name, config in {**PRESETS, "100,000 epochs": Config(epochs=100_000)}.items():
        taken = []
        for number in range(ROUNDS):
            recorded, start = Recorded(pool), perf_counter()

            def click(_: float, start: float = start, after: float = 1.0 + 0.1 * number) -> None:
                if perf_counter() - start > after:
                    raise KeyboardInterrupt

            try:
                list(run_study(table, Plan((config,), repeats=1000), recorded, click))
            except KeyboardInterrupt:
                clicked = perf_counter()
            wait(recorded.futures)
            taken.append(perf_counter() - clicked)
        print(f"  {name:<16} {1e3 * median(taken):5.0f} ms, at most {1e3 * max(taken):5.0f} ms")


def row(name: str, study: Study, score: str, found: Difference) -> str:
    means = [study.scores(place, score).mean() for place in range(2)]
    return (
        f"  {name:<12}{score:<15}{means[0]:8.3f} -> {means[1]:5.3f}{found.mean:+9.4f} "
        f"[{found.low:+.4f}, {found.high:+.4f}]{found.wins:4d}/{found.losses}/{found.ties}"
        f"   {found.verdict}"
    )


def print_l2(table: Dataset, pool: ProcessExecutor) -> None:
    print("\n3. λ = 0.05 against none over 20 splits: means, difference, 95%, wins/losses/ties\n")
    for name, config in PRESETS.items():
        study = whole(table, Plan((config, config.but(l2=0.05))), pool)
        for score, found in compare(study, config=1, baseline=0).items():
            print(row(name, study, score, found))


def print_seeds(table: Dataset, pool: ProcessExecutor) -> None:
    print(f"\n4. Two as-printed Configs with different seeds, {STUDIES} studies of 20 splits\n")
    verdicts: list[list[str]] = []
    for number in range(STUDIES):
        plan = Plan((Config(), Config(seed=2)), seed=1000 * number)
        found = compare(whole(table, plan, pool), 1, 0)
        verdicts.append([difference.verdict for difference in found.values()])
    for score, column in zip(found, zip(*verdicts, strict=True), strict=True):
        print(f"  {score:<15}{column.count('cannot tell'):4d} of {STUDIES} cannot tell")


def print_choice(table: Dataset, pool: ProcessExecutor) -> None:
    print("\n5. The best of eight λ on the validation set, over 20 splits\n")
    print("  mean of how much better the validation score is than the test score\n")
    for name, preset in PRESETS.items():
        configs = tuple(preset.but(l2=value) for value in LAMBDAS)
        study = whole(table, Plan(configs, validation_size=0.2), pool)
        for by in ("validation_loss", "validation_accuracy"):
            found = optimism(study, fixed=LAMBDAS.index(0.05), by=by)
            picked = np.bincount(found.picks, minlength=len(LAMBDAS)).tolist()
            print(
                f"  {name:<12}{by:<21}chosen {found.chosen.mean():+.4f}, always λ = 0.05 "
                f"{found.fixed.mean():+.4f}; picks {picked}"
            )
        folds = cross_validate(table, configs, executor=pool)
        print(f"  {name:<12}five folds choose λ = {LAMBDAS[best(folds)]:g}\n")


PARTS = {
    "speed": print_speed,
    "stop": print_stop,
    "l2": print_l2,
    "seeds": print_seeds,
    "choice": print_choice,
}


def main() -> None:
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}\n")
    table = load_diabetes()
    for name in sys.argv[1:] or PARTS:
        PARTS[name](table, ProcessExecutor(WORKERS))


if __name__ == "__main__":
    main()
